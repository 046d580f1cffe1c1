"""`costbot run` from start to end: both modes, refusals, reconnects, and a clean stop."""

import json
import socket
import urllib.request

import pytest

from bot.demo.slack.server import SlackWorkspace
from bot.slack_manifest import PATH
from tests.integration.running import costbot_run, end, eventually, say


@pytest.fixture
def workspace():
    made = SlackWorkspace(manifest=PATH)
    made.base_url = made.start()
    yield made
    made.stop()


def texts(workspace, user="U0COSTBOT"):
    return [m.text for m in workspace.workspace.messages.in_channel("C0COSTS") if m.user == user]


def health(process):
    port = process.first_line.rsplit("port ", 1)[1].split("/")[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
        return json.load(answer)


def test_socket_mode_answers_reports_health_and_stops_quickly(workspace, tmp_path):
    with costbot_run(tmp_path, workspace.base_url) as bot:
        assert "listens to Example Corp (Socket Mode)" in bot.first_line
        assert health(bot)["ok"] is True
        assert say(workspace.base_url, "/cost help") == {"ok": True}
        eventually(lambda: any("costbot's commands" in text for text in texts(workspace)))
        assert end(bot) < 3
        assert bot.returncode == 0


def test_commands_keep_working_while_slack_renews_its_connections(workspace, tmp_path):
    with costbot_run(tmp_path, workspace.base_url):
        for round_ in range(1, 4):
            workspace.fault("disconnect")
            eventually(lambda: say(workspace.base_url, "/cost help") == {"ok": True})
            eventually(lambda n=round_: len([t for t in texts(workspace) if "costbot's commands" in t]) >= n)


def test_a_second_process_on_the_same_data_is_refused(workspace, tmp_path):
    with costbot_run(tmp_path, workspace.base_url) as first, costbot_run(tmp_path, workspace.base_url) as second:
        assert second.first_line == ""
        assert second.wait(10) == 1
        assert second.stderr.read().startswith(f"costbot: Another costbot (process {first.pid}) already runs on")


def test_a_revoked_token_stops_the_start_with_a_sentence(workspace, tmp_path):
    workspace.fault("revoke_token")
    with costbot_run(tmp_path, workspace.base_url) as bot:
        assert bot.wait(10) == 1
        error = bot.stderr.read()
    assert error.startswith("costbot: Slack does not accept SLACK_BOT_TOKEN: token_revoked. Copy the bot token")
    assert "Traceback" not in error


def test_http_mode_checks_signatures_and_answers_in_threads(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = SlackWorkspace(
        manifest=PATH, request_url=f"http://127.0.0.1:{port}/slack/events", signing_secret="secret-local"
    )
    base_url = made.start()
    try:
        http = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "secret-local", "PORT": str(port)}
        with costbot_run(tmp_path, base_url, **http) as bot:
            assert f"(HTTP on port {port})" in bot.first_line
            assert health(bot)["slack"] == "http"
            assert say(base_url, "/cost help") == {"ok": True}
            eventually(lambda: any("costbot's commands" in text for text in texts(made)))
            assert end(bot) < 3
    finally:
        made.stop()


def test_http_mode_refuses_another_secret(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = SlackWorkspace(manifest=PATH, request_url=f"http://127.0.0.1:{port}/slack/events", signing_secret="other")
    base_url = made.start()
    try:
        http = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "secret-local", "PORT": str(port)}
        with costbot_run(tmp_path, base_url, **http):
            assert say(base_url, "/cost help")["ok"] is False
            assert texts(made) == []
    finally:
        made.stop()
