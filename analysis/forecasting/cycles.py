"""Levels that grow and fall back at regular times, as storage does that is cleaned up every few months."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.daily_series import Matrix, Row

Values = NDArray[np.float64]

#: A level falls back that loses this share, and so many robust sigmas, within a week.
LEAST_FALL, FALL_SIGMAS = 0.05, 2.0

#: Falls that make a rhythm, and the days or share by which their distances may differ.
LEAST_FALLS, LATE_DAYS, LATE_SHARE = 3, 3, 0.05

#: The shortest cycle; shorter ones are weeks and fortnights.
LEAST_PERIOD = 21

WEEK = 7


def cycled(usual: Matrix, spread: Row, starts: tuple[int, ...], now: Values, horizon: int) -> Values:
    """Levels after each start (days ahead × starts × keys) as the cycle before went on from the same place in it.

    NaN for keys without a cycle, and for starts that no whole cycle lies before.

    Args:
        usual: days of history × keys, weekdays and days off allowed for.
        spread: robust sigma of a day as a share of `usual`, per key.
        now: starts × keys: the level on the last day before each start.
    """
    result = np.full((horizon, *now.shape), np.nan)
    ahead = np.arange(1, horizon + 1)
    for key, period in _periods(usual, spread).items():
        back = period * -(-ahead // period)
        for place, start in enumerate(starts):
            rows, last = start - 1 + ahead - back, start - 1 - period
            if min(last, rows.min()) >= 0 and usual[last, key] > 0:
                result[:, place, key] = now[place, key] * usual[rows, key] / usual[last, key]
    return result


def _periods(usual: Matrix, spread: Row) -> dict[int, int]:
    """Days of the cycle by key, for those that have one."""
    if len(usual) <= LEAST_FALLS * LEAST_PERIOD:
        return {}
    kept = np.ones((len(usual) - WEEK, usual.shape[1]))
    np.divide(usual[WEEK:], usual[:-WEEK], out=kept, where=usual[:-WEEK] > 0)
    falls = kept < 1 - np.maximum(LEAST_FALL, FALL_SIGMAS * spread)
    begins = falls[1:] & ~falls[:-1]
    found = {}
    for key in np.flatnonzero(begins.sum(axis=0) >= LEAST_FALLS):
        days = np.flatnonzero(begins[:, key])[-LEAST_FALLS - 1 :] + 1 + WEEK
        apart = np.diff(days)
        period = int(np.median(apart))
        late = max(LATE_DAYS, LATE_SHARE * period)
        overdue = len(usual) - days[-1] > period + late
        if period >= LEAST_PERIOD and np.abs(apart - period).max() <= late and not overdue:
            found[int(key)] = period
    return found
