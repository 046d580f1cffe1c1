"""News against what was billed, whatever was learnt: a cost as usual among its own weekdays is never an anomaly.

Needs nothing but the bill itself. That makes it a rule of its own, and lets a morning's scan leave out at once the keys
that cannot alert (`newsworthy`) without changing a verdict on any other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.materiality import Materiality
from analysis.anomalies.same_weekdays import WEEKS, Ordered
from analysis.daily_series import DailySeries, Mask, Matrix

#: Share of what matters that a day must be from the middle of its weekdays as billed.
SHARE = 0.9

#: Days a verdict reaches back: a step is told about its three days, a drop two days late.
REACH = 3

#: Days × keys looked at together. The bill does not depend on verdicts, so that many days of few keys take no longer
#: than one; more than this no longer fits near the processor.
CELLS = 20_000


@dataclass(frozen=True, slots=True)
class _News:
    """Days × keys: which day, three days to it and week to it are far enough above, and which day below."""

    day: NDArray[np.bool_]
    three: NDArray[np.bool_]
    week: NDArray[np.bool_]
    below: NDArray[np.bool_]


class Novelty:
    """Which keys' day, three days and week are news; kept up day by day, or begun on any day."""

    def __init__(self, cost: Matrix, material: Materiality) -> None:
        self._cost, self._material = cost, material
        self._at_once = max(1, CELLS // max(1, cost.shape[1]))
        self._start = self._end = 0
        self._news = _News(*(np.zeros((0, cost.shape[1]), dtype=bool) for _ in range(4)))
        self._low: Matrix | None = None
        self.below = np.zeros(cost.shape[1], dtype=bool)

    def on(self, t: int) -> tuple[Mask, Mask, Mask]:
        """Keys whose day `t`, whose three days to it and whose week to it are far enough above. Days come in order.

        A young key, with fewer than two same weekdays, is not held against any. `below` is the other way round, of
        the day alone.
        """
        if t >= self._end:
            self._start, self._end = t, min(t + self._at_once, len(self._cost))
            self._news = self._of_days(self._start, self._end)
        news, at = self._news, t - self._start
        self.below = news.below[at]
        return news.day[at], news.three[at], news.week[at]

    def _of_days(self, start: int, end: int) -> _News:
        low, high = self._middles(start, end)
        before = self._middles(start - 6, start)[0] if self._low is None else self._low
        low = np.concatenate([before, low])
        self._low = low[-6:]
        cost = _rows(self._cost, start - 6, end)
        below = cost[6:] <= high - SHARE * self._material.gate(high)
        return _News(
            self._far(cost[6:], low[6:]),
            self._far(_moving_mean(cost[4:], 3), _moving_mean(low[4:], 3)),
            self._far(_moving_mean(cost, 7), _by_weekday_mean(low, start)),
            below | np.isnan(high),
        )

    def _middles(self, start: int, end: int) -> tuple[Matrix, Matrix]:
        """Days × keys: the lower and the upper middle of the six same weekdays before each, as they were billed."""
        weeks = np.stack([_rows(self._cost, start - 7 * back, end - 7 * back) for back in range(1, WEEKS + 1)])
        ordered = Ordered.of(weeks)
        return ordered.low_middle, ordered.high_middle

    def _far(self, actual: Matrix, low: Matrix) -> NDArray[np.bool_]:
        far: NDArray[np.bool_] = (actual >= low + SHARE * self._material.gate(low)) | np.isnan(low)
        return far


def _rows(cost: Matrix, start: int, end: int) -> Matrix:
    """Days from `start` to before `end`; those before the first are not known."""
    if start >= 0:
        return cost[start:end]
    missing = np.full((min(end, 0) - start, cost.shape[1]), np.nan)
    return np.concatenate([missing, cost[: max(end, 0)]])


def _moving_mean(values: Matrix, days: int) -> Matrix:
    """Of each day and those before it, from the first that has enough on."""
    total = values[: len(values) - days + 1].copy()
    for later in range(1, days):
        total += values[later : len(values) - days + 1 + later]
    return total / days


def _by_weekday_mean(low: Matrix, start: int) -> Matrix:
    """The mean of seven days to each from the seventh on, which is that at position `start`.

    Summed from the same weekday on whichever the day is, so that where one begins to look does not change the last bit.
    """
    day = np.arange(start, start + len(low) - 6)
    total = np.zeros((len(day), low.shape[1]))
    for weekday in range(7):
        total += low[6 + np.arange(len(day)) - (day - weekday) % 7]
    return total / 7


def newsworthy(series: DailySeries, material: Materiality, since: int) -> NDArray[np.int64]:
    """Columns of the keys that may have an anomaly on a day from position `since`; of all others no day can be one."""
    last = len(series.cost)
    begin = max(0, since)
    novelty = Novelty(series.cost, material)
    may = series.first >= begin - REACH
    with np.errstate(invalid="ignore"):
        for t in range(begin, last):
            one, three, week = novelty.on(t)
            may |= one | three | week
            if t + 2 < last:
                may |= novelty.below
    return np.flatnonzero(may)
