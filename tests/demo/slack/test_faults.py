"""Slack's bad days on demand, as a bot's client meets them."""

import time

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from bot.demo.slack.faults import FAULTS
from tests.demo.slack.slack_factories import journal_of, person, running_workspace, web_client


def refusal(call, *arguments, **options):
    with pytest.raises(SlackApiError) as raised:
        call(*arguments, **options)
    return raised.value.response


def test_an_unknown_fault_is_refused_with_a_list_of_those_there_are(workspace):
    answer = person(workspace).fault("earthquake")
    assert (answer["reason"], answer["faults"]) == ("unknown_fault", FAULTS)


def test_a_rate_limit_strikes_its_method_only_and_only_as_often_as_asked(workspace, tmp_path):
    client = web_client(workspace)
    workspace.fault("rate_limit_next", method="chat.postMessage", retry_after=7, times=2)
    assert client.auth_test()["ok"]
    for _ in range(2):
        answer = refusal(client.chat_postMessage, channel="C0COSTS", text="x")
        assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "7")
    assert client.chat_postMessage(channel="C0COSTS", text="x")["ok"]
    assert [entry["answer"]["ok"] for entry in journal_of(tmp_path)] == [True, False, False, True]
    assert len(person(workspace).messages("C0COSTS")) == 1


def test_slacks_own_retry_handler_gets_over_a_rate_limit(workspace):
    client = web_client(workspace)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    workspace.fault("rate_limit_next", retry_after=1)
    assert client.chat_postMessage(channel="C0COSTS", text="x")["ok"]


def test_a_server_error_answers_500_and_does_nothing(workspace):
    client = web_client(workspace)
    workspace.fault("server_error_next", method="chat.postMessage")
    assert refusal(client.chat_postMessage, channel="C0COSTS", text="x").status_code == 500
    assert person(workspace).messages("C0COSTS") == []


def test_a_server_error_may_be_a_page(workspace):
    workspace.fault("server_error_next", html=True, status=503)
    answer = refusal(web_client(workspace).auth_test)
    assert (answer.status_code, "<html>" in answer.data["error"] or "<html>" in str(answer)) == (503, True)


def test_any_error_can_be_asked_for(workspace):
    workspace.fault("error_next", method="usergroups.users.list", error="fatal_error")
    client = web_client(workspace)
    assert refusal(client.usergroups_users_list, usergroup="S0FINOPS")["error"] == "fatal_error"
    assert client.usergroups_users_list(usergroup="S0FINOPS")["ok"]


def test_a_revoked_token_stays_revoked_until_cleared(workspace):
    client = web_client(workspace)
    workspace.fault("revoke_token")
    assert [refusal(client.auth_test)["error"] for _ in range(2)] == ["token_revoked"] * 2
    workspace.fault("clear")
    assert client.auth_test()["ok"]


def test_a_removed_scope_is_missing(workspace):
    workspace.fault("remove_scope", scope="usergroups:read")
    answer = refusal(web_client(workspace).usergroups_users_list, usergroup="S0FINOPS")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "usergroups:read")
    assert "usergroups:read" not in web_client(workspace).auth_test().headers["x-oauth-scopes"]


def test_a_channel_can_be_archived_and_opened_again(workspace):
    client = web_client(workspace)
    workspace.fault("archive", channel="C0COSTS")
    assert refusal(client.chat_postMessage, channel="C0COSTS", text="x")["error"] == "is_archived"
    workspace.fault("unarchive", channel="C0COSTS")
    assert client.chat_postMessage(channel="C0COSTS", text="x")["ok"]


def test_the_bot_can_be_removed_from_a_channel_and_invited_back(workspace):
    client = web_client(workspace)
    workspace.fault("kick", channel="C0COSTS")
    assert refusal(client.chat_postMessage, channel="C0COSTS", text="x")["error"] == "not_in_channel"
    assert person(workspace).say("C0COSTS", "/invite @costbot") == {"ok": True}
    assert client.chat_postMessage(channel="C0COSTS", text="x")["ok"]


def test_charts_are_invalid_while_they_are_not_rolled_out(workspace):
    chart = {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
    }
    client = web_client(workspace)
    workspace.fault("native_charts", enabled=False)
    assert refusal(client.chat_postMessage, channel="C0COSTS", text="x", blocks=[chart])["error"] == "invalid_blocks"
    workspace.fault("native_charts", enabled=True)
    assert client.chat_postMessage(channel="C0COSTS", text="x", blocks=[chart])["ok"]


def test_a_workspace_may_be_without_charts_from_the_start(tmp_path):
    with running_workspace(tmp_path, native_charts=False) as workspace:
        workspace.fault("clear")
        assert workspace.workspace.faults.native_charts is False


def test_a_slow_answer_is_late_but_right(workspace):
    workspace.fault("slow_answer", method="auth.test", seconds=0.3)
    started = time.monotonic()
    assert web_client(workspace).auth_test()["ok"]
    assert time.monotonic() - started >= 0.3


def test_triggers_can_be_made_too_old(workspace):
    trigger = workspace.workspace.triggers.new("U0ANA")
    workspace.fault("expire_triggers")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": []}
    assert refusal(web_client(workspace).views_open, trigger_id=trigger, view=view)["error"] == "expired_trigger_id"


def test_response_urls_have_bad_days_too(workspace):
    hook = WebhookClient(workspace.workspace.response_url("C0COSTS", "U0ANA"), retry_handlers=[])
    workspace.fault("rate_limit_next", method="response_url")
    workspace.fault("server_error_next", method="response_url")
    assert [hook.send(text="x").status_code for _ in range(3)] == [429, 500, 200]
