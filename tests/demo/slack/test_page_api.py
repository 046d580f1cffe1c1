"""What the page gets: the state each person sees, live events, and answers to what they do."""

import http.client
import json
from contextlib import contextmanager

import pytest

from tests.demo.slack.slack_factories import button, person, running_workspace, section, web_client


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with running_workspace(tmp_path_factory.mktemp("page"), subcommands=lambda: [SUBCOMMAND]) as workspace:
        yield workspace


SUBCOMMAND = {"name": "trend", "usage": "[service]", "summary": "Where costs go"}


class Page:
    """The event stream of one person's page."""

    def __init__(self, stream):
        self.stream = stream

    def next(self):
        while True:
            line = self.stream.readline().decode()
            if line.startswith("data: "):
                return json.loads(line[6:])


@contextmanager
def page(workspace, user="U0ANA"):
    connection = http.client.HTTPConnection(workspace.workspace.base_url.removeprefix("http://"), timeout=60)
    connection.request("GET", f"/page/events?user={user}")
    response = connection.getresponse()
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.readline() == b": hello\n"
    try:
        yield Page(response)
    finally:
        response.close()
        connection.close()


REFUSALS = {
    "unknown person": ("say", {"user": "U0NONE", "channel": "C0COSTS", "text": "x"}, "user_not_found"),
    "the bot itself": ("say", {"user": "U0COSTBOT", "channel": "C0COSTS", "text": "x"}, "user_not_found"),
    "unknown channel": ("say", {"user": "U0ANA", "channel": "C0NONE", "text": "x"}, "channel_not_found"),
    "somebody else's direct message": ("say", {"user": "U0BEN", "channel": "D0ANA", "text": "x"}, "channel_not_found"),
    "nothing said": ("say", {"user": "U0ANA", "channel": "C0COSTS", "text": "  "}, "no_text"),
    "unknown thread": (
        "say",
        {"user": "U0ANA", "channel": "C0COSTS", "text": "x", "thread_ts": "1.1"},
        "message_not_found",
    ),
    "no action": ("action", {"user": "U0ANA", "channel": "C0COSTS"}, "invalid_arguments"),
    "no message": ("action", {"user": "U0ANA", "channel": "C0COSTS", "action": {}}, "message_not_found"),
    "no view": ("action", {"user": "U0ANA", "view_id": "V1", "action": {}, "state": []}, "not_found"),
    "submitted nothing": ("submit", {"user": "U0ANA", "view_id": "V1", "state": {"values": []}}, "not_found"),
    "closed nothing": ("close", {"user": "U0ANA"}, "not_found"),
    "home of nobody": ("home", {}, "user_not_found"),
    "no fault": ("faults", {}, "unknown_fault"),
    "fault without channel": ("faults", {"fault": "archive"}, "channel_not_found"),
}


