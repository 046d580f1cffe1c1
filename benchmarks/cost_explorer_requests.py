"""What Cost Explorer costs: a month of jobs and commands against the AWS stand-in, every billed request counted there.

    python -m benchmarks.cost_explorer_requests [--days 30] [--tags team,env] [--commands 3]

The jobs run every six hours, as by default; on top of them somebody types `costbot refresh` and `costbot reconcile`
some times a day, and costbot is restarted after every job.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import build_context
from bot.charges import COST_EXPLORER, Unit
from bot.context import Context
from bot.demo.aws.server import AwsStandIn
from bot.errors import CostbotError
from bot.jobs import costs_history, costs_refresh
from bot.settings import Settings
from bot.workflows.reconcile import reconcile
from bot.workflows.refresh_costs import refresh

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
SLOT = timedelta(hours=6)


class MovedClock:
    """The one clock of the stand-in and of costbot."""

    time = START

    def now(self) -> datetime:
        return self.time

    def today(self, zone: Any = None) -> date:
        return self.time.date()


def restarted(settings: Settings, clock: MovedClock) -> Context:
    """costbot as it is after a restart, on the moved clock."""
    import bot.app

    bot.app.Clock = lambda offset: clock  # type: ignore[assignment, misc]
    return build_context(settings, with_slack=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--tags", default="team,env")
    parser.add_argument("--commands", type=int, default=3)
    chosen = parser.parse_args()
    clock = MovedClock()
    aws = AwsStandIn(clock=clock, inventory=False)  # type: ignore[arg-type]
    os.environ |= {
        "AWS_ENDPOINT_URL": aws.start(),
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    print(f"{'day (UTC)':12}{'requests':>10}{'further pages':>15}{'billed':>10}")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), tag_keys=tuple(chosen.tags.split(",")))
        counted = {}
        for slot in range(chosen.days * 4):
            clock.time = START + slot * SLOT
            aws.calls.clear()
            context = restarted(settings, clock)
            costs_refresh.run.run(context, clock.time)
            costs_history.run.run(context, clock.time)
            for _ in range(chosen.commands if slot % 4 == 0 else 0):
                refresh(context, force=True)
                with suppress(CostbotError):
                    reconcile(context)
            calls = sum(call["count"] for call in aws.calls.shown() if call["service"] == "ce")
            counted[clock.today()] = counted.get(clock.today(), 0) + calls
            context.work.close(0)
            context.store.close()
        context = restarted(settings, clock)
        total = 0
        for day, calls in counted.items():
            spent = {item.unit: item.calls for item in context.store.api_spend(day, day + timedelta(days=1))}
            requests, pages = spent.get(Unit.REQUEST, 0), spent.get(Unit.PAGE, 0)
            assert requests + pages == calls, "what costbot books is what AWS was asked"
            assert requests <= settings.ce_requests_a_day
            print(f"{day:%Y-%m-%d}  {requests:>10}{pages:>15}{COST_EXPLORER.of(calls):>10.2f}")
            total += calls
        print(f"{'all':12}{total:>10} billed requests{COST_EXPLORER.of(total):>19.2f}")
        context.store.close()
    aws.stop()


if __name__ == "__main__":
    main()
