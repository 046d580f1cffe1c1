"""What a detector knows about every key on the morning of a day: rows of the past, never of the future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.anomalies.holidays import days_off, near_days_off
from analysis.daily_series import DailySeries, Mask, Matrix


@dataclass(slots=True)
class History:
    """Matrices of days × keys that the walk over the days fills row by row.

    `cost` is what was billed. `clean` is what a baseline may learn from: days that were flagged or explained stand in
    it as their expectation, and it is rescaled when a shift becomes the new normal. `seen` is the same without
    rescaling: the values that really occurred outside of incidents. `base` is the same-weekday baseline, `level` what
    it is scaled by, `expected` their product. `relative` is the distance from `expected` in units of it.
    `burst` is the dollars above expectation on days far above it, else 0; `burst_start` the same, relative, on the
    first day of a run of them that is no regular charge, else NaN. `away` is +1 or -1 where `clean` is not what was
    billed. `weekly` sums the last seven days of `seen`.
    `sparse` are the keys that cost nothing on most of the last eight weeks' days, as of the newest day. `begins` are
    the days on which any key begins.
    `former` has, for each key that fell to a new
    normal, how much higher it was before (1.5 is half as much again) and the day until which a return is no news;
    `raised_until` is that day for a key that rose to one.
    """

    cost: Matrix
    first: NDArray[np.int64]
    clean: Matrix
    seen: Matrix
    base: Matrix
    level: Matrix
    expected: Matrix
    relative: Matrix
    burst: Matrix
    burst_start: Matrix
    away: NDArray[np.int8]
    weekly: Matrix
    sparse: Mask
    begins: Mask
    former: Matrix
    raised_until: NDArray[np.int64]
    _is_idle: NDArray[np.bool_]
    _is_known: NDArray[np.bool_]
    _idle: NDArray[np.int16]
    _known: NDArray[np.int16]

    @classmethod
    def of(cls, series: DailySeries) -> History:
        """An empty history for all days and keys of `series`."""
        shape = series.cost.shape

        def unknown() -> Matrix:
            return np.full(shape, np.nan)

        return cls(
            cost=series.cost,
            first=series.first,
            clean=unknown(),
            seen=unknown(),
            base=unknown(),
            level=unknown(),
            expected=unknown(),
            relative=unknown(),
            burst=np.zeros(shape),
            burst_start=unknown(),
            away=np.zeros(shape, dtype=np.int8),
            weekly=unknown(),
            sparse=np.zeros(shape[1], dtype=bool),
            begins=np.isin(np.arange(shape[0]), series.first),
            _is_idle=np.abs(series.cost) < 0.01,
            _is_known=~np.isnan(series.cost),
            _idle=np.zeros(shape[1], dtype=np.int16),
            _known=np.zeros(shape[1], dtype=np.int16),
            former=np.zeros((2, shape[1])),
            raised_until=np.full(shape[1], -1),
        )

    def age(self, t: int) -> NDArray[np.int64]:
        """Days since each key's first day; negative before it."""
        return t - self.first

    def look_at(self, t: int) -> None:
        """Bring `sparse` to the morning of day `t`; days come in order."""
        if t >= 1:
            self._known += self._is_known[t - 1]
            self._idle += self._is_idle[t - 1]
        if t >= 57:
            self._known -= self._is_known[t - 57]
            self._idle -= self._is_idle[t - 57]
        self.sparse = 2 * self._idle > np.maximum(self._known, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """For each day: its weekday (Monday is 0), whether people are off, or off a day or two before or after,
    whether it is the first or the last of its month, the days a month or two before it, and those with the ones a week
    and a fortnight before it."""

    weekday: NDArray[np.int64]
    weekend: Mask
    holiday: Mask
    near_holiday: Mask
    edge: Mask
    month_day: tuple[NDArray[np.int64], ...]
    alike: tuple[NDArray[np.int64], ...]

    @classmethod
    def of(cls, days: pd.DatetimeIndex) -> Calendar:
        """`month_day` and `alike` have positions into `days`; only earlier ones."""
        weekday = np.asarray(days.day_of_week, dtype=np.int64)
        edge = np.asarray((days.day == 1) | (days.day == days.days_in_month))
        month_day = _month_days(days)
        weeks = (np.array([gap for gap in (t - 7, t - 14) if gap >= 0], dtype=np.int64) for t in range(len(days)))
        alike = tuple(np.concatenate(both) for both in zip(month_day, weeks, strict=True))
        return cls(weekday, weekday >= 5, days_off(days), near_days_off(days), edge, month_day, alike)


#: Days before a day among which the same day of the month is looked for: charges of two months are so far apart.
_NEAREST, _FARTHEST = 21, 95


def _month_days(days: pd.DatetimeIndex) -> tuple[NDArray[np.int64], ...]:
    """Days of the two months before within a day of the same day of the month, counted from its start or its end."""
    month = np.asarray(days.year * 12 + days.month)
    from_start = np.asarray(days.day)
    from_end = np.asarray(days.days_in_month - days.day)
    # All days at once: days × those before them, from the earliest on.
    today = np.arange(len(days))[:, None]
    earlier = today - np.arange(_FARTHEST, _NEAREST - 1, -1)
    there, earlier = earlier >= 0, np.maximum(earlier, 0)
    months = month[today] - month[earlier]
    close = np.abs(from_start[earlier] - from_start[today]) <= 1
    close |= np.abs(from_end[earlier] - from_end[today]) <= 1
    # The first of a month follows the last of the one before: a charge may slip over the border either way.
    slipped = (from_start[earlier] == 1) & (from_end[today] == 0) | (from_end[earlier] == 0) & (from_start[today] == 1)
    same = there & ((months >= 1) & (months <= 2) & close | slipped)
    return tuple(row[chosen].astype(np.int64) for row, chosen in zip(earlier, same, strict=True))
