"""The job that keeps costs fresh."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.workflows.refresh_costs import refresh

#: What detection and the digest need; `costs_history` fetches the rest after the first alerts are out.
RECENT = timedelta(days=92)


@job("costs_refresh", every=lambda settings: timedelta(hours=settings.refresh_hours))
def run(context: Context, due_at: datetime) -> None:
    """Ask Cost Explorer for what is missing or unsettled of the recent days.

    Raises:
        CostbotError: AWS did not answer everything; what it did answer is stored.
    """
    result = refresh(context, since=context.clock.today() - RECENT)
    if result.error:
        raise result.error
