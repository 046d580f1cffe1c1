"""Who changed what, asked of the stand-in by the real code: found, nothing found, denied, throttled, too old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.causes import Effect, explain
from analysis.models import Change
from bot.aws import Aws
from bot.causes.resource_moves import ResourceMove
from bot.collectors import cloudtrail_events
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.aws.faults import Failure, Fault
from bot.demo.aws.planted_changes import PLANTED_CHANGES, PlantedChange
from bot.demo.aws.planted_costs import NAT_SPIKE, NEW_SERVICE
from bot.demo.aws.server import AwsStandIn
from bot.settings import Settings
from bot.workflows import find_changes as module
from bot.workflows.find_causes import Found, find_causes
from bot.workflows.find_changes import Hint, Sought, changes_of, find_changes, sought
from bot.workflows.scan_anomalies import apply
from tests.analysis.causes.cause_factories import Side, part, table
from tests.bot.anomalies.anomaly_factories import scan
from tests.bot.costs.cost_factories import S3, texts
from tests.bot.decisions_factories import anomaly as made
from tests.bot.decisions_factories import context as made_context
from tests.bot.decisions_factories import slack_of
from tests.bot.why.why_factories import DAY, MACHINES, NAT, PROD, ask, by_explorer, by_export, kept
from tests.bot.why.why_factories import scope as made_scope
from tests.demo.aws.billing_factories import billing_stand_in

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FIRST = NOW.date() - timedelta(days=NAT_SPIKE.first_day_ago)
assert FIRST == DAY


@pytest.fixture(scope="module")
def stand_in() -> Iterator[AwsStandIn]:
    with billing_stand_in(NOW) as running:
        yield running


@pytest.fixture(scope="module")
def aws(stand_in: AwsStandIn) -> Iterator[Aws]:
    """One for all: clients take long to make."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_ENDPOINT_URL", stand_in.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        patch.setattr(cloudtrail_events, "SECONDS_BETWEEN", 0.0)
        yield Aws(Settings())


@pytest.fixture
def context(stand_in: AwsStandIn, aws: Aws, tmp_path: Path) -> Iterator[Context]:
    yield made_context(tmp_path, settings={"cloudtrail": True, "alert_channel": "C0COSTS"}, aws=aws)
    stand_in.faults.clear()
    stand_in.calls.clear()


def with_its_own_clients(context: Context) -> Context:
    """A client that was throttled once is slower from then on."""
    return replace(context, aws=Aws(context.settings))


def planted(of: Any) -> PlantedChange:
    return next(one for one in PLANTED_CHANGES if one.of is of and one.is_cause)


def wanted(**changed: Any) -> Sought:
    values: dict[str, Any] = {
        "account_id": NAT_SPIKE.account_id, "region": NAT_SPIKE.region, "service": "ec2",
        "usage_type": NAT_SPIKE.usage_type, "rising": True, "resources": (), "first": FIRST,
        "last": FIRST + timedelta(days=2),
    }  # fmt: skip
    return Sought(**(values | changed))


def asked(stand_in: AwsStandIn) -> int:
    return sum(one["count"] for one in stand_in.calls.shown() if one["service"] == "cloudtrail")


def fail(stand_in: AwsStandIn, error: Failure, service: str = "cloudtrail", **more: Any) -> None:
    stand_in.faults.add(Fault(service, error, **more))


def test_switched_off_nobody_is_asked(context: Context, stand_in: AwsStandIn) -> None:
    off = replace(context, settings=context.settings.model_copy(update={"cloudtrail": False}))
    assert find_changes(off, wanted()) == Hint()
    assert changes_of(off, made()) == ()
    assert asked(stand_in) == 0


def test_nothing_to_look_for_asks_nobody(context: Context, stand_in: AwsStandIn) -> None:
    assert find_changes(context, None) == Hint()
    assert find_changes(context, wanted(service="tax", usage_type="")) == Hint()
    assert asked(stand_in) == 0


def test_the_planted_change_is_found_and_not_the_refused_call_beside_it(context: Context, stand_in: AwsStandIn) -> None:
    hint = find_changes(context, wanted())
    cause = planted(NAT_SPIKE)
    (change,) = hint.changes
    assert (change.event, change.who, change.via) == (cause.event, f"role {cause.role}", "CloudFormation")
    assert change.resources == (cause.resources[0][1],)
    assert change.at == datetime(2026, 11, 16, 23, 41, tzinfo=UTC)
    assert hint.problem == ""
    assert asked(stand_in) == 4


def test_a_member_account_is_entered_by_its_role_and_the_region_is_asked_where_it_is(
    context: Context, stand_in: AwsStandIn
) -> None:
    find_changes(context, wanted(region="eu-west-1"))
    places = {(one["account_id"], one["region"]) for one in stand_in.calls.shown() if one["service"] == "cloudtrail"}
    assert places == {(PROD, "eu-west-1")}


