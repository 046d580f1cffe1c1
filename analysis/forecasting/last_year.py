"""What the same weeks of a year ago did: summer and winter, terms and seasons, believed in part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.daily_series import Matrix, Row
from analysis.medians import mean

Values = NDArray[np.float64]

#: Whole weeks that are nearest to a year, and the days that must be known before them.
YEAR_DAYS, LEAST_BEFORE = 364, 28

#: Days on each side that a level is the mean of.
AROUND = 7

#: How much of last year's change is expected again: of metered usage a quarter to two thirds came, of bills little.
SHARE = 0.35

#: Changes beyond this (in logs) were shifts, not seasons.
MOST = 0.3

#: A key that spreads no more than this by the day is flat and has no seasons; from twice this on it may have them.
FLAT_SPREAD = 0.02


def last_year(usual: Matrix, spread: Row, horizon: int) -> Values:
    """Days ahead × keys: what to multiply a level with that otherwise goes on as it is; 1 where a year is not known.

    Args:
        usual: days of history × keys, weekdays and days off allowed for; NaN where nothing is known.
        spread: robust sigma of a day as a share of `usual`, per key.
    """
    factors = np.ones((horizon, usual.shape[1]))
    then = len(usual) - 1 - YEAR_DAYS
    if then < LEAST_BEFORE:
        return factors
    known = ~np.isnan(usual[then - LEAST_BEFORE])
    steps = min(horizon, YEAR_DAYS)
    level = np.stack([mean(usual[day - AROUND : day + AROUND + 1]) for day in range(then, then + steps + 1)])
    ratio = np.ones((steps, usual.shape[1]))
    np.divide(level[1:], level[0], out=ratio, where=known & (level > 0.01).all(axis=0))
    believed = SHARE * np.clip(spread / FLAT_SPREAD - 1, 0.0, 1.0)
    factors[:steps] = np.exp(believed * np.clip(np.log(ratio), -MOST, MOST))
    factors[steps:] = factors[steps - 1]
    return factors
