"""Which way a cost is going: per cent a month, with charges, bursts, weekdays and month lengths taken out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.anomalies.other_unit import in_newest_unit
from analysis.bent_line import last_slope
from analysis.daily_series import Matrix, Row, daily_series
from analysis.forecasting.windows import windows
from analysis.medians import median
from analysis.models import Direction
from analysis.ordinary_costs import ordinary_costs
from analysis.seasonality import MEAN_MONTH_DAYS

COLUMNS = ("key", "direction", "pct_per_month")

#: Per month, as a share: below it a cost is flat.
FLAT = 0.05

#: Days without which nothing is said.
LEAST_DAYS = 14

#: A cost of so much a day or less is next to nothing.
LEAST_DOLLARS = 0.01

#: Days before the window that steady its slope where they agree with it, in windows.
BEFORE = 2

#: Keys worked on at once: so many that calls weigh little, so few that what is calculated stays near the processor.
KEYS_AT_ONCE = 256


def trend(daily: pd.DataFrame, window_days: int = 60) -> pd.DataFrame:
    """The direction of each key over the last days.

    Args:
        daily: `date, key, cost`, a row per day and key in any order; a missing row after a key's first day is 0, a
            NaN cost is a day that is not known.
        window_days: days whose direction is told. Earlier days steady it where they went the same way.
    Returns:
        One row per key: `key, direction` (up, down, or flat within 5 % a month), `pct_per_month` (0.10 is 10 % a
        month; NaN and flat where fewer than 14 days are known or the cost is next to nothing).
    Raises:
        ValueError: a column is missing, or a cost is infinite.
    """
    series = in_newest_unit(daily_series(daily))
    if not len(series.days):
        return pd.DataFrame({"key": pd.Series(dtype=object), "direction": [], "pct_per_month": pd.Series(dtype=float)})
    starts = range(0, len(series.keys), KEYS_AT_ONCE)
    parts = [_per_month(series.cost[:, start : start + KEYS_AT_ONCE], series.days, window_days) for start in starts]
    per_month = np.concatenate(parts)
    direction = np.where(per_month >= FLAT, Direction.UP, np.where(per_month <= -FLAT, Direction.DOWN, Direction.FLAT))
    return pd.DataFrame({"key": series.keys.to_numpy(), "direction": direction.astype(str), "pct_per_month": per_month})


def _per_month(cost: Matrix, days: pd.DatetimeIndex, window_days: int) -> Row:
    ordinary = ordinary_costs(cost, days)
    level = windows(ordinary, (len(days),), (1 + BEFORE) * window_days).level[:, 0]
    window = level[-window_days:]
    known = (~np.isnan(window)).sum(axis=0)
    size = np.abs(np.nan_to_num(median(window)))
    positive = np.nan_to_num(level, nan=1.0).min(axis=0) > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        told = np.where(positive, np.log(np.where(positive, level, 1.0)), level / np.maximum(size, LEAST_DOLLARS))
        slope = last_slope(told, window_days) * MEAN_MONTH_DAYS
    per_month = np.where(positive, np.expm1(np.clip(slope, -5, 5)), slope)
    return np.where((known >= LEAST_DAYS) & (size > LEAST_DOLLARS), per_month, np.nan)
