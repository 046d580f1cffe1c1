"""Decisions: who may, who was first, what the card and its thread say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.models import Anomaly, Recommendation
from bot.context import Context
from bot.errors import CostbotError, SettingsError
from bot.jobs.card_redraws import card_redraws
from bot.store import Finding
from bot.workflows.decide import decide
from bot.workflows.redraw import redraw_due
from tests.bot.decisions_factories import NOW, anomaly, clock_of, context, recommendation, slack_of

ANA, BEN, GUEST = "U0ANA", "U0BEN", "U0GUEST"


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    bot = context(tmp_path)
    yield bot
    bot.store.close()


def posted(bot: Context, value: Anomaly | Recommendation, *channels: str) -> Finding:
    """A finding with a card in each channel."""
    finding = bot.store.record(value, NOW)
    for channel in channels or ("C0COSTS",):
        assert bot.store.claim_post(finding.id, channel, NOW)
        bot.store.confirm_post(finding.id, channel, f"{channel}.1", NOW)
    return finding


def verbs(bot: Context, finding: Finding) -> list[str]:
    return [row.verb for row in bot.store.audit(finding.id)]


@pytest.mark.parametrize("user", [BEN, GUEST])
@pytest.mark.parametrize("verb", ["approve", "dismiss"])
def test_somebody_who_is_no_approver_decides_on_no_saving(bot: Context, user: str, verb: str) -> None:
    finding = posted(bot, recommendation())
    reply = decide(bot, finding.id, verb, user_id=user)
    assert reply.text == f"You may not {verb} {finding.id}: that takes an approver. Ask <!subteam^S0FINOPS>."
    assert verbs(bot, finding) == ["record"]
    assert slack_of(bot).of("update") == []


def test_a_failing_look_up_of_the_group_refuses(bot: Context) -> None:
    finding = posted(bot, recommendation())
    slack_of(bot).refuses["group_members"] = CostbotError("Slack did not answer.", "Try again.")
    with pytest.raises(CostbotError, match=r"could not check whether you may do this: Slack did not answer"):
        decide(bot, finding.id, "approve", user_id=ANA)
    assert bot.store.finding(finding.id).state == "open"


def test_with_no_approvers_configured_the_setting_is_named(tmp_path: Path) -> None:
    bot = context(tmp_path, settings={"approvers": ()})
    finding = posted(bot, recommendation())
    with pytest.raises(SettingsError, match="COSTBOT_APPROVERS is empty"):
        decide(bot, finding.id, "approve", user_id=ANA)
    bot.store.close()


def test_membership_is_asked_at_the_click_and_not_remembered(bot: Context) -> None:
    finding = posted(bot, recommendation())
    decide(bot, finding.id, "approve", user_id=ANA)
    clock_of(bot).pass_time(minutes=20)
    slack_of(bot).groups["S0FINOPS"] = frozenset()
    reply = decide(bot, finding.id, "reopen", user_id=ANA)
    assert "You may not reopen" in reply.text
    assert bot.store.finding(finding.id).state == "approved"


def test_an_approval_redraws_every_card_and_tells_the_thread_what_to_run(bot: Context) -> None:
    finding = posted(bot, recommendation(), "C0COSTS", "C0PAYMENTS")
    reply = decide(bot, finding.id, "approve", user_id=ANA, channel="C0COSTS", ts="C0COSTS.1")
    assert reply.text.startswith(f"You approved {finding.id}, $280 a month. costbot changes nothing in AWS itself.")
    updates = slack_of(bot).of("update")
    assert [(u["channel"], u["ts"]) for u in updates] == [("C0COSTS", "C0COSTS.1"), ("C0PAYMENTS", "C0PAYMENTS.1")]
    assert "Approved by <@U0ANA>" in updates[0]["text"]
    assert not any("decide.approve" in str(u["blocks"]) for u in updates)
    history = slack_of(bot).of("post")
    assert [h["thread_ts"] for h in history] == ["C0COSTS.1", "C0PAYMENTS.1"]
    assert history[0]["text"].startswith("Approved by <@U0ANA>")
    shown = history[0]["blocks"][0]["text"]["text"]
    assert "costbot executes nothing" in shown
    assert "--instance-type m5.2xlarge```" in shown
    assert "To undo it:\n```aws ec2" in shown


def test_the_second_person_learns_who_decided_and_when(bot: Context) -> None:
    finding = posted(bot, recommendation())
    decide(bot, finding.id, "approve", user_id=ANA)
    clock_of(bot).pass_time(minutes=3)
    reply = decide(bot, finding.id, "snooze", user_id=BEN, until=NOW.replace(day=28))
    assert reply.text.startswith(f"{finding.id} was already approved by <@U0ANA> <!date^{int(NOW.timestamp())}^")
    assert len(slack_of(bot).of("update")) == 2, "the stale card is redrawn"
    assert len(slack_of(bot).of("post")) == 1, "the thread hears of a decision once"


def test_the_same_click_delivered_twice_is_one_decision_with_the_same_answer(bot: Context) -> None:
    finding = posted(bot, recommendation())
    first = decide(bot, finding.id, "approve", user_id=ANA)
    clock_of(bot).pass_time(seconds=4)
    assert decide(bot, finding.id, "approve", user_id=ANA) == first
    assert verbs(bot, finding) == ["record", "approve"]
    assert len(slack_of(bot).of("post")) == 1


def test_the_same_click_a_minute_later_is_told_that_it_was_already_done(bot: Context) -> None:
    finding = posted(bot, anomaly())
    decide(bot, finding.id, "acknowledge", user_id=BEN)
    clock_of(bot).pass_time(minutes=1)
    assert "already acknowledged by <@U0BEN>" in decide(bot, finding.id, "acknowledge", user_id=BEN).text


def test_anybody_may_acknowledge_snooze_and_dismiss_an_anomaly(bot: Context) -> None:
    finding = posted(bot, anomaly())
    decide(bot, finding.id, "acknowledge", user_id=GUEST)
    decide(bot, finding.id, "snooze", user_id=BEN, until=NOW.replace(day=28))
    decide(bot, finding.id, "dismiss", user_id=GUEST, reason="expected", note="load <!channel> test")
    assert verbs(bot, finding) == ["record", "acknowledge", "snooze", "dismiss"]
    assert "<!channel>" not in str(slack_of(bot).calls)
    assert "expected – load &lt;!channel&gt; test" in slack_of(bot).of("post")[-1]["text"]


def test_who_decided_may_undo_for_ten_minutes(bot: Context) -> None:
    finding = posted(bot, anomaly())
    decide(bot, finding.id, "dismiss", user_id=BEN, reason="expected")
    clock_of(bot).pass_time(minutes=10)
    assert decide(bot, finding.id, "reopen", user_id=BEN).text == f"{finding.id} is open again."
    assert "Reopened by <@U0BEN>" in slack_of(bot).of("post")[-1]["text"]


def test_after_ten_minutes_or_by_another_an_undo_takes_an_approver(bot: Context) -> None:
    finding = posted(bot, anomaly())
    decide(bot, finding.id, "dismiss", user_id=BEN, reason="expected")
    assert "You may not reopen" in decide(bot, finding.id, "reopen", user_id=GUEST).text
    clock_of(bot).pass_time(minutes=11)
    assert "you decided more than 10 minutes ago" in decide(bot, finding.id, "reopen", user_id=BEN).text
    assert decide(bot, finding.id, "reopen", user_id=ANA).text == f"{finding.id} is open again."


def test_a_card_that_cannot_be_redrawn_undoes_nothing_and_is_redrawn_later(bot: Context) -> None:
    finding = posted(bot, recommendation(), "C0ARCHIVE", "C0COSTS")
    slack_of(bot).refuses["C0ARCHIVE"] = CostbotError("The channel is archived.")
    decide(bot, finding.id, "approve", user_id=ANA)
    assert bot.store.finding(finding.id).state == "approved"
    assert [u["channel"] for u in slack_of(bot).of("update")] == ["C0COSTS"]
    assert redraw_due(bot) == 0, "not at once"
    slack_of(bot).refuses.clear()
    clock_of(bot).pass_time(minutes=5)
    assert redraw_due(bot) == 1
    assert [u["channel"] for u in slack_of(bot).of("update")] == ["C0COSTS", "C0ARCHIVE", "C0COSTS"]
    assert [p["channel"] for p in slack_of(bot).of("post")] == ["C0COSTS", "C0ARCHIVE"]


def test_a_process_killed_before_the_redraw_leaves_it_to_the_next(bot: Context) -> None:
    finding = posted(bot, recommendation())
    bot.store.decide(finding.id, "approve", actor=ANA, now=NOW)
    assert redraw_due(bot) == 1
    assert "Approved by <@U0ANA>" in slack_of(bot).of("update")[0]["text"]
    assert len(slack_of(bot).of("post")) == 1


def test_the_undo_button_goes_after_ten_minutes(bot: Context) -> None:
    finding = posted(bot, anomaly())
    decide(bot, finding.id, "dismiss", user_id=BEN, reason="expected")
    assert "decide.reopen" in str(slack_of(bot).of("update")[-1]["blocks"])
    clock_of(bot).pass_time(minutes=9)
    assert redraw_due(bot) == 0
    clock_of(bot).pass_time(minutes=2)
    assert redraw_due(bot) == 1
    assert "decide.reopen" not in str(slack_of(bot).of("update")[-1]["blocks"])
    assert redraw_due(bot) == 0


def test_a_card_that_is_just_being_posted_is_redrawn_when_it_is_out(bot: Context) -> None:
    finding = bot.store.record(anomaly(), NOW)
    bot.store.claim_post(finding.id, "C0COSTS", NOW)
    decide(bot, finding.id, "dismiss", user_id=BEN, reason="expected")
    assert slack_of(bot).of("update") == []
    bot.store.confirm_post(finding.id, "C0COSTS", "17.1", NOW)
    clock_of(bot).pass_time(minutes=5)
    assert redraw_due(bot) == 1
    assert "Dismissed by <@U0BEN>" in slack_of(bot).of("update")[0]["text"]


def test_a_snooze_that_is_over_brings_the_buttons_back_and_says_so(bot: Context) -> None:
    finding = posted(bot, anomaly())
    decide(bot, finding.id, "snooze", user_id=BEN, until=NOW.replace(day=21))
    clock_of(bot).pass_time(days=1)
    card_redraws.run(bot, clock_of(bot).now())
    assert bot.store.finding(finding.id).state == "open"
    assert "decide.acknowledge" in str(slack_of(bot).of("update")[-1]["blocks"])
    assert slack_of(bot).of("post")[-1]["text"] == f"The snooze of {finding.id} is over: it is open again."


def test_what_costbot_resolved_says_so_and_offers_nothing(bot: Context) -> None:
    finding = posted(bot, anomaly())
    bot.store.resolve(finding.id, NOW, "back to normal")
    assert redraw_due(bot) == 1
    shown = slack_of(bot).of("update")[-1]
    assert "Resolved by costbot" in shown["text"]
    assert "back to normal" in shown["text"]
    assert "decide." not in str(shown["blocks"])
    assert "already resolved by costbot" in decide(bot, finding.id, "dismiss", user_id=BEN).text


def test_a_card_that_fails_for_a_day_is_left_alone(bot: Context) -> None:
    finding = posted(bot, anomaly(), "C0ARCHIVE")
    slack_of(bot).refuses["C0ARCHIVE"] = CostbotError("The channel is archived.")
    decide(bot, finding.id, "dismiss", user_id=BEN, reason="expected")
    clock_of(bot).pass_time(days=1, minutes=1)
    assert redraw_due(bot) == 1
    clock_of(bot).pass_time(days=30)
    assert redraw_due(bot) == 0
