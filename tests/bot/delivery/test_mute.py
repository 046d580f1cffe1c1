"""A muted pattern is recorded and never posted; what it has cost since is known; it ends, or is taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models import Anomaly, AnomalyKind, DayCost, Part
from bot.commands import Reply, Request, find
from bot.context import Context
from bot.delivery.muted import covers, mute_of, muted_since
from bot.errors import CostbotError, UsageError
from bot.listeners.actions import Click
from bot.listeners.views import answer_dismissal
from bot.store import ChannelSettings, Finding, Mute, NotAllowed
from bot.words.flags import split
from bot.workflows.home_facts import home_facts
from bot.workflows.post_anomalies import post_anomalies
from bot.workflows.send_digest import gather_digest
from tests.bot.decisions_factories import NOW, anomaly, clock_of, recommendation, slack_of
from tests.bot.decisions_factories import context as made_context
from tests.bot.digest.test_send_digest import stored

PROD, STAGING, ANA, BEN = "111122223333", "444455556666", "U0ANA", "U0BEN"
TODAY = NOW.date()


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    bot = made_context(tmp_path, settings={"alert_channel": "C0COSTS"})
    yield bot
    bot.store.close()


def say(bot: Context, typed: str, user: str = BEN) -> Reply:
    name, *words = split(typed)
    return find(name).answer(Request(name, tuple(words), user, "C0COSTS"), bot)


def recorded(bot: Context, **changed: Any) -> Finding:
    return bot.store.record(anomaly(**changed), bot.clock.now())


def cards(bot: Context) -> list[str]:
    return [call["text"].split(":")[0] for call in slack_of(bot).of("post") if call["thread_ts"] is None]


def days(first: date, *costs: float) -> tuple[DayCost, ...]:
    """Days of which 10 each was expected."""
    return tuple(DayCost(first + timedelta(days=at), cost, 10.0, None, None) for at, cost in enumerate(costs))


def muted(bot: Context, finding: Finding, until: str = "30d") -> str:
    return say(bot, f'mute {finding.id} --until {until} --reason "load tests <!here>"').text


def test_it_is_recorded_and_not_posted_and_the_others_are(bot: Context) -> None:
    first = recorded(bot)
    told = muted(bot, first)
    other = recorded(bot, account_id=STAGING, account_name="staging")

    assert post_anomalies(bot) == 1
    assert cards(bot) == [other.id]
    assert "rises of Amazon Virtual Private Cloud in prod. <@U0BEN> says: load tests &lt;!here&gt; (M-1)." in told
    rows = str(find("anomalies").answer(Request("anomalies", (), BEN, "C0COSTS"), bot).blocks)
    assert "open, muted" in rows
    assert [finding.id for finding in home_facts(bot, BEN).anomalies] == [other.id]


@pytest.mark.parametrize(
    ("changed", "is_muted"),
    [
        ({"first_day": date(2026, 11, 25), "impact_per_day": 9.0}, True),
        ({"service": "ec2"}, False),
        ({"account_id": STAGING}, False),
        ({"direction": "down"}, False),
        ({"also_in": (STAGING,)}, False),
        ({"parts": (Part("rds", "RDS", AnomalyKind.SPIKE, 9.0, ()),)}, False),
    ],
)
def test_only_what_is_all_of_the_pattern_is_muted(bot: Context, changed: dict[str, Any], is_muted: bool) -> None:
    mute = mute_of(recorded(bot), by=BEN, at=NOW, until=NOW + timedelta(days=1), reason="x")

    assert covers(mute, recorded(bot, **({"first_day": TODAY} | changed))) is is_muted


def test_a_service_is_muted_in_one_account_or_everywhere(bot: Context) -> None:
    stored(bot, AmazonEC2=100.0)
    here = recorded(bot, service="ec2")
    there = recorded(bot, service="ec2", account_id=STAGING, direction="down")

    say(bot, "mute ec2 --account prod --until 2026-12-24 --reason tests")
    (mute,) = bot.store.mutes.every()
    assert (mute.label, covers(mute, here), covers(mute, there)) == (f"anomalies of EC2 in prod ({PROD})", True, False)

    say(bot, "mute ec2 --until 7d --reason tests")
    assert covers(bot.store.mutes.every()[1], there)


def test_what_it_has_cost_since_counts_the_days_since(bot: Context) -> None:
    started = TODAY - timedelta(days=2)
    first = recorded(bot, first_day=started, last_day=TODAY, daily=days(started, 110.0, 60.0, 30.0))
    muted(bot, first)
    assert [(one.findings, one.dollars) for one in muted_since(bot)] == [(1, 20.0)]

    clock_of(bot).pass_time(days=3)
    again = TODAY + timedelta(days=2)
    recorded(bot, first_day=again, last_day=again + timedelta(days=4), daily=days(again, 15.0, 16.0, 99.0))
    recorded(bot, service="s3", first_day=again, last_day=again, daily=days(again, 5000.0))

    assert [(one.findings, one.dollars, one.currency) for one in muted_since(bot)] == [(2, 31.0, "USD")]
    listed = say(bot, "mute")
    assert listed.text == "1 pattern is muted; what you muted has cost $31.00 since."
    assert "2 findings" in str(listed.blocks)
    assert "load tests &lt;!here&gt;" in str(listed.blocks)


def test_savings_are_muted_by_approvers_and_cost_what_they_would_have_saved(bot: Context) -> None:
    saving = bot.store.record(recommendation(monthly_savings=365.0 / 12 * 3), NOW)
    typed = f"mute {saving.id} --until 90d --reason accepted"
    with pytest.raises(NotAllowed, match="takes an approver"):
        say(bot, typed, BEN)
    assert bot.store.mutes.every() == []

    say(bot, typed, ANA)
    clock_of(bot).pass_time(days=10)

    assert muted_since(bot)[0].dollars == pytest.approx(30.0)
    assert home_facts(bot, ANA).savings == ()


def test_it_ends_and_is_posted_then(bot: Context) -> None:
    first = recorded(bot)
    muted(bot, first, "7d")
    assert post_anomalies(bot) == 0
    clock_of(bot).pass_time(days=7)

    assert post_anomalies(bot) == 1
    assert (muted_since(bot), say(bot, "mute").text) == ([], "Nothing is muted.")
    with pytest.raises(UsageError, match="has ended"):
        say(bot, "unmute M-1")


def test_it_is_taken_back_once_and_both_are_kept(bot: Context) -> None:
    first = recorded(bot)
    muted(bot, first)

    assert "No longer muted" in say(bot, "unmute m-1", ANA).text
    assert post_anomalies(bot) == 1
    with pytest.raises(UsageError, match="has ended"):
        say(bot, "unmute M-1")
    (kept,) = bot.store.mutes.every()
    assert (kept.by, kept.unmuted_by, kept.finding_id) == (BEN, ANA, first.id)
    with bot.store._file.writing() as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("DELETE FROM mutes")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mute A-3K8P --until 30d", "needs a reason"),
        ("mute A-3K8P --reason x", "needs an end"),
        ("mute all --until 30d --reason x", "Everything cannot be muted"),
        ("mute ec2 --until 400d --reason x", "lasts at most 365 days"),
        ("mute ec2 --until soon --reason x", "cannot be read"),
        (f"mute ec2 --until 3d --reason {'x' * 501}", "has 501 characters"),
        ("unmute", "Which mute"),
        ("unmute M-9", "no mute of that id"),
        ("unmute <!here>", "no mute of that id"),
    ],
)
def test_what_cannot_be_muted_is_refused(bot: Context, typed: str, told: str) -> None:
    stored(bot, AmazonEC2=100.0)
    with pytest.raises(UsageError, match=told):
        say(bot, typed)
    assert bot.store.mutes.every() == []


def test_dismissing_mutes_the_pattern_where_that_was_chosen(bot: Context) -> None:
    finding = recorded(bot)
    post_anomalies(bot)
    ts = bot.store.posts(finding.id)[0].ts
    click = Click("dismiss", finding.id, BEN, "C0COSTS", ts, None, "")

    answer_dismissal(bot, click, "expected", "load test", "30d")

    (mute,) = bot.store.mutes.every()
    assert (mute.reason, mute.until - mute.at, mute.finding_id) == (
        "expected – load test",
        timedelta(days=30),
        finding.id,
    )
    assert bot.store.finding(finding.id).state == "dismissed"
    assert "Muted until" in [call["text"] for call in slack_of(bot).of("post") if call["thread_ts"] == ts][-1]

    answer_dismissal(bot, click, "expected", None, "30d")
    assert len(bot.store.mutes.every()) == 1, "what was already decided is not muted by a late dialog"


@pytest.mark.parametrize(("url", "threads"), [("https://hooks.slack.test/1", True), (None, False)])
def test_where_there_is_no_thread_the_person_alone_is_told_of_the_mute(
    bot: Context, url: str | None, threads: bool
) -> None:
    """A card that one person alone was shown has none, and some channels want no replies."""
    finding = recorded(bot)
    bot.store.channels.set("C0COSTS", ChannelSettings(threads=threads), NOW)

    answer_dismissal(bot, Click("dismiss", finding.id, BEN, "C0COSTS", "1.1", url, ""), "expected", None, "30d")

    assert len(bot.store.mutes.every()) == 1
    assert slack_of(bot).of("post") == []
    answered = [call["text"] for call in slack_of(bot).of("respond" if url else "ephemeral")]
    assert answered[-1].startswith("Muted until")


def test_a_thread_that_slack_refuses_does_not_hide_that_the_mute_holds(bot: Context) -> None:
    finding = recorded(bot)
    slack_of(bot).refuses["post"] = CostbotError("Slack did not answer.")

    answer_dismissal(bot, Click("dismiss", finding.id, BEN, "C0COSTS", "1.1", None, ""), "expected", None, "30d")

    assert slack_of(bot).of("ephemeral")[-1]["text"].startswith("Muted until")


def test_the_digest_leaves_it_out_and_says_so(bot: Context) -> None:
    stored(bot, AmazonEC2=100.0)
    value = recorded(bot)
    assert isinstance(value.value, Anomaly)
    muted(bot, value)
    decisions = gather_digest(bot).decisions

    assert (decisions.anomalies, decisions.dearest, decisions.muted) == (0, (), 1)


def test_what_a_muted_saving_excludes_is_no_more_to_decide_than_before(bot: Context) -> None:
    stored(bot, AmazonEC2=100.0)
    both = bot.store.record(recommendation(covers=("i-1", "i-2"), monthly_savings=900.0), NOW)
    for number in (1, 2):
        bot.store.record(recommendation(check_id="ec2.idle_instance", resource_id=f"i-{number}"), NOW)
    other = bot.store.record(recommendation(check_id="ec2.idle_instance", resource_id="i-3"), NOW)

    say(bot, f"mute {both.id} --until 30d --reason accepted", ANA)
    decisions = gather_digest(bot).decisions

    assert (decisions.savings, [one.id for one in decisions.dearest], decisions.muted) == (1, [other.id], 1)
    assert [finding.id for finding in home_facts(bot, ANA).savings] == [other.id]


def test_what_two_mutes_cover_is_counted_with_the_older(bot: Context) -> None:
    stored(bot, AmazonEC2=100.0)
    for account in (PROD, STAGING):
        recorded(bot, service="ec2", account_id=account, first_day=TODAY, last_day=TODAY, daily=days(TODAY, 40.0))
    say(bot, "mute ec2 --account prod --until 7d --reason tests")
    say(bot, "mute ec2 --until 7d --reason tests")

    assert {one.mute.id: (one.findings, one.dollars) for one in muted_since(bot)} == {
        "M-1": (1, 30.0),
        "M-2": (1, 30.0),
    }
    assert say(bot, "mute").text == "2 patterns are muted; what you muted has cost $60.00 since."
    assert "It has cost $60.00" in say(bot, "unmute M-2").text


def test_mutes_made_at_once_are_each_told_as_their_own(bot: Context) -> None:
    labels = [f"rises of {number}" for number in range(24)]
    wanted = [Mute("anomaly", ("ec2",), (), "up", label, BEN, NOW, NOW + timedelta(days=1), "x") for label in labels]
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(bot.store.mutes.add, wanted))

    assert [one.label for one in kept] == labels
    assert len({one.id for one in kept}) == len(labels)


def test_a_snooze_keeps_its_reason(bot: Context) -> None:
    finding = recorded(bot)
    say(bot, f'snooze {finding.id} --until 7d --reason "waiting for the vendor"')

    kept = bot.store.finding(finding.id)
    assert (kept.state, kept.note) == ("snoozed", "waiting for the vendor")
