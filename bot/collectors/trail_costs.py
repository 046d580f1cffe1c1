"""The table `trail_costs`: what further copies of management events cost, by account and region."""

from __future__ import annotations

from pandas import DataFrame

from bot.collectors import billed_usage
from bot.collectors.scopes import Scope
from bot.context import Context

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
COLUMNS = billed_usage.COLUMNS


def read(context: Context) -> DataFrame:
    """One row per account and region that pays for such copies, with `COLUMNS`."""
    return billed_usage.billed_usage(context, ("PaidEventsRecorded",))
