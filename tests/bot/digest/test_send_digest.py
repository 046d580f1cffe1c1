"""The digest from stored costs and findings."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bot.blocks.digest import MissingSource, OpenDecisions
from bot.commands import Request, find
from bot.context import Context
from bot.workflows.send_digest import digest_reply, gather_digest, send_digest
from tests.bot.completeness.completeness_factories import restated
from tests.bot.costs.cost_factories import days, full, store
from tests.bot.decisions_factories import NOW, anomaly, clock_of, context, recommendation, slack_of

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 18)


def stored(bot: Context, **per_day: float) -> None:
    """Costs of each service, the same every day, and a tax that no digest counts."""
    days = pd.date_range(FIRST, LAST)
    charges = [(name, cost, "Usage") for name, cost in per_day.items()] + [("Tax", 1000.0, "Tax")]
    rows: list[dict[str, Any]] = [
        {
            "date": day.date(),
            "source": "focus",
            "cut": "full",
            "provider": "AWS",
            "charge_category": category,
            "service_name": name,
            "sub_account_id": "111122223333",
            "sub_account_name": "prod",
            "region_id": "us-east-1",
            "usage_type": "usage",
            "billed_cost": cost,
            "effective_cost": cost / 2,
            "currency": "USD",
            "estimated": False,
        }
        for day in days
        for name, cost, category in charges
    ]
    frame = pd.DataFrame(rows)
    for month in (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)):
        inside = frame[[day.replace(day=1) == month for day in frame["date"]]]
        bot.costs.replace_month("focus", month, inside)


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    bot = context(tmp_path)
    stored(bot, AmazonEC2=100.0, AmazonS3=20.0)
    yield bot
    bot.store.close()


def test_it_shows_usage_in_the_cost_the_settings_name(bot: Context, tmp_path: Path) -> None:
    assert gather_digest(bot).summary.cost == pytest.approx(60.0)
    billed = context(tmp_path, settings={"cost_view": "billed"}, store=bot.store)
    found = gather_digest(billed)
    assert (found.summary.cost, found.view) == (pytest.approx(120.0), "billed")


def test_it_looks_at_the_last_complete_day_and_the_month_so_far(bot: Context) -> None:
    found = gather_digest(bot)
    complete = bot.costs.window().complete_until
    assert found.summary.day == complete
    assert found.summary.month_to_date == pytest.approx(60.0 * complete.day)
    assert found.summary.last_month == pytest.approx(60.0 * 31)


def test_old_costs_say_so(bot: Context) -> None:
    assert gather_digest(bot).stale_reason is None
    clock_of(bot).pass_time(days=5)
    assert "complete day is" in str(gather_digest(bot).stale_reason)


def restate(bot: Context, day: date, at: datetime, by: float = -41.2) -> None:
    row = restated(day, 60.0, 60.0 + by, source="focus", noted_at=at)
    bot.store.note_observations([], [row], at)


def test_restated_days_are_said_since_the_last_digest_of_the_channel(bot: Context) -> None:
    today = NOW.date()
    restate(bot, date(2026, 11, 3), NOW - timedelta(hours=30))
    restate(bot, date(2026, 11, 9), NOW - timedelta(hours=2))
    asked = gather_digest(bot)
    assert asked.restated == ("Nov 9 restated by −$41.20 (AWS).",)
    bot.store.claim_post(f"digest:{today - timedelta(days=1)}", "C0COSTS", NOW - timedelta(hours=25))
    bot.store.confirm_post(f"digest:{today - timedelta(days=1)}", "C0COSTS", "1.1", NOW - timedelta(hours=25))
    for channel in ("C0COSTS", "C0NEW"):
        send_digest(bot, asked, channel, due_date=today, due_at=NOW)
    known, new = (json.dumps(call["blocks"], ensure_ascii=False) for call in slack_of(bot).of("post"))
    assert "Nov 9 restated" in known
    assert "Nov 3 restated" not in known
    assert "Nov 3 restated" in new


def test_a_digest_that_slack_refused_yesterday_is_no_last_digest(bot: Context) -> None:
    restate(bot, date(2026, 11, 3), NOW - timedelta(hours=30))
    bot.store.claim_post("digest:2026-11-19", "C0COSTS", NOW - timedelta(hours=25))
    send_digest(bot, gather_digest(bot), "C0COSTS", due_date=NOW.date(), due_at=NOW)
    assert "Nov 3 restated" in json.dumps(slack_of(bot).of("post")[0]["blocks"], ensure_ascii=False)


def test_days_that_a_provider_skipped_are_said_and_not_compared(tmp_path: Path) -> None:
    bot = context(tmp_path)
    stored(bot, AmazonEC2=100.0)
    month = bot.costs.months.read("focus", date(2026, 11, 1))
    hole = month[month["date"] != pd.Timestamp("2026-11-11")]
    bot.costs.replace_month("focus", date(2026, 11, 1), hole)
    found = gather_digest(bot)
    assert found.note == "Nov 11 is missing from AWS's costs: unknown, not zero, and not compared."
    assert (found.summary.usual, found.summary.week.before) == (pytest.approx(50.0), pytest.approx(50.0))
    assert found.summary.month_to_date == pytest.approx(50.0 * 17)
    bot.store.close()


def test_a_slow_provider_is_late_and_not_old(bot: Context) -> None:
    azure = {"provider": "Microsoft", "service_name": "Virtual Machines"}
    store(bot.costs, [full(day, 9.0, **azure) for day in days(FIRST, 73)], "cur")  # until Nov 12
    found = gather_digest(bot)
    assert found.summary.day == date(2026, 11, 12)
    assert "The last complete day is 8 days ago" in str(found.stale_reason)
    told = [full(day, 9.0, estimated=day > date(2026, 11, 12), **azure) for day in days(FIRST, 79)]
    store(bot.costs, told, "cur")  # until Nov 18, the last six estimated
    found = gather_digest(bot)
    assert (found.summary.day, found.stale_reason) == (date(2026, 11, 12), None)


def test_it_counts_what_waits_and_what_was_approved(bot: Context) -> None:
    largest = bot.store.record(anomaly(impact_per_day=40.0), NOW)
    acknowledged = bot.store.record(anomaly(service="s3", impact_per_day=2.5), NOW)
    bot.store.decide(acknowledged.id, "acknowledge", actor="U0BEN", now=NOW)
    snoozed = bot.store.record(anomaly(service="rds"), NOW)
    bot.store.decide(snoozed.id, "snooze", actor="U0BEN", now=NOW, until=NOW + timedelta(days=1))
    saving = bot.store.record(recommendation(monthly_savings=10.0), NOW)
    approved = bot.store.record(recommendation(resource_id="i-2", monthly_savings=5.0), NOW)
    bot.store.decide(approved.id, "approve", actor="U0ANA", now=NOW)
    found = gather_digest(bot).decisions
    assert dataclasses.replace(found, dearest=()) == OpenDecisions(2, 42.5, 1, 10.0, 1, 5.0)
    assert [one.id for one in found.dearest] == [largest.id, acknowledged.id, saving.id]


def test_it_names_the_accounts_that_are_missing_and_since_when(bot: Context) -> None:
    since = NOW - timedelta(hours=9)
    bot.store.note_source("cloudwatch", "111122223333", "us-east-1", False, "No cloudwatch:GetMetricData.", since)
    bot.store.note_source("cloudwatch", "444455556666", None, True, "", since)
    bot.store.note_source("cost_explorer", None, None, False, "The token has expired.", since)
    assert gather_digest(bot).missing == (
        MissingSource("CloudWatch metrics of prod (111122223333), us-east-1", "No cloudwatch:GetMetricData.", since),
        MissingSource("Cost Explorer", "The token has expired.", since),
    )
    assert "The token has expired." in json.dumps(digest_reply(bot, in_channel=True).blocks)


def test_a_source_is_missing_since_its_last_good_answer(bot: Context) -> None:
    good, failed, again = (NOW - timedelta(hours=hours) for hours in (28, 4, 1))
    bot.store.note_source("cost_explorer", None, None, True, "", good)
    for at in (failed, again):
        bot.store.note_source("cost_explorer", None, None, False, "The token has expired.", at)
    bot.store.note_source("organizations", None, None, False, "They could not be listed.", failed)
    assert gather_digest(bot).missing == (
        MissingSource("Cost Explorer", "The token has expired.", good),
        MissingSource("the organisation's accounts", "They could not be listed.", failed),
    )


def test_an_account_that_fails_in_every_region_is_one_line_with_its_oldest_failure(bot: Context) -> None:
    for hours, region in enumerate(("us-east-1", "eu-west-1", "eu-central-1")):
        since = NOW - timedelta(hours=hours)
        bot.store.note_source("ec2", "444455556666", region, False, f"No ec2:DescribeInstances in {region}.", since)
    assert gather_digest(bot).missing == (
        MissingSource(
            "EC2 inventory of 444455556666, 3 regions",
            "No ec2:DescribeInstances in eu-central-1.",
            NOW - timedelta(hours=2),
        ),
    )


def test_a_failure_that_nobody_looked_at_for_a_week_is_forgotten(bot: Context) -> None:
    bot.store.note_source("ec2", "444455556666", "us-east-1", False, "No answer.", NOW - timedelta(days=8))
    assert gather_digest(bot).missing == ()


def test_digest_now_is_for_the_channel_and_digest_alone_for_the_person(bot: Context) -> None:
    command = find("digest")
    assert command.answer(Request("digest", ("now",), "U0ANA", "C0COSTS"), bot).in_channel
    assert not command.answer(Request("digest", (), "U0ANA", "C0COSTS"), bot).in_channel
    assert slack_of(bot).calls == []
