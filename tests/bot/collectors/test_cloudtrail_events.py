"""CloudTrail's events: narrow and bounded questions; what read or failed changed nothing; hostile records are text."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis.models import Change
from bot.aws.clients import config
from bot.collectors import cloudtrail_events
from bot.collectors.cloudtrail_events import fetch, parse, source_of

AT = datetime(2026, 11, 17, 9, 12, tzinfo=UTC)
DEPLOY = {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"userName": "deploy"}}}


def event(record: Any = None, **changed: Any) -> dict[str, Any]:
    """An event as boto3 gives it; `record` changes what CloudTrail recorded."""
    known: dict[str, Any] = {
        "EventName": "CreateNatGateway", "ReadOnly": "false", "EventTime": AT, "EventSource": "ec2.amazonaws.com",
        "Username": "ci", "Resources": [{"ResourceType": "AWS::EC2::NatGateway", "ResourceName": "nat-0abc"}],
        "CloudTrailEvent": json.dumps({"userIdentity": DEPLOY} | (record or {})),
    }  # fmt: skip
    return known | changed


def one(record: Any = None, **changed: Any) -> Change:
    (found,) = parse([event(record, **changed)])
    return found


def who(identity: Any, **changed: Any) -> str:
    return one({"userIdentity": identity}, **changed).who


class Trail:
    """An `Aws` whose CloudTrail gives these pages and remembers what it was asked."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.pages, self.asked, self.clients = list(pages), [], []

    def client(self, service: str, **place: Any) -> Any:
        self.clients.append((service, place))
        return self

    def lookup_events(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        page = self.pages.pop(0)
        return {"Events": page, **({"NextToken": f"t{len(self.pages)}"} if self.pages else {})}


def asked(trail: Trail) -> list[dict[str, Any]]:
    window = {"start": AT - timedelta(days=1), "end": AT}
    return fetch(trail, "111122223333", "eu-west-1", key="EventName", value="RunInstances", **window)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudtrail_events, "SECONDS_BETWEEN", 0.0)


def test_one_attribute_is_asked_for_in_the_account_and_region() -> None:
    trail = Trail([event()])
    assert asked(trail) == [event()]
    assert trail.clients == [("cloudtrail", {"account_id": "111122223333", "region": "eu-west-1"})]
    assert trail.asked == [
        {
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "RunInstances"}],
            "StartTime": AT - timedelta(days=1),
            "EndTime": AT,
            "MaxResults": 50,
        }
    ]


def test_pages_are_bounded() -> None:
    trail = Trail([event()], [event()], [event()])
    assert len(asked(trail)) == 2
    assert [one.get("NextToken") for one in trail.asked] == [None, "t2"]


def test_requests_for_one_place_wait_for_each_other_and_other_places_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(cloudtrail_events, "SECONDS_BETWEEN", 0.5)
    monkeypatch.setattr(cloudtrail_events.time, "monotonic", lambda: 100.0)
    monkeypatch.setattr(cloudtrail_events.time, "sleep", waited.append)
    monkeypatch.setattr(cloudtrail_events, "_turns", cloudtrail_events.defaultdict(cloudtrail_events._Turn))
    asked(Trail([event()], [event()]))
    fetch(Trail([event()]), "1", "us-east-1", key="EventName", value="x", start=AT, end=AT)  # type: ignore[arg-type]
    assert waited == [0.0, 0.5, 0.0]


@pytest.mark.parametrize(
    "changed", [{"ReadOnly": "true"}, {"record": {"errorCode": "AccessDenied"}}, {"EventTime": None}]
)
def test_what_reads_fails_or_has_no_time_changed_nothing(changed: dict[str, Any]) -> None:
    assert parse([event(**changed)]) == []


