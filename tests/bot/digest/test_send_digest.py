"""The digest from stored costs and findings."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bot.blocks.digest import MissingSource, OpenDecisions
from bot.commands import Request, find
from bot.context import Context
from bot.workflows.send_digest import digest_reply, gather_digest
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
