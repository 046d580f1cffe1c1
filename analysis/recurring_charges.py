"""Charges that come on a day of the month: found in the past, taken out, and put back on their days to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.daily_series import Mask, Matrix, median_of_rows

#: Months looked at for a charge, and in how many of them it must have come.
MONTHS, LEAST = 3, 2

#: Positions: days 1 to 27 from the start of the month, then its last day, the one before it and the one before that.
FROM_START, FROM_END = 27, 3

#: A burst is this far above the days around it, in their robust sigmas and as a share.
SIGMAS, SHARE = 5.0, 0.4

#: Days on each side that a day is held against.
AROUND = 7


@dataclass(frozen=True, slots=True)
class Charges:
    """Dollars per position of the month (positions × keys); 0 where nothing comes."""

    amount: Matrix

    def on(self, days: pd.DatetimeIndex) -> Matrix:
        """What comes on each of `days`."""
        return np.asarray(self.amount[positions(days)])


def positions(days: pd.DatetimeIndex) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The position of each day in its month; the 28th and later count from the end, as far as there are positions."""
    from_end = np.asarray(days.days_in_month - days.day)
    from_start = np.asarray(days.day) - 1
    late = from_end < FROM_END
    middle = np.minimum(from_start, FROM_START - 1)
    return np.where(late, FROM_START + from_end, middle).astype(np.int64)


def around(cost: Matrix) -> Matrix:
    """For each day the median of the two weeks around it, as far as they are known; NaN left out."""
    days = len(cost)
    padded = np.vstack([np.full((AROUND, cost.shape[1]), np.nan), cost, np.full((AROUND, cost.shape[1]), np.nan)])
    windows = np.stack([padded[shift : shift + days] for shift in range(2 * AROUND + 1)])
    flat = windows.reshape(windows.shape[0], -1)
    return np.asarray(median_of_rows(flat)).reshape(cost.shape)


def bursts(cost: Matrix, usual: Matrix) -> Mask:
    """Days far above `usual`, in the sigmas of the key and as a share of it."""
    distance = cost - usual
    sigma = 1.4826 * median_of_rows(np.abs(distance))
    result: Mask = distance > np.maximum(np.maximum(SIGMAS * sigma, SHARE * np.abs(usual)), 0.01)
    return result


def charges(cost: Matrix, usual: Matrix, days: pd.DatetimeIndex) -> Charges:
    """What comes every month: bursts on one position in at least two of the last three months."""
    keys = cost.shape[1]
    amount = np.zeros((FROM_START + FROM_END, keys))
    excess = np.where(bursts(cost, usual), cost - usual, 0.0)
    where = positions(days)
    last = len(days) - 1
    for position in range(FROM_START + FROM_END):
        rows = np.flatnonzero(where == position)
        rows = rows[last - rows < 31 * MONTHS + 2][-MONTHS:]
        if len(rows) < LEAST:
            continue
        came = excess[rows]
        regular = (came > 0).sum(axis=0) >= LEAST
        typical = np.nan_to_num(median_of_rows(np.where(came > 0, came, np.nan)))
        amount[position] = np.where(regular, typical, 0.0)
    return Charges(amount)
