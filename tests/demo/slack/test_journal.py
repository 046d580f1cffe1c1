"""The journal: one line for each call of the bot, as sent and as answered."""

import json
from datetime import datetime

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.demo.slack.journal import Journal
from tests.demo.slack.slack_factories import SetClock, journal_of, running_workspace, section, web_client


def test_without_a_path_nothing_is_written(tmp_path):
    journal = Journal(None, SetClock().now)
    journal.write("auth.test", {}, {"ok": True})
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_a_closed_journal_takes_no_more(tmp_path):
    journal = Journal(tmp_path / "deep" / "journal.jsonl", SetClock().now)
    journal.write("auth.test", {}, {"ok": True})
    journal.close()
    journal.write("auth.test", {}, {"ok": True})
    assert len((tmp_path / "deep" / "journal.jsonl").read_text().splitlines()) == 1


def test_a_call_is_there_as_sent_and_as_answered_at_the_clocks_time(tmp_path):
    clock = SetClock()
    blocks = [section("ü <b>")]
    with running_workspace(tmp_path, clock=clock) as workspace:
        answer = web_client(workspace).chat_postMessage(channel="C0COSTS", text="ü", blocks=blocks)
        [entry] = journal_of(tmp_path)
    assert list(entry) == ["time", "method", "body", "answer"]
    assert datetime.fromisoformat(entry["time"]) == clock.now()
    assert entry["method"] == "chat.postMessage"
    assert entry["body"] == {"channel": "C0COSTS", "text": "ü", "blocks": blocks}
    assert entry["answer"] == answer.data


def test_refused_calls_and_response_urls_are_there_too(tmp_path):
    with running_workspace(tmp_path) as workspace:
        with pytest.raises(SlackApiError):
            web_client(workspace, "xoxb-real").auth_test()
        WebhookClient(workspace.workspace.response_url("C0COSTS", "U0ANA")).send(text="psst")
        WebhookClient(workspace.workspace.base_url + "/response/none").send(text="late")
        entries = journal_of(tmp_path)
    assert [(entry["method"], entry["answer"]) for entry in entries] == [
        ("auth.test", {"ok": False, "error": "invalid_auth"}),
        ("response_url", {"ok": True}),
        ("response_url", {"ok": False, "error": "invalid_url"}),
    ]
    assert entries[1]["body"]["text"] == "psst"


def test_a_token_is_never_in_it(tmp_path):
    with running_workspace(tmp_path) as workspace:
        web_client(workspace).api_call("auth.test", data={"token": "xoxb-secret-local"})
        assert "secret" not in json.dumps(journal_of(tmp_path))