def test_a_change_says_what_when_and_by_whom() -> None:
    assert one() == Change(AT, "CreateNatGateway", ("nat-0abc",), "role deploy")


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        ({"type": "IAMUser", "userName": "backup"}, "user backup"),
        ({"type": "Root"}, "the root user"),
        ({"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}, "AWS (Auto Scaling)"),
        ({"type": "AWSService"}, "AWS (one of its services)"),
        (DEPLOY | {"arn": "arn:aws:sts::1:assumed-role/deploy/ci-4711"}, "role deploy"),
        ({"type": "WebIdentityUser", "userName": "runner"}, "user runner"),
        ({"type": "AssumedRole"}, "user ci"),
        ({}, "user ci"),
        ("nonsense", "user ci"),
        ({"type": ["x"], "userName": {"a": 1}}, "user ci"),
    ],
)
def test_whoever_called_is_named(identity: Any, said: str) -> None:
    assert who(identity) == said


def test_a_person_behind_a_role_of_single_sign_on_is_named() -> None:
    issuer = {"sessionIssuer": {"userName": "AWSReservedSSO_Admin_0123456789abcdef"}}
    arn = "arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ana@example.com"
    assert who({"type": "AssumedRole", "sessionContext": issuer, "arn": arn}) == "ana@example.com (SSO role Admin)"


def test_somebody_without_a_name_is_not_invented() -> None:
    assert who({}, Username=None) == "somebody who is not named"


@pytest.mark.parametrize(
    ("record", "via"),
    [
        ({}, ""),
        ({"userIdentity": DEPLOY | {"invokedBy": "cloudformation.amazonaws.com"}}, "CloudFormation"),
        ({"sourceIPAddress": "servicecatalog.amazonaws.com"}, "Service Catalog"),
        ({"sourceIPAddress": "something-new.amazonaws.com"}, "something-new"),
        ({"sourceIPAddress": "203.0.113.9", "userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.9"}, "Terraform"),
        ({"sessionCredentialFromConsole": "true", "userAgent": "Mozilla/5.0"}, "the console"),
        ({"userAgent": 7, "sourceIPAddress": None}, ""),
    ],
)
def test_what_was_used_for_it_is_named(record: dict[str, Any], via: str) -> None:
    assert one(record).via == via


def test_what_the_event_makes_is_named_and_not_what_it_lies_in() -> None:
    both = [
        {"ResourceType": "AWS::EC2::VPC", "ResourceName": "vpc-1"},
        {"ResourceType": "AWS::EC2::NatGateway", "ResourceName": "nat-1"},
    ]
    assert one(Resources=both).resources == ("nat-1",)
    assert one(Resources=both, EventName="Tag").resources == ("vpc-1", "nat-1")
    assert one(Resources=[{"ResourceType": None, "ResourceName": "x"}, {"ResourceName": None}]).resources == ("x",)


def test_a_record_that_cannot_be_read_leaves_what_is_beside_it() -> None:
    for record in ("", "not json", "[1]", "null", None):
        found = one(CloudTrailEvent=record)
        assert (found.event, found.who, found.via) == ("CreateNatGateway", "user ci", "")


def test_endless_names_are_cut() -> None:
    long = one({"userIdentity": {"type": "IAMUser", "userName": "u" * 5000}}, EventName="E" * 5000)
    assert len(long.who) == len(long.event) == cloudtrail_events.MAX_TEXT


def test_what_was_asked_with_is_not_kept() -> None:
    assert "hunter2" not in repr(one({"requestParameters": {"masterUserPassword": "hunter2"}}))


def test_the_source_is_the_service() -> None:
    assert source_of(event()) == "ec2"
    assert source_of({}) == ""


def test_nobody_waits_long_for_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS", raising=False)
    hint, other = config("cloudtrail"), config("ec2")
    assert (hint.retries["total_max_attempts"], hint.read_timeout) == (2, 5)
    assert (other.retries["total_max_attempts"], other.read_timeout) == (6, 30)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "4")
    assert config("cloudtrail").retries["total_max_attempts"] == 4
