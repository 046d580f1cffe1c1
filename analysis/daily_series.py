"""Daily costs as one matrix, days × keys: what detection, forecasting and trends calculate on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Row = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: The columns every entry point reads.
COLUMNS = ("date", "key", "cost")


@dataclass(frozen=True, slots=True)
class DailySeries:
    """Costs by day and key.

    `cost` has a row per calendar day and a column per key, in dollars: NaN before a key's first non-zero day and
    where the source says NaN, 0 where a row is missing after it. `first` is the index of that first day (the number
    of days for a key that never cost anything).
    """

    keys: pd.Index[Any]
    days: pd.DatetimeIndex
    cost: Matrix
    first: NDArray[np.int64]

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Monday is 0."""
        return np.asarray(self.days.day_of_week, dtype=np.int64)


def daily_series(daily: pd.DataFrame, until: date | None = None) -> DailySeries:
    """The long frame `date, key, cost` as a matrix.

    Args:
        daily: a row per day and key in any order; several rows of one day and key are summed; dates as datetime64,
            `date` or ISO text; a missing row between a key's first day and the frame's last day means 0.
        until: days after it are left out.
    Raises:
        ValueError: a column is missing, or a cost is infinite.
    """
    missing = [name for name in COLUMNS if name not in daily.columns]
    if missing:
        raise ValueError(f"daily costs need the columns date, key and cost; {missing[0]} is missing")
    day = _naive_days(daily["date"])
    frame = pd.DataFrame(
        {"date": day.to_numpy(), "key": daily["key"].to_numpy(), "cost": daily["cost"].to_numpy(dtype=float)}
    )
    endless = frame[np.isinf(frame["cost"])]
    if len(endless):
        key, day = endless["key"].iloc[0], endless["date"].iloc[0]
        raise ValueError(f"cost of {key!r} on {day:%Y-%m-%d} is infinite; give dollars, or NaN where it is not known")
    if until is not None:
        frame = frame[frame["date"] <= pd.Timestamp(until)]
    frame = frame.dropna(subset=["date", "key"])
    if frame.empty:
        return DailySeries(
            pd.Index([], dtype=object), pd.DatetimeIndex([]), np.empty((0, 0)), np.empty(0, dtype=np.int64)
        )
    days = pd.date_range(frame["date"].min(), frame["date"].max(), freq="D")
    codes, keys = pd.factorize(frame["key"], sort=True)
    row = (frame["date"].to_numpy() - days[0].to_datetime64()).astype("timedelta64[D]").astype(np.int64)
    cost = np.zeros((len(days), len(keys)))
    np.add.at(cost, (row, codes), frame["cost"].to_numpy())
    spent = np.nan_to_num(cost) != 0
    first = np.where(spent.any(axis=0), spent.argmax(axis=0), len(days))
    cost[np.arange(len(days))[:, None] < first] = np.nan
    return DailySeries(pd.Index(keys), days, cost, first.astype(np.int64))


def median_of_rows(rows: Matrix) -> Row:
    """The median of each column, NaN left out; NaN for a column without a value."""
    return quantile_of_rows(np.sort(rows, axis=0), 0.5)


def quantile_of_rows(ordered: Matrix, share: float) -> Row:
    """A quantile of each column of `ordered` (sorted along axis 0, NaN last), interpolated; NaN without a value."""
    if ordered.shape[0] == 0:
        return np.full(ordered.shape[1], np.nan)
    count = (~np.isnan(ordered)).sum(axis=0)
    position = np.maximum(count - 1, 0) * share
    below = position.astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    column = np.arange(ordered.shape[1])
    low = ordered[below, column]
    result: Row = low + (ordered[above, column] - low) * (position - below)
    return result


def _naive_days(dates: pd.Series[Any]) -> pd.Series[Any]:
    stamps = pd.to_datetime(dates)
    if stamps.dt.tz is not None:
        stamps = stamps.dt.tz_convert("UTC").dt.tz_localize(None)
    return stamps.dt.normalize()
