"""News against what was billed, whatever was learnt: a cost as usual among its own weekdays is never an anomaly.

Needs nothing but the bill itself. That makes it a rule of its own, and lets a morning's scan leave out at once the keys
that cannot alert (`newsworthy`) without changing a verdict on any other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.baseline import low_middle
from analysis.anomalies.materiality import Materiality
from analysis.daily_series import DailySeries, Mask, Matrix, Row

#: Same weekdays looked at.
WEEKS = 6

#: Share of what matters that a day must be from the middle of its weekdays as billed.
SHARE = 0.9

#: Days a verdict reaches back: a step is told about its three days, a drop two days late.
REACH = 3


def billed_middles(cost: Matrix, t: int) -> tuple[Row, Row]:
    """The lower and the upper middle of the last six same weekdays as they were billed; NaN below two."""
    weeks = cost[max(t - 7 * WEEKS, t % 7) : t : 7]
    return low_middle(weeks), -low_middle(-weeks)


class Novelty:
    """Which keys' day, three days and week are news; kept up day by day, or begun on any day."""

    def __init__(self, cost: Matrix, material: Materiality, begin: int = 0) -> None:
        self._cost, self._material = cost, material
        self._low = np.full((7, cost.shape[1]), np.nan)
        self.below = np.zeros(cost.shape[1], dtype=bool)
        for t in range(max(0, begin - 6), begin):
            self._low[t % 7] = billed_middles(cost, t)[0]

    def on(self, t: int) -> tuple[Mask, Mask, Mask]:
        """Keys whose day `t`, whose three days to it and whose week to it are far enough above. Days come in order.

        A young key, with fewer than two same weekdays, is not held against any. `below` is the other way round, of
        the day alone.
        """
        low, high = billed_middles(self._cost, t)
        self._low[t % 7] = low
        self.below = self._cost[t] <= high - SHARE * self._material.gate(high)
        self.below |= np.isnan(high)
        week = self._cost[max(0, t - 6) : t + 1]
        three = [day % 7 for day in range(max(0, t - 2), t + 1)]
        return (
            self._far(self._cost[t], low),
            self._far(week[-3:].mean(axis=0), self._low[three].mean(axis=0)),
            self._far(week.mean(axis=0), self._low.mean(axis=0)),
        )

    def _far(self, actual: Row, low: Row) -> Mask:
        far: Mask = (actual >= low + SHARE * self._material.gate(low)) | np.isnan(low)
        return far


def newsworthy(series: DailySeries, material: Materiality, since: int) -> NDArray[np.int64]:
    """Columns of the keys that may have an anomaly on a day from position `since`; of all others no day can be one."""
    last = len(series.cost)
    begin = max(0, since)
    novelty = Novelty(series.cost, material, begin)
    may = series.first >= begin - REACH
    with np.errstate(invalid="ignore"):
        for t in range(begin, last):
            one, three, week = novelty.on(t)
            may |= one | three | week
            if t + 2 < last:
                may |= novelty.below
    return np.flatnonzero(may)
