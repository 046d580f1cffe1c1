"""Where a month ends, of all its costs together."""

from __future__ import annotations

import calendar
import math
from collections.abc import Collection
from datetime import date

import pandas as pd
from pandas import DataFrame, DatetimeIndex

from analysis.daily_summary import MonthEnd
from analysis.forecasting import LEAST_DAYS, TOTAL, KnownChange, month_end


def last_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def whole_days(daily: DataFrame, first_day: date, until: date, unknown: Collection[date] = ()) -> DataFrame:
    """One row a day from `first_day` to `until`, columns date, key (`TOTAL`) and cost.

    Args:
        daily: columns date and cost, any number of rows a day; a day without one cost nothing.
        unknown: days of which something is missing: their cost is NaN, not what is there.
    """
    days: DatetimeIndex = pd.date_range(first_day, until, freq="D")
    sums = daily["cost"].astype(float).groupby(pd.to_datetime(daily["date"])).sum()
    cost = sums.reindex(days, fill_value=0.0)
    cost[days.isin([pd.Timestamp(day) for day in unknown])] = float("nan")
    return DataFrame({"date": days, "key": TOTAL, "cost": cost.to_numpy()})


def month_end_of(
    daily: DataFrame,
    day: date,
    *,
    first_day: date,
    unknown: Collection[date] = (),
    facts: Collection[KnownChange] = (),
) -> MonthEnd | None:
    """The end of the month of `day`, of all these costs together; None where nothing can be said.

    Args:
        daily, first_day, unknown: as `whole_days`; `day` is the last complete one.
        facts: what is known beforehand, of the key `TOTAL`.
    """
    total = whole_days(daily, first_day, day, unknown)
    if len(total) < LEAST_DAYS or not total["cost"].fillna(0.0).ne(0).any():
        return None
    row = month_end(total, day, facts=facts).iloc[0]
    values = [float(row[name]) for name in ("mean", "lo80", "hi80")]
    return MonthEnd(*values) if all(math.isfinite(value) for value in values) else None
