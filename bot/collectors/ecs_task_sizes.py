"""The table `ecs_task_sizes`: CPU and memory of a task, asked for the services that leave much of theirs unused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.checks.ecs.fargate_oversized import NEEDS_TASK_SIZE
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = ("ecs:DescribeTaskDefinition",)
SCOPE = Scope.PLACE
OF = "ecs_services"
NEEDS = (NEEDS_TASK_SIZE,)

COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",  # the service: "cluster/service"
    "cpu_units": "float64",  # 1,024 are a vCPU
    "memory_mib": "float64",
    "architecture": "str",  # X86_64, ARM64
    "system": "str",  # LINUX, WINDOWS_SERVER_2022_CORE ...
}


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Sizes of these services' tasks, each definition asked once; nothing in the first round.

    Raises:
        SourceUnavailable: ECS gave no answer.
    """
    if need != NEEDS_TASK_SIZE:
        return typed([], COLUMNS)
    with reading("ecs:DescribeTaskDefinition", here.account.id, here.region):
        client = aws.client("ecs", account_id=here.account.id, region=here.region)
        asked = rows["task_definition"].drop_duplicates()
        told = {arn: client.describe_task_definition(taskDefinition=arn)["taskDefinition"] for arn in asked}
    pairs = rows[["resource_id", "task_definition"]].itertuples(index=False, name=None)
    return typed([parse(told[arn], service, here) for service, arn in pairs], COLUMNS)


def parse(definition: Mapping[str, Any], service: str, here: Here) -> dict[str, object]:
    """One row with `COLUMNS`."""
    platform = definition.get("runtimePlatform", {})
    return {
        "account_id": here.account.id,
        "region": here.region,
        "resource_id": service,
        "cpu_units": _number(definition.get("cpu")),
        "memory_mib": _number(definition.get("memory")),
        "architecture": platform.get("cpuArchitecture") or "X86_64",
        "system": platform.get("operatingSystemFamily") or "LINUX",
    }


def _number(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None
