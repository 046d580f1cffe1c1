"""The table `autoscaling_activities`: what the groups of a place did in the last six weeks, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pandas import DataFrame

from analysis.scaling.activity import ACTIVITIES
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = ("autoscaling:DescribeScalingActivities",)
SCOPE = Scope.PLACE
OF = "autoscaling_groups"
COLUMNS = ACTIVITIES
#: AWS's most a page; without the name of a group it tells of all groups of the region.
_PAGE = 100


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """All activities that AWS keeps (six weeks), of the groups that are there.

    Raises:
        SourceUnavailable: Auto Scaling gave no answer.
    """
    with reading("autoscaling:DescribeScalingActivities", here.account.id, here.region):
        client = aws.client("autoscaling", account_id=here.account.id, region=here.region)
        pages = client.get_paginator("describe_scaling_activities").paginate(PaginationConfig={"PageSize": _PAGE})
        activities = [one for page in pages for one in page["Activities"]]
    found = parse(activities, here)
    return found[found["resource_id"].isin(rows["resource_id"])].reset_index(drop=True)


def parse(activities: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The activities as a table with `COLUMNS`."""
    return typed([_row(one, here) for one in activities], COLUMNS)


def _row(one: Mapping[str, Any], here: Here) -> dict[str, object]:
    return {
        "account_id": here.account.id,
        "region": here.region,
        "resource_id": one["AutoScalingGroupName"],
        "activity_id": one["ActivityId"],
        "started_at": _naive(one["StartTime"]),
        "ended_at": _naive(one.get("EndTime")),
        "status": one["StatusCode"],
        "description": one.get("Description", ""),
        "cause": one["Cause"],
    }


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)
