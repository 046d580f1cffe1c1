"""`costbot run` as a process of its own, against the local workspace, for tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager


@contextmanager
def costbot_run(data_dir, base_url, **settings):
    """Start `costbot run`; yields the process once it listens, and ends it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "COSTBOT_", "AWS_"))}
    environment |= {
        "SLACK_BOT_TOKEN": "xoxb-local",
        "SLACK_APP_TOKEN": "xapp-local",
        "SLACK_API_BASE_URL": f"{base_url}/api/",
        "COSTBOT_DATA_DIR": str(data_dir),
        "COSTBOT_JOBS": "false",
        "COSTBOT_HOST": "127.0.0.1",
        "PORT": "0",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    environment |= settings
    environment = {k: v for k, v in environment.items() if v}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        process.first_line = process.stdout.readline()
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def end(process) -> float:
    """Send SIGTERM and wait; the seconds it took."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    return time.monotonic() - began


def say(base_url, text, user="U0ANA", channel="C0COSTS"):
    """Type in the local workspace; what Slack answers the page."""
    body = json.dumps({"user": user, "channel": channel, "text": text}).encode()
    request = urllib.request.Request(f"{base_url}/page/say", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def eventually(look, seconds=60.0):
    """The first true value of `look()`; fails when none comes in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")
