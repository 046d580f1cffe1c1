"""A naive model for costs in the shape of a month (free tiers, month-end batches): the same days of months before."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.daily_series import Matrix
from analysis.medians import mean

Values = NDArray[np.float64]


def month_shaped(cost: Matrix, days: pd.DatetimeIndex, starts: tuple[int, ...], otherwise: Values) -> Values:
    """The mean of the same days of the last two months known at each start (days ahead × starts × keys).

    A day that a month does not have is its last; where nothing is known it is `otherwise`.
    """
    result = otherwise.copy()
    for place, start in enumerate(starts):
        values = np.stack([_values(cost, rows) for rows in _same_days(days[0], start, len(otherwise))])
        known = (~np.isnan(values)).any(axis=0)
        result[:, place] = np.where(known, mean(values), otherwise[:, place])
    return result


@lru_cache(maxsize=64)
def _same_days(begin: pd.Timestamp, start: int, horizon: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows of the same days of the last two months known at `start`, the newer first."""
    ahead = pd.date_range(begin + pd.Timedelta(days=start), periods=horizon, freq="D")
    first = begin.to_datetime64().astype("datetime64[D]")
    back = np.ones(horizon, dtype=np.int64)
    while (late := _rows(ahead, back, first) >= start).any():
        back += late
    return _rows(ahead, back, first), _rows(ahead, back + 1, first)


def _rows(ahead: pd.DatetimeIndex, months: NDArray[np.int64], first: np.datetime64) -> NDArray[np.int64]:
    """The row of the same day so many months before; negative before the history."""
    month = ahead.to_numpy().astype("datetime64[M]") - months
    last = (month + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    same = month.astype("datetime64[D]") + (np.asarray(ahead.day) - 1)
    rows: NDArray[np.int64] = (np.minimum(same, last) - first).astype(np.int64)
    return rows


def _values(cost: Matrix, rows: NDArray[np.int64]) -> Matrix:
    return np.where((rows >= 0)[:, None], cost[np.maximum(rows, 0)], np.nan)
