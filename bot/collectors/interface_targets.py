"""The table `interface_targets`: which public interfaces of instances take their traffic from a load balancer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = ("elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth")
SCOPE = Scope.PLACE
OF = "network_interfaces"
NEEDS_BALANCERS = "balancers"
NEEDS = (NEEDS_BALANCERS,)

#: One row per interface that was asked about.
COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",
    "balancers": "str",  # names of the load balancers before it, with a comma between; empty where there are none
}


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """What is registered behind load balancers: a call for each target group. Nothing is asked in the first round.

    Raises:
        SourceUnavailable: Elastic Load Balancing gave no answer.
    """
    if need != NEEDS_BALANCERS:
        return typed([], COLUMNS)
    client = aws.client("elbv2", account_id=here.account.id, region=here.region)
    with reading(ACTIONS[0], here.account.id, here.region):
        pages = client.get_paginator("describe_target_groups").paginate(PaginationConfig={"PageSize": 400})
        groups = [group for page in pages for group in page["TargetGroups"] if group.get("LoadBalancerArns")]
    with reading(ACTIONS[1], here.account.id, here.region):
        health = {
            group["TargetGroupArn"]: client.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
            for group in groups
            if group.get("TargetType") in ("instance", "ip")
        }
    return parse(rows, groups, health, here)


def parse(
    interfaces: DataFrame, groups: Iterable[Mapping[str, Any]], health: Mapping[str, Mapping[str, Any]], here: Here
) -> DataFrame:
    """The interfaces with `COLUMNS`; a target is an instance's id, or a private address in the group's network.

    Args:
        interfaces: columns of `network_interfaces`. health: answers of DescribeTargetHealth by target group.
    """
    before: dict[tuple[str, str], set[str]] = {}
    for group in groups:
        names = {arn.split("/")[-2] for arn in group["LoadBalancerArns"]}
        for target in health.get(group["TargetGroupArn"], {}).get("TargetHealthDescriptions", ()):
            key = (str(group.get("VpcId") or ""), str(target["Target"]["Id"]))
            before.setdefault(key, set()).update(names)
    found: list[dict[str, object]] = []
    for row in interfaces.to_dict("records"):
        names = before.get((row["vpc_id"], row["instance_id"]), set()) | before.get(
            (row["vpc_id"], row["private_ip"]), set()
        )
        found.append(
            {
                "account_id": here.account.id,
                "region": here.region,
                "resource_id": row["resource_id"],
                "balancers": ", ".join(sorted(names)),
            }
        )
    return typed(found, COLUMNS)
