"""The job that drops what is older than the settings keep."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.workflows.prune import prune

log = logging.getLogger("costbot")


@job("prune", every=lambda settings: timedelta(days=1), words="dropping what is old")
def run(context: Context, due_at: datetime) -> None:
    """Once a day."""
    log.info("dropped %s", prune(context))
