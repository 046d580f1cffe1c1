"""The table `custom_metric_costs`: what metrics of one's own cost, by account and region."""

from __future__ import annotations

from pandas import DataFrame

from bot.collectors import billed_usage
from bot.collectors.scopes import Scope
from bot.context import Context

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
COLUMNS = billed_usage.COLUMNS


def read(context: Context) -> DataFrame:
    """One row per account and region that pays for custom metrics, with `COLUMNS`."""
    return billed_usage.billed_usage(context, ("CW:MetricMonitorUsage",))
