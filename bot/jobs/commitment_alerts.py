"""The job that tells of commitments that end or are not used, after each scan for savings."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.context import Context
from bot.jobs import job
from bot.workflows.alert_commitments import alert_commitments

log = logging.getLogger("costbot.savings")


@job("commitment_alerts", after="savings_scan", words="telling of commitments that end")
def run(context: Context, due_at: datetime) -> None:
    """Post what has become due."""
    log.info("commitment alerts after the scan due %s: %d", due_at, alert_commitments(context))
