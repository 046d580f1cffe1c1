"""One FOCUS export of four clouds, or of none of AWS's: scheduled reading, alerts, forecast, digest and commands."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from analysis.models import Anomaly
from bot.app import build_context
from bot.commands import Reply
from bot.context import Context
from bot.jobs import anomaly_scan, costs_refresh
from bot.listeners.commands import answer
from bot.settings import CostView, Settings
from bot.workflows.send_digest import gather_digest, send_digest
from tests.bot.costs.focus_files import COLUMNS, line, text
from tests.bot.decisions_factories import FakeSlack, slack_of

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FIRST, LAST = date(2026, 9, 10), date(2026, 11, 19)
JUMP = date(2026, 11, 14)
#: Provider → its name in the export, payer, service, usage type, usual dollars a day.
CLOUDS = {
    "AWS": ("Amazon Web Services", "123456789012", "Amazon Elastic Compute Cloud", "BoxUsage:m5.large", 400.0),
    "Microsoft": ("Microsoft", "az-1", "Virtual Machines", "D2s v5", 300.0),
    "Google Cloud": ("Google Cloud Platform", "gcp-1", "Compute Engine", "N2 Core", 200.0),
    "Oracle": ("Oracle", "oci-1", "Oracle Compute", "E4 OCPU", 100.0),
}


def daily_costs(provider: str) -> dict[date, float]:
    """Dollars to the cent: a little noise, and Azure's machines at three times their cost since the jump."""
    usual = CLOUDS[provider][4]
    noise = np.random.default_rng(len(provider)).normal(1, 0.02, (LAST - FIRST).days + 1)
    found = {}
    for number, share in enumerate(noise):
        day = FIRST + timedelta(days=number)
        jump = 3 if provider == "Microsoft" and day >= JUMP else 1
        found[day] = round(usual * float(share) * jump, 2)
    return found


def export(folder: Path, providers: Sequence[str]) -> Path:
    """A CSV file a month, an hour a line."""
    columns = (*COLUMNS, "ChargePeriodEnd", "SkuMeter", "ResourceId")
    months: dict[str, list[dict[str, str]]] = {}
    for provider in providers:
        name, payer, service, usage_type, _ = CLOUDS[provider]
        for day, cost in daily_costs(provider).items():
            cents = round(cost * 100)
            for hour in range(24):
                part = cents // 24 + (hour < cents % 24)
                months.setdefault(f"{day:%Y-%m}", []).append(
                    line(
                        f"{part / 100:.2f}",
                        BillingAccountId=payer,
                        BillingPeriodStart=f"{day:%Y-%m}-01",
                        ChargePeriodStart=f"{day}T{hour:02}:00:00Z",
                        ChargePeriodEnd=f"{day + timedelta(days=hour // 23)}T{(hour + 1) % 24:02}:00:00Z",
                        ProviderName=name,
                        ServiceName=service,
                        SkuMeter=usage_type,
                        SubAccountId=f"{payer}-prod",
                        ResourceId=f"{payer}/vm-1",
                    )
                )
    for month, lines in months.items():
        place = folder / f"BILLING_PERIOD={month}"
        place.mkdir(parents=True)
        (place / "export.csv").write_text(text(*lines, columns=columns))
    return folder


def made(folder: Path, providers: Sequence[str]) -> Context:
    """A bot without AWS, at its own time, which read the export on schedule: in its worker process."""
    settings = Settings(
        data_dir=folder / "data",
        exports=(f"focus={export(folder / 'exports', providers)}",),
        cost_explorer=False,
        tag_keys=("team",),
        alert_channel="C0COSTS",
        clock_offset=(NOW - datetime.now(UTC)).total_seconds(),
    )
    bot = dataclasses.replace(build_context(settings, with_slack=False), slack=FakeSlack())  # type: ignore[arg-type]
    costs_refresh.run.run(bot, NOW)
    return bot


@pytest.fixture(scope="module", params=[tuple(CLOUDS), ("Microsoft", "Google Cloud", "Oracle")], ids=["all", "no AWS"])
def providers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    found: tuple[str, ...] = request.param
    return found


@pytest.fixture(scope="module")
def bot(providers: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "COSTBOT_"))]:
            patch.delenv(name)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        context = made(tmp_path_factory.mktemp("clouds"), providers)
        yield context
        context.work.close(0)
        context.store.close()


def asked(bot: Context, words: str) -> Reply:
    reply = answer(bot, words, "U0BEN", "C0COSTS")
    assert reply.error is None, reply.text
    return reply


def whole(reply: Reply) -> str:
    return f"{reply.text}\n{reply.blocks}"


