"""The stand-ins' own process: the local Slack workspace and the AWS organisation, until the launcher ends it.

Run as `python -m bot.demo.standins`; prints one JSON line with both addresses when they answer.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path

import click

from bot.clock import Clock
from bot.slack_manifest import PATH as MANIFEST
from bot.stop_signal import wait_until_told


@click.command()
@click.option("--port", required=True, type=int)
@click.option("--journal", required=True, type=click.Path(path_type=Path))
@click.option("--seed", required=True, type=int)
@click.option("--clock-offset", required=True, type=float, help="Seconds ahead of real time.")
def main(port: int, journal: Path, seed: int, clock_offset: float) -> None:
    """Serve both stand-ins on loopback."""
    from bot.demo.aws.server import AwsStandIn
    from bot.demo.slack.server import SlackWorkspace

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the launcher, which ends us
    clock = Clock(timedelta(seconds=clock_offset))
    slack = SlackWorkspace(port=port, journal=journal, manifest=MANIFEST, clock=clock, subcommands=_subcommands)
    aws = AwsStandIn(port=0, seed=seed, clock=clock)
    try:
        slack_url = slack.start()
    except OSError as error:
        sys.stdout.write(json.dumps({"error": f"Port {port} cannot be used: {error.strerror}."}) + "\n")
        sys.stdout.flush()
        return
    sys.stdout.write(json.dumps({"slack": slack_url, "aws": aws.start()}) + "\n")
    sys.stdout.flush()
    _stop_with_parent(stop)
    wait_until_told(stop)
    slack.stop()
    os._exit(0)  # nothing here outlives the process, and its servers' threads need not be waited for


def _subcommands() -> list[dict[str, str]]:
    """What the composer offers after `/cost `."""
    from bot.commands import commands

    return [{"name": c.name, "usage": c.usage, "summary": c.summary} for c in commands().values()]


def _stop_with_parent(stop: threading.Event) -> None:
    """End when the launcher's end of standard input closes, even if it was killed."""

    def watch() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
