"""Clicks and choices in messages, as a real Bolt app in Socket Mode gets them."""

import pytest

from bot.errors import CostbotError
from tests.demo.slack.slack_factories import (
    button,
    person,
    plain,
    section,
    wait_until,
    web_client,
)


def test_a_command_is_answered_and_a_click_redraws_the_message(trip):
    workspace, bot = trip

    def help_(ack, command, say, **_):
        ack()
        say(
            text="Costs rose.",
            blocks=[
                section(f"typed {command['text']}"),
                {"type": "actions", "block_id": "a1", "elements": [button("Approve", "decide.approve", "S-1")]},
            ],
        )

    def approve(ack, body, client, **_):
        ack()
        client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text="Approved.",
            blocks=[section(f"Approved by <@{body['user']['id']}>: {body['actions'][0]['value']}")],
        )

    bot.answers["help"], bot.on_action = help_, approve
    ana = person(workspace)
    assert ana.say("C0COSTS", "/cost help me") == {"ok": True}
    ana.wait_for_message("C0COSTS", "typed help me")
    assert ana.click("C0COSTS", "Approve") == {"ok": True}
    ana.wait_for_message("C0COSTS", "Approved by <@U0ANA>: S-1")


def test_a_click_on_an_ephemeral_message_can_replace_and_delete_it(trip):
    workspace, bot = trip
    bot.answers["menu"] = lambda ack, respond, **_: (
        ack(),
        respond(
            text="menu",
            blocks=[
                {"type": "actions", "elements": [button("7 days", "run.1", "/cost trend"), button("Close", "close")]}
            ],
        ),
    )

    def act(ack, body, respond, **_):
        ack()
        if body["actions"][0]["action_id"] == "close":
            respond(delete_original=True)
        else:
            respond(
                text="replaced",
                replace_original=True,
                blocks=[section("7 days"), {"type": "actions", "elements": [button("Close", "close")]}],
            )

    bot.on_action = act
    ana = person(workspace)
    ana.say("C0COSTS", "/cost menu")
    ts = ana.wait_for_message("C0COSTS", "7 days")["ts"]
    ana.click("C0COSTS", "7 days")
    message = ana.wait_for_message("C0COSTS", "replaced")
    body = bot.actions[-1]
    assert (message["ts"], message["ephemeral"]) == (ts, True)
    assert body["container"] == {"type": "message", "message_ts": ts, "channel_id": "C0COSTS", "is_ephemeral": True}
    assert "message" not in body
    ana.click("C0COSTS", "close")
    ana.wait_for(lambda state: ts not in [m["ts"] for m in state["messages"]["C0COSTS"]])


def test_nobody_clicks_on_what_only_another_person_sees(trip):
    workspace, _ = trip
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("Mine", "mine")]}]
    client = web_client(workspace)
    ts = client.chat_postEphemeral(channel="C0COSTS", user="U0ANA", text="x", blocks=blocks)["message_ts"]
    answer = person(workspace, "U0BEN").act("C0COSTS", ts, "b", button("Mine", "mine"))
    assert (answer["ok"], answer["reason"]) == (False, "message_not_found")


def test_a_button_that_was_never_there_is_refused(trip):
    workspace, bot = trip
    ts = web_client(workspace).chat_postMessage(channel="C0COSTS", text="no buttons")["ts"]
    seen = len(bot.actions)
    answer = person(workspace).act("C0COSTS", ts, "b", button("Approve", "decide.approve"))
    assert answer["reason"] == "action_not_found"
    assert len(bot.actions) == seen
    with pytest.raises(CostbotError, match="No button"):
        person(workspace).click("C0COSTS", "Nowhere")


def test_a_late_click_on_a_message_redrawn_meanwhile_still_arrives_with_the_value_the_bot_gave(trip):
    workspace, bot = trip
    client = web_client(workspace)
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("Approve", "decide.approve", "S-9")]}]
    ts = client.chat_postMessage(channel="C0COSTS", text="card", blocks=blocks)["ts"]
    client.chat_update(channel="C0COSTS", ts=ts, text="done", blocks=[section("done")])
    forged = button("Approve", "decide.approve", "S-666")
    assert person(workspace, "U0BEN").act("C0COSTS", ts, "b", forged) == {"ok": True}
    assert bot.actions[-1]["actions"][0]["value"] == "S-9"


def test_the_payload_of_a_click_has_all_that_slack_sends(trip):
    workspace, bot = trip
    client = web_client(workspace)
    options = [{"text": plain(day), "value": day} for day in ("7", "30")]
    root = client.chat_postMessage(channel="C0COSTS", text="root")["ts"]
    ts = client.chat_postMessage(
        channel="C0COSTS",
        text="card",
        thread_ts=root,
        blocks=[
            {
                "type": "actions",
                "block_id": "b",
                "elements": [
                    {"type": "static_select", "action_id": "days", "options": options, "initial_option": options[0]},
                    {"type": "users_select", "action_id": "owner"},
                ],
            }
        ],
    )["ts"]
    ana = person(workspace)
    ana.act("C0COSTS", ts, "b", {"action_id": "days", "selected_option": options[1]})
    body = bot.actions[-1]
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0COSTS",
        "is_ephemeral": False,
        "thread_ts": root,
    }
    assert body["state"]["values"]["b"] == {
        "days": {"type": "static_select", "selected_option": options[1]},
        "owner": {"type": "users_select", "selected_user": None},
    }
    assert body["actions"][0]["selected_option"] == options[1]
    assert (body["message"]["ts"], body["user"]["id"], body["channel"]["name"]) == (ts, "U0ANA", "cloud-costs")
    assert body["response_url"].startswith(workspace.workspace.base_url)
    assert body["trigger_id"]
    foreign = {"action_id": "days", "selected_option": {"text": plain("9"), "value": "9"}}
    assert ana.act("C0COSTS", ts, "b", foreign)["reason"] == "option_not_found"


def test_a_duplicate_click_arrives_twice(trip):
    workspace, bot = trip
    blocks = [{"type": "actions", "elements": [button("Twice", "twice")]}]
    web_client(workspace).chat_postMessage(channel="C0COSTS", text="x", blocks=blocks)
    bot.actions.clear()
    workspace.fault("duplicate_next")
    person(workspace).click("C0COSTS", "Twice")
    wait_until(lambda: len(bot.actions) == 2)
    assert bot.actions[0]["trigger_id"] == bot.actions[1]["trigger_id"]