@pytest.mark.parametrize(("what", "body", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_done_is_answered_with_a_sentence_and_a_reason(shared, what, body, reason):
    answer = person(shared)._request("POST", f"/page/{what}", body)
    assert (answer["ok"], answer["reason"]) == (False, reason)
    assert answer["error"].endswith(".")


def test_the_state_of_nobody_is_refused(shared):
    answer = person(shared, "U0NONE").state()
    assert answer == {"ok": False, "error": "user_not_found"}


def test_the_state_says_who_is_there_and_what_can_be_typed(shared):
    state = person(shared, "U0BEN").state()
    assert (state["me"], state["team"]["name"], state["app"]["user_id"]) == ("U0BEN", "Example Corp", "U0COSTBOT")
    assert [(user["name"], user["role"]) for user in state["users"]] == [
        ("ana", "approver"),
        ("ben", "engineer"),
        ("guest", "guest"),
    ]
    assert [channel["name"] for channel in state["channels"] if channel["is_archived"]] == ["old-costs"]
    assert [command["command"] for command in state["commands"]] == ["/cost", "/raw"]
    assert state["subcommands"] == [SUBCOMMAND]
    assert set(state["messages"]) == {channel["id"] for channel in state["channels"]}
    assert (state["home"], state["view"], state["bot_connected"]) == (None, None, False)


def test_what_people_type_is_escaped_and_mentions_are_resolved(shared):
    ben = person(shared, "U0BEN")
    ben.say("C0GENERAL", "<!channel> a<b & @ana, @finops, @nobody, mail@ana #payments #1")
    assert ben.messages("C0GENERAL")[-1]["text"] == (
        "&lt;!channel&gt; a&lt;b &amp; <@U0ANA>, <!subteam^S0FINOPS>, @nobody, mail@ana <#C0PAYMENTS> #1"
    )


def test_people_talk_in_threads(shared):
    ben = person(shared, "U0BEN")
    ben.say("C0GENERAL", "root")
    root = ben.messages("C0GENERAL")[-1]
    ben.say("C0GENERAL", "reply", thread_ts=root["ts"])
    *_, first, reply = ben.messages("C0GENERAL")
    assert (first["reply_count"], reply["thread_ts"]) == (1, root["ts"])


def test_only_the_bot_can_be_invited(shared):
    assert "only invite @costbot" in person(shared).say("C0GENERAL", "/invite @ben")["error"]


def test_every_change_is_told_to_the_page(workspace):
    client = web_client(workspace)
    with page(workspace) as ana:
        ts = client.chat_postMessage(channel="C0COSTS", text="one", blocks=[section("one")])["ts"]
        posted = ana.next()
        assert (posted["type"], posted["message"]["ts"], posted["message"]["bot_id"]) == ("message", ts, "B0COSTBOT")
        client.chat_update(channel="C0COSTS", ts=ts, text="two")
        changed = ana.next()
        assert (changed["type"], changed["message"]["text"]) == ("message_changed", "two")
        client.chat_postMessage(channel="C0COSTS", text="reply", thread_ts=ts)
        assert [ana.next()["type"] for _ in range(2)] == ["message", "message_changed"]
        client.chat_delete(channel="C0COSTS", ts=ts)
        assert ana.next()["type"] == "message_deleted"
        client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": []})
        assert ana.next()["type"] == "home"


def test_a_page_hears_nothing_that_is_for_another_person(workspace):
    client = web_client(workspace)
    with page(workspace, "U0BEN") as ben:
        client.chat_postEphemeral(channel="C0COSTS", user="U0ANA", text="for ana")
        client.chat_postMessage(channel="D0ANA", text="for ana")
        client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": []})
        client.chat_postMessage(channel="C0COSTS", text="for all")
        assert ben.next()["message"]["text"] == "for all"


def test_a_modal_opens_updates_and_closes_on_the_page_of_its_person(workspace):
    client = web_client(workspace)
    view = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": []}
    with page(workspace) as ana:
        opened = client.views_open(trigger_id=workspace.workspace.triggers.new("U0ANA"), view=view)["view"]
        client.views_update(view_id=opened["id"], view=view)
        client.views_push(trigger_id=workspace.workspace.triggers.new("U0ANA"), view=view)
        person(workspace).close(opened["id"])
        seen = [ana.next() for _ in range(4)]
    assert [(event["type"], event["op"]) for event in seen] == [
        ("view", "open"),
        ("view", "update"),
        ("view", "push"),
        ("view", "close"),
    ]
    assert seen[1]["view"]["hash"] != opened["hash"]


def test_a_choice_in_a_modal_is_remembered_in_its_state(workspace):
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "t"},
        "blocks": [
            {
                "type": "actions",
                "block_id": "b",
                "elements": [{"type": "datepicker", "action_id": "d"}, button("x", "y")],
            }
        ],
    }
    opened = web_client(workspace).views_open(trigger_id=workspace.workspace.triggers.new("U0ANA"), view=view)["view"]
    chosen = {"b": {"d": {"type": "datepicker", "selected_date": "2026-11-20"}}}
    person(workspace).act_in_view(opened["id"], "b", {"action_id": "d", "selected_date": "2026-11-20"}, chosen)
    assert person(workspace).view()["state"]["values"] == chosen


def test_the_page_itself_is_served(shared):
    connection = http.client.HTTPConnection(shared.workspace.base_url.removeprefix("http://"), timeout=60)
    connection.request("GET", "/")
    response = connection.getresponse()
    assert (response.status, b"<title>" in response.read()) == (200, True)
    connection.close()
