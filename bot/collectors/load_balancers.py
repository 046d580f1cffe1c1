"""The table `load_balancers`: application and network load balancers with their target groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = (
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroups",
)
SCOPE = Scope.PLACE
#: DescribeTags takes no more.
TAGS_AT_A_TIME = 20

COLUMNS: dict[str, str] = HEAD | {  # resource_id is the ARN
    "kind": "str",  # application, network or gateway
    "scheme": "str",  # internet-facing or internal
    "vpc_id": "str",
    "zones": "float64",
    "target_groups": "str",  # ARNs of the groups it sends to, with a space between; empty where there are none
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What AWS told of a place: balancers, target groups, and tags by ARN."""

    balancers: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]
    tags: Mapping[str, Sequence[Mapping[str, Any]]]


def fetch(aws: Aws, account_id: str, region: str) -> Answer:
    """All load balancers of an account in a region; target groups and tags only where there are any.

    Raises:
        SourceUnavailable: Elastic Load Balancing gave no answer.
    """
    client = aws.client("elbv2", account_id=account_id, region=region)
    with reading(ACTIONS[0], account_id, region):
        pages = client.get_paginator("describe_load_balancers").paginate(PaginationConfig={"PageSize": 400})
        balancers = [balancer for page in pages for balancer in page["LoadBalancers"]]
    if not balancers:
        return Answer([], [], {})
    with reading(ACTIONS[2], account_id, region):
        pages = client.get_paginator("describe_target_groups").paginate(PaginationConfig={"PageSize": 400})
        groups = [group for page in pages for group in page["TargetGroups"]]
    arns = [balancer["LoadBalancerArn"] for balancer in balancers]
    tags: dict[str, Sequence[Mapping[str, Any]]] = {}
    with reading(ACTIONS[1], account_id, region):
        for first in range(0, len(arns), TAGS_AT_A_TIME):
            found = client.describe_tags(ResourceArns=arns[first : first + TAGS_AT_A_TIME])
            tags |= {one["ResourceArn"]: one.get("Tags", ()) for one in found["TagDescriptions"]}
    return Answer(balancers, groups, tags)


def parse(answer: Answer, here: Here) -> DataFrame:
    """The balancers as a table with `COLUMNS`; those that are not in service yet, or failed, are left out."""
    serving = [one for one in answer.balancers if one["State"]["Code"] in ("active", "active_impaired")]
    return typed([_row(balancer, answer, here) for balancer in serving], COLUMNS)


def _row(balancer: Mapping[str, Any], answer: Answer, here: Here) -> dict[str, object]:
    arn = balancer["LoadBalancerArn"]
    tags = {key: value for key, value in tags_of(answer.tags.get(arn)).items() if key != "Name"}
    return {
        **here.head(arn, tags, balancer.get("CreatedTime"), name=balancer["LoadBalancerName"]),
        "kind": balancer["Type"],
        "scheme": balancer.get("Scheme") or "",
        "vpc_id": balancer.get("VpcId") or "",
        "zones": len(balancer.get("AvailabilityZones", ())),
        "target_groups": " ".join(_groups_of(arn, answer.groups)),
    }


def _groups_of(arn: str, groups: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(group["TargetGroupArn"] for group in groups if arn in group.get("LoadBalancerArns", ()))
