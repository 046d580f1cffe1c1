"""The median of all slopes between pairs of points: a trend that a few odd days cannot bend."""

from __future__ import annotations

import numpy as np

from analysis.daily_series import Matrix, Row
from analysis.medians import median

#: Keys worked on at once, so that the pairs of many keys stay small in memory.
_CHUNK = 400


def slopes(values: Matrix) -> Row:
    """The slope per row of each column; NaN values are left out, NaN where no pair is left."""
    later, earlier = np.tril_indices(len(values), -1)
    gap = (later - earlier)[:, None].astype(float)
    result = np.full(values.shape[1], np.nan)
    for start in range(0, values.shape[1], _CHUNK):
        part = values[:, start : start + _CHUNK]
        result[start : start + _CHUNK] = median((part[later] - part[earlier]) / gap)
    return result
