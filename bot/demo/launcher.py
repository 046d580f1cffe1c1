"""`costbot demo`: starts the stand-ins and the same `costbot run` a company uses, and ends both cleanly."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.clock import moment
from bot.demo.shop_unit import UNITS
from bot.demo.slack.client import Person
from bot.errors import CostbotError, UsageError
from bot.terminal import Advance, progress

CHANNEL = "C0COSTS"
#: The stand-in's FOCUS export: what commitments need is told by the hour there alone.
EXPORT = "focus=s3://billing-exports-123456789012/exports/focus"
APPROVER = "U0ANA"
PORT = 8899
#: How long the demo may take to its next message before it has failed: that it works is seen by what comes.
START_SECONDS = 300
#: What the demo waits for, one after the other: the last three end with an anomaly card, a saving's card and a digest.
STAGES = ("a Slack workspace and an AWS", "fourteen months of costs", "ninety checks for savings", "the first digest")
STOP_SECONDS = 2.0
#: The team `platform` needs no line: a user group has its name. `growth` is left for `/cost owners` to find.
OWNERS = """\
# Whose a cost is, by the value of the tag `team`; costbot reads this file again when it changes.
[tags]
payments = "U0BEN"
search = "ben@example.com"
data = "@finops"
"""
#: Captures calls to this machine; slack_sdk knows no NO_PROXY.
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@dataclass(slots=True)
class Demo:
    """A running demo: where to open it, and the process of `costbot run` (another after a restart)."""

    url: str
    aws_url: str
    journal: Path
    data_dir: Path
    bot: subprocess.Popen[bytes]
    environment: dict[str, str]


def launch(*, port: int | None, data_dir: Path | None, journal: Path | None, seed: int, now: str | None) -> None:
    """Run the demo until Ctrl-C or SIGTERM.

    Args:
        port: of the page; None is `PORT`, or a free one where that is taken.
    Raises:
        CostbotError: a part did not start; the sentence says which and where its log is.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    port = (PORT if _is_free(PORT) else 0) if port is None else port
    with contextlib.ExitStack() as running:
        with progress("Starting the demo") as advance:
            made = started(port=port, data_dir=data_dir, journal=journal, seed=seed, now=now, stop=stop, tell=advance)
            demo = running.enter_context(made)
        if stop.is_set():
            return
        click.echo(f"costbot demo: {demo.url}  journal: {demo.journal}")
        while not stop.wait(0.2):
            if demo.bot.poll() is not None:
                raise CostbotError(
                    f"costbot run ended with exit code {demo.bot.returncode}.", f"Its log is {_log(demo.data_dir)}."
                )


@contextmanager
def started(
    *,
    port: int = 0,
    data_dir: Path | None = None,
    journal: Path | None = None,
    seed: int = 7,
    now: str | None = None,
    stop: threading.Event | None = None,
    extra_environment: dict[str, str] | None = None,
    first_cards: bool = True,
    tell: Advance | None = None,
) -> Iterator[Demo]:
    """A demo that is ready: the channel holds a digest, an anomaly card and a right-sizing card.

    Args:
        port: of the page; 0 picks a free one.
        stop: set from outside to give up while starting.
        extra_environment: settings for `costbot run` beside the demo's own.
        first_cards: wait for the first messages; off, only for the connection.
        tell: is told what the demo waits for.
    """
    stop = stop or threading.Event()
    tell = tell or (lambda done, total, at: None)
    offset = clock_offset(now)
    with tempfile.TemporaryDirectory(prefix="costbot-demo-") as scratch:
        folder = (data_dir or Path(scratch) / "data").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        lines = (journal or folder / "journal.jsonl").resolve()
        tell(0, len(STAGES), STAGES[0])
        standins = _start_standins(port, lines, seed, offset, _log(folder), scratch)
        demo: Demo | None = None
        try:
            addresses = _addresses(standins, stop, folder)
            environment = _environment(addresses, folder, offset) | (extra_environment or {})
            bot = start_bot(environment, folder)
            demo = Demo(addresses["slack"], addresses["aws"], lines, folder, bot, environment)
            _wait_ready(demo, stop, first_cards, tell)
            yield demo
        finally:
            _end(demo.bot if demo else None, standins)


def clock_offset(now: str | None) -> float:
    """Seconds from real time to `now`, as typed; 0 without one.

    Raises:
        UsageError: it is no date.
    """
    if now is None:
        return 0.0
    try:
        return (moment(now) - datetime.now(UTC)).total_seconds()
    except ValueError:
        raise UsageError(f"--now {now} is no date.", "Write it as --now 2026-11-20.") from None


def start_bot(environment: dict[str, str], data_dir: Path) -> subprocess.Popen[bytes]:
    """Start `costbot run`, its output in the log beside the data."""
    with _log(data_dir).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--data-dir", str(data_dir)],
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def _start_standins(
    port: int, journal: Path, seed: int, offset: float, log_path: Path, scratch: str
) -> subprocess.Popen[bytes]:
    arguments = ["--port", str(port), "--journal", str(journal), "--seed", str(seed), f"--clock-offset={offset}"]
    # The exports' files go with the demo, however the stand-ins end.
    environment = {k: v for k, v in os.environ.items() if k not in PROXIES} | {"TMPDIR": scratch}
    with log_path.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bot.demo.standins", *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


