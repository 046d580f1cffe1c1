"""Costs end to end: boto3 against the stand-in's Cost Explorer over HTTP, into Parquet, and back to the cent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.aws import Aws
from bot.charges import Unit
from bot.clock import Clock
from bot.collectors.charge_categories import USAGE_RECORD_TYPES
from bot.commands import Request
from bot.commands.trend import trend
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.aws.faults import Failure, Fault
from bot.demo.aws.server import AwsStandIn
from bot.doctor import Finding, Status
from bot.doctor import aws as doctor_aws
from bot.jobs import costs_history, costs_refresh
from bot.settings import CostView, Settings
from bot.spending import Spending
from bot.store import Store
from bot.work import Work
from bot.workflows.reconcile import reconcile
from bot.workflows.refresh_costs import refresh
from bot.workflows.refresh_outcome import Refresh
from tests.bot.costs import cost_factories
from tests.bot.costs.cost_factories import full

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DAYS = 75


class MovedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def today(self, zone: Any = None) -> date:
        return self.time.date()


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsStandIn]:
    stand_in = AwsStandIn(clock=MovedClock(), inventory=False)  # type: ignore[arg-type]
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture(scope="module", autouse=True)
def environment(aws: AwsStandIn) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "2",
        }.items():
            patch.setenv(name, value)
        yield


def made(aws: AwsStandIn, folder: Path) -> Context:
    """A bot at `START` over a folder."""
    clock: Clock = aws.clock
    clock.time = START  # type: ignore[attr-defined]
    aws.calls.clear()
    store = Store(folder / "costbot.db")
    settings = Settings(data_dir=folder, history_days=DAYS, tag_keys=("team",))
    metered = Aws(settings, Spending(store, settings, clock.now))
    return Context(settings, clock, store, CostFiles(folder), metered, Work())


@pytest.fixture
def bot(aws: AwsStandIn, tmp_path: Path) -> Iterator[Context]:
    yield made(aws, tmp_path)
    aws.faults.clear()


@pytest.fixture(scope="module")
def first(aws: AwsStandIn, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Refresh, int]:
    """The folder of a bot after its first refresh, what came of it, and the requests that the stand-in counted."""
    folder = tmp_path_factory.mktemp("first")
    bot = made(aws, folder)
    result = refresh(bot)
    bot.store.close()
    return folder, result, requests(aws)


@pytest.fixture
def refreshed(aws: AwsStandIn, first: tuple[Path, Refresh, int], tmp_path: Path) -> Iterator[Context]:
    """A bot of its own that goes on after the first refresh."""
    shutil.copytree(first[0], tmp_path, dirs_exist_ok=True)
    yield made(aws, tmp_path)
    aws.faults.clear()


def requests(aws: AwsStandIn) -> int:
    return sum(call["count"] for call in aws.calls.shown() if call["service"] == "ce")


def ungrouped(aws: AwsStandIn, start: date, end: date, record_types: tuple[str, ...] = ()) -> dict[str, float]:
    """The stand-in's own totals of a period, without any grouping."""
    asked: dict[str, Any] = {
        "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost", "NetAmortizedCost"],
    }
    if record_types:
        asked["Filter"] = {"Dimensions": {"Key": "RECORD_TYPE", "Values": list(record_types)}}
    rows = aws.cost_explorer.answer("GetCostAndUsage", asked, "123456789012")["ResultsByTime"]
    return {name: sum(float(row["Total"][name]["Amount"]) for row in rows) for name in asked["Metrics"]}


def test_stored_totals_are_the_bill_s_to_the_cent(
    aws: AwsStandIn, refreshed: Context, first: tuple[Path, Refresh, int]
) -> None:
    bot, (_, result, _) = refreshed, first
    assert result.error is None
    assert result.warnings == []
    start, end = START.date() - timedelta(days=DAYS), START.date() + timedelta(days=1)
    bill = ungrouped(aws, start, end)
    usage = ungrouped(aws, start, end, USAGE_RECORD_TYPES)
    for view, metric in ((CostView.BILLED, "UnblendedCost"), (CostView.EFFECTIVE, "NetAmortizedCost")):
        whole = bot.costs.daily(start=start, end=end, view=view, usage_only=False)["cost"].sum()
        assert whole == pytest.approx(bill[metric], abs=0.005)
        for by in (
            ("service",),
            ("account", "service"),
            ("region",),
            ("usage_type",),
            ("account", "usage_type"),
            ("tag:team",),
        ):
            assert bot.costs.daily(by=by, start=start, end=end, view=view)["cost"].sum() == pytest.approx(
                usage[metric], abs=0.005
            )
    assert reconcile(bot).agrees


def test_every_request_is_counted_and_priced(refreshed: Context, first: tuple[Path, Refresh, int]) -> None:
    _, result, counted = first
    spent = {item.unit: item for item in refreshed.store.api_spend(START.date())}
    assert {(item.service, item.operation) for item in spent.values()} == {("ce", "GetCostAndUsage")}
    assert (spent[Unit.REQUEST].calls, spent[Unit.PAGE].calls) == (6, result.pages)
    assert sum(item.usd for item in spent.values()) == pytest.approx(0.01 * result.requests)
    assert counted == result.requests == 6 + result.pages


