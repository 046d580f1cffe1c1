"""Modals: triggers, submissions and each response_action."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.demo.slack.slack_factories import (
    SetClock,
    modal,
    notes,
    open_modal,
    person,
    plain,
    running_workspace,
    wait_until,
    web_client,
)


def test_a_trigger_opens_one_modal_only(trip):
    workspace, bot = trip
    ana, _ = open_modal(workspace, bot)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        web_client(workspace).views_open(trigger_id=bot.commands[-1]["trigger_id"], view=modal())
    ana.close(ana.view()["id"])


def test_a_trigger_is_too_old_after_three_seconds(tmp_path):
    clock = SetClock()
    with running_workspace(tmp_path, clock=clock) as workspace:
        triggers = workspace.workspace.triggers
        fresh, old = triggers.new("U0ANA"), triggers.new("U0ANA")
        clock.seconds += 2.9
        client = web_client(workspace)
        assert client.views_open(trigger_id=fresh, view=modal())["ok"]
        clock.seconds += 0.2
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            client.views_open(trigger_id=old, view=modal())


def test_a_modal_comes_back_with_what_was_entered(trip):
    workspace, bot = trip
    ana, view = open_modal(workspace, bot)
    assert ana.submit(view["id"], notes("not ours")) == {"ok": True}
    sent = bot.submissions[-1]["view"]
    assert sent["state"]["values"] == {
        "why": {"note": {"type": "plain_text_input", "value": "not ours"}},
        "mute": {"days": {"type": "static_select", "selected_option": None}},
    }
    assert (sent["private_metadata"], sent["callback_id"]) == ('{"finding": "A-1"}', "dismiss")
    assert ana.view() is None


def test_a_required_field_left_empty_never_reaches_the_bot(trip):
    workspace, bot = trip
    ana, view = open_modal(workspace, bot)
    seen = len(bot.submissions)
    assert ana.submit(view["id"], notes("")) == {"ok": False, "errors": {"why": "Please complete this required field."}}
    assert len(bot.submissions) == seen
    ana.close(view["id"])


def test_errors_of_the_bot_stay_with_their_block_and_the_modal_open(trip):
    workspace, bot = trip
    ana, view = open_modal(workspace, bot)
    bot.on_submit = lambda ack, **_: ack(response_action="errors", errors={"why": "Too short."})
    assert ana.submit(view["id"], notes("x")) == {"ok": False, "errors": {"why": "Too short."}}
    assert ana.view()["id"] == view["id"]
    bot.on_submit = lambda ack, **_: ack(response_action="errors", errors={"elsewhere": "?"})
    assert ana.submit(view["id"], notes("x"))["error"] == "We had some trouble connecting. Try again?"
    ana.close(view["id"])


def test_an_answer_may_update_push_and_clear_modals(trip):
    workspace, bot = trip
    ana, view = open_modal(workspace, bot)
    bot.on_submit = lambda ack, **_: ack(response_action="update", view=modal(title=plain("Second")))
    ana.submit(view["id"], notes("x"))
    assert ana.view()["title"]["text"] == "Second"
    bot.on_submit = lambda ack, **_: ack(response_action="push", view=modal(title=plain("Third")))
    ana.submit(view["id"], notes("x"))
    top = ana.view()
    assert (top["title"]["text"], top["previous_view_id"], top["root_view_id"]) == ("Third", view["id"], view["id"])
    ana.submit(top["id"], notes("x"))
    assert "trouble" in ana.submit(ana.view()["id"], notes("x"))["error"], "Slack stacks three modals"
    bot.on_submit = lambda ack, **_: ack(response_action="clear")
    ana.submit(ana.view()["id"], notes("x"))
    assert ana.view() is None


def test_a_stale_hash_does_not_overwrite_a_view(trip):
    workspace, bot = trip
    ana, view = open_modal(workspace, bot)
    client = web_client(workspace)
    changed = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(title=plain("New")))["view"]
    assert changed["hash"] != view["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    ana.close(view["id"])
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id=view["id"], view=modal())


def test_nobody_submits_the_modal_of_another_person(trip):
    workspace, bot = trip
    ana, view = open_modal(workspace, bot)
    assert person(workspace, "U0BEN").submit(view["id"], notes("x"))["reason"] == "not_found"
    ana.close(view["id"])


def test_closing_is_told_only_if_the_view_asked_for_it(trip):
    workspace, bot = trip
    ana, view = open_modal(workspace, bot)
    ana.close(view["id"])
    ana, view = open_modal(workspace, bot, notify_on_close=True)
    ana.close(view["id"])
    [closed] = wait_until(lambda: bot.closed)
    assert (closed["view"]["id"], closed["is_cleared"]) == (view["id"], False)
