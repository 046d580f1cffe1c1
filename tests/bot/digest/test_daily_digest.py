"""The digest's job: once for a date and channel, late rather than never, never twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.context import Context
from bot.errors import CostbotError, NotEnoughData
from bot.jobs import daily_digest
from bot.jobs.daily_digest import send_due
from bot.store import Subscription
from tests.bot.decisions_factories import NOW, clock_of, context, slack_of
from tests.bot.digest.test_digest_blocks import digest

NINE = time(9)
BEFORE = NOW - timedelta(days=3)


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """At ten o'clock, with fresh costs, and a digest that is ready made."""
    bot = context(tmp_path)
    bot.store.claim_job("costs_refresh", NOW, NOW - timedelta(minutes=5))
    bot.store.finish_job("costs_refresh", NOW, NOW, None)
    monkeypatch.setattr(daily_digest, "gather_digest", lambda *_: digest())
    yield bot
    bot.store.close()


def subscribe(bot: Context, channel: str = "C0COSTS", *, at: time = NINE, since: datetime = BEFORE) -> None:
    bot.store.subscribe(Subscription(channel, "digest", at, None, "U0ANA", since))


def channels(bot: Context) -> list[str]:
    return [call["channel"] for call in slack_of(bot).of("post")]


def refreshed(bot: Context) -> None:
    """Costs were brought up to date just now."""
    now = clock_of(bot).now()
    bot.store.claim_job("costs_refresh", now, now)
    bot.store.finish_job("costs_refresh", now, now, None)


def test_nobody_who_did_not_subscribe_gets_one(bot: Context) -> None:
    bot.store.subscribe(Subscription("C0COSTS", "anomalies", None, None, "U0ANA", BEFORE))
    assert send_due(bot) == 0


def test_before_its_time_nothing_is_sent(bot: Context) -> None:
    subscribe(bot, at=time(10, 1), since=NOW - timedelta(hours=1))
    assert send_due(bot) == 0


def test_a_time_that_was_past_when_somebody_subscribed_is_not_made_up_for(bot: Context) -> None:
    subscribe(bot, since=NOW)
    assert send_due(bot) == 0
    clock_of(bot).pass_time(hours=23)
    refreshed(bot)
    assert send_due(bot) == 1


def test_it_is_sent_once_a_day(bot: Context) -> None:
    subscribe(bot)
    assert [send_due(bot), send_due(bot), send_due(bot)] == [1, 0, 0]
    clock_of(bot).pass_time(days=1)
    refreshed(bot)
    assert [send_due(bot), send_due(bot)] == [1, 0]
    assert channels(bot) == ["C0COSTS", "C0COSTS"]


def test_one_that_was_missed_is_sent_late_and_says_so(bot: Context) -> None:
    subscribe(bot)
    assert send_due(bot) == 1
    assert "Late: this digest was due <!date^" in str(slack_of(bot).of("post")[0]["blocks"])


def test_one_on_time_does_not_say_that_it_is_late(bot: Context) -> None:
    subscribe(bot, at=time(9, 59))
    send_due(bot)
    assert "Late" not in str(slack_of(bot).of("post")[0]["blocks"])


def test_one_missed_by_more_than_twenty_hours_is_left_out(bot: Context) -> None:
    subscribe(bot, at=time(13, 30))
    assert send_due(bot) == 0, "yesterday's, 20 hours and a half ago"
    subscribe(bot, "C0PAYMENTS", at=time(14, 30))
    assert send_due(bot) == 1


def test_of_several_missed_days_only_the_last_is_sent(bot: Context) -> None:
    subscribe(bot, since=NOW - timedelta(days=30))
    assert [send_due(bot), send_due(bot)] == [1, 0]


def test_the_time_is_local(tmp_path: Path, bot: Context) -> None:
    berlin = context(tmp_path / "berlin", settings={"time_zone": "Europe/Berlin"}, slack=bot.slack)
    refreshed(berlin)
    berlin.store.subscribe(Subscription("C0COSTS", "digest", time(11, 0), None, "U0ANA", BEFORE))
    assert send_due(berlin) == 1, "eleven in Berlin is ten in UTC"
    berlin.store.close()


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
@pytest.mark.parametrize("at", [time(2, 30), time(9, 0)])
def test_through_a_clock_change_each_date_gets_exactly_one(
    tmp_path: Path, bot: Context, change: datetime, at: time
) -> None:
    berlin = context(tmp_path / "berlin", settings={"time_zone": "Europe/Berlin"}, slack=bot.slack)
    clock = clock_of(berlin)
    clock.at = change - timedelta(days=1)
    berlin.store.subscribe(Subscription("C0COSTS", "digest", at, None, "U0ANA", clock.at - timedelta(hours=2)))
    sent = 0
    for _ in range(3 * 24 * 4):
        refreshed(berlin)
        sent += send_due(berlin)
        clock.pass_time(minutes=15)
    assert sent == 3
    berlin.store.close()


