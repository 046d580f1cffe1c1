"""The weekly report's job: Monday morning of the channel, once a week, message and file each once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.context import Context
from bot.digest_times import last_due_of_week
from bot.errors import CostbotError
from bot.jobs.weekly_report import send_due
from bot.store import Store, Subscription
from bot.store.channels import ChannelSettings
from bot.workflows import post_report
from tests.bot.costs.cost_factories import days
from tests.bot.decisions_factories import FakeClock, clock_of, slack_of
from tests.bot.reports.report_worlds import LAST, NOW, PROD, FilingSlack, a_day, record_findings, world

BEFORE = NOW - timedelta(days=30)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    made = world(tmp_path_factory.mktemp("weekly"))
    yield made
    made.store.close()


@pytest.fixture
def bot(stored: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """Monday, 9:00 UTC, with fresh costs, and files that are ready made."""
    parts = {"store": Store(tmp_path / "costbot.db"), "slack": FilingSlack(), "clock": FakeClock(NOW)}
    fresh = dataclasses.replace(stored, **parts)
    record_findings(fresh)
    refreshed(fresh)
    monkeypatch.setattr(post_report, "report_pdf", lambda made: b"%PDF-")
    yield fresh
    fresh.store.close()


def refreshed(bot: Context) -> None:
    now = clock_of(bot).now()
    bot.store.claim_job("costs_refresh", now, now)
    bot.store.finish_job("costs_refresh", now, now, None)


def subscribe(bot: Context, channel: str = "C0COSTS", at: time | None = time(9), **whose: str) -> None:
    bot.store.subscribe(Subscription(channel, "weekly", at, None, "U0ANA", BEFORE, **whose))


def sent(bot: Context) -> list[tuple[str, str]]:
    return [(method, arguments["channel"]) for method, arguments in slack_of(bot).calls]


def pass_time(bot: Context, **amount: float) -> None:
    clock_of(bot).pass_time(**amount)
    refreshed(bot)


def test_nobody_who_did_not_subscribe_gets_one(bot: Context) -> None:
    bot.store.subscribe(Subscription("C0COSTS", "digest", time(9), None, "U0ANA", BEFORE))
    assert send_due(bot) == 0


def test_message_and_file_come_once_a_week(bot: Context) -> None:
    subscribe(bot)
    assert [send_due(bot), send_due(bot)] == [1, 0]
    assert sent(bot) == [("post", "C0COSTS"), ("upload", "C0COSTS")]
    assert slack_of(bot).of("upload")[0]["thread_ts"] == "1700000000.000001"
    assert "`/cost unsubscribe weekly` ends this." in str(slack_of(bot).of("post")[0]["blocks"])
    pass_time(bot, days=1)
    assert send_due(bot) == 0
    pass_time(bot, days=6)
    assert [send_due(bot), send_due(bot)] == [1, 0]


def test_before_its_time_and_days_later_nothing_is_sent(bot: Context) -> None:
    subscribe(bot, at=time(9, 1))
    assert send_due(bot) == 0, "last Monday's is a week old"
    pass_time(bot, days=2)
    assert send_due(bot) == 1, "late rather than never"
    subscribe(bot, "C0LATE")
    pass_time(bot, days=2)
    assert send_due(bot) == 0


def test_the_time_is_the_channels_own(bot: Context) -> None:
    subscribe(bot, "C0BERLIN", at=time(10))
    subscribe(bot, "C0TOKYO", at=time(19))
    bot.store.channels.set("C0BERLIN", ChannelSettings(time_zone="Europe/Berlin"), NOW)
    bot.store.channels.set("C0TOKYO", ChannelSettings(time_zone="Asia/Tokyo"), NOW)
    assert send_due(bot) == 1
    assert sent(bot)[0] == ("post", "C0BERLIN")


def test_a_team_gets_its_own_costs_to_the_cent(bot: Context) -> None:
    subscribe(bot, team="payments")
    subscribe(bot, account=PROD)
    assert send_due(bot) == 2
    texts = [call["text"] for call in slack_of(bot).of("post")]
    billed = bot.costs.daily(start=LAST.replace(day=1), end=LAST + timedelta(days=1), where={"tag:team": "payments"})
    november = [a_day(day)[0]["effective_cost"] for day in days(LAST.replace(day=1), 21)]
    assert billed["cost"].sum() == pytest.approx(sum(november))
    assert any(f"team payments: Nov 1–21 cost ${billed['cost'].sum():,.0f}" in text for text in texts)
    assert any("account prod (111122223333)" in text for text in texts)


def test_a_team_that_is_gone_is_said_where_one_looks(bot: Context) -> None:
    for team in ("", "disbanded", "payments"):
        subscribe(bot, team=team)
    subscribe(bot, "C0OTHER")
    assert send_due(bot) == 3
    problems = {one.team: one.problem for one in bot.store.subscriptions("weekly", "C0COSTS")}
    assert "No team with stored costs is called “disbanded”." in str(problems.pop("disbanded"))
    assert problems == {"": None, "payments": None}


def test_a_file_that_was_refused_comes_later_without_a_second_message(bot: Context) -> None:
    subscribe(bot)
    slack_of(bot).refuses["upload"] = CostbotError("costbot lacks the Slack permission files:write.")
    assert send_due(bot) == 0
    assert "files:write" in str(bot.store.subscriptions("weekly")[0].problem)
    slack_of(bot).refuses.clear()
    assert send_due(bot) == 0, "half an hour is waited"
    pass_time(bot, minutes=31)
    assert send_due(bot) == 1
    assert sent(bot) == [("post", "C0COSTS"), ("upload", "C0COSTS")]
    assert bot.store.subscriptions("weekly")[0].problem is None


def test_a_process_that_was_killed_between_the_two_still_owes_the_file(bot: Context) -> None:
    subscribe(bot)
    subject = "weekly:2026-11-23"
    bot.store.claim_post(subject, "C0COSTS", NOW)
    bot.store.confirm_post(subject, "C0COSTS", "1.1", NOW)
    assert send_due(bot) == 1
    assert [(call["thread_ts"]) for call in slack_of(bot).of("upload")] == ["1.1"]
    assert slack_of(bot).of("post") == []


def test_a_channel_that_refuses_stops_no_other(bot: Context) -> None:
    for channel in ("C0ARCHIVED", "C0COSTS"):
        subscribe(bot, channel)
    slack_of(bot).refuses["C0ARCHIVED"] = CostbotError("The channel is archived.")
    assert send_due(bot) == 1


def test_it_waits_for_costs_that_are_on_their_way(bot: Context) -> None:
    subscribe(bot)
    clock_of(bot).pass_time(hours=20)
    assert send_due(bot) == 0
    clock_of(bot).pass_time(minutes=16)
    assert send_due(bot) == 1


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), "2026-11-16"),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "2026-11-23"),
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), "2026-11-23"),
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), "2026-03-30"),  # the clocks went forward the day before
    ],
)
def test_the_latest_monday_whose_hour_has_come(now: datetime, monday: str) -> None:
    found, due_at = last_due_of_week(time(9), ZoneInfo("Europe/Berlin"), now)
    assert found.isoformat() == monday
    assert due_at.astimezone(ZoneInfo("Europe/Berlin")).hour == 9
