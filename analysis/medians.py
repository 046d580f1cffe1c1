"""Medians of many columns at once, unknown values left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def median(values: Values, share: float = 0.5) -> Values:
    """The median along the first axis, or another quantile; NaN left out, NaN where nothing is known."""
    return quantile(np.sort(values, axis=0), share)


def quantile(ordered: Values, share: float) -> Values:
    """A quantile along the first axis of values sorted along it, NaN last; interpolated between neighbours."""
    if not len(ordered):
        return np.full(ordered.shape[1:], np.nan)
    last = np.maximum((~np.isnan(ordered)).sum(axis=0) - 1, 0)
    position = last * share
    below = position.astype(np.int64)
    low = np.take_along_axis(ordered, below[None], axis=0)[0]
    high = np.take_along_axis(ordered, np.minimum(below + 1, last)[None], axis=0)[0]
    result: Values = low + (high - low) * (position - below)
    return result


def mean(values: Values, axis: int | tuple[int, ...] = 0) -> Values:
    """The mean of what is known; 0 where nothing is."""
    known = ~np.isnan(values)
    total: Any = np.where(known, values, 0.0).sum(axis=axis)
    result: Values = total / np.maximum(known.sum(axis=axis), 1)
    return result


def moving_median(values: Values, each_side: int) -> Values:
    """For each row the median of the rows up to `each_side` before and after it, as far as they are known."""
    rows, width = len(values), 2 * each_side + 1
    padded = np.full((values.shape[1], rows + 2 * each_side), np.nan)
    padded[:, each_side : each_side + rows] = values.T
    ordered = np.sort(np.lib.stride_tricks.sliding_window_view(padded, width, axis=1), axis=2)
    last = np.maximum(width - 1 - np.isnan(ordered).sum(axis=2), 0)
    low = np.take_along_axis(ordered, (last // 2)[..., None], axis=2)[..., 0]
    high = np.take_along_axis(ordered, ((last + 1) // 2)[..., None], axis=2)[..., 0]
    return np.ascontiguousarray((0.5 * (low + high)).T)
