"""Where a level comes home to: what the year before cost by the day, weather and projects averaged out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.daily_series import Matrix
from analysis.ordinary_costs import AROUND

Values = NDArray[np.float64]

#: Whole weeks that are nearest to a year, and the days of them that must be known.
YEAR_DAYS, LEAST_KNOWN = 364, 60


def homes(expected: Matrix, starts: tuple[int, ...]) -> Values:
    """The mean of the year before each start (starts × keys), NaN where too little of it is known.

    Args:
        expected: days of history × keys, what surroundings and weekday say of each; NaN where nothing is known. The
            newest days before a start are left out: what surrounds them comes after it.
    """
    known = ~np.isnan(expected)
    total, count = (_summed(part) for part in (np.where(known, expected, 0.0), known.astype(float)))
    ends = np.array([max(start - AROUND, 0) for start in starts])
    begins = np.maximum(ends - YEAR_DAYS, 0)
    days = count[ends] - count[begins]
    result: Values = np.where(days >= LEAST_KNOWN, (total[ends] - total[begins]) / np.maximum(days, 1), np.nan)
    return result


def _summed(values: Matrix) -> Matrix:
    """What all rows before each add up to; one row more than `values`."""
    return np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
