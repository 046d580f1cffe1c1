"""The table `workspaces`: every WorkSpace, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.offered_regions import is_offered
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here
from bot.tables import typed

ACTIONS = ("workspaces:DescribeWorkspaces",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {  # the age is never told, nor are tags
    "user": "str",
    "state": "str",
    "running_mode": "str",  # ALWAYS_ON, AUTO_STOP, MANUAL
    "compute_type": "str",  # VALUE, STANDARD, PERFORMANCE, …
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All WorkSpaces of an account in a region, as the service describes them.

    Raises:
        SourceUnavailable: WorkSpaces gave no answer.
    """
    if not is_offered("workspaces", region):
        return []
    with reading(ACTIONS[0], account_id, region):
        client = aws.client("workspaces", account_id=account_id, region=region)
        pages = client.get_paginator("describe_workspaces").paginate(PaginationConfig={"PageSize": 25})
        return [workspace for page in pages for workspace in page["Workspaces"]]


def parse(workspaces: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The WorkSpaces as a table with `COLUMNS`; those that are ended are left out."""
    return typed([_row(one, here) for one in workspaces if one.get("State") not in _GONE], COLUMNS)


_GONE = ("TERMINATING", "TERMINATED")


def _row(one: Mapping[str, Any], here: Here) -> dict[str, object]:
    properties = one.get("WorkspaceProperties", {})
    name = one.get("WorkspaceName") or one.get("ComputerName") or one.get("UserName") or one["WorkspaceId"]
    return {
        **here.head(one["WorkspaceId"], {}, name=name),
        "user": one.get("UserName", ""),
        "state": one.get("State", ""),
        "running_mode": properties.get("RunningMode", ""),
        "compute_type": properties.get("ComputeTypeName", ""),
    }
