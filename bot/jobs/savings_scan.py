"""The job that looks for savings, records them and posts their cards."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.workflows.scan_savings import scan

log = logging.getLogger("costbot.savings")


@job("savings_scan", every=lambda settings: timedelta(hours=settings.scan_hours))
def run(context: Context, due_at: datetime) -> None:
    """Scan once in every slot."""
    result = scan(context)
    log.info(
        "savings scan due %s: %s, %d cards, %d places not looked at",
        due_at,
        result.counts,
        result.posted.cards,
        len(result.not_looked_at),
    )
