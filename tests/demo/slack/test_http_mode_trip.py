"""A real Bolt app in HTTP mode behind waitress: signed requests, and what happens when they fail."""

import hashlib
import hmac
import http.client
import time
from contextlib import contextmanager

import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.demo.slack import delivery
from bot.demo.slack.http_mode import signature
from bot.web import WebServer
from tests.demo.slack.slack_factories import Bot, button, person, running_workspace, wait_until, web_client


@contextmanager
def served(application):
    server = WebServer("127.0.0.1", 0, application)
    server.start()
    try:
        yield f"http://127.0.0.1:{server.port}/slack/events"
    finally:
        server.stop()


class Later:
    """An application that is put in after its server has started."""

    application = None

    def __call__(self, environ, start_response):
        return self.application(environ, start_response)


@contextmanager
def http_trip(folder, secret="secret-local", **options):
    later = Later()
    options |= {"signing_secret": secret}
    with served(later) as url, running_workspace(folder, request_url=url, **options) as workspace:
        bot = Bot(workspace)
        later.application = SlackRequestHandler(bot.app, path="/slack/events")
        yield workspace, bot


def answering(status, pause=0.0):
    def application(environ, start_response):
        time.sleep(pause)
        start_response(f"{status} X", [("Content-Type", "text/plain")])
        return [b"no"]

    return application


def test_the_signature_is_slacks():
    body = b"command=%2Fcost&text=help"
    expected = "v0=" + hmac.new(b"key", b"v0:1700000000:" + body, hashlib.sha256).hexdigest()
    assert signature("key", "1700000000", body) == expected


def test_a_wrong_secret_is_a_dispatch_failure(tmp_path):
    with http_trip(tmp_path, secret="another") as (workspace, bot):
        answer = person(workspace).say("C0COSTS", "/cost help")
        assert answer["error"] == '/cost failed with the error "dispatch_failed"'
        assert bot.commands == []


@pytest.mark.parametrize("status", [404, 500])
def test_an_answer_other_than_200_is_a_dispatch_failure(tmp_path, status):
    with served(answering(status)) as url, running_workspace(tmp_path, request_url=url) as workspace:
        assert "dispatch_failed" in person(workspace).say("C0COSTS", "/cost help")["error"]


def test_a_bot_that_does_not_listen_is_a_dispatch_failure(tmp_path):
    with running_workspace(tmp_path, request_url="http://127.0.0.1:9/slack/events") as workspace:
        assert "dispatch_failed" in person(workspace).say("C0COSTS", "/cost help")["error"]


def test_a_late_answer_is_an_operation_timeout_and_does_not_keep_the_workspace_from_stopping(tmp_path):
    with served(answering(200, pause=1)) as url:
        with running_workspace(tmp_path, request_url=url, ack_seconds=0.2) as workspace:
            assert "operation_timeout" in person(workspace).say("C0COSTS", "/cost help")["error"]
            started = time.monotonic()
            workspace.stop()
        assert time.monotonic() - started < 1


def test_commands_clicks_and_events_arrive_signed(tmp_path):
    with http_trip(tmp_path) as (workspace, bot):
        ana = person(workspace)
        bot.answers["says"] = lambda ack, **_: ack("answered")
        assert ana.state()["bot_connected"] is True
        assert ana.say("C0COSTS", "/cost says ü & more") == {"ok": True}
        assert bot.commands[0]["text"] == "says ü &amp; more"
        ana.wait_for_message("C0COSTS", "answered")
        blocks = [{"type": "actions", "elements": [button("Go", "go", "S-1")]}]
        web_client(workspace).chat_postMessage(channel="C0COSTS", text="x", blocks=blocks)
        assert ana.click("C0COSTS", "Go") == {"ok": True}
        assert bot.actions[0]["actions"][0]["value"] == "S-1"
        ana.open_home()
        assert wait_until(lambda: bot.events)[0]["event"]["type"] == "app_home_opened"


def test_an_event_that_fails_is_sent_again_with_slacks_headers(tmp_path, monkeypatch):
    monkeypatch.setattr(delivery, "RETRY_AFTER_SECONDS", (0.0, 0.05, 0.05))
    seen = []

    def application(environ, start_response):
        seen.append((environ.get("HTTP_X_SLACK_RETRY_NUM"), environ.get("HTTP_X_SLACK_RETRY_REASON")))
        start_response("500 X", [])
        return [b""]

    with served(application) as url, running_workspace(tmp_path, request_url=url) as workspace:
        person(workspace).open_home()
        wait_until(lambda: len(seen) == 4)
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


def test_a_request_that_is_too_old_is_refused_by_the_bot(tmp_path):
    with http_trip(tmp_path) as (workspace, bot):
        host = workspace.workspace.delivery.transport._url
        body, stamp = b"command=%2Fcost&text=x", str(int(time.time()) - 301)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature("secret-local", stamp, body),
        }
        connection = http.client.HTTPConnection(host.hostname, host.port, timeout=60)
        connection.request("POST", host.path, body, headers)
        assert connection.getresponse().status == 401
        connection.close()
        assert bot.commands == []
