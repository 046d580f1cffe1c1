"""The table `credits_used`: what credits took off the bill lately, and how that goes."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from analysis.theil_sen import slopes
from bot.collectors.scopes import Scope
from bot.complete_days import PROVIDER, Days, complete_days, payer
from bot.context import Context
from bot.errors import NotEnoughData
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
#: A month and some days, so that a credit that is booked once a month is in each window.
WINDOW_DAYS = 35
RECENT_DAYS = 7
_CREDIT = "Credit"

COLUMNS: dict[str, str] = HEAD | {
    "days": "float64",  # complete days looked at, at most twice `WINDOW_DAYS`
    "credit_days": "float64",  # of the newest `WINDOW_DAYS` that have a credit
    "daily": "float64",  # dollars a day that credits took off in those days
    "daily_before": "float64",  # in as many days before; missing where those are not stored
    "daily_recent": "float64",  # in the last seven days
    "slope": "float64",  # dollars a day that the daily credit changes by, every day; of days with a credit
}


def read(context: Context) -> DataFrame:
    """One row where any credit came in the days looked at, with `COLUMNS`; no row where none did."""
    days = complete_days(context)
    if days is None:
        return typed([], COLUMNS)
    both, newest = days.last(2 * WINDOW_DAYS), days.last(WINDOW_DAYS)
    credits = _credits(context, both)
    if credits is None or not credits.gt(0).any():
        return typed([], COLUMNS)
    now = credits[credits.index >= pd.Timestamp(newest.start)]
    before = credits[credits.index < pd.Timestamp(newest.start)]
    is_known = both.count == 2 * WINDOW_DAYS
    own_id, own_name = payer(context)
    row = {
        "account_id": own_id,
        "account_name": own_name,
        "region": "",
        "resource_id": "credits",
        "name": "credits",
        "owner": "",
        "env": "",
        "ignored": False,
        "days": both.count,
        "credit_days": int(now.gt(0).sum()),
        "daily": now.mean(),
        "daily_before": before.mean() if is_known else None,
        "daily_recent": now.tail(RECENT_DAYS).mean(),
        "slope": float(slopes(np.array(now.where(now.gt(0)), dtype=np.float64)[:, None])[0]),
    }
    return typed([row], COLUMNS)


def _credits(context: Context, days: Days) -> Series[float] | None:
    """Dollars a day that credits took off; a complete day without any is zero."""
    try:
        found = context.costs.daily(
            by=("charge_category",),
            start=days.start,
            end=days.end,
            view=context.settings.cost_view,
            where={"provider": PROVIDER, "charge_category": _CREDIT},
            usage_only=False,
        )
    except NotEnoughData:
        return None
    index = pd.date_range(days.start, days.end - timedelta(days=1))
    taken = -found.groupby("date")["cost"].sum()
    return taken.reindex(index, fill_value=0.0).astype(np.float64)
