"""The table `log_groups`: every CloudWatch log group, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("logs:DescribeLogGroups", "tag:GetResources")
SCOPE = Scope.PLACE
GB = 10**9
#: Tags are looked up only where a group that keeps everything holds this much.
_WORTH_TAGS_GB = 1.0

COLUMNS: dict[str, str] = HEAD | {
    "log_class": "str",  # STANDARD, INFREQUENT_ACCESS, DELIVERY
    "retention_days": "float64",  # missing: for ever
    "stored_gb": "float64",
    "days_old": "float64",  # whole days (UTC) since the day it was created
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All log groups of an account in a region, each with its `tags` where any of them may be kept too long.

    Raises:
        SourceUnavailable: CloudWatch Logs, or the tagging service, gave no answer.
    """
    with reading(ACTIONS[0], account_id, region):
        client = aws.client("logs", account_id=account_id, region=region)
        pages = client.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 50})
        groups: list[dict[str, Any]] = [group for page in pages for group in page["logGroups"]]
    if not any(_is_kept(group) for group in groups):
        return groups
    # One call for a hundred groups, where logs:ListTagsForResource takes one each.
    with reading(ACTIONS[1], account_id, region):
        client = aws.client("resourcegroupstaggingapi", account_id=account_id, region=region)
        asked = client.get_paginator("get_resources").paginate(
            ResourceTypeFilters=["logs:log-group"], PaginationConfig={"PageSize": 100}
        )
        tagged = {_plain(one["ResourceARN"]): one["Tags"] for page in asked for one in page["ResourceTagMappingList"]}
    return [group | {"tags": tagged.get(_plain(group["arn"]), [])} for group in groups]


def parse(groups: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The log groups as a table with `COLUMNS`."""
    return typed([_row(group, here) for group in groups], COLUMNS)


def _is_kept(group: Mapping[str, Any]) -> bool:
    return "retentionInDays" not in group and group.get("storedBytes", 0) >= _WORTH_TAGS_GB * GB


def _plain(arn: str) -> str:
    """DescribeLogGroups ends its ARNs with `:*`, the tagging service does not."""
    return arn.removesuffix(":*")


def _row(group: Mapping[str, Any], here: Here) -> dict[str, object]:
    name = group["logGroupName"]
    created = datetime.fromtimestamp(group["creationTime"] / 1000, UTC) if "creationTime" in group else None
    stored = group.get("storedBytes")
    return {
        **here.head(name, tags_of(group.get("tags")), created),
        "name": name,
        "log_class": group.get("logGroupClass", "STANDARD"),
        "retention_days": group.get("retentionInDays"),
        "stored_gb": None if stored is None else stored / GB,
        "days_old": None if created is None else (here.now.date() - created.date()).days,
    }
