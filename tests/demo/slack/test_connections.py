"""Sockets that come, go and stay silent."""

import json
import time
from contextlib import ExitStack
from urllib.request import urlopen

import pytest
from slack_sdk.errors import SlackApiError
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.demo.slack.slack_factories import (
    Bot,
    bolt_app,
    in_socket_mode,
    modal,
    notes,
    opening,
    person,
    running_workspace,
    wait_until,
    web_client,
)


def test_an_ack_later_than_three_seconds_is_an_operation_timeout_though_the_bot_did_its_work(tmp_path):
    with running_workspace(tmp_path, ack_seconds=0.6) as workspace:
        bot = Bot(workspace)
        bot.answers["silent"] = lambda ack, **_: None
        bot.answers["posts"] = lambda ack, say, **_: (ack(), say("done"))
        bot.answers["modal"] = opening(modal())
        with in_socket_mode(workspace, bot.app):
            ana = person(workspace)
            assert ana.say("C0COSTS", "/cost silent")["error"] == '/cost failed with the error "operation_timeout"'
            workspace.fault("slow_ack", seconds=2)
            assert "operation_timeout" in ana.say("C0COSTS", "/cost posts")["error"]
            ana.wait_for_message("C0COSTS", "done")
            assert "failed" not in str(person(workspace, "U0BEN").messages("C0COSTS"))
            ana.say("C0COSTS", "/cost modal")
            view = ana.wait_for(lambda state: state["view"])
            workspace.fault("slow_ack", seconds=2)
            assert ana.submit(view["id"], notes("x"))["error"] == "We had some trouble connecting. Try again?"
            assert ana.view()["id"] == view["id"]


def test_without_a_bot_a_command_is_a_dispatch_failure(workspace):
    answer = person(workspace).say("C0COSTS", "/cost help")
    assert answer == {"ok": False, "error": '/cost failed with the error "dispatch_failed"'}
    assert person(workspace).state()["bot_connected"] is False


@pytest.mark.parametrize("fault", ["disconnect", "drop"])
def test_the_bot_comes_back_after_its_socket_went(tmp_path, fault):
    with running_workspace(tmp_path) as workspace:
        bot = Bot(workspace)
        with in_socket_mode(workspace, bot.app):
            ana = person(workspace)
            workspace.fault(fault)
            assert ana.state()["bot_connected"] is False
            ana.wait_for(lambda state: state["bot_connected"])
            assert ana.say("C0COSTS", "/cost help") == {"ok": True}


def test_two_connections_take_turns(tmp_path):
    with running_workspace(tmp_path) as workspace:
        first, second = Bot(workspace), Bot(workspace)
        with in_socket_mode(workspace, first.app), in_socket_mode(workspace, second.app):
            wait_until(lambda: workspace.workspace.sockets.count == 2)
            for _ in range(4):
                assert person(workspace).say("C0COSTS", "/cost help") == {"ok": True}
            assert (len(first.commands), len(second.commands)) == (2, 2)


def test_a_ticket_opens_one_socket_only(workspace):
    client = web_client(workspace, "xapp-local")
    url = client.apps_connections_open(app_token="xapp-local")["url"]
    with connect(url) as socket:
        assert json.loads(socket.recv())["type"] == "hello"
        with pytest.raises(WebSocketException):
            connect(url)
    with pytest.raises(WebSocketException):
        connect(url.split("?")[0])


def test_an_eleventh_socket_is_refused(workspace):
    client = web_client(workspace, "xapp-local")
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(connect(client.apps_connections_open(app_token="xapp-local")["url"])).recv()
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            client.apps_connections_open(app_token="xapp-local")


def test_stopping_takes_less_than_a_second_with_pages_and_sockets_open(tmp_path):
    with (
        running_workspace(tmp_path) as workspace,
        in_socket_mode(workspace, bolt_app(workspace)),
        urlopen(workspace.workspace.base_url + "/page/events?user=U0ANA", timeout=60) as stream,
    ):
        assert stream.readline() == b": hello\n"
        started = time.monotonic()
        workspace.stop()
        assert time.monotonic() - started < 1
        workspace.stop()
