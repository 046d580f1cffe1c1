"""Buttons, dialogs and the Home tab, as Slack delivers them to Bolt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from analysis.models import Anomaly, Recommendation
from bot.context import Context
from bot.errors import CostbotError
from bot.listeners import actions, home, unhandled, views
from bot.store import Finding
from tests.bot.decisions_factories import NOW, anomaly, clock_of, context, recommendation, slack_of

ANA, BEN = "U0ANA", "U0BEN"
URL = "https://hooks.slack.test/actions/1"


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    bot = context(tmp_path)
    yield bot
    bot.store.close()


@pytest.fixture
def app(bot: Context) -> App:
    """Bolt without Slack: requests are handed to it as Socket Mode would."""
    result = AuthorizeResult(
        enterprise_id=None, team_id="T0DEMO", bot_id="B1", bot_user_id="U0BOT", bot_token="xoxb-local"
    )
    app = App(
        name="costbot",
        client=WebClient(token="xoxb-local"),
        signing_secret="",
        authorize=lambda **_: result,
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
    )
    for module in (actions, home, views, unhandled):
        module.register(app, bot)
    return app


def dispatch(app: App, body: dict[str, Any]) -> BoltResponse:
    return app.dispatch(BoltRequest(mode="socket_mode", body=body))


def click(
    finding_id: str, verb: str, user: str = ANA, *, channel: str | None = "C0COSTS", ephemeral: bool = False
) -> dict[str, Any]:
    """A pressed button; without a channel, on the Home tab."""
    body: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": user},
        "team": {"id": "T0DEMO"},
        "trigger_id": "T.1",
        "actions": [{"type": "button", "action_id": f"decide.{verb}", "block_id": "b", "value": finding_id}],
    }
    if channel is None:
        return body | {"container": {"type": "view", "view_id": "V1"}, "view": {"type": "home"}}
    container = {"type": "message", "channel_id": channel, "message_ts": "17.1", "is_ephemeral": ephemeral}
    return body | {"container": container, "channel": {"id": channel}, "response_url": URL}


def submission(view: dict[str, Any], user: str, **chosen: str | None) -> dict[str, Any]:
    """A dialog sent off with these choices."""
    values: dict[str, Any] = {}
    for name, value in chosen.items():
        is_note = name == "note"
        option = {"value": value} if value is not None else None
        values[name] = {name: {"value": value} if is_note else {"selected_option": option}}
    return {
        "type": "view_submission",
        "user": {"id": user},
        "team": {"id": "T0DEMO"},
        "view": {**view, "id": "V1", "state": {"values": values}},
    }


def posted(bot: Context, value: Anomaly | Recommendation) -> Finding:
    finding = bot.store.record(value, NOW)
    bot.store.claim_post(finding.id, "C0COSTS", NOW)
    bot.store.confirm_post(finding.id, "C0COSTS", "17.1", NOW)
    return finding


def opened(bot: Context) -> dict[str, Any]:
    view: dict[str, Any] = slack_of(bot).of("open_view")[-1]["view"]
    return view


def test_a_button_of_a_finding_that_is_unknown_is_answered_in_a_sentence(app: App, bot: Context) -> None:
    assert dispatch(app, click("S-<!channel>", "approve")).status == 200
    [told] = slack_of(bot).of("respond")
    assert told["text"].startswith("There is no finding")
    assert "<!channel>" not in str(told)


def test_a_verb_that_does_not_exist_changes_nothing(app: App, bot: Context) -> None:
    finding = posted(bot, anomaly())
    assert dispatch(app, click(finding.id, "explode")).status == 200
    assert bot.store.finding(finding.id).state == "open"
    assert "cannot be explode" in slack_of(bot).of("respond")[0]["text"]


def test_a_button_nobody_knows_is_acknowledged_and_answered(app: App, bot: Context) -> None:
    body = click("x", "approve")
    body["actions"][0]["action_id"] = "old.button"
    assert dispatch(app, body).status == 200
    assert "no longer valid" in slack_of(bot).of("respond")[0]["text"]


def test_approving_redraws_the_card_and_says_nothing_beside_it(app: App, bot: Context) -> None:
    finding = posted(bot, recommendation())
    dispatch(app, click(finding.id, "approve"))
    assert bot.store.finding(finding.id).state == "approved"
    assert [u["ts"] for u in slack_of(bot).of("update")] == ["17.1"]
    assert slack_of(bot).of("respond") == []
    assert [(r.channel, r.ts) for r in bot.store.audit(finding.id)][-1] == ("C0COSTS", "17.1")


def test_a_person_who_may_not_is_told_in_private(app: App, bot: Context) -> None:
    finding = posted(bot, recommendation())
    dispatch(app, click(finding.id, "approve", BEN))
    [told] = slack_of(bot).of("respond")
    assert (told["url"], told["replace"]) == (URL, False)
    assert "that takes an approver" in told["text"]
    assert slack_of(bot).of("update") == []


def test_a_card_the_store_does_not_know_is_redrawn_through_its_own_url(app: App, bot: Context) -> None:
    finding = bot.store.record(recommendation(), NOW)
    dispatch(app, click(finding.id, "approve", ephemeral=True))
    [told] = slack_of(bot).of("respond")
    assert told["replace"] is True
    assert "*Approved* by <@U0ANA>" in str(told["blocks"])


def test_dismissing_asks_why_before_anything_changes(app: App, bot: Context) -> None:
    finding = posted(bot, anomaly())
    dispatch(app, click(finding.id, "dismiss", BEN))
    assert slack_of(bot).of("open_view")[0]["trigger_id"] == "T.1"
    assert json.loads(opened(bot)["private_metadata"]) == {"finding": finding.id, "channel": "C0COSTS", "ts": "17.1"}
    assert bot.store.finding(finding.id).state == "open"


def test_a_dialog_without_a_reason_is_refused_at_the_field(app: App, bot: Context) -> None:
    finding = posted(bot, anomaly())
    dispatch(app, click(finding.id, "dismiss", BEN))
    answer = dispatch(app, submission(opened(bot), BEN, reason=None))
    assert json.loads(answer.body)["errors"] == {"reason": "Choose a reason; it teaches costbot what not to show."}
    assert bot.store.finding(finding.id).state == "open"


def test_a_dialog_with_a_reason_dismisses(app: App, bot: Context) -> None:
    finding = posted(bot, anomaly())
    dispatch(app, click(finding.id, "dismiss", BEN))
    answer = dispatch(app, submission(opened(bot), BEN, reason="false positive", note=" a load test "))
    assert (answer.status, answer.body) == (200, "")
    after = bot.store.finding(finding.id)
    assert (after.state, after.reason, after.note) == ("dismissed", "false positive", "a load test")
    assert slack_of(bot).of("ephemeral") == []


def test_a_dialog_sent_by_somebody_who_may_not_is_refused_in_private(app: App, bot: Context) -> None:
    finding = posted(bot, recommendation())
    dispatch(app, click(finding.id, "dismiss", BEN))
    dispatch(app, submission(opened(bot), BEN, reason="accepted", note=None))
    assert bot.store.finding(finding.id).state == "open"
    [told] = slack_of(bot).of("ephemeral")
    assert (told["channel"], told["user"]) == ("C0COSTS", BEN)
    assert "that takes an approver" in told["text"]


def test_a_dialog_sent_after_somebody_else_decided_changes_nothing(app: App, bot: Context) -> None:
    finding = posted(bot, anomaly())
    dispatch(app, click(finding.id, "snooze", BEN))
    bot.store.decide(finding.id, "dismiss", actor=ANA, now=NOW, reason="expected")
    dispatch(app, submission(opened(bot), BEN, until="7d"))
    assert bot.store.finding(finding.id).state == "dismissed"
    assert "already dismissed by <@U0ANA>" in slack_of(bot).of("ephemeral")[0]["text"]


def test_snoozing_until_the_end_of_the_month_ends_on_the_first(app: App, bot: Context) -> None:
    finding = posted(bot, anomaly())
    dispatch(app, click(finding.id, "snooze", BEN))
    dispatch(app, submission(opened(bot), BEN, until="month-end"))
    until = bot.store.finding(finding.id).until
    assert until is not None
    assert until.isoformat() == "2026-12-01T08:00:00+00:00"


def test_a_decided_finding_opens_no_dialog(app: App, bot: Context) -> None:
    finding = posted(bot, recommendation())
    bot.store.decide(finding.id, "approve", actor=ANA, now=NOW)
    dispatch(app, click(finding.id, "dismiss", BEN))
    assert slack_of(bot).of("open_view") == []
    assert "already approved by <@U0ANA>" in slack_of(bot).of("respond")[0]["text"]


def test_a_dialog_of_an_unrecorded_card_redraws_that_card(app: App, bot: Context) -> None:
    finding = bot.store.record(anomaly(), NOW)
    dispatch(app, click(finding.id, "dismiss", BEN, ephemeral=True))
    dispatch(app, submission(opened(bot), BEN, reason="expected", note=None))
    [told] = slack_of(bot).of("respond")
    assert told["replace"] is True
    assert "*Dismissed* by <@U0BEN>" in str(told["blocks"])


def test_a_click_delivered_twice_has_one_effect_and_no_complaint(app: App, bot: Context) -> None:
    finding = posted(bot, recommendation())
    for _ in range(2):
        dispatch(app, click(finding.id, "approve"))
    assert [row.verb for row in bot.store.audit(finding.id)] == ["record", "approve"]
    assert slack_of(bot).of("respond") == []
    assert len(slack_of(bot).of("post")) == 1


def test_an_undo_after_ten_minutes_is_refused_and_the_button_is_gone(app: App, bot: Context) -> None:
    finding = posted(bot, anomaly())
    dispatch(app, click(finding.id, "acknowledge", BEN))
    clock_of(bot).pass_time(minutes=11)
    dispatch(app, click(finding.id, "reopen", BEN))
    assert "you decided more than 10 minutes ago" in slack_of(bot).of("respond")[0]["text"]
    assert bot.store.finding(finding.id).state == "acknowledged"


def test_when_even_the_answer_fails_nothing_is_raised(app: App, bot: Context) -> None:
    for method in ("respond", "ephemeral"):
        slack_of(bot).refuses[method] = CostbotError("Slack did not answer.")
    assert dispatch(app, click("S-0000", "approve")).status == 200


def home_opened(user: str, tab: str = "home") -> dict[str, Any]:
    event = {"type": "app_home_opened", "user": user, "tab": tab}
    return {"type": "event_callback", "team_id": "T0DEMO", "event_id": "Ev1", "event": event}


def test_the_messages_tab_draws_nothing(app: App, bot: Context) -> None:
    dispatch(app, home_opened(ANA, "messages"))
    assert slack_of(bot).of("publish_home") == []


def test_the_home_tab_offers_approve_to_approvers_only(app: App, bot: Context) -> None:
    posted(bot, recommendation())
    for user in (BEN, ANA):
        dispatch(app, home_opened(user))
    bens, anas = (str(call["view"]) for call in slack_of(bot).of("publish_home"))
    assert "decide.approve" not in bens
    assert "decide.approve" in anas


def test_a_decision_on_the_home_tab_is_answered_there(app: App, bot: Context) -> None:
    finding = posted(bot, recommendation())
    dispatch(app, click(finding.id, "approve", ANA, channel=None))
    assert bot.store.finding(finding.id).state == "approved"
    view = slack_of(bot).of("publish_home")[-1]["view"]
    assert f"You approved {finding.id}" in view["blocks"][0]["text"]["text"]
    assert "Nothing is waiting" in str(view)


def test_a_dialog_from_the_home_tab_is_answered_there(app: App, bot: Context) -> None:
    finding = posted(bot, anomaly())
    dispatch(app, click(finding.id, "dismiss", BEN, channel=None))
    dispatch(app, submission(opened(bot), BEN, reason="expected", note=None))
    assert f"You dismissed {finding.id}" in str(slack_of(bot).of("publish_home")[-1]["view"])
    assert slack_of(bot).of("ephemeral") == []