def test_a_named_resource_is_asked_for_alone_where_that_tells_something(context: Context, stand_in: AwsStandIn) -> None:
    cause = planted(NAT_SPIKE)
    hint = find_changes(context, wanted(resources=(cause.resources[0][1],)))
    assert [one.event for one in hint.changes] == [cause.event]
    assert asked(stand_in) == 1


def test_a_resource_that_nobody_touched_leaves_the_kinds_of_events(context: Context, stand_in: AwsStandIn) -> None:
    hint = find_changes(context, wanted(resources=("nat-0123456789abcdef0", "nat-2")))
    assert [one.event for one in hint.changes] == [planted(NAT_SPIKE).event]
    assert asked(stand_in) == 6


def test_what_was_looked_for_in_vain_is_said(context: Context) -> None:
    hint = find_changes(context, wanted(region="us-west-2"))
    assert hint == Hint(
        problem="CloudTrail has no change on Nov 16–19 in us-west-2 that could have made it (CreateNatGateway, "
        "DeleteVpcEndpoints, CreateRoute, ReplaceRoute)."
    )


def test_a_refusal_is_one_sentence_with_the_permission(context: Context, stand_in: AwsStandIn) -> None:
    fail(stand_in, Failure.ACCESS_DENIED)
    hint = find_changes(context, wanted())
    assert hint.changes == ()
    assert hint.problem.startswith(
        "Who changed it is not known: costbot may not read CloudTrail; add cloudtrail:LookupEvents. "
    )
    assert f"in account {PROD}" in hint.problem
    assert asked(stand_in) == 1


def test_an_account_that_cannot_be_entered_is_named(context: Context, stand_in: AwsStandIn) -> None:
    fail(stand_in, Failure.ACCESS_DENIED, "sts", operation="AssumeRole")
    hint = find_changes(context, wanted(account_id="777788889999"))
    assert hint == Hint(
        problem="Who changed it is not known: costbot may not assume role costbot-read in account 777788889999."
    )


@pytest.mark.parametrize("error", [Failure.THROTTLE, Failure.HTTP_500, Failure.EXPIRED])
def test_any_other_failure_is_a_sentence_and_never_an_error(
    context: Context, stand_in: AwsStandIn, error: Failure
) -> None:
    fail(stand_in, error)
    hint = find_changes(with_its_own_clients(context), wanted())
    assert hint.changes == ()
    assert hint.problem.startswith("Who changed it is not known: ")


def test_what_was_found_before_a_failure_is_told(context: Context, stand_in: AwsStandIn) -> None:
    cause, third = planted(NAT_SPIKE), []
    original = cloudtrail_events.fetch

    def fetch(*place: Any, **more: Any) -> list[dict[str, Any]]:
        third.append(more["value"])
        if len(third) == 3:
            fail(stand_in, Failure.THROTTLE)
        return original(*place, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cloudtrail_events, "fetch", fetch)
        hint = find_changes(with_its_own_clients(context), wanted())
    assert ([one.event for one in hint.changes], hint.problem) == ([cause.event], "")


