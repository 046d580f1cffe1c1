"""A line that may bend once: the slope of its last part, steadied by the first part where both go the same way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.daily_series import Matrix, Row
from analysis.small_products import product

#: A bend of fewer than the root of this many standard errors is none.
BEND = 2.0

#: Autocorrelation of neighbouring days is believed up to here.
MOST_STICKY = 0.8


def last_slope(values: Matrix, last: int) -> Row:
    """The slope per row over the `last` rows of each column.

    A line with a bend at the beginning of the last rows is fitted by least squares; the bend counts as far as it
    stands out of its own error, noise that sticks from day to day allowed for.

    Args:
        values: rows × columns, NaN where nothing is known; outliers cut before.
    Returns:
        Per column; NaN where fewer than three rows are known.
    """
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    place = np.arange(len(values)) - (len(values) - last)
    before = known[:-last].sum(axis=0) >= last // 4 if last < len(values) else np.zeros(values.shape[1], dtype=bool)
    known = known & (before | (place >= 0)[:, None])
    value = np.where(known, values, 0.0)
    ramp = np.minimum(place, 0.0), np.maximum(place, 0.0)
    basis = np.stack([np.ones(len(values)), *ramp], axis=1)
    weight = known.astype(float)
    squares = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1)
    gram = product(squares.T, weight).T.reshape(-1, 3, 3)
    # A part without rows has no slope of its own.
    gram = gram + 1e-9 * np.eye(3)
    fitted = np.linalg.solve(gram, (basis.T @ value).T[:, :, None])[:, :, 0]
    rest = np.where(known, value - basis @ fitted.T, np.nan)
    covariance = np.linalg.inv(gram) * _variance(rest, known)[:, None, None]
    bend = fitted[:, 2] - fitted[:, 1]
    error = covariance[:, 1, 1] + covariance[:, 2, 2] - 2 * covariance[:, 1, 2]
    stands_out = np.maximum(1 - BEND * error / np.maximum(bend**2, 1e-18), 0.0)
    straight = _straight_slope(value, known, place.astype(float))
    slope = np.where(before, straight + stands_out * (fitted[:, 2] - straight), fitted[:, 2])
    return np.where(count >= 3, slope, np.nan)


def _straight_slope(value: Matrix, known: NDArray[np.bool_], place: Row) -> Row:
    count = np.maximum(known.sum(axis=0), 1)
    middle = (known * place[:, None]).sum(axis=0) / count
    away = np.where(known, place[:, None] - middle, 0.0)
    slope: Row = (away * value).sum(axis=0) / np.maximum((away**2).sum(axis=0), 1e-9)
    return slope


def _variance(rest: Matrix, known: NDArray[np.bool_]) -> Row:
    """Of a day, as large as it must be for days to count as independent."""
    filled = np.nan_to_num(rest)
    own = (filled**2).sum(axis=0)
    sticky = (filled[1:] * filled[:-1]).sum(axis=0) / np.maximum(own, 1e-18)
    sticky = np.clip(sticky, 0.0, MOST_STICKY)
    variance: Row = own / np.maximum(known.sum(axis=0) - 3, 1) * (1 + sticky) / (1 - sticky)
    return variance
