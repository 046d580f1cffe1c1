"""The job that fetches older history once the recent costs are stored and judged."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.context import Context
from bot.jobs import job
from bot.spending import SpendingRefused
from bot.workflows.refresh_costs import refresh

log = logging.getLogger("costbot")


@job("costs_history", after="anomaly_scan", words="fetching older costs")
def run(context: Context, due_at: datetime) -> None:
    """Ask for the months that are still missing; asks nothing when there are none.

    Raises:
        CostbotError: AWS did not answer everything; what it did answer is stored.
    """
    result = refresh(context)
    for waits in result.left:
        log.info("%s", waits)
    if result.error and not isinstance(result.error, SpendingRefused):
        raise result.error
