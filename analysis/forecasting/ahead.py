"""The days after each start of a rehearsal, and after the history: what they will multiply a level with, and bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.daily_series import Mask, Matrix
from analysis.days_off import working_days_off
from analysis.forecasting.windows import Windows
from analysis.ordinary_costs import IDLE, OrdinaryCosts

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Days ahead × starts × keys; the first start is the end of the history.

    `truth` is what the days cost, NaN where that is not known; `shape` weekday × day off, `length` the month's share,
    `charges` dollars that come on top, `dips` what is left of a day off's cost; `off` (days ahead × starts) tells
    working days off.
    """

    truth: Values
    shape: Values
    length: Values
    charges: Values
    dips: Values
    off: Mask

    @property
    def level(self) -> Values:
        """The truth without all that; NaN where a day says nothing about it."""
        level: Values = np.full(self.truth.shape, np.nan)
        np.divide(self.truth / self.length - self.charges, self.shape, out=level, where=self.shape > IDLE)
        return level

    def cost(self, level: Values) -> Values:
        """Dollars that days on this level cost."""
        return self.come_on_top(level * self.shape)

    def come_on_top(self, usual: Values) -> Values:
        """Dollars of days that usually cost so much, with what comes on top."""
        result: Values = (usual + self.charges) * self.length
        return result


def look_ahead(cost: Matrix, ordinary: OrdinaryCosts, known: Windows, horizon: int) -> Ahead:
    """The `horizon` days after each start of `known`."""
    history, keys = cost.shape
    truth, shape, length, charges, left = (np.full((horizon, len(known.starts), keys), np.nan) for _ in range(5))
    dips = ordinary.day_off_factors(min(known.starts))
    off, weekdays = working_days_off(ordinary.days), ordinary.weekdays
    away = np.zeros((horizon, len(known.starts)), dtype=bool)
    for place, start in enumerate(known.starts):
        rows = slice(start, start + horizon)
        there = min(start + horizon, history)
        truth[: there - start, place] = cost[start:there]
        left[:, place] = dips[rows]
        shape[:, place] = known.by_weekday[weekdays[rows], place] * dips[rows]
        length[:, place] = ordinary.length[rows]
        charges[:, place] = ordinary.charges.expected(start, rows)
        away[:, place] = off[rows]
    return Ahead(truth, shape, length, charges, left, away)
