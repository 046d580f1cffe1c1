"""When a shift has lasted, it is what the key costs now: reported once, then learnt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.history import History
from analysis.daily_series import Mask, Matrix, Row

#: A shift that fills this many of the last `WINDOW` days is the new normal.
LASTING_DAYS, WINDOW = 8, 10

#: The past that a baseline can still see and that is moved to the new level.
REACH = 63


#: Days in which the return from a fall is no news, and that from a rise neither.
RETURN_DAYS = 60


def adopt_lasting_shifts(history: History, t: int) -> Mask:
    """Move the clean history of keys whose shift has lasted to the new level, as of day `t`; which keys moved up."""
    if t < WINDOW:
        return np.zeros(history.cost.shape[1], dtype=bool)
    window = slice(t - WINDOW + 1, t + 1)
    away = history.away[window]
    total = np.add.reduce(away, axis=0, dtype=np.int8)
    lasting = np.flatnonzero(np.abs(total) >= LASTING_DAYS)
    if len(lasting):
        _adopt(history, t, lasting)
    moved_up: Mask = total >= LASTING_DAYS
    history.raised_until[moved_up] = t + RETURN_DAYS
    return moved_up


def _adopt(history: History, t: int, keys: NDArray[np.int64]) -> None:
    window = np.ix_(np.arange(t - WINDOW + 1, t + 1), keys)
    past = np.ix_(np.arange(max(0, t - REACH), t - WINDOW + 1), keys)
    actual, usual = history.cost[window], history.base[window]
    shifted = history.away[window] != 0
    move = _Move.of(usual, actual, shifted)
    history.base[window] = move.of_days(usual)
    history.clean[past] = move.of_days(history.clean[past])
    history.clean[window] = np.where(shifted | np.isnan(history.clean[window]), actual, history.base[window])
    history.seen[window] = actual
    history.away[window] = 0
    _remember_fall(history, t, keys, np.nansum(usual, axis=0), np.nansum(history.base[window], axis=0))


def _remember_fall(history: History, t: int, keys: NDArray[np.int64], before: Row, after: Row) -> None:
    times = np.divide(before, after, out=np.ones_like(before), where=np.abs(after) > 0.01)
    fell = times > 1.05
    history.former[0, keys[fell]] = times[fell]
    history.former[1, keys[fell]] = t + RETURN_DAYS


@dataclass(frozen=True, slots=True)
class _Move:
    """Per key: what days at the new level are more than before, in dollars or as a factor, whichever fits better."""

    added: Row
    factor: Row
    multiply: Mask

    @classmethod
    def of(cls, usual: Matrix, actual: Matrix, shifted: NDArray[np.bool_]) -> _Move:
        usual = np.where(shifted, usual, np.nan)
        added = _middle(actual - usual)
        total = np.nansum(usual, axis=0)
        safe = np.abs(total) > 0.01
        moved = np.nansum(np.where(shifted, actual, np.nan), axis=0)
        factor = np.divide(moved, total, out=np.ones_like(total), where=safe)
        misfit_added = np.nansum(np.abs(actual - usual - added), axis=0)
        misfit_factor = np.nansum(np.abs(actual - usual * factor), axis=0)
        return cls(added, factor, safe & (factor > 0) & (misfit_factor <= misfit_added))

    def of_days(self, values: Matrix) -> Matrix:
        """`values` at the new level."""
        return np.where(self.multiply, values * self.factor, values + self.added)


def _middle(values: Matrix) -> Row:
    """The median of each column, NaN left out: numpy's own goes through masked arrays, which takes most of a day."""
    ordered = np.sort(values, axis=0)
    known = len(values) - np.isnan(ordered).sum(axis=0)
    column = np.arange(len(known))
    low, high = ordered[np.maximum(known - 1, 0) // 2, column], ordered[known // 2, column]
    middle: Row = (low + high) / 2
    return middle
