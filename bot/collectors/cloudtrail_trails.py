"""The table `cloudtrail_trails`: each trail that records in a region, also those whose home is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.errors import SourceUnavailable
from bot.inventory import HEAD, Here
from bot.tables import typed

ACTIONS = ("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus")
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "home_region": "str",  # where it was made, and has to be changed
    "multi_region": "bool",
    "of_organization": "bool",  # made in the management account for all members
    "bucket": "str",
    "is_asked": "bool",  # the two answers below were asked for, and came
    "is_logging": "bool",
    "records_management": "bool",  # management events, reads or writes or both
    "problem": "str",  # why they are not known
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """The trails that record in a region; where there are several, each with its `status` and `selectors`.

    An answer that is refused for one trail is its `problem`: the others stay known.

    Raises:
        SourceUnavailable: CloudTrail did not list them.
    """
    client = aws.client("cloudtrail", account_id=account_id, region=region)
    with reading(ACTIONS[0], account_id, region):
        trails: list[dict[str, Any]] = list(client.describe_trails(includeShadowTrails=True)["trailList"])
    if len(trails) < 2:
        return trails
    for trail in trails:
        try:
            with reading(ACTIONS[2], account_id, region):
                trail["status"] = client.get_trail_status(Name=trail["TrailARN"])
            with reading(ACTIONS[1], account_id, region):
                trail["selectors"] = client.get_event_selectors(TrailName=trail["TrailARN"])
        except SourceUnavailable as error:
            trail["problem"] = str(error)
    return trails


def parse(trails: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The trails as a table with `COLUMNS`."""
    return typed([_row(trail, here) for trail in trails], COLUMNS)


def _row(trail: Mapping[str, Any], here: Here) -> dict[str, object]:
    is_asked = "status" in trail and "selectors" in trail
    return {
        **here.head(trail["TrailARN"], {}, name=trail.get("Name")),
        "home_region": trail.get("HomeRegion") or here.region,
        "multi_region": bool(trail.get("IsMultiRegionTrail")),
        "of_organization": bool(trail.get("IsOrganizationTrail")),
        "bucket": trail.get("S3BucketName") or "",
        "is_asked": is_asked,
        "is_logging": is_asked and bool(trail["status"].get("IsLogging")),
        "records_management": is_asked and _records_management(trail["selectors"]),
        "problem": trail.get("problem", ""),
    }


def _records_management(selectors: Mapping[str, Any]) -> bool:
    """Whether any selector, of the old kind or the new, takes management events."""
    plain = any(one.get("IncludeManagementEvents", True) for one in selectors.get("EventSelectors", ()))
    advanced = any(
        field.get("Field") == "eventCategory" and "Management" in field.get("Equals", ())
        for one in selectors.get("AdvancedEventSelectors", ())
        for field in one.get("FieldSelectors", ())
    )
    return plain or advanced
