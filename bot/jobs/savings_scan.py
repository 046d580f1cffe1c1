"""The job that looks for savings, records them and posts their cards."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.workflows.scan_savings import scan

#: Longer than a first refresh takes; where it hangs, a scan without a bill is better than none.
PATIENCE_SECONDS = 180.0
LOOK_SECONDS = 0.25

log = logging.getLogger("costbot.savings")


@job("savings_scan", every=lambda settings: timedelta(hours=settings.scan_hours), words="looking for savings")
def run(context: Context, due_at: datetime) -> None:
    """Scan once in every slot; the very first time after the first costs, which tell prices and where anything runs."""
    await_first_costs(context)
    result = scan(context)
    log.info(
        "savings scan due %s: %s, %d cards, %d places not looked at",
        due_at,
        result.counts,
        result.posted.cards,
        len(result.not_looked_at),
    )


def await_first_costs(context: Context, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Where nothing is stored yet, wait for the first refresh of costs to end, however it ends."""
    until = time.monotonic() + (0.0 if context.costs.months.files() else patience_seconds)
    while time.monotonic() < until:
        refresh = context.store.last_run("costs_refresh")
        if refresh is not None and refresh.finished_at is not None:
            return
        time.sleep(LOOK_SECONDS)