def _addresses(standins: subprocess.Popen[bytes], stop: threading.Event, folder: Path) -> dict[str, str]:
    assert standins.stdout is not None  # it was opened as a pipe
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and not stop.is_set():
        readable, _, _ = select.select([standins.stdout], [], [], 0.1)
        if not readable:
            continue
        line = standins.stdout.readline()
        if not line:
            break
        answer: dict[str, str] = json.loads(line)
        if "error" in answer:
            raise CostbotError(answer["error"], "Choose another with --port, or --port 0 for any free one.")
        return answer
    raise CostbotError("The stand-ins did not start.", f"Their log is {_log(folder)}.")


def _environment(addresses: dict[str, str], folder: Path, offset: float) -> dict[str, str]:
    inherited = {
        k: v for k, v in os.environ.items() if k not in PROXIES and not k.startswith(("AWS_", "SLACK_", "COSTBOT_"))
    }
    return inherited | {
        "SLACK_BOT_TOKEN": "xoxb-local",
        "SLACK_APP_TOKEN": "xapp-local",
        "SLACK_API_BASE_URL": addresses["slack"].rstrip("/") + "/api/",
        "AWS_ENDPOINT_URL": addresses["aws"],
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",  # the stand-in takes any
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "COSTBOT_DATA_DIR": str(folder),
        "COSTBOT_CLOCK_OFFSET": str(offset),
        "COSTBOT_APPROVERS": "S0FINOPS",
        "COSTBOT_ALERT_CHANNEL": CHANNEL,
        "COSTBOT_OWNERS_FILE": str(_file(folder, "owners.toml", OWNERS)),
        "COSTBOT_UNITS_FILE": str(_file(folder, "units.toml", UNITS)),
        "COSTBOT_ESCALATION_CONTACT": "S0FINOPS",
        # Nothing is billed here, so the first day has the requests that elsewhere are those of two.
        "COSTBOT_CE_REQUESTS_A_DAY": "24",
        "COSTBOT_EXPORTS": EXPORT,
        # No Slack gives up here after three seconds, and on a busy machine who yields to all others waits for ever.
        "COSTBOT_WORKER_NICENESS": "0",
        "COSTBOT_HOST": "127.0.0.1",
        "PORT": "0",
    }


def _file(folder: Path, name: str, text: str) -> Path:
    """A file of the demo's settings, written once: whoever tries the bot out may change it and see what follows."""
    path = folder / name
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    return path


def _wait_ready(demo: Demo, stop: threading.Event, first_cards: bool, tell: Advance) -> None:
    """Wait for the connection, then do what a new user does: subscribe to the digest and look at one."""
    # Both stand-ins share a process: while a loaded machine seeds AWS, Slack keeps a caller waiting.
    ana = Person(demo.url, APPROVER, timeout_seconds=START_SECONDS)
    until = time.monotonic() + START_SECONDS
    asked, seen = False, -1
    while time.monotonic() < until and not stop.is_set():
        if demo.bot.poll() is not None:
            raise CostbotError("costbot run did not start.", f"Its log is {_log(demo.data_dir)}.")
        state = ana.state()
        if state["bot_connected"]:
            if not first_cards:
                return
            kinds = {kind for m in state["messages"].get(CHANNEL, []) for kind in message_kinds(m)}
            if len(kinds) > seen:
                until, seen = time.monotonic() + START_SECONDS, len(kinds)
            tell(1 + len(kinds), len(STAGES), STAGES[min(1 + len(kinds), len(STAGES) - 1)])
            if kinds >= {"anomaly", "recommendation"} and not asked:
                ana.say(CHANNEL, "/cost subscribe digest --at 09:00")
                ana.say(CHANNEL, "/cost digest now")
                asked = True
            if kinds >= {"anomaly", "recommendation", "digest"}:
                return
        time.sleep(0.2)
    if not stop.is_set():
        raise CostbotError("The demo's first messages did not come.", f"The bot's log is {_log(demo.data_dir)}.")


def message_kinds(message: dict[str, object]) -> set[str]:
    """Which of the first messages this is, told by its buttons and block ids."""
    text = json.dumps(message.get("blocks") or [])
    marks = {"anomaly": '"decide.acknowledge"', "recommendation": '"decide.approve"', "digest": '"digest'}
    return {kind for kind, mark in marks.items() if mark in text}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _log(folder: Path) -> Path:
    return folder / "demo.log"


def _end(*processes: subprocess.Popen[bytes] | None) -> None:
    """Ask all of them to end, then wait for all: together they have `STOP_SECONDS`."""
    running = [process for process in processes if process is not None]
    until = time.monotonic() + STOP_SECONDS
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
