"""The table `ecs_services`: every ECS service with where it runs and how many tasks it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.errors import SourceUnavailable
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = (
    "ecs:ListClusters",
    "ecs:ListServices",
    "ecs:DescribeServices",
    "application-autoscaling:DescribeScalableTargets",
)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {  # its id is "cluster/service"
    "cluster": "str",
    "service": "str",
    "runs_on": "str",  # FARGATE, FARGATE_SPOT, EC2 or a capacity provider's name; "FARGATE, FARGATE_SPOT" for both
    "platform_family": "str",  # Linux, Windows Server ...; empty where it does not run on Fargate
    "task_definition": "str",  # ARN
    "desired": "float64",
    "running": "float64",
    "status": "str",
    "scaled": "bool",  # by Application Auto Scaling
    "scaling_known": "bool",  # False where AWS refused to tell
}
#: AWS's most services a call.
_A_CALL = 10


def fetch(aws: Aws, account_id: str, region: str) -> dict[str, Any]:
    """`services` of all clusters, and `scaled`, the ids that Application Auto Scaling scales (None where unknown).

    Raises:
        SourceUnavailable: ECS gave no answer.
    """
    client = aws.client("ecs", account_id=account_id, region=region)
    with reading("ecs:ListClusters", account_id, region):
        clusters = [arn for page in client.get_paginator("list_clusters").paginate() for arn in page["clusterArns"]]
    services: list[dict[str, Any]] = []
    for cluster in clusters:
        with reading("ecs:ListServices", account_id, region):
            pages = client.get_paginator("list_services").paginate(cluster=cluster, PaginationConfig={"PageSize": 100})
            names = [arn for page in pages for arn in page["serviceArns"]]
        with reading("ecs:DescribeServices", account_id, region):
            for some in _tens(names):
                answer = client.describe_services(cluster=cluster, services=some, include=["TAGS"])
                services += answer["services"]
    return {"services": services, "scaled": _scaled(aws, account_id, region) if services else []}


def _tens(names: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(names), _A_CALL):
        yield names[first : first + _A_CALL]


def _scaled(aws: Aws, account_id: str, region: str) -> list[str] | None:
    """The services that are scaled, as "service/cluster/name"; a place that does not tell is said to be unknown."""
    try:
        with reading("application-autoscaling:DescribeScalableTargets", account_id, region):
            client = aws.client("application-autoscaling", account_id=account_id, region=region)
            pages = client.get_paginator("describe_scalable_targets").paginate(ServiceNamespace="ecs")
            return [target["ResourceId"] for page in pages for target in page["ScalableTargets"]]
    except SourceUnavailable:
        return None


def parse(answer: Mapping[str, Any], here: Here) -> DataFrame:
    """The services as a table with `COLUMNS`; those that are being drained or are gone are left out."""
    services: Iterable[Mapping[str, Any]] = answer["services"]
    return typed([_row(one, answer["scaled"], here) for one in services if one.get("status") == "ACTIVE"], COLUMNS)


def _row(service: Mapping[str, Any], scaled: list[str] | None, here: Here) -> dict[str, object]:
    cluster, name = service["clusterArn"].rpartition("/")[2], service["serviceName"]
    providers = sorted({one["capacityProvider"] for one in service.get("capacityProviderStrategy", ())})
    return {
        **here.head(f"{cluster}/{name}", tags_of(service.get("tags")), service.get("createdAt"), name=name),
        "cluster": cluster,
        "service": name,
        "runs_on": ", ".join(providers) or service.get("launchType", ""),
        "platform_family": service.get("platformFamily", ""),
        "task_definition": service.get("taskDefinition", ""),
        "desired": service.get("desiredCount"),
        "running": service.get("runningCount"),
        "status": service["status"],
        "scaled": f"service/{cluster}/{name}" in (scaled or ()),
        "scaling_known": scaled is not None,
    }
