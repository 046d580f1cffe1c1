"""/healthz and the paths beside it."""

import json
import urllib.error
import urllib.request

import pytest

from bot.errors import SettingsError
from bot.web import WebServer, wsgi_app


@pytest.fixture
def health():
    return {"ok": True}


@pytest.fixture
def server(health):
    made = WebServer("127.0.0.1", 0, wsgi_app(lambda: health, None))
    made.start()
    yield made
    made.stop()


def get(server, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_a_bot_that_lost_slack_is_unhealthy(server, health):
    health["ok"] = False
    assert get(server, "/healthz")[0] == 503


def test_a_healthy_bot_says_so(server):
    status, body = get(server, "/healthz")
    assert (status, json.loads(body)) == (200, {"ok": True})


def test_slack_requests_are_not_taken_in_socket_mode(server):
    assert get(server, "/slack/events")[0] == 404


def test_a_port_in_use_is_a_sentence(server):
    with pytest.raises(SettingsError) as refused:
        WebServer("127.0.0.1", server.port, wsgi_app(dict, None))
    assert str(refused.value).startswith(f"Port {server.port} cannot be used: Address already in use.")
