"""LookupEvents of the stand-in: AWS's rules, and the same story as the ledger and the inventory tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.demo.aws.answers import AwsError
from bot.demo.aws.calls import Call
from bot.demo.aws.cloudtrail import CloudTrail
from bot.demo.aws.organisation import MAIN_REGION, PROD, STAGING
from bot.demo.aws.planted_changes import PLANTED_CHANGES
from bot.demo.aws.planted_costs import NAT_SPIKE, NEW_SERVICE
from bot.demo.aws.resources import resources
from bot.demo.aws.resources_times import ids_of, launched_at
from bot.demo.aws.trail import KEPT_DAYS, recorded, trail
from tests.demo.aws.ledger_factories import NOW

TRAIL = CloudTrail(7, lambda: NOW)


def call(account_id: str = PROD.id, region: str = MAIN_REGION, **params: Any) -> Call:
    body = json.dumps(params).encode()
    return Call("cloudtrail", region, "LookupEvents", account_id, "json", body)


def by(key: str, value: str) -> dict[str, Any]:
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def events(**params: Any) -> list[dict[str, Any]]:
    """All pages."""
    found: list[dict[str, Any]] = []
    while True:
        page = TRAIL.answer(call(**params))
        found += page["Events"]
        if "NextToken" not in page:
            return found
        params["NextToken"] = page["NextToken"]


def refused(**params: Any) -> str:
    with pytest.raises(AwsError) as caught:
        TRAIL.answer(call(**params))
    return caught.value.code


def test_only_look_ups_are_answered() -> None:
    assert TRAIL.answers(call())
    assert not TRAIL.answers(Call("cloudtrail", MAIN_REGION, "DescribeTrails", PROD.id, "json", b""))


def test_what_aws_refuses_is_refused() -> None:
    two = [{"AttributeKey": "EventName", "AttributeValue": name} for name in "ab"]
    assert refused(LookupAttributes=two) == "InvalidLookupAttributesException"
    assert refused(**by("Colour", "red")) == "InvalidLookupAttributesException"
    assert refused(MaxResults=51) == refused(MaxResults=0) == "InvalidMaxResultsException"
    assert refused(StartTime=NOW.timestamp(), EndTime=NOW.timestamp() - 1) == "InvalidTimeRangeException"
    assert refused(NextToken="somewhere") == refused(NextToken="99999") == "InvalidNextTokenException"


def test_pages_hold_everything_once_the_newest_first() -> None:
    assert len(TRAIL.answer(call())["Events"]) == 50
    found = events()
    assert len({one["EventId"] for one in found}) == len(found) > 100
    times = [one["EventTime"] for one in found]
    assert times == sorted(times, reverse=True)
    assert [one["EventId"] for one in events(MaxResults=7)] == [one["EventId"] for one in found]


def test_nothing_is_older_than_three_months_or_younger_than_minutes() -> None:
    times = [datetime.fromtimestamp(one["EventTime"], UTC) for one in events()]
    assert NOW - timedelta(days=KEPT_DAYS) <= min(times)
    assert max(times) < NOW


def test_a_window_gives_what_lies_in_it() -> None:
    start, end = NOW - timedelta(days=5), NOW - timedelta(days=2)
    inside = events(StartTime=start.timestamp(), EndTime=end.timestamp())
    assert 0 < len(inside) < len(events())
    assert all(start.timestamp() <= one["EventTime"] <= end.timestamp() for one in inside)


@pytest.mark.parametrize("key", ["EventName", "EventSource", "ReadOnly", "ResourceName", "EventId", "Username"])
def test_an_attribute_narrows_it(key: str) -> None:
    every = events()
    value = {"ResourceName": "vpce-0a1b2c3d4e5f60718"}.get(key) or str(next(one[key] for one in every if one.get(key)))
    some = events(**by(key, value))
    assert 0 < len(some) < len(every)
    assert events(**by(key, "nothing-of-that-name")) == []


def test_the_planted_rise_was_made_by_somebody_hours_before_it() -> None:
    (cause,) = [one for one in PLANTED_CHANGES if one.of is NAT_SPIKE and one.is_cause]
    (event,) = events(**by("EventName", cause.event))
    began = datetime.combine(NOW.date(), datetime.min.time(), UTC) - timedelta(days=NAT_SPIKE.first_day_ago)
    assert timedelta() < began - datetime.fromtimestamp(event["EventTime"], UTC) < timedelta(hours=24)
    detail = json.loads(event["CloudTrailEvent"])
    assert detail["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == cause.role
    assert events(account_id=STAGING.id, **by("EventName", cause.event)) == []
    assert events(region="eu-west-1", **by("EventName", cause.event)) == []


def test_each_planted_cost_that_is_an_incident_has_one_cause() -> None:
    assert [one.of for one in PLANTED_CHANGES if one.is_cause] == [NAT_SPIKE, NEW_SERVICE]
    for change in PLANTED_CHANGES:
        assert recorded(change, NOW.date()).at < NOW


def test_the_inventory_was_made_by_calls_that_name_it_at_its_time() -> None:
    ids = ids_of(7)
    made = {name: one for one in events() if one["EventName"] == "RunInstances" for name in _names(one)}
    new = [
        one for one in resources(7)
        if (one.account_id, one.region, one.kind) == (PROD.id, MAIN_REGION, "ec2_instance")
        and one.created_days_ago < KEPT_DAYS
    ]  # fmt: skip
    assert new
    for one in new:
        assert made[ids[one.key]]["EventTime"] == launched_at(one, NOW.date()).timestamp()


def test_every_event_of_every_place_has_the_shape_aws_gives() -> None:
    """The answer is checked against AWS's model when it is made; here all of them are made once."""
    for account in {one.account_id for one in resources(7)}:
        assert len(events(account_id=account, region="eu-west-1")) >= 0
        assert len(trail(7, NOW.date(), account, MAIN_REGION)) >= len(events(account_id=account))


def _names(event: dict[str, Any]) -> list[str]:
    return [one["ResourceName"] for one in event["Resources"]]
