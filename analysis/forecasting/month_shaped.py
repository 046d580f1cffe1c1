"""A naive model for costs in the shape of a month (free tiers, month-end batches): the same days of months before."""

from __future__ import annotations

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
    horizon = len(otherwise)
    calendar = pd.date_range(days[0], periods=len(days) + horizon, freq="D")
    first = days[0].to_datetime64().astype("datetime64[D]")
    for place, start in enumerate(starts):
        ahead = calendar[start : start + horizon]
        back = np.ones(horizon, dtype=np.int64)
        while (late := _rows(ahead, back, first) >= start).any():
            back += late
        values = np.stack([_values(cost, _rows(ahead, back + more, first)) for more in (0, 1)])
        known = (~np.isnan(values)).any(axis=0)
        result[:, place] = np.where(known, mean(values), otherwise[:, place])
    return result


def _rows(ahead: pd.DatetimeIndex, months: NDArray[np.int64], first: np.datetime64) -> NDArray[np.int64]:
    """The row of the same day so many months before; negative before the history."""
    month = ahead.to_numpy().astype("datetime64[M]") - months
    last = (month + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    same = month.astype("datetime64[D]") + (np.asarray(ahead.day) - 1)
    rows: NDArray[np.int64] = (np.minimum(same, last) - first).astype(np.int64)
    return rows


def _values(cost: Matrix, rows: NDArray[np.int64]) -> Matrix:
    return np.where((rows >= 0)[:, None], cost[np.maximum(rows, 0)], np.nan)
