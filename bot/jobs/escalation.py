"""The job that tells the owner again, and then the escalation contact, when nobody reacts to what is urgent."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.workflows.escalate import escalate

log = logging.getLogger("costbot.owners")


@job("escalation", every=lambda settings: timedelta(minutes=15), words="looking for what nobody reacts to")
def run(context: Context, due_at: datetime) -> None:
    """Take the steps that are due."""
    taken = escalate(context)
    if taken:
        log.info("escalated %d findings", taken)
