"""Costs for comparing days of long and short months: a price per month is no cheaper by the day in a long one."""

from __future__ import annotations

import pandas as pd

from analysis.daily_series import daily_series
from analysis.seasonality import month_lengths, priced_by_month


def month_fair(daily: pd.DataFrame) -> pd.DataFrame:
    """`daily` as if every month were of mean length, for the keys whose price is per month; the others as they are.

    For comparisons alone: its sums are not those of the bill.

    Args:
        daily: `date, key, cost` and other columns, over two changes of month length at least; less says nothing, and
            all keys stay as they are.
    Raises:
        ValueError: a column is missing, or a cost is infinite.
    """
    series = daily_series(daily)
    if not len(series.days):
        return daily.copy()
    monthly = series.keys[priced_by_month(series.cost, series.days)]
    length = month_lengths(pd.DatetimeIndex(pd.to_datetime(daily["date"])))
    return daily.assign(cost=daily["cost"].where(~daily["key"].isin(monthly), daily["cost"] / length))
