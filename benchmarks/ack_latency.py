"""How long Slack waits for an acknowledgement, idle and with six analyses of five seconds each under way.

    python benchmarks/ack_latency.py [--commands 300]

The real bot, in a process of its own, against the local workspace over Socket Mode; one person types `/cost help`
twenty times a second. The time is from the envelope's sending to its acknowledgement, seen from Slack's side.
Target: p99 under load at most 1.5 × idle or 25 ms, none above 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.demo.slack.server import SlackWorkspace
from bot.slack_manifest import PATH

ANALYSES = 6
ANALYSIS_SECONDS = 5
PAUSE_SECONDS = 0.05

#: Holds a processor for five seconds, as pandas does.
BURN = (
    f"(lambda t, end: sum(0 for _ in iter(lambda: t.monotonic() < end, False)))"
    f"(__import__('time'), __import__('time').monotonic() + {ANALYSIS_SECONDS})"
)
BOT = f"""
import logging
import sys
from bot.app import build_context, create_app, identify
from bot.run import SocketMode
from bot.settings import load_settings

logging.getLogger("slack_bolt").setLevel(logging.ERROR)
context = build_context(load_settings(), with_slack=True, serves=True)
sockets = SocketMode(create_app(context, identify(context.slack)), "xapp-local")
sockets.connect()
context.work.computed(eval, "1")
print("ready", flush=True)
for line in sys.stdin:
    for _ in range({ANALYSES}):
        context.work.compute(eval, {BURN!r})
    print("busy", flush=True)
"""


def main() -> None:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commands", type=int, default=300, help="commands typed in each state")
    commands = parser.parse_args().commands
    with tempfile.TemporaryDirectory() as folder:
        workspace = SlackWorkspace(manifest=PATH, journal=Path(folder) / "journal.jsonl")
        url = workspace.start()
        bot = subprocess.Popen(
            [sys.executable, "-c", BOT],
            env=os.environ
            | {
                "SLACK_BOT_TOKEN": "xoxb-local",
                "SLACK_APP_TOKEN": "xapp-local",
                "SLACK_API_BASE_URL": f"{url}/api/",
                "COSTBOT_DATA_DIR": folder,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert bot.stdin is not None  # opened as pipes
        assert bot.stdout is not None
        try:
            assert bot.stdout.readline() == "ready\n"
            measure(workspace, 20)
            idle = measure(workspace, commands)
            bot.stdin.write("go\n")
            bot.stdin.flush()
            assert bot.stdout.readline() == "busy\n"
            busy = measure(workspace, commands)
        finally:
            bot.kill()
            bot.wait()
            workspace.stop()
    report(idle, busy)


def measure(workspace: SlackWorkspace, commands: int) -> list[float]:
    """Milliseconds from each envelope to its ack."""
    loop = workspace._loop
    assert loop is not None  # it was started
    times = []
    for _ in range(commands):
        times.append(asyncio.run_coroutine_threadsafe(timed_command(workspace), loop).result(10))
        time.sleep(PAUSE_SECONDS)
    return times


async def timed_command(workspace: SlackWorkspace) -> float:
    """Deliver one `/cost help` as Slack does."""
    inside = workspace.workspace
    payload = {
        "token": "local",
        "team_id": "T0DEMO",
        "team_domain": "demo",
        "channel_id": "C0COSTS",
        "channel_name": "cloud-costs",
        "user_id": "U0ANA",
        "user_name": "ana",
        "command": "/cost",
        "text": "help",
        "api_app_id": "A0COSTBOT",
        "is_enterprise_install": "false",
        "response_url": inside.response_url("C0COSTS", "U0ANA"),
        "trigger_id": inside.triggers.new("U0ANA"),
    }
    began = time.perf_counter()
    ack = await inside.delivery.deliver("slash_commands", payload)
    assert ack.ok, ack.error
    return (time.perf_counter() - began) * 1000


def report(idle: list[float], busy: list[float]) -> None:
    """Print the table and the ratio."""
    print(f"{'state':<28}{'p50 ms':>8}{'p99 ms':>8}{'max ms':>8}{'over 100 ms':>13}")
    for name, times in (("idle", idle), (f"{ANALYSES} analyses of {ANALYSIS_SECONDS} s", busy)):
        over = sum(t > 100 for t in times)
        print(f"{name:<28}{statistics.median(times):>8.1f}{p99(times):>8.1f}{max(times):>8.1f}{over:>13}")
    bound = max(1.5 * p99(idle), 25)
    print(f"p99 under load / idle: {p99(busy) / p99(idle):.2f}; allowed: {bound:.1f} ms")


def p99(times: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(times, n=100)[98]


if __name__ == "__main__":
    main()
