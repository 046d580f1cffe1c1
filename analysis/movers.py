"""What moved, fairly: two periods compared weekday by weekday, and which keys moved most.

A bill has a weekly rhythm. A window with five weekends against one with four would "fall" though nothing changed, so
each weekday is averaged by itself and all weekdays that both periods have count the same.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Period:
    """Days [start, end). The days `without` among them are unknown: not zero, and compared with nothing."""

    start: date
    end: date
    without: frozenset[date] = frozenset()

    @property
    def length(self) -> int:
        return max((self.end - self.start).days, 0)

    def days(self) -> pd.DatetimeIndex:
        return pd.date_range(self.start, periods=self.length, freq="D")

    def known_days(self) -> pd.DatetimeIndex:
        """Its days that can be compared."""
        days = self.days()
        return days[~days.isin([pd.Timestamp(day) for day in self.without])]

    def clipped(self, first: date, end: date) -> Period:
        """The part of it within [first, end); of length 0 where there is none."""
        start = max(self.start, first)
        return Period(start, max(start, min(self.end, end)), self.without)


@dataclass(frozen=True, slots=True)
class Change:
    """Cost a day, before and now, over the weekdays both periods have. None where nothing can be compared."""

    before: float | None
    now: float

    @property
    def per_day(self) -> float | None:
        return None if self.before is None else self.now - self.before

    @property
    def fraction(self) -> float | None:
        """The change as a share of before; None from zero or from a net credit, where a share means nothing."""
        if self.before is None or self.before <= 0.005:
            return None
        return (self.now - self.before) / self.before


def periods(
    window_days: int, complete_until: date, first_day: date, without: Collection[date] = ()
) -> tuple[Period, Period]:
    """The window that ends with `complete_until`, and the equally long one before it, both cut to stored days.

    Args:
        without: days that are unknown.
    """
    end = complete_until + timedelta(days=1)
    start = end - timedelta(days=window_days)
    unknown = frozenset(without)
    return (
        Period(start, end, unknown).clipped(first_day, end),
        Period(start - timedelta(days=window_days), start, unknown).clipped(first_day, start),
    )


def compare(daily: DataFrame, now: Period, before: Period) -> Change:
    """The weekday-fair change of the total.

    Args:
        daily: columns date, cost; any number of rows per day; a day of a period without a row cost nothing.
    """
    table = _matrix(daily.assign(key="total"), now, before, keys=["total"])
    was, is_now = table["before"].to_numpy(dtype=float)[0], table["now"].to_numpy(dtype=float)[0]
    return Change(None if math.isnan(was) else float(was), float(is_now))


def movers(daily: DataFrame, now: Period, before: Period) -> DataFrame:
    """Every key's weekday-fair change, the largest first.

    Args:
        daily: columns date, key, cost; a day of a period without a row of a key cost nothing.
    Returns:
        Columns key, before, now, change, pct; cost a day; before, change and pct are NaN where the periods share no
        weekday, pct also where before is not positive. The changes add up to that of the total.
    """
    keys = sorted(daily["key"].astype(object).unique().tolist())
    table = _matrix(daily, now, before, keys=keys)
    table["change"] = table["now"] - table["before"]
    has_base = table["before"] > 0.005
    table["pct"] = (table["change"] / table["before"].where(has_base)).astype(float)
    size = table["change"].abs().fillna(table["now"].abs())
    ranked = table.assign(size=size).sort_values(["size", "key"], ascending=[False, True])
    return ranked.drop(columns="size").reset_index(drop=True)


def weekly(daily: DataFrame, period: Period) -> list[tuple[Period, float]]:
    """Mean cost a day of each whole week of a period, counted back from its end; oldest first. NaN without a known day.

    Args:
        daily: columns date, cost.
    """
    by_day = _by_day(daily, period)
    weeks = period.length // 7
    first = period.end - timedelta(days=7 * weeks)
    blocks = by_day.to_numpy()[period.length - 7 * weeks :].reshape(weeks, 7)
    return [
        (Period(first + timedelta(days=7 * i), first + timedelta(days=7 * (i + 1))), float(pd.Series(block).mean()))
        for i, block in enumerate(blocks)
    ]


def by_day(daily: DataFrame, period: Period) -> list[tuple[date, float]]:
    """Cost of each day of a period; 0 for a day without a row, NaN for an unknown one.

    Args:
        daily: columns date, cost.
    """
    series = _by_day(daily, period)
    return [(stamp.date(), float(cost)) for stamp, cost in series.items()]  # type: ignore[attr-defined]


def _by_day(daily: DataFrame, period: Period) -> pd.Series[float]:
    stamps = pd.to_datetime(daily["date"])
    sums = daily["cost"].astype(float).groupby(stamps).sum()
    return sums.reindex(period.known_days(), fill_value=0.0).reindex(period.days())


def _matrix(daily: DataFrame, now: Period, before: Period, *, keys: Sequence[object]) -> DataFrame:
    """Columns key, before, now: mean over the shared weekdays of each weekday's own mean."""
    shared = sorted(set(now.known_days().day_of_week) & set(before.known_days().day_of_week))
    return DataFrame(
        {
            "key": pd.Series(list(keys), dtype=object),
            "before": _weekday_means(daily, before, keys, shared) if shared else np.full(len(keys), np.nan),
            "now": _weekday_means(daily, now, keys, shared or sorted(set(now.known_days().day_of_week))),
        }
    )


def _weekday_means(daily: DataFrame, period: Period, keys: Sequence[object], weekdays: Sequence[int]) -> np.ndarray:
    days = period.known_days()
    if not len(days):
        return np.zeros(len(keys))
    stamps = pd.to_datetime(daily["date"])
    inside = (stamps >= days[0]) & (stamps <= days[-1])
    sums = daily[inside].assign(date=stamps[inside]).groupby(["date", "key"], observed=True)["cost"].sum()
    table = sums.unstack(fill_value=0).reindex(index=days, columns=list(keys), fill_value=0.0)
    means = table.groupby(days.day_of_week).mean().loc[list(weekdays)]
    return means.mean().to_numpy(dtype=float)
