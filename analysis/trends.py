"""Which way a cost is going: per cent a month, with charges, bursts, weekdays and month lengths taken out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import recurring_charges
from analysis.daily_series import Matrix, daily_series, median_of_rows
from analysis.models import Direction
from analysis.seasonality import MEAN_MONTH_DAYS, month_lengths, priced_by_month, weekday_factors, working_days_off
from analysis.theil_sen import slopes

COLUMNS = ("key", "direction", "pct_per_month")

#: Per month, as a share: below it a cost is flat.
FLAT = 0.05

#: Days without which nothing is said.
LEAST_DAYS = 14


def trend(daily: pd.DataFrame, window_days: int = 60) -> pd.DataFrame:
    """The direction of each key over the last days.

    Args:
        daily: `date, key, cost`, a row per day and key in any order; a missing row after a key's first day is 0.
        window_days: days looked at.
    Returns:
        One row per key: `key, direction` (up, down, or flat within 5 % a month), `pct_per_month` (0.10 is 10 % a
        month; NaN and flat where fewer than 14 days are known or the cost is next to nothing).
    """
    series = daily_series(daily)
    if not len(series.days):
        return pd.DataFrame({"key": pd.Series(dtype=object), "direction": [], "pct_per_month": pd.Series(dtype=float)})
    per_month = _per_month(series.cost, series.days, window_days)
    direction = np.where(per_month >= FLAT, Direction.UP, np.where(per_month <= -FLAT, Direction.DOWN, Direction.FLAT))
    return pd.DataFrame({"key": series.keys.to_numpy(), "direction": direction.astype(str), "pct_per_month": per_month})


def _per_month(cost: Matrix, days: pd.DatetimeIndex, window_days: int) -> Matrix:
    usual = recurring_charges.around(cost)
    burst = recurring_charges.bursts(cost, usual)
    by_month = priced_by_month(np.where(burst, usual, cost), days)
    length = np.where(by_month, month_lengths(days)[:, None], 1.0)
    even = np.where(burst, usual, cost) / length
    off = working_days_off(days)
    weekday = weekday_factors(even, np.asarray(days.day_of_week, dtype=np.int64), off)
    shape = weekday[np.asarray(days.day_of_week)]
    level = np.full(even.shape, np.nan)
    np.divide(even, shape, out=level, where=(shape > 0.2) & ~off[:, None])
    level = level[-window_days:]
    known = (~np.isnan(level)).sum(axis=0)
    middle = np.nan_to_num(median_of_rows(level))
    positive = np.nan_to_num(level, nan=1.0).min(axis=0) > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        in_logs = np.expm1(np.clip(slopes(np.log(np.where(positive, level, np.nan))) * MEAN_MONTH_DAYS, -5, 5))
        in_dollars = slopes(level) * MEAN_MONTH_DAYS / np.abs(middle)
    per_month = np.where(positive, in_logs, in_dollars)
    return np.where((known >= LEAST_DAYS) & (np.abs(middle) > 0.01), per_month, np.nan)
