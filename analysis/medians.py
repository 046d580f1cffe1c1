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
    # Places in the flat values: `take_along_axis` builds an index of as many dimensions as there are.
    flat, width = ordered.reshape(-1), last.size
    place = np.arange(width).reshape(last.shape)
    low = flat.take(below * width + place)
    high = flat.take(np.minimum(below + 1, last) * width + place)
    result: Values = low + (high - low) * (position - below)
    return result


def mean(values: Values, axis: int | tuple[int, ...] = 0) -> Values:
    """The mean of what is known; 0 where nothing is."""
    known = ~np.isnan(values)
    total: Any = np.where(known, values, 0.0).sum(axis=axis)
    # numpy adds up truth values as numbers of eight bytes unless told otherwise, at half the speed.
    result: Values = total / np.maximum(known.sum(axis=axis, dtype=np.int32), 1)
    return result


def moving_median(values: Values, each_side: int, newest: int | None = None) -> Values:
    """For each row the median of the rows up to `each_side` before and after it, as far as they are known.

    `newest` asks for so many of the last rows alone.
    """
    rows, keys, width = len(values), values.shape[1], 2 * each_side + 1
    padded = np.full((keys, rows + 2 * each_side), np.nan)
    padded[:, each_side : each_side + rows] = values.T
    told = rows if newest is None else min(newest, rows)
    around = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1)[:, rows - told :]
    ordered = np.sort(around, axis=2).reshape(-1)
    # Counted from sums to each day: looking through every window takes as long as sorting it.
    count = np.zeros((keys, rows + width), dtype=np.int64)
    np.cumsum(~np.isnan(padded), axis=1, out=count[:, 1:])
    last = np.maximum(count[:, width:] - count[:, :-width] - 1, 0)[:, rows - told :]
    begin = np.arange(0, ordered.size, width).reshape(keys, told)
    low, high = ordered.take(begin + last // 2), ordered.take(begin + (last + 1) // 2)
    return np.ascontiguousarray((0.5 * (low + high)).T)
