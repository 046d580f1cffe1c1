"""A naive model for costs in the shape of a month (free tiers, month-end batches): the same days of months before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.daily_series import Matrix
from analysis.forecasting.project import Projection


def month_shaped(cost: Matrix, days: pd.DatetimeIndex, projection: Projection) -> Projection:
    """`projection` with the mean of the last two months' same days in place of its own.

    A day that the month before does not have counts from its end.
    """
    ahead = pd.date_range(days[-1] + pd.Timedelta(days=1), periods=len(projection.mean), freq="D")
    earlier = [[_position(days, day, months) for months in (1, 2)] for day in ahead]
    mean = projection.mean.copy()
    for row, candidates in enumerate(earlier):
        known = [position for position in candidates if position is not None]
        if known:
            values = cost[known]
            count = np.maximum((~np.isnan(values)).sum(axis=0), 1)
            mean[row] = np.nansum(values, axis=0) / count
    return replace(projection, mean=mean)


def _position(days: pd.DatetimeIndex, day: pd.Timestamp, months: int) -> int | None:
    then = day - pd.DateOffset(months=months)
    while then > days[-1]:
        then -= pd.DateOffset(months=1)
    position = (then - days[0]).days
    return int(position) if position >= 0 else None
