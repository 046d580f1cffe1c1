"""The table `log_groups`: every page, and tags only where they decide."""

from __future__ import annotations

from typing import Any

import pytest

from bot.collectors import log_groups
from bot.errors import SourceUnavailable
from tests.bot.collectors.fake_aws import ACCOUNT, HERE, FakeAws, refused

CREATED = 1_700_000_000_000  # 2023-11-14


def group(name: str, stored: int, **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{name}:*"
    return {"logGroupName": name, "arn": arn, "creationTime": CREATED, "storedBytes": stored} | more


def read(aws: Any) -> Any:
    return log_groups.parse(log_groups.fetch(aws, ACCOUNT, "us-east-1"), HERE).set_index("resource_id")


def test_asks_for_no_tags_where_nothing_is_kept_too_long() -> None:
    small = group("/small", 10**9 - 1)
    aws = FakeAws({"logs:DescribeLogGroups": {"logGroups": [small, group("/short", 10**12, retentionInDays=30)]}})

    found = read(aws)

    assert aws.asked == ["logs:DescribeLogGroups"]
    assert found["retention_days"].isna().tolist() == [True, False]


def test_reads_all_pages_and_whose_a_group_is() -> None:
    tagged = {
        "ResourceARN": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/b",
        "Tags": [{"Key": "team", "Value": "search"}, {"Key": "costbot:ignore", "Value": ""}],
    }
    aws = FakeAws(
        {
            "logs:DescribeLogGroups": [
                {"logGroups": [group("/a", 5 * 10**9)], "nextToken": "1"},
                {"logGroups": [group("/b", 10**9)]},
            ],
            "resourcegroupstaggingapi:GetResources": {"ResourceTagMappingList": [tagged]},
        }
    )

    found = read(aws)

    assert found.loc["/b", ["owner", "ignored", "stored_gb", "days_old"]].tolist() == ["search", True, 1.0, 1102.0]
    assert found.loc["/a", ["owner", "ignored", "log_class"]].tolist() == ["", False, "STANDARD"]


def test_without_its_tags_no_group_is_judged() -> None:
    aws = FakeAws(
        {
            "logs:DescribeLogGroups": {"logGroups": [group("/a", 10**10)]},
            "resourcegroupstaggingapi:GetResources": refused(),
        }
    )

    with pytest.raises(SourceUnavailable, match="tag:GetResources"):
        read(aws)
