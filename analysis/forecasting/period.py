"""Where any stretch of days will end, of which some are over: as `month_end`, for a quarter or the rest of a year.

So far ahead forecasts tend to miss the same way again; the bands lean as those of `horizon_total` do.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.anomalies.other_unit import in_newest_unit, standing_changes
from analysis.daily_series import Mask, Matrix, daily_series, plain_day
from analysis.forecasting.forecast import LEAST_DOUBT, MONTH_COLUMNS, _chunks, _floor, _recent
from analysis.forecasting.known_changes import Facts, before_and_after, cumulative_changes
from analysis.forecasting.project import project
from analysis.forecasting.totals import SHORTEST, leaning


def period_end(daily: pd.DataFrame, start: date, end: date, as_of: date, *, facts: Facts | None = None) -> pd.DataFrame:
    """What each key will have cost on all the days [start, end).

    Args:
        daily, facts: as in `forecast`.
        as_of: the last complete day; later rows are ignored.
    Returns:
        One row per key: `key, mtd` (dollars known from `start` to `as_of`), `mean, lo80, hi80, lo95, hi95` (dollars of
        the whole stretch; days of it that are not known count with what is expected of them).
    Raises:
        ValueError: as `forecast`; or the stretch is in two currencies.
    """
    series = daily_series(daily, as_of)
    if not len(series.days):
        return pd.DataFrame({name: pd.Series(dtype="object" if name == "key" else float) for name in MONTH_COLUMNS})
    first = plain_day(start)
    for change in standing_changes(series):
        if series.days[change.day] > first:
            raise ValueError(f"all costs change by one factor on {series.days[change.day]:%Y-%m-%d}: two currencies")
    cost, days = _recent(in_newest_unit(series))
    calendar = pd.date_range(days[0], max(plain_day(end) - pd.Timedelta(days=1), days[-1]), freq="D")
    inside = np.asarray((calendar >= first) & (calendar < plain_day(end)))
    moved = cumulative_changes(facts, series.keys, calendar)
    learnt, more = before_and_after(cost, moved[: len(days)]), moved[len(days) :] - moved[len(days) - 1]
    spent = np.nansum(cost[inside[: len(days)]], axis=0)
    bands = np.concatenate(
        [_bands(cost[:, keys], learnt[:, keys], days, more[:, keys], inside) for keys in _chunks(cost.shape[1])], axis=1
    )
    columns = [spent, *(bands + spent)]
    return pd.DataFrame({"key": series.keys.to_numpy()} | dict(zip(MONTH_COLUMNS[1:], columns, strict=True)))


def _bands(cost: Matrix, learnt: Matrix, days: pd.DatetimeIndex, more: Matrix, inside: Mask) -> Matrix:
    """mean, lo80, hi80, lo95, hi95 × keys of what is to come, and of past days that are not known."""
    floor, past = _floor(cost), np.flatnonzero(inside[: len(days)])
    unknown = np.isnan(cost[past]) & (np.cumsum(~np.isnan(cost), axis=0) > 0)[past]
    left = len(inside) - len(days)
    if not left and not unknown.any():
        return np.zeros((5, cost.shape[1]))
    told = project(learnt, days, max(left, 1))
    hole = np.where(np.isnan(told.expected[past]), told.mean[0], told.expected[past])
    to_come = np.where(unknown, np.maximum(hole, floor), 0.0).sum(axis=0)
    doubt = np.maximum(told.noise * np.sqrt(unknown.sum(axis=0)), LEAST_DOUBT * np.abs(to_come))
    scale = np.where(unknown.any(axis=0), doubt, 0.0)
    if left:
        counts = inside[len(days) :]
        to_come = to_come + np.maximum(told.mean + more, floor)[counts].sum(axis=0)
        scale = np.hypot(scale, told.total_scale * counts.mean())
    lean = leaning(told.missed_totals) if left else np.zeros(cost.shape[1])
    below80, above80, below95, above95 = (
        np.maximum(width + way * lean, shortest)
        for width, shortest in zip((told.total80, told.total95), SHORTEST, strict=True)
        for way in (-1, 1)
    )
    least = np.where(np.isneginf(floor), -np.inf, 0.0)
    reach = (0.0, -below80, above80, -below95, above95)
    return np.stack([np.maximum(to_come + side * scale, least) for side in reach])
