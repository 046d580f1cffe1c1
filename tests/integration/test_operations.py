"""A real `costbot run` seen from outside: its status, its metrics, a backup beside it, and no restore over it."""

import urllib.request

import pytest

from bot.demo.slack.server import SlackWorkspace
from bot.slack_manifest import PATH
from tests import forked
from tests.integration.running import costbot_run, end, eventually, say

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture
def workspace():
    made = SlackWorkspace(manifest=PATH)
    made.base_url = made.start()
    yield made
    made.stop()


def test_it_tells_how_it_is_and_is_backed_up_while_it_runs(workspace, tmp_path):
    data, file = str(tmp_path / "data"), str(tmp_path / "costbot.tar")
    (tmp_path / "data").mkdir()
    with costbot_run(tmp_path / "data", workspace.base_url) as bot:
        assert say(workspace.base_url, "/cost status") == {"ok": True}

        def answer():
            messages = workspace.workspace.messages.in_channel("C0COSTS")
            return next((m.text for m in messages if "wrong with costbot" in m.text), None)

        eventually(lambda: answer() is not None)
        assert "Jobs are switched off" in answer()
        assert "No costs are stored yet" in answer()
        assert "No costbot runs" not in answer()
        port = bot.first_line.rsplit("port ", 1)[1].split("/")[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answered:
            text = answered.read().decode()
        assert 'costbot_ack_seconds_count{way="socket"} 1.0' in text
        assert 'costbot_slack_calls_total{method="auth.test",outcome="ok"}' in text
        made = forked.costbot("backup", file, "--data-dir", data, environment=ENVIRONMENT)
        assert made.returncode == 0, made.stderr
        refused = forked.costbot("restore", file, "--force", "--data-dir", data, environment=ENVIRONMENT)
        assert refused.returncode == 1
        assert f"Another costbot (process {bot.pid}) already runs on" in refused.stderr
        end(bot)
    back = forked.costbot("restore", file, "--force", "--data-dir", data, environment=ENVIRONMENT)
    assert back.returncode == 0, back.stderr
