"""Charges that come again on a day of the month or every second week: found in the past, put back on days to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.daily_series import Matrix

Positions = NDArray[np.int64]

#: Occurrences looked at; a charge of the month must have come in two of them, a fortnight's in all.
OCCURRENCES, LEAST_MONTHS, LEAST_FORTNIGHTS = 3, 2, 3

#: Positions in a month: days from its start, then its last day, the one before it and the one before that.
FROM_START, FROM_END = 28, 3

FORTNIGHT = 14


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One way in which days come again: for each day the period (a month, a fortnight) and the position in it.

    `amount` is periods × positions × keys: dollars that are to be expected after that period; 0 where nothing is.
    """

    period: Positions
    position: Positions
    amount: NDArray[np.float64]
    rows: Positions

    def known(self, start: int) -> Matrix:
        """Positions × keys: what a reader who knows the days before `start` expects."""
        seen = self.rows < start
        newest = np.where(seen.any(axis=0), len(seen) - 1 - seen[::-1].argmax(axis=0), 0)
        return np.asarray(self.amount[newest, np.arange(len(newest))])


@dataclass(frozen=True, slots=True)
class Charges:
    """All rhythms of a history and the days to come."""

    rhythms: tuple[Rhythm, ...]

    def expected(self, start: int, rows: slice) -> Matrix:
        """Days × keys: what comes on the days of `rows`, by what was known before the day `start`."""
        parts = [rhythm.known(start)[rhythm.position[rows]] for rhythm in self.rhythms]
        return np.asarray(sum(parts[1:], start=parts[0]))


def charges(excess: Matrix, days: pd.DatetimeIndex) -> Charges:
    """What comes again.

    Args:
        excess: days of history × keys, dollars by which a day bursts out of its surroundings, else 0.
        days: the history's days and those to come.
    """
    month, day = _months(days)
    monthly = _rhythm(excess, month, day, FROM_START + FROM_END, LEAST_MONTHS)
    history = len(excess)
    regular = monthly.amount[month[:history], day[:history]] > 0
    count = np.arange(len(days))
    rest = np.where(regular, 0.0, excess)
    return Charges((monthly, _rhythm(rest, count // FORTNIGHT, count % FORTNIGHT, FORTNIGHT, LEAST_FORTNIGHTS)))


def _months(days: pd.DatetimeIndex) -> tuple[Positions, Positions]:
    from_end = np.asarray(days.days_in_month - days.day)
    from_start = np.asarray(days.day) - 1
    # Only the 28th of a month of 31 days is neither among the last three nor always there.
    position = np.where(from_end < FROM_END, FROM_START + from_end, from_start)
    month = np.asarray(days.year * 12 + days.month)
    return (month - month[0]).astype(np.int64), position.astype(np.int64)


def _rhythm(excess: Matrix, period: Positions, position: Positions, positions: int, least: int) -> Rhythm:
    history, keys = excess.shape
    periods = int(period.max()) + 1
    came = np.zeros((periods, positions, keys))
    came[period[:history], position[:history]] = excess
    rows = np.full((periods, positions), len(period))
    rows[period[:history], position[:history]] = np.arange(history)
    amount = np.zeros_like(came)
    for newest in range(1, periods):
        amount[newest] = _typical(came[max(0, newest + 1 - OCCURRENCES) : newest + 1], least)
    return Rhythm(period, position, amount, rows)


def _typical(came: NDArray[np.float64], least: int) -> Matrix:
    """Half the median of what came, half the newest, which a growing bill makes the better guess."""
    times = (came > 0).sum(axis=0)
    total = came.sum(axis=0)
    middle = total / np.maximum(times, 1)
    if len(came) == OCCURRENCES:
        middle = np.where(times == OCCURRENCES, total - came.max(axis=0) - came.min(axis=0), middle)
    newest = came[-1]
    typical = np.where(newest > 0, 0.5 * (middle + newest), middle)
    return np.where(times >= least, typical, 0.0)
