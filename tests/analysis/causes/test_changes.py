"""Which changes are looked for, and which of those found are told: real operations, near, named, and few."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from hypothesis import given
from hypothesis import strategies as st

from analysis.causes.changes import MOST_TOLD, events_of, every_event, likeliest
from analysis.models import Anomaly, Change, from_json, to_json
from tests.bot.decisions_factories import anomaly

START = datetime(2026, 11, 17, tzinfo=UTC)
#: boto3's names of services where CloudTrail's source is another.
CLIENTS = {"monitoring": "cloudwatch", "elasticloadbalancing": "elbv2", "elasticfilesystem": "efs", "es": "opensearch"}


def change(hours: float = 1.0, **changed: Any) -> Change:
    values: dict[str, Any] = {"event": "RunInstances", "resources": (), "who": "role deploy"} | changed
    return Change(at=START + timedelta(hours=hours), **values)


def told(*changes: Change, resources: tuple[str, ...] = ()) -> list[Change]:
    return list(likeliest(changes, resources=resources, start=START))


@cache
def operations(client: str) -> frozenset[str]:
    return frozenset(Loader().load_service_model(client, "service-2")["operations"])


@pytest.mark.parametrize("event", sorted(every_event()))
def test_every_event_is_a_call_that_its_service_has(event: str) -> None:
    source, _, name = event.partition(":")
    # CloudTrail writes the version of the interface behind Lambda's names.
    plain = re.sub(r"\d{8}(v\d)?$", "", name)
    assert plain in operations(CLIENTS.get(source, source))


def test_what_is_not_known_is_not_looked_for() -> None:
    assert events_of("tax", "", rising=True) == ()
    assert events_of("made-up", "Something", rising=False) == ()


@pytest.mark.parametrize(
    ("service", "usage_type", "rising", "first"),
    [
        ("ec2", "NatGateway-Bytes", True, "ec2:CreateNatGateway"),
        ("vpc", "EUW1-NatGateway-Hours", False, "ec2:DeleteNatGateway"),
        ("ec2", "EBS:VolumeUsage.gp3", True, "ec2:ModifyVolume"),
        ("ec2", "EUW1-EBS:SnapshotUsage", True, "ec2:CreateSnapshot"),
        ("ec2", "BoxUsage:m5.large", True, "ec2:RunInstances"),
        ("ec2", "", False, "ec2:TerminateInstances"),
        ("rds", "InstanceUsage:db.m5.large", True, "rds:CreateDBInstance"),
        ("s3", "DataTransfer-Out-Bytes", True, "ec2:DeleteVpcEndpoints"),
        ("s3", "TimedStorage-ByteHrs", True, "s3:DeleteBucketLifecycle"),
    ],
)
def test_the_likeliest_event_is_looked_for_first(service: str, usage_type: str, rising: bool, first: str) -> None:
    assert events_of(service, usage_type, rising=rising)[0] == first


def test_no_look_up_takes_more_than_a_few_questions() -> None:
    assert max(len(events_of("ec2", usage, rising=up)) for usage in ("", "NatGateway") for up in (True, False)) <= 6


def test_nothing_changed_is_nothing_told() -> None:
    assert told() == []


def test_what_names_the_resource_comes_before_what_is_nearer() -> None:
    near, named = change(1, who="role a"), change(20, who="role b", resources=("nat-1", "vpc-1"))
    assert told(near, named, resources=("nat-1",)) == [named, near]


def test_what_people_did_comes_before_what_aws_did_itself() -> None:
    scaled, deployed = change(0, who="AWS (Auto Scaling)", by_service=True), change(9)
    assert told(scaled, deployed) == [deployed, scaled]


def test_what_lies_days_later_comes_last() -> None:
    late, scaled = change(80, who="role a"), change(2, who="AWS", by_service=True)
    assert told(late, scaled) == [scaled, late]


def test_a_day_before_is_as_near_as_a_day_after() -> None:
    before, after = change(-20, who="role a"), change(21, who="role b")
    assert told(after, before) == [before, after]


def test_alike_changes_are_told_once_and_counted() -> None:
    runs = [change(hours) for hours in (3, 1, 2)]
    (one,) = told(*runs)
    assert (one.at, one.more) == (START + timedelta(hours=1), 2)


@given(st.lists(st.tuples(st.floats(-24, 200), st.sampled_from("abc"), st.booleans()), max_size=20))
def test_each_change_is_told_or_counted_and_the_order_they_came_in_means_nothing(
    drawn: list[tuple[float, str, bool]],
) -> None:
    changes = [change(hours, who=who, by_service=by) for hours, who, by in drawn]
    found = likeliest(changes, resources=(), start=START, most=99)
    assert sum(1 + one.more for one in found) == len(changes)
    assert found == likeliest(changes[::-1], resources=(), start=START, most=99)
    assert len(told(*changes)) == min(len(found), MOST_TOLD)


def test_an_anomaly_keeps_its_changes_through_the_store() -> None:
    value = anomaly(changes=(change(resources=("i-1",), via="CloudFormation", more=3),))
    assert from_json(Anomaly, to_json(value)) == value
