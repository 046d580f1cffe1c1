"""The job that keeps costs fresh."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.spending import AllowanceUsed, SpendingRefused
from bot.workflows.ingest_apart import ingest_apart
from bot.workflows.refresh_costs import refresh
from bot.workflows.refresh_exports import refresh_exports

log = logging.getLogger("costbot")


@job("costs_refresh", every=lambda settings: timedelta(hours=settings.refresh_hours), words="the refresh of costs")
def run(context: Context, due_at: datetime) -> None:
    """Read what changed of the exports, and ask Cost Explorer for what is missing or unsettled of the recent days.

    `costs_history` asks for the rest.

    Raises:
        CostbotError: AWS did not answer everything; what it did answer is stored. That costbot may not spend more is no
            failure of the job: a second try would spend no less.
    """
    read = refresh_exports(context, take=ingest_apart)
    result = refresh(context, history=False)
    if isinstance(result.error, SpendingRefused):
        is_usual = isinstance(result.error, AllowanceUsed)  # the day's requests are there to be used
        log.log(logging.INFO if is_usual else logging.WARNING, "costs are not refreshed: %s", result.error)
    elif result.error:
        raise result.error
    failed = next((one.error for one in read if one.error), None)
    if failed:
        raise failed