def test_nobody_waits_for_ever(context: Context, stand_in: AwsStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", -1.0)
    find_changes(context, wanted())
    assert asked(stand_in) == 1


def test_what_lies_further_back_than_cloudtrail_keeps_is_said(context: Context, stand_in: AwsStandIn) -> None:
    long_ago = date(2026, 8, 1)
    hint = find_changes(context, wanted(first=long_ago, last=long_ago))
    assert hint.problem == "Who changed it is no longer told: CloudTrail keeps 90 days."
    assert asked(stand_in) == 0


@pytest.mark.parametrize("source", [by_export, by_explorer])
def test_the_first_cause_says_where_to_look(tmp_path: Path, source: Any) -> None:
    found, asked_scope = find_causes(kept(tmp_path, source(NAT, MACHINES)), made_scope()), made_scope()
    assert sought(found, asked_scope) == wanted(last=FIRST)


def looked_for(*parts: dict[str, Any], resources: tuple[ResourceMove, ...] | None = None) -> Sought | None:
    """What is looked for where these lines moved."""
    before, now = (sum(one[side] for one in parts) for side in ("cost_before", "cost_now"))
    found = Found(explain(table(*parts), before=before, now=now), resources, None, False, 0.0, 0.0, 0.0)
    return sought(found, made_scope())


def moved(before: Side = (10.0, 10.0), now: Side = (20.0, 20.0), **changed: Any) -> dict[str, Any]:
    return part(before, now, **({"account": PROD, "service": S3, "usage_type": "Requests-Tier1"} | changed))


def test_a_price_has_nobody_who_changed_it() -> None:
    assert looked_for(moved((100.0, 50.0), (100.0, 90.0))) is None


def test_a_credit_an_unknown_place_another_cloud_and_nothing_ask_nobody() -> None:
    assert looked_for(moved(category="Credit")) is None
    assert looked_for(moved(account="")) is None
    assert looked_for(moved(account="3f2b-subscription", service="Virtual Machines")) is None
    assert looked_for(moved((1.0, 1.0), (1.0, 1.0))) is None


def test_of_one_cause_in_many_accounts_the_one_that_moved_most_is_asked() -> None:
    many = [moved(now=(20.0, 20.0 + n), account=f"{n:012}") for n in range(12)]
    one = looked_for(*many)
    assert one is not None
    assert (one.account_id, one.service, one.rising) == (f"{11:012}", "s3", True)


@pytest.mark.parametrize("region", ["global", "unknown", ""])
def test_no_region_is_where_the_world_is_recorded(region: str) -> None:
    one = looked_for(moved(region=region))
    assert one is not None
    assert one.region == "us-east-1"


def test_resources_are_looked_up_as_cloudtrail_names_them() -> None:
    arns = ("nat-1", "arn:aws:rds:us-east-1:111122223333:db:orders", "arn:aws:ec2:us-east-1:1:natgateway/nat-2")
    moves = tuple(ResourceMove(name, S3, PROD, "us-east-1", 1.0, 9.0) for name in arns)
    one = looked_for(moved(), resources=moves)
    assert one is not None
    assert one.resources == ("nat-1", "orders")
    assert module._short(arns[2]) == "nat-2"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> CostFiles:
    """Ten weeks with the rise of NAT traffic; only read."""
    return kept(tmp_path_factory.mktemp("costs"), by_export(NAT, MACHINES))


@pytest.fixture
def billed(context: Context, stored: CostFiles) -> Context:
    return replace(context, costs=stored)


def test_the_answer_of_why_names_who_changed_what_and_says_that_it_is_a_hint(billed: Context) -> None:
    reply = ask(billed, "ec2 2026-11-17")
    said = "Nov 16, 23:41 UTC: DeleteVpcEndpoints vpce-0a1b2c3d4e5f60718 by role network-deploy (via CloudFormation)"
    assert f"may not be the cause (CloudTrail):\n{said}" in texts(reply)
    assert said in reply.text


def test_the_last_week_is_searched_and_a_month_is_not(billed: Context, stand_in: AwsStandIn) -> None:
    assert "DeleteVpcEndpoints" in ask(billed, "nat").text
    before = asked(stand_in)
    assert "DeleteVpcEndpoints" not in ask(billed, "nat --days 30").text
    assert asked(stand_in) == before


def test_a_refusal_leaves_the_answer_of_why_whole(billed: Context, stand_in: AwsStandIn) -> None:
    fail(stand_in, Failure.ACCESS_DENIED)
    reply = ask(billed, "ec2 2026-11-17")
    assert "makes all of it" in reply.text
    assert "add cloudtrail:LookupEvents" in texts(reply)


def test_the_card_of_a_new_incident_has_the_hint_and_keeps_it(billed: Context, stand_in: AwsStandIn) -> None:
    incident = made(service="ec2", first_day=FIRST, last_day=date(2026, 11, 18), data_until=date(2026, 11, 18))
    (new,) = apply(billed, scan(incident, until=date(2026, 11, 18))).new
    assert new.is_new
    (call,) = slack_of(billed).of("post")
    assert "DeleteVpcEndpoints vpce-0a1b2c3d4e5f60718 by role network-deploy" in str(call["blocks"])
    before = asked(stand_in)
    grown = replace(incident, impact_total=2000.0)
    (changed,) = apply(billed, scan(grown, until=date(2026, 11, 18))).changed
    assert isinstance(changed.value.changes[0], Change)  # type: ignore[union-attr]
    assert asked(stand_in) == before


def test_a_card_says_nothing_of_what_cloudtrail_refuses(billed: Context, stand_in: AwsStandIn) -> None:
    fail(stand_in, Failure.ACCESS_DENIED)
    incident = made(service="ec2", first_day=FIRST, last_day=date(2026, 11, 18), data_until=date(2026, 11, 18))
    apply(billed, scan(incident, until=date(2026, 11, 18)))
    (call,) = slack_of(billed).of("post")
    assert "CloudTrail" not in str(call["blocks"])


def test_an_incident_of_which_nothing_is_stored_has_no_hint(context: Context) -> None:
    assert changes_of(context, made(service="ec2")) == ()


def test_the_new_service_of_the_demo_has_its_cause(context: Context) -> None:
    first = NOW.date() - timedelta(days=NEW_SERVICE.first_day_ago)
    new = wanted(
        account_id=NEW_SERVICE.account_id, service="bedrock", usage_type=NEW_SERVICE.usage_type, first=first, last=first
    )
    assert [one.event for one in find_changes(context, new).changes] == [planted(NEW_SERVICE).event]


def test_effects_that_nobody_makes_are_those_of_prices_and_bookings() -> None:
    assert {Effect.USAGE, Effect.NEW, Effect.GONE, Effect.MIX, Effect.UNKNOWN}.isdisjoint(module._NOBODYS)
    assert len(module._NOBODYS) == len(Effect) - 5