def test_the_second_refresh_asks_only_open_days(aws: AwsStandIn, refreshed: Context) -> None:
    bot = refreshed
    assert refresh(bot).requests == 0
    bot.clock.time += timedelta(days=1)  # type: ignore[attr-defined]
    result = refresh(bot)
    assert result.months == {date(2026, 11, 1)}
    assert requests(aws) == result.requests <= 12
    assert bot.costs.window().complete_until == date(2026, 11, 19)
    assert reconcile(bot).agrees


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (Failure.THROTTLE, "AWS throttles ce:GetCostAndUsage even after retries."),
        (Failure.EXPIRED, "The AWS credentials for ce:GetCostAndUsage have expired."),
        (Failure.ACCESS_DENIED, "AWS refuses ce:GetCostAndUsage to costbot's own credentials."),
        (Failure.HTTP_500, "This source is unavailable: ce does not answer ce:GetCostAndUsage."),
    ],
)
def test_a_refusal_is_one_sentence_and_stores_nothing(
    aws: AwsStandIn, bot: Context, failure: Failure, sentence: str
) -> None:
    aws.faults.add(Fault("ce", failure))
    result = refresh(bot)
    assert result.error is not None
    assert result.error.cause == sentence
    assert result.error.remedy
    assert result.requests == 0
    assert not list(bot.settings.data_dir.rglob("*.parquet"))
    health = bot.store.source_health()
    assert [(item.source, item.ok) for item in health] == [("cost_explorer", False)]


def test_a_failure_later_on_keeps_what_was_paid_for_and_goes_on_there(aws: AwsStandIn, refreshed: Context) -> None:
    bot = refreshed
    bot.clock.time += timedelta(days=1)  # type: ignore[attr-defined]
    answered = aws.cost_explorer.answer
    seen = []

    def fail_at_the_third(operation: str, params: Any, account_id: str) -> dict[str, Any]:
        seen.append(operation)
        if len(seen) == 3:
            aws.faults.add(Fault("ce", Failure.ACCESS_DENIED))
        return answered(operation, params, account_id)

    aws.cost_explorer.answer = fail_at_the_third  # type: ignore[method-assign]
    try:
        result = refresh(bot)
    finally:
        aws.cost_explorer.answer = answered  # type: ignore[method-assign]
    assert result.error is not None
    assert result.requests == 3
    assert bot.costs.window().complete_until == date(2026, 11, 18), "cuts that were not asked end the window"
    aws.faults.clear()
    assert refresh(bot).requests == 3
    assert bot.costs.window().complete_until == date(2026, 11, 19)
    assert reconcile(bot).agrees


def test_trend_answers_from_what_is_stored_and_never_asks_aws(aws: AwsStandIn, refreshed: Context) -> None:
    reply = trend.answer(Request("trend", ("ec2", "--days", "7"), "U0BEN", "C0COSTS"), refreshed)
    assert reply.text.startswith("EC2 ")
    assert (
        "Data until Nov 18; Nov 19 is usually 35–80 % in, Nov 20 is usually 2–25 % in; both are left out" in reply.text
    )
    assert aws.calls.shown() == []


def test_days_of_jobs_and_commands_cost_twelve_requests_and_the_pages_at_most(aws: AwsStandIn, bot: Context) -> None:
    bot = replace(bot, settings=bot.settings.model_copy(update={"history_days": 150, "tag_keys": ("team", "env")}))
    for day in range(3):
        aws.calls.clear()
        bot.clock.time = START + timedelta(days=day)  # type: ignore[attr-defined]
        costs_refresh.run.run(bot, START)
        costs_history.run.run(bot, START)
        for _ in range(4):
            refresh(bot, force=True)
        assert not reconcile(bot).agrees
        today = bot.clock.today()
        spent = {item.unit: item.calls for item in bot.store.api_spend(today, today + timedelta(days=1))}
        assert spent[Unit.REQUEST] == 12
        assert requests(aws) == 12 + spent.get(Unit.PAGE, 0)
    assert bot.costs.window(by=("tag:env",)).first_day <= START.date() - timedelta(days=148)


def examined(bot: Context) -> Finding:
    return doctor_aws.cost_explorer(bot)


def test_the_doctor_asks_once_for_a_cent(aws: AwsStandIn, bot: Context) -> None:
    assert examined(bot).sentence == "The bill can be read (this check cost $0.01)."
    assert requests(aws) == 1


def test_the_doctor_takes_no_request_that_the_next_refresh_needs(aws: AwsStandIn, bot: Context) -> None:
    for _ in range(20):
        finding = examined(bot)
    assert requests(aws) == 6
    assert finding.sentence == "Only 6 requests are left for today, and the next refresh of the costs needs them."
    assert refresh(bot).error is None
    finding = examined(bot)
    assert finding.status is Status.OK
    assert finding.sentence == (
        "The bill could be read at Nov 20, 10:00 UTC. It was not asked again: "
        "All 12 Cost Explorer requests of today are used."
    )


def test_the_doctor_does_not_ask_where_an_export_answers(aws: AwsStandIn, bot: Context) -> None:
    stored = [full(START.date() - timedelta(days=back), 1.0) for back in range(2, 15)]
    cost_factories.store(bot.costs, stored, source="focus")
    assert examined(bot).sentence == "An export answers for AWS; Cost Explorer is not asked."
    assert requests(aws) == 0


def test_the_doctor_says_what_a_reached_cap_hides(aws: AwsStandIn, bot: Context) -> None:
    capped = replace(bot, settings=bot.settings.model_copy(update={"monthly_api_cap": 0.001}))
    capped = replace(capped, aws=Aws(capped.settings, Spending(bot.store, capped.settings, bot.clock.now)))
    finding = examined(capped)
    assert (finding.status, finding.remedy[:30]) == (Status.WARNING, "Raise COSTBOT_MONTHLY_API_CAP ")
    assert requests(aws) == 0
