"""The typed twins of the buttons, and subscriptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.commands import Reply, Request, find
from bot.context import Context
from bot.errors import CostbotError, NotEnoughData, UsageError
from bot.store import Subscription
from bot.words.flags import split
from bot.words.snooze import snooze_end
from tests.bot.decisions_factories import NOW, anomaly, context, recommendation, slack_of

ANA, BEN = "U0ANA", "U0BEN"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    bot = context(tmp_path)
    yield bot
    bot.store.close()


def say(bot: Context, text: str, user: str = ANA, channel: str = "C0COSTS") -> Reply:
    """What somebody typed after `/cost`."""
    name, *words = split(text)
    command = find(name)
    return command.answer(Request(command.name, tuple(words), user, channel), bot)


@pytest.mark.parametrize("typed", ["approve", "dismiss", "snooze", "acknowledge", "reopen"])
def test_a_verb_without_an_id_shows_how_it_is_typed(bot: Context, typed: str) -> None:
    with pytest.raises(UsageError, match=rf"Which finding\? Type /cost {typed} [AS]-"):
        say(bot, typed)


@pytest.mark.parametrize("typed", ["approve", "snooze", "ack", "reopen"])
def test_a_word_too_many_is_refused(bot: Context, typed: str) -> None:
    finding = bot.store.record(anomaly(), NOW)
    with pytest.raises(UsageError, match="takes one id, not 2 words"):
        say(bot, f"{typed} {finding.id} please")
    assert bot.store.finding(finding.id).state == "open"


def test_an_unknown_id_is_said_without_pinging_anybody(bot: Context) -> None:
    with pytest.raises(CostbotError) as refused:
        say(bot, "approve <!channel>")
    assert "<!channel>" not in str(refused.value)


def test_an_unknown_reason_changes_nothing(bot: Context) -> None:
    finding = bot.store.record(anomaly(), NOW)
    with pytest.raises(UsageError, match="Use one of expected, false-positive, accepted, duplicate"):
        say(bot, f"dismiss {finding.id} --reason whatever")
    assert bot.store.finding(finding.id).state == "open"


def test_a_note_that_is_too_long_is_refused(bot: Context) -> None:
    finding = bot.store.record(anomaly(), NOW)
    with pytest.raises(UsageError, match="has 501 characters"):
        say(bot, f"dismiss {finding.id} {'x' * 501}")


def test_typing_has_the_same_guards_as_the_buttons(bot: Context) -> None:
    finding = bot.store.record(recommendation(), NOW)
    assert "that takes an approver" in say(bot, f"approve {finding.id}", BEN).text
    assert bot.store.finding(finding.id).state == "open"


def test_a_typed_approval_shows_the_command_and_executes_nothing(bot: Context) -> None:
    finding = bot.store.record(recommendation(), NOW)
    reply = say(bot, f"approve {finding.id.lower()}")
    assert not reply.in_channel
    assert "aws ec2 modify-instance-attribute" in str(reply.blocks)
    assert "costbot executes nothing" in str(reply.blocks)
    assert bot.store.finding(finding.id).state == "approved"


def test_a_typed_dismissal_keeps_reason_and_note(bot: Context) -> None:
    finding = bot.store.record(anomaly(), NOW)
    say(bot, f"dismiss {finding.id} --reason false-positive a load test", BEN)
    after = bot.store.finding(finding.id)
    assert (after.state, after.reason, after.note) == ("dismissed", "false positive", "a load test")


def test_ack_is_short_for_acknowledge_and_undo_for_reopen(bot: Context) -> None:
    finding = bot.store.record(anomaly(), NOW)
    say(bot, f"ack {finding.id}", BEN)
    assert bot.store.finding(finding.id).state == "acknowledged"
    say(bot, f"undo {finding.id}", BEN)
    assert bot.store.finding(finding.id).state == "open"


def test_a_snooze_lasts_a_day_unless_told_otherwise(bot: Context) -> None:
    finding = bot.store.record(anomaly(), NOW)
    reply = say(bot, f"snooze {finding.id}", BEN)
    assert bot.store.finding(finding.id).until == NOW + timedelta(days=1)
    assert f"You snoozed {finding.id} until <!date^" in reply.text


def test_in_a_terminal_only_user_ids_can_be_checked(tmp_path: Path) -> None:
    terminal = context(tmp_path, slack=None, settings={"approvers": ("U0ANA", "S0FINOPS")})
    first = terminal.store.record(recommendation(), NOW)
    assert "You approved" in say(terminal, f"approve {first.id}", ANA).text
    second = terminal.store.record(recommendation(resource_id="i-2"), NOW)
    with pytest.raises(CostbotError, match="S0FINOPS can only be looked up in Slack"):
        say(terminal, f"approve {second.id}", BEN)
    terminal.store.close()


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ("1d", datetime(2026, 11, 21, 10, 0, tzinfo=UTC)),
        ("7 days", datetime(2026, 11, 27, 10, 0, tzinfo=UTC)),
        ("month-end", datetime(2026, 12, 1, 7, 0, tzinfo=UTC)),
        ("2026-12-24", datetime(2026, 12, 24, 7, 0, tzinfo=UTC)),
    ],
)
def test_a_snooze_ends_in_the_morning_of_the_local_day(typed: str, end: datetime) -> None:
    assert snooze_end(typed, NOW, BERLIN) == end


def test_month_end_on_the_last_of_december_is_january() -> None:
    end = snooze_end("month-end", datetime(2026, 12, 31, 22, tzinfo=UTC), ZoneInfo("UTC"))
    assert end == datetime(2027, 1, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("yesterday", "cannot be read"),
        ("2026-11-19", "has passed"),
        ("0d", "has passed"),
        ("91d", "at most 90 days"),
        ("9999d", "at most 90 days"),
        ("2027-11-19", "at most 90 days"),
        ("2026-02-30", "cannot be read"),
    ],
)
def test_a_snooze_that_makes_no_sense_is_refused(typed: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        snooze_end(typed, NOW, BERLIN)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("subscribe weather", "cannot be subscribed to"),
        ("subscribe digest savings", "cannot be subscribed to"),
        ("subscribe digest --at 25:00", "no time of day"),
        ("subscribe digest --at 9:5", "no time of day"),
        ("subscribe digest --at <!here>", "no time of day"),
        ("subscribe digest --min 50", "does not fit the digest"),
        ("subscribe savings --at 09:00", "does not fit savings"),
        ("subscribe savings --min lots", "no amount"),
        ("subscribe savings --min -5", "no amount"),
        ("subscribe savings --min nan", "no amount"),
        ("subscribe digest --when 9", "--when is not known"),
        ("unsubscribe weather", "nothing to unsubscribe from"),
        ("digest tomorrow", "is not known here"),
    ],
)
def test_what_cannot_be_subscribed_to_is_refused(bot: Context, typed: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        say(bot, typed)
    assert "<!here>" not in str(refused.value)
    assert bot.store.subscriptions() == []


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("digest", Subscription("C0COSTS", "digest", time(9), None, ANA, NOW, None)),
        ("digest --at 7", Subscription("C0COSTS", "digest", time(7), None, ANA, NOW, None)),
        ("digest --at=18:45", Subscription("C0COSTS", "digest", time(18, 45), None, ANA, NOW, None)),
        ("anomalies --min $1,500", Subscription("C0COSTS", "anomalies", None, 1500.0, ANA, NOW, None)),
        ("saving", Subscription("C0COSTS", "savings", None, None, ANA, NOW, None)),
    ],
)
def test_subscribing_is_stored_and_said_in_the_channel(bot: Context, typed: str, stored: Subscription) -> None:
    reply = say(bot, f"subscribe {typed}")
    assert bot.store.subscriptions() == [stored]
    assert reply.in_channel
    assert "Set by <@U0ANA>" in reply.text


def test_the_confirmation_names_time_and_zone(tmp_path: Path) -> None:
    berlin = context(tmp_path, settings={"time_zone": "Europe/Berlin"})
    told = say(berlin, "subscribe digest --at 08:30").text
    assert told == "This channel now gets the daily digest at 08:30 (Europe/Berlin). Set by <@U0ANA>."
    berlin.store.close()


def test_subscribe_alone_offers_the_choices(bot: Context) -> None:
    reply = say(bot, "subscribe")
    assert not reply.in_channel
    assert "/cost subscribe savings" in str(reply.blocks)


def test_unsubscribing_from_what_was_not_subscribed_is_said_in_private(bot: Context) -> None:
    reply = say(bot, "unsubscribe digest")
    assert (reply.text, reply.in_channel) == ("This channel was not subscribed to digest; nothing changed.", False)


def test_unsubscribing_ends_it_in_this_channel_only(bot: Context) -> None:
    say(bot, "subscribe digest")
    say(bot, "subscribe digest", channel="C0PAYMENTS")
    assert say(bot, "unsubscribe").in_channel
    assert [found.channel for found in bot.store.subscriptions()] == ["C0PAYMENTS"]


def test_subscriptions_say_what_does_not_arrive(bot: Context) -> None:
    assert "no subscriptions" in say(bot, "subscriptions").text
    say(bot, "subscribe anomalies --min 50")
    bot.store.flag_subscription("C0COSTS", "anomalies", "costbot is not in the channel.")
    told = say(bot, "subscriptions").text
    assert told == "This channel gets anomalies from $50 on (not arriving: costbot is not in the channel)."


def test_approvers_are_named_and_you_are_told_whether_you_are_one(bot: Context) -> None:
    assert "<!subteam^S0FINOPS>. You are one of them." in say(bot, "approvers", ANA).text
    assert "You are not one of them." in say(bot, "approvers", BEN).text


def test_no_approvers_name_the_setting(tmp_path: Path) -> None:
    nobody = context(tmp_path, settings={"approvers": ()})
    assert "COSTBOT_APPROVERS is empty" in say(nobody, "approvers").text
    nobody.store.close()


def test_a_digest_without_costs_says_what_to_do(bot: Context) -> None:
    with pytest.raises(NotEnoughData, match="No costs are stored yet"):
        say(bot, "digest now")
    assert slack_of(bot).calls == []
