"""The Home tab and the Events API."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.demo.slack.slack_factories import (
    button,
    person,
    wait_until,
    web_client,
)


def test_opening_the_home_tab_publishes_a_view_for_one_person(trip):
    workspace, bot = trip
    client = web_client(workspace)
    assert person(workspace).open_home() == {"ok": True}
    event = wait_until(lambda: [e for e in bot.events if e["event"]["type"] == "app_home_opened"])[-1]["event"]
    assert (event["user"], event["tab"]) == ("U0ANA", "home")
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("Refresh", "refresh")]}]
    view = client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": blocks})["view"]
    ana = person(workspace)
    assert ana.state()["home"]["id"] == view["id"]
    assert person(workspace, "U0BEN").state()["home"] is None
    ana.act_in_view(view["id"], "b", button("Refresh", "refresh"))
    body = bot.actions[-1]
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert "response_url" not in body
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_publish(user_id="U0ANA", hash="old", view={"type": "home", "blocks": []})


def test_only_subscribed_events_arrive(trip):
    workspace, bot = trip
    ana = person(workspace)
    ana.say("C0COSTS", "just talking")
    ana.say("C0COSTS", "hey @costbot, how much?")
    mention = wait_until(lambda: [e for e in bot.events if e["event"]["type"] == "app_mention"])[-1]["event"]
    assert mention["text"] == "hey <@U0COSTBOT>, how much?"
    ana.say("D0ANA", "in private")
    direct = wait_until(lambda: [e for e in bot.events if e["event"]["type"] == "message"])[-1]["event"]
    assert (direct["text"], direct["channel_type"]) == ("in private", "im")
    assert "just talking" not in str(bot.events)


def test_a_duplicate_event_is_marked_as_a_retry_of_the_same_event(trip):
    workspace, bot = trip
    bot.events.clear()
    bot.retries.clear()
    workspace.fault("duplicate_next")
    person(workspace).say("C0COSTS", "@costbot once")
    wait_until(lambda: len(bot.events) == 2)
    assert len({event["event_id"] for event in bot.events}) == 1
    assert sorted(bot.retries)[1] == ("1", "timeout")
