"""Whatever way a secret takes into the log of a real process, it does not come out: libraries' debug lines, threads and
processes that end, warnings, lines that cannot be written, the worker process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.logs.test_redaction import APP, BODIES, BOT, HOOK, KEY_ID, SECRET, SESSION, SIGNING

SCRIPT = """
import logging, sys, threading, warnings

import boto3
from botocore.config import Config
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.errors import report
from bot.logs.setup import choice, configure
from bot.settings import load_settings
from bot.work import Work

BOT, HOOK, SIGNING = sys.argv[1:4]


class Unprintable:
    def __str__(self):
        raise ValueError(BOT)


def in_worker():
    logging.getLogger("costbot.work").error("the worker has %s", BOT)


def ends(*_):
    raise RuntimeError(f"a thread with {SIGNING}")


if __name__ == "__main__":
    settings = load_settings()
    configure(choice(settings, serves=True))
    logging.getLogger().setLevel(logging.DEBUG)
    for name in ("slack_sdk.web", "slack_sdk.web.base_client", "slack_sdk.webhook", "botocore.credentials"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    for call in (
        lambda: WebClient(BOT, base_url="http://127.0.0.1:9/api/").chat_postMessage(channel="C", text=f"{BOT}"),
        lambda: WebhookClient(HOOK.replace("https://hooks.slack.com", "http://127.0.0.1:9")).send(text="x"),
        lambda: boto3.client(
            "sts", "us-east-1", endpoint_url="http://127.0.0.1:9", config=Config(retries={"total_max_attempts": 1})
        ).assume_role(RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="costbot", ExternalId=SIGNING),
    ):
        try:
            call()
        except Exception as error:
            report(error, f"asking {HOOK}")
    logging.getLogger("costbot").error("%s", Unprintable())
    warnings.warn(f"deprecated {BOT}", stacklevel=1)
    thread = threading.Thread(target=ends)
    thread.start()
    thread.join()
    work = Work(1, niceness=0)
    work.computed(in_worker)
    work.close()
    logging.getLogger("costbot").info("done", extra={"response_url": HOOK, "given": {"token": BOT}})
    raise RuntimeError(f"the process with {BOT}")
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_leaves_a_real_process(tmp_path: Path, form: str) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "SLACK_BOT_TOKEN": BOT,
        "SLACK_APP_TOKEN": APP,
        "SLACK_SIGNING_SECRET": SIGNING,
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": SESSION,
        "COSTBOT_LOG_FORMAT": form,
    }
    ended = subprocess.run(
        [sys.executable, "script.py", BOT, HOOK, SIGNING],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert ended.returncode == 1
    assert [body for body in BODIES if body in ended.stderr + ended.stdout] == []
    written = ended.stderr
    for path in (
        "Sending a request",  # slack_sdk
        "botocore",
        "asking https://hooks.slack.com/***",
        "was lost: ValueError",
        "deprecated xoxb-***",
        "a thread with ***",
        "the worker has xoxb-***",
        "the process with xoxb-***",
    ):
        assert path in written, path
    if form == "json":
        lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
        assert len(lines) > 20
        (last,) = [one for one in lines if one["message"] == "done"]
        assert last["response_url"] == "https://hooks.slack.com/***"
        assert len(written.splitlines()) - len(lines) == 1, "all but the lost line is JSON"