def test_an_archived_channel_is_flagged_and_the_others_get_theirs(bot: Context) -> None:
    for channel in ("C0ARCHIVE", "C0COSTS"):
        subscribe(bot, channel)
    slack_of(bot).refuses["C0ARCHIVE"] = CostbotError("The channel is archived.", "Unarchive it.")
    assert send_due(bot) == 1
    assert channels(bot) == ["C0COSTS"]
    assert {s.channel: s.problem for s in bot.store.subscriptions()} == {
        "C0ARCHIVE": "The channel is archived. Unarchive it.",
        "C0COSTS": None,
    }


def test_a_refused_digest_is_tried_again_half_an_hour_later(bot: Context) -> None:
    subscribe(bot)
    slack_of(bot).refuses["post"] = CostbotError("Slack did not answer.")
    assert send_due(bot) == 0
    slack_of(bot).refuses.clear()
    assert send_due(bot) == 0, "not at once"
    clock_of(bot).pass_time(minutes=30)
    assert send_due(bot) == 1
    assert [s.problem for s in bot.store.subscriptions()] == [None]


def test_without_costs_nothing_is_sent_and_the_subscription_says_why(
    bot: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object) -> None:
        raise NotEnoughData("No costs are stored yet.")

    subscribe(bot)
    monkeypatch.setattr(daily_digest, "gather_digest", nothing)
    assert send_due(bot) == 0
    assert [s.problem for s in bot.store.subscriptions()] == ["No costs are stored yet."]
    monkeypatch.setattr(daily_digest, "gather_digest", lambda *_: digest())
    assert send_due(bot) == 1


def test_after_a_long_stop_it_waits_for_the_refresh_of_costs_but_not_for_ever(bot: Context) -> None:
    subscribe(bot, since=NOW - timedelta(days=9))
    clock_of(bot).pass_time(days=1)
    assert send_due(bot) == 0, "the last refresh was yesterday; the next is about to start"
    bot.store.claim_job("costs_refresh", clock_of(bot).now(), clock_of(bot).now())
    assert send_due(bot) == 0, "it is under way"
    clock_of(bot).pass_time(minutes=15)
    assert send_due(bot) == 1, "old costs are better than no digest"


KILLED = """
import os, pathlib, sys
from datetime import time, timedelta
from bot.jobs import daily_digest
from bot.store import Subscription
from tests.bot.decisions_factories import NOW, FakeSlack, context
from tests.bot.digest.test_digest_blocks import digest

folder, when = pathlib.Path(sys.argv[1]), sys.argv[2]


class Slack(FakeSlack):
    def post(self, channel, text, blocks, *, thread_ts=None):
        if when == "before":
            os._exit(9)
        with (folder / "posted").open("a") as posted:
            posted.write(channel + "\\n")
        if when == "after":
            os._exit(9)
        return "17.1"


bot = context(folder, slack=Slack())
bot.store.claim_job("costs_refresh", NOW, NOW)
bot.store.finish_job("costs_refresh", NOW, NOW, None)
bot.store.subscribe(Subscription("C0COSTS", "digest", time(9), None, "U0ANA", NOW - timedelta(days=3)))
daily_digest.gather_digest = lambda *_: digest()
daily_digest.send_due(bot)
"""


@pytest.mark.parametrize(
    ("kills", "posted"),
    [
        (["before", "never", "never"], 1),
        (["after", "after", "never"], 2),
    ],
)
def test_a_process_killed_around_the_post_loses_nothing_and_repeats_at_most_one(
    tmp_path: Path, kills: list[str], posted: int
) -> None:
    for when in kills:
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(tmp_path), when],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert done.returncode == (0 if when == "never" else 9), done.stderr
    assert (tmp_path / "posted").read_text() == "C0COSTS\n" * posted
