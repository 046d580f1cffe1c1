"""The job that reads AWS's budgets and tells channels of all that are close, at risk or reached."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.budgets.alerts import alert_budgets
from bot.budgets.from_aws import read_aws_budgets
from bot.context import Context
from bot.jobs import job

log = logging.getLogger("costbot")


@job("budget_alerts", after="costs_refresh", words="watching budgets")
def run(context: Context, due_at: datetime) -> None:
    """Read what AWS has, then tell what has become due with the costs that just came in."""
    aws = read_aws_budgets(context)
    if aws.problem:
        log.warning("AWS Budgets: %s", aws.problem)
    log.info("budget alerts after the refresh due %s: %d", due_at, alert_budgets(context))
