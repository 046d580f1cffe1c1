"""The stand-in's scaling activities: AWS's shape and words, pages of a hundred, six weeks, and the same every time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from moto.autoscaling.exceptions import AutoscalingClientError

from bot.demo.aws.autoscaling import answer
from bot.demo.aws.cloudwatch_ec2 import PULSING_GROUPS
from bot.demo.aws.resources_model import DATA_PLATFORM, PROD, STAGING
from bot.demo.aws.scaling_activities import KEPT, activities
from tests.demo.aws.inventory_factories import NOW, SEED, monitoring, query, read


def of(account_id: str = DATA_PLATFORM) -> list[dict[str, Any]]:
    return activities(SEED, NOW, account_id, "us-east-1")


def pages(**asked: Any) -> list[dict[str, Any]]:
    found, token = [], {}
    while True:
        page = answer(of(), asked | token)
        found.append(page)
        if "NextToken" not in page:
            return found
        token = {"NextToken": page["NextToken"]}


def test_a_page_holds_a_hundred_and_all_pages_hold_six_weeks() -> None:
    sizes = [len(page["Activities"]) for page in pages()]

    assert sizes == [100, 100, 100, 100, 100, 4]
    assert sum(sizes) == len(of()) == 6 * 2 * KEPT.days
    assert all(NOW - KEPT <= one["StartTime"] <= NOW for one in of())


def test_the_newest_come_first_and_each_has_its_own_id() -> None:
    starts = [one["StartTime"] for one in of()]

    assert starts == sorted(starts, reverse=True)
    assert len({one["ActivityId"] for one in of()}) == len(starts)


def test_the_way_stands_in_the_cause_alone() -> None:
    back, out = of()[:2]

    assert out["Description"].startswith("Launching a new EC2 instance: i-0")
    assert "triggered policy queue-high changing the desired capacity from 3 to 4.  At " in out["Cause"]
    assert back["Cause"].endswith(f"instance {out['Description'].split()[-1]} was selected for termination.")
    assert (back["StartTime"] - out["StartTime"]) == timedelta(minutes=30)


def test_a_group_that_nothing_scales_did_nothing() -> None:
    assert of(STAGING) == []
    assert {one["AutoScalingGroupName"] for one in of(PROD)} == {"checkout-web"}
    assert activities(SEED, NOW, PROD, "eu-west-1") == []


def test_a_later_moment_shows_the_same_and_more() -> None:
    later = {one["ActivityId"]: one for one in activities(SEED, NOW + timedelta(days=2), DATA_PLATFORM, "us-east-1")}
    kept = [one for one in of() if one["StartTime"] >= NOW + timedelta(days=2) - KEPT]

    assert all(later[one["ActivityId"]] == one for one in kept)
    assert len(later) == len(of())


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"AutoScalingGroupName": "nobody"}, 0),
        ({"Filters": [{"Name": "StartTimeLowerBound", "Values": ["2026-11-19T00:00:00Z"]}]}, 18),
        ({"Filters": [{"Name": "Status", "Values": ["Failed"]}]}, 0),
    ],
)
def test_can_be_narrowed(asked: dict[str, Any], count: int) -> None:
    assert sum(len(page["Activities"]) for page in pages(**asked)) == count


@pytest.mark.parametrize("asked", [{"MaxRecords": 101}, {"NextToken": "x"}, {"Filters": [{"Name": "Moon"}]}])
def test_refuses_what_aws_refuses(asked: dict[str, Any]) -> None:
    with pytest.raises(AutoscalingClientError):
        answer(of(), asked)


def test_the_size_goes_up_and_down_as_the_activities_tell() -> None:
    assert {one["AutoScalingGroupName"] for one in of()} == PULSING_GROUPS
    sizes = query(
        "GroupDesiredCapacity", namespace="AWS/AutoScaling", dimensions={"AutoScalingGroupName": "batch-workers"}
    )
    times, values = read(monitoring(), sizes, place=(DATA_PLATFORM, "us-east-1"), start=NOW - timedelta(days=1))

    larger = [at for at, value in zip(times, values, strict=True) if value == 4]
    ups = [
        one["StartTime"] for one in of() if "increasing" in one["Cause"] and one["StartTime"] > NOW - timedelta(days=1)
    ]
    assert set(values) == {3, 4}
    assert len(larger) == len(ups) * 6
    assert all(any(up - timedelta(seconds=10) <= at < up + timedelta(minutes=30) for up in ups) for at in larger)
