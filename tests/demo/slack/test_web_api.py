"""The Web API through slack_sdk: answers as Slack gives them, refusals in Slack's words."""

import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from slack_sdk.errors import SlackApiError

from bot.demo.slack.manifest_scopes import SCOPES
from bot.demo.slack.web_api import methods
from tests.demo.slack.slack_factories import (
    MANIFEST,
    button,
    journal_of,
    person,
    running_workspace,
    section,
    web_client,
)


def refusal(call, *arguments, **options):
    with pytest.raises(SlackApiError) as raised:
        call(*arguments, **options)
    return raised.value.response


REFUSALS = {
    "unknown method": ("chat.scheduleMessage", {"channel": "C0COSTS", "text": "x"}, "unknown_method"),
    "unknown channel": ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
    "no channel": ("chat.postMessage", {"text": "x"}, "channel_not_found"),
    "archived": ("chat.postMessage", {"channel": "C0ARCHIVE", "text": "x"}, "is_archived"),
    "not a member": ("chat.postMessage", {"channel": "C0GENERAL", "text": "x"}, "not_in_channel"),
    "no text": ("chat.postMessage", {"channel": "C0COSTS"}, "no_text"),
    "too long": ("chat.postMessage", {"channel": "C0COSTS", "text": "x" * 40_001}, "msg_too_long"),
    "unknown thread": ("chat.postMessage", {"channel": "C0COSTS", "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
    "unknown file": (
        "chat.postMessage",
        {"channel": "C0COSTS", "text": "x", "blocks": [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}}]},
        "invalid_blocks",
    ),
    "ephemeral to nobody": (
        "chat.postEphemeral",
        {"channel": "C0COSTS", "text": "x", "user": "U0NONE"},
        "user_not_found",
    ),
    "update of nothing": ("chat.update", {"channel": "C0COSTS", "text": "x", "ts": "1.1"}, "message_not_found"),
    "delete of nothing": ("chat.delete", {"channel": "C0COSTS", "ts": "1.1"}, "message_not_found"),
    "permalink of nothing": ("chat.getPermalink", {"channel": "C0COSTS", "message_ts": "1.1"}, "message_not_found"),
    "info of nothing": ("conversations.info", {"channel": "C0NONE"}, "channel_not_found"),
    "opened with nobody": ("conversations.open", {"users": ""}, "users_list_not_supplied"),
    "joined an archived one": ("conversations.join", {"channel": "C0ARCHIVE"}, "is_archived"),
    "unknown user": ("users.info", {"user": "U0NONE"}, "user_not_found"),
    "unknown address": ("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found"),
    "no address": ("users.lookupByEmail", {}, "invalid_arguments"),
    "the bot has no address": ("users.lookupByEmail", {"email": "costbot@example.com"}, "users_not_found"),
    "unknown group": ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
    "unknown bot": ("bots.info", {"bot": "B0NONE"}, "bot_not_found"),
    "upload without length": ("files.getUploadURLExternal", {"filename": "a.csv"}, "invalid_arguments"),
    "upload of nothing": ("files.completeUploadExternal", {"files": [{"id": "F1"}]}, "file_not_found"),
    "reaction to nothing": (
        "reactions.add",
        {"channel": "C0COSTS", "name": "eyes", "timestamp": "1.1"},
        "message_not_found",
    ),
    "modal without trigger": (
        "views.open",
        {"view": {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": []}},
        "invalid_trigger_id",
    ),
    "home that is a modal": ("views.publish", {"user_id": "U0ANA", "view": {"type": "modal"}}, "invalid_arguments"),
    "update of no view": ("views.update", {"view_id": "V1", "view": {"type": "home", "blocks": []}}, "not_found"),
    "socket with a bot token": ("apps.connections.open", {}, "not_allowed_token_type"),
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with running_workspace(tmp_path_factory.mktemp("shared")) as workspace:
        yield workspace


@pytest.mark.parametrize(("method", "arguments", "error"), REFUSALS.values(), ids=REFUSALS)
def test_a_call_that_cannot_be_done_is_refused_in_slacks_words(shared, method, arguments, error):
    assert refusal(web_client(shared).api_call, method, json=arguments)["error"] == error


def test_a_token_that_is_not_local_is_refused(shared):
    assert refusal(web_client(shared, "xoxb-1234-real").auth_test)["error"] == "invalid_auth"


def test_a_call_without_a_token_is_refused(shared):
    with urlopen(Request(shared.workspace.base_url + "/api/auth.test", method="POST"), timeout=60) as answer:
        assert json.load(answer) == {"ok": False, "error": "not_authed"}


def test_invalid_blocks_say_where(shared):
    answer = refusal(web_client(shared).chat_postMessage, channel="C0COSTS", text="x", blocks=[section("")])
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_someone_elses_message_cannot_be_changed(shared):
    ana = person(shared)
    ana.say("C0PAYMENTS", "mine")
    ts = ana.messages("C0PAYMENTS")[-1]["ts"]
    client = web_client(shared)
    assert refusal(client.chat_update, channel="C0PAYMENTS", ts=ts, text="x")["error"] == "cant_update_message"
    assert refusal(client.chat_delete, channel="C0PAYMENTS", ts=ts)["error"] == "cant_delete_message"


def test_an_ephemeral_message_cannot_be_updated_and_is_seen_by_one_person_only(workspace):
    client = web_client(workspace)
    ts = client.chat_postEphemeral(channel="C0COSTS", user="U0BEN", text="psst")["message_ts"]
    assert refusal(client.chat_update, channel="C0COSTS", ts=ts, text="x")["error"] == "message_not_found"
    assert person(workspace, "U0ANA").messages("C0COSTS") == []
    assert [m["ephemeral"] for m in person(workspace, "U0BEN").messages("C0COSTS")] == [True]


def test_a_second_reaction_with_the_same_emoji_is_refused(workspace):
    client = web_client(workspace)
    ts = client.chat_postMessage(channel="C0COSTS", text="x")["ts"]
    client.reactions_add(channel="C0COSTS", name="eyes", timestamp=ts)
    assert refusal(client.reactions_add, channel="C0COSTS", name="eyes", timestamp=ts)["error"] == "already_reacted"
    [message] = person(workspace).messages("C0COSTS")
    assert message["reactions"] == [{"name": "eyes", "users": ["U0COSTBOT"], "count": 1}]


def test_a_missing_scope_is_named_with_those_there_are(tmp_path):
    manifest = MANIFEST.replace('"chat:write", ', "")
    with running_workspace(tmp_path, manifest) as workspace:
        answer = refusal(web_client(workspace).chat_postMessage, channel="C0COSTS", text="x")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    assert "users:read" in answer["provided"].split(",")


def test_without_its_scope_nobody_is_found_by_address_and_no_address_is_told(tmp_path):
    manifest = MANIFEST.replace('"users:read.email",', "")
    with running_workspace(tmp_path, manifest) as workspace:
        client = web_client(workspace)
        answer = refusal(client.users_lookupByEmail, email="ben@example.com")
        assert "email" not in client.users_info(user="U0BEN")["user"]["profile"]
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read.email")


def test_a_direct_message_needs_the_messages_tab(tmp_path):
    manifest = MANIFEST.replace("messages_tab_enabled: true", "messages_tab_enabled: false")
    with running_workspace(tmp_path, manifest) as workspace:
        answer = refusal(web_client(workspace).chat_postMessage, channel="U0ANA", text="x")
        names = {channel["id"] for channel in person(workspace).state()["channels"]}
    assert answer["error"] == "messages_tab_disabled"
    assert names == {"C0COSTS", "C0GENERAL", "C0PAYMENTS", "C0ARCHIVE"}


def test_each_method_declares_its_scope():
    assert set(SCOPES) | {"apps.connections.open"} == set(methods())


def test_auth_test_says_who_and_with_which_scopes(shared):
    answer = web_client(shared).auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0COSTBOT", "B0COSTBOT", "T0DEMO")
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


def test_a_message_comes_back_as_slack_stores_it(workspace):
    client = web_client(workspace)
    blocks = [section("hello", accessory=button("b", "a"))]
    answer = client.chat_postMessage(channel="C0COSTS", text="hello", blocks=blocks)
    assert (answer["channel"], answer["message"]["bot_id"]) == ("C0COSTS", "B0COSTBOT")
    assert answer["message"]["blocks"][0]["block_id"]
    permalink = client.chat_getPermalink(channel="C0COSTS", message_ts=answer["ts"])["permalink"]
    assert permalink.endswith("/archives/C0COSTS/p" + answer["ts"].replace(".", ""))


def test_an_update_keeps_the_blocks_it_does_not_mention(workspace):
    client = web_client(workspace)
    ts = client.chat_postMessage(channel="C0COSTS", text="one", blocks=[section("block")])["ts"]
    client.chat_update(channel="C0COSTS", ts=ts, text="two")
    [message] = person(workspace).messages("C0COSTS")
    assert (message["text"], message["blocks"][0]["text"]["text"]) == ("two", "block")
    assert message["edited"]["user"] == "U0COSTBOT"
    client.chat_update(channel="C0COSTS", ts=ts, text="three", blocks=[])
    assert person(workspace).messages("C0COSTS")[0]["blocks"] == []


def test_replies_are_counted_on_the_first_message_of_a_thread(workspace):
    client = web_client(workspace)
    ts = client.chat_postMessage(channel="C0COSTS", text="root")["ts"]
    reply = client.chat_postMessage(channel="C0COSTS", text="one", thread_ts=ts)["ts"]
    client.chat_postMessage(channel="C0COSTS", text="two", thread_ts=reply)
    root, *replies = person(workspace).messages("C0COSTS")
    assert (root["reply_count"], "thread_ts" in root) == (2, False)
    assert [message["thread_ts"] for message in replies] == [ts, ts]
    client.chat_delete(channel="C0COSTS", ts=reply)
    assert person(workspace).messages("C0COSTS")[0]["reply_count"] == 1


def test_time_stamps_always_rise(workspace):
    client = web_client(workspace)
    stamps = [client.chat_postMessage(channel="C0COSTS", text=str(n))["ts"] for n in range(20)]
    assert stamps == sorted(set(stamps))


def test_channels_people_and_groups_are_listed(shared):
    client = web_client(shared)
    names = {c["name"] for c in client.conversations_list()["channels"]}
    assert names == {"cloud-costs", "general", "payments", "old-costs"}
    assert "old-costs" not in {c["name"] for c in client.conversations_list(exclude_archived=True)["channels"]}
    assert "general" not in {c["name"] for c in client.users_conversations()["channels"]}
    assert {u["id"] for u in client.users_list()["members"]} == {"U0ANA", "U0BEN", "U0GUEST", "U0COSTBOT"}
    assert client.users_info(user="U0GUEST")["user"]["is_restricted"] is True
    by_address = client.users_lookupByEmail(email="Ben@Example.com")["user"]
    assert (by_address["id"], by_address["profile"]["email"]) == ("U0BEN", "ben@example.com")
    assert client.usergroups_users_list(usergroup="S0FINOPS")["users"] == ["U0ANA"]
    assert client.usergroups_list(include_users=True)["usergroups"][0]["users"] == ["U0ANA"]
    assert "U0BEN" in client.conversations_members(channel="C0COSTS")["members"]
    assert client.conversations_info(channel="C0COSTS")["channel"]["is_member"] is True
    assert client.bots_info(bot="B0COSTBOT")["bot"]["user_id"] == "U0COSTBOT"


def test_joining_makes_a_channel_writable(workspace):
    client = web_client(workspace)
    client.conversations_join(channel="C0GENERAL")
    assert client.chat_postMessage(channel="C0GENERAL", text="hi")["ok"]


def test_a_direct_message_is_seen_by_its_person_only(workspace):
    client = web_client(workspace)
    channel = client.conversations_open(users=["U0BEN"])["channel"]["id"]
    client.chat_postMessage(channel=channel, text="for ben")
    assert [m["text"] for m in person(workspace, "U0BEN").messages(channel)] == ["for ben"]
    assert channel not in person(workspace).state()["messages"]


def test_a_file_is_uploaded_shared_and_served(workspace, tmp_path):
    client = web_client(workspace)
    client.files_upload_v2(
        filename="trend.png", content=b"\x89PNG bytes", channel="C0COSTS", initial_comment="the trend", title="Trend"
    )
    [message] = person(workspace).messages("C0COSTS")
    assert message["text"] == "the trend"
    [file] = message["files"]
    assert (file["name"], file["mimetype"]) == ("trend.png", "image/png")
    with urlopen(workspace.workspace.base_url + file["url"], timeout=60) as answer:
        assert answer.read() == b"\x89PNG bytes"
        assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == ("image/png", "nosniff")
    image = {"type": "image", "alt_text": "a", "slack_file": {"id": file["id"]}}
    assert client.chat_postMessage(channel="C0COSTS", text="x", blocks=[image])["ok"]
    assert [e["method"] for e in journal_of(tmp_path)][:3] == [
        "files.getUploadURLExternal",
        "files.upload",
        "files.completeUploadExternal",
    ]


def test_a_file_that_a_browser_could_run_is_only_downloaded(workspace):
    client = web_client(workspace)
    client.files_upload_v2(filename="evil.html", content="<script>1</script>", channel="C0COSTS")
    [message] = person(workspace).messages("C0COSTS")
    with urlopen(workspace.workspace.base_url + message["files"][0]["url"], timeout=60) as answer:
        assert answer.headers["content-disposition"] == "attachment"


def test_a_file_shorter_than_announced_is_not_taken(workspace):
    client = web_client(workspace)
    given = client.files_getUploadURLExternal(filename="a.csv", length=10)
    with pytest.raises(OSError, match="400"):
        urlopen(Request(given["upload_url"], b"short", method="POST"), timeout=60)
    answer = refusal(client.files_completeUploadExternal, files=[{"id": given["file_id"]}], channel_id="C0COSTS")
    assert answer["error"] == "file_not_found"


def test_arguments_may_come_as_a_form_with_json_inside(workspace, tmp_path):
    body = urlencode({"channel": "C0COSTS", "text": "x", "blocks": json.dumps([section("in a form")])}).encode()
    url, headers = workspace.workspace.base_url + "/api/chat.postMessage", {"Authorization": "Bearer xoxb-local"}
    request = Request(url, body, headers, method="POST")
    with urlopen(request, timeout=60) as answer:
        assert json.load(answer)["ok"]
    assert person(workspace).messages("C0COSTS")[0]["blocks"][0]["text"]["text"] == "in a form"
    assert journal_of(tmp_path)[-1]["body"]["blocks"] == [section("in a form")]


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"text": NaN}'])
def test_a_body_that_is_no_json_object_is_refused(shared, body):
    headers = {"Authorization": "Bearer xoxb-local", "Content-Type": "application/json"}
    request = Request(shared.workspace.base_url + "/api/chat.postMessage", body, headers, method="POST")
    with urlopen(request, timeout=60) as answer:
        assert json.load(answer)["error"] in ("invalid_json", "json_not_object")
