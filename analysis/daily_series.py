"""Daily costs as one matrix, days × keys: what detection, forecasting and trends calculate on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.frame_columns import calendar_days, dollars

Matrix = NDArray[np.float64]
Values = NDArray[np.float64]
Row = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: The columns every entry point reads.
COLUMNS = ("date", "key", "cost")

#: A frame of more days than a century has a date that is wrong.
MAX_DAYS = 36_525


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

    def of_keys(self, columns: NDArray[np.int64]) -> DailySeries:
        """The same days of some keys, by their positions."""
        if len(columns) == len(self.keys):
            return self
        return DailySeries(self.keys[columns], self.days, self.cost[:, columns], self.first[columns])


def daily_series(daily: pd.DataFrame, until: date | None = None) -> DailySeries:
    """The long frame `date, key, cost` as a matrix.

    Args:
        daily: a row per day and key in any order; several rows of one day and key (hours, accounts) are summed; dates
            and costs as `calendar_days` and `dollars` take them; a missing row between a key's first day and the
            frame's last day means 0; a cost of NaN is unknown and stays so. Rows without a key are left out.
        until: days after it are left out.
    Raises:
        ValueError: a column is missing or there twice, a row has no date or one that could be another, a cost is
            infinite or no number.
    """
    if not len(daily.columns) and not len(daily):
        daily = pd.DataFrame(columns=list(COLUMNS))
    _check(daily)
    day = calendar_days(daily["date"])
    key, cost = daily["key"], dollars(daily["cost"])
    wild = np.flatnonzero(np.isinf(cost))
    if len(wild):
        example = f"{key.iloc[wild[0]]!r} on {np.datetime64(int(day[wild[0]]), 'D')}"
        raise ValueError(
            f"{len(wild)} rows of daily costs are infinite, the first {example}; give dollars, or NaN for unknown"
        )
    codes, keys = _codes(key)
    wanted = codes >= 0
    if until is not None:
        wanted &= day <= _position(until)
    if not wanted.all():
        day, cost = day[wanted], cost[wanted]
        codes, keys = _codes(key[wanted])
    if not len(day):
        return DailySeries(
            pd.Index([], dtype=object), pd.DatetimeIndex([]), np.empty((0, 0)), np.empty(0, dtype=np.int64)
        )
    begin, length = int(day.min()), int(day.max() - day.min()) + 1
    if length > MAX_DAYS:
        raise ValueError(f"daily costs span {length:,} days; at most {MAX_DAYS:,} make sense: look for a wrong date")
    days = pd.date_range(np.datetime64(begin, "D"), periods=length, freq="D")
    cells = (day - begin) * len(keys) + codes
    matrix = np.asarray(np.bincount(cells, weights=cost, minlength=length * len(keys)), dtype=np.float64)
    if np.isinf(matrix).any():
        raise ValueError("daily costs of one day and key add up to infinity; look for a wrong cost")
    matrix = matrix.reshape(length, len(keys))
    spent = np.where(np.isnan(matrix), 0.0, matrix) != 0
    first = np.where(spent.any(axis=0), spent.argmax(axis=0), length)
    if first.any():
        matrix[np.arange(length)[:, None] < first] = np.nan
    return DailySeries(pd.Index(keys), days, matrix, first.astype(np.int64))


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


def _codes(key: pd.Series[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Each row's key as a position in the sorted keys, -1 where there is none.

    Rows that already stand together are looked up once a run.
    """
    if isinstance(key.dtype, pd.CategoricalDtype):
        given = key.cat.codes.to_numpy()
        used, categories = pd.factorize(given, sort=True)
        codes, keys = pd.factorize(key.cat.categories.to_numpy()[categories], sort=True)
        return np.where(given < 0, -1, codes[used]), np.asarray(keys)
    values = key.to_numpy()
    if not len(values):
        return np.zeros(0, dtype=np.int64), values
    heads = np.flatnonzero(np.concatenate([[True], np.asarray(values[1:] != values[:-1], dtype=bool)]))
    codes, keys = pd.factorize(values[heads], sort=True)
    return np.repeat(codes, np.diff(np.append(heads, len(values)))), np.asarray(keys)


def _check(daily: pd.DataFrame) -> None:
    for name in COLUMNS:
        count = list(daily.columns).count(name)
        if count == 0:
            raise ValueError(f"daily costs need the columns date, key and cost; {name} is missing")
        if count > 1:
            raise ValueError(f"daily costs have {count} columns called {name}; leave one")


def plain_day(day: date) -> pd.Timestamp:
    """A day without a time and a zone, whatever it is given as."""
    stamp = pd.Timestamp(day)
    return (stamp.tz_convert("UTC").tz_localize(None) if stamp.tzinfo is not None else stamp).normalize()


def _position(day: date) -> int:
    return int(np.datetime64(plain_day(day), "D").astype(np.int64))