def test_what_is_stored_is_the_export_to_the_cent(bot: Context, providers: tuple[str, ...]) -> None:
    frame = bot.costs.daily(by=("provider",), start=FIRST, end=LAST + timedelta(days=1), view=CostView.BILLED)
    found = {(row.provider, row.date.date()): round(row.cost, 2) for row in frame.itertuples()}
    assert found == {(provider, day): cost for provider in providers for day, cost in daily_costs(provider).items()}


def test_the_reading_is_noted_and_cost_explorer_was_never_asked(bot: Context) -> None:
    health = {item.source: item.ok for item in bot.store.source_health()}
    assert all(health.values())
    assert any(source.startswith("export ") for source in health)
    assert bot.store.api_spend(NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=2)) == []


def test_a_second_refresh_reads_nothing(bot: Context) -> None:
    before = {path: path.stat().st_mtime_ns for path in bot.costs.months.files()}
    costs_refresh.run.run(bot, NOW)
    assert {path: path.stat().st_mtime_ns for path in bot.costs.months.files()} == before


def test_every_feed_is_complete_until_the_same_day(bot: Context, providers: tuple[str, ...]) -> None:
    window = bot.costs.window()
    assert {feed.provider for feed in window.feeds} == set(providers)
    assert window.complete_until >= LAST - timedelta(days=2)
    assert not window.billed_only


@pytest.mark.parametrize("provider", CLOUDS)
def test_trend_answers_for_each_cloud_s_service(bot: Context, providers: tuple[str, ...], provider: str) -> None:
    if provider not in providers:
        reply = answer(bot, f'trend "{CLOUDS[provider][2]}" --days 30', "U0BEN", "C0COSTS")
        assert reply.error is not None, "a service that is not stored is a sentence"
        return
    reply = asked(bot, f'trend "{CLOUDS[provider][2]}" --days 30')
    end = bot.costs.window().complete_until
    days = [cost for day, cost in daily_costs(provider).items() if end - timedelta(days=30) < day <= end]
    assert f"${round(sum(days)):,}" in whole(reply).replace(".00", "")


def test_top_ranks_all_clouds_by_what_they_cost(bot: Context, providers: tuple[str, ...]) -> None:
    end = bot.costs.window().complete_until
    expected = {
        provider: sum(cost for day, cost in daily_costs(provider).items() if end - timedelta(days=30) < day <= end)
        for provider in providers
    }
    (table,) = [block for block in asked(bot, "top providers --days 30").blocks if block["type"] == "table"]
    rows = [[cell["text"] for cell in row][:2] for row in table["rows"]]
    assert rows[1:-1] == [
        [provider, f"${round(cost):,}"] for provider, cost in sorted(expected.items(), key=lambda pair: -pair[1])
    ]
    assert rows[-1] == ["All", f"${round(sum(expected.values())):,}"]
    for kind in ("services", "accounts", "resources", "tags", "usage", "regions"):
        assert "$" in asked(bot, f"top {kind} --days 7").text


def test_the_jump_in_azure_is_the_one_alert(bot: Context) -> None:
    anomaly_scan.run.run(bot, NOW)
    found = [finding.value for finding in bot.store.findings("anomaly")]
    assert len(found) == 1
    (anomaly,) = found
    assert isinstance(anomaly, Anomaly)
    assert "Virtual Machines" in str(anomaly)
    assert anomaly.first_day == JUMP
    assert 500 < anomaly.impact_per_day < 700
    cards = [call for call in slack_of(bot).of("post") if call["thread_ts"] is None]
    assert [call["channel"] for call in cards] == ["C0COSTS"]
    assert "Virtual Machines" in cards[0]["text"]
    anomaly_scan.run.run(bot, NOW)
    assert len([call for call in slack_of(bot).of("post") if call["thread_ts"] is None]) == 1


def test_the_digest_has_the_day_the_forecast_and_sends_once(bot: Context, providers: tuple[str, ...]) -> None:
    digest = gather_digest(bot)
    day = bot.costs.window().complete_until
    spent = sum(daily_costs(provider)[day] for provider in providers)
    assert digest.summary.cost == pytest.approx(spent, abs=0.005)
    month_end = digest.summary.month_end
    assert month_end is not None
    so_far = sum(
        cost for provider in providers for at, cost in daily_costs(provider).items() if date(2026, 11, 1) <= at <= day
    )
    assert so_far < month_end.low <= month_end.mean <= month_end.high
    assert math.isclose(month_end.mean, so_far + spent * (30 - day.day), rel_tol=0.25)
    before = len(slack_of(bot).of("post"))
    for _ in range(2):
        send_digest(bot, digest, "C0DIGEST", due_date=NOW.date(), due_at=NOW)
    assert len(slack_of(bot).of("post")) == before + 1
    assert "`costbot doctor`" not in str(digest), "nothing is old or missing"
