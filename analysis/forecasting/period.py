"""Where the month, a quarter or any stretch of days will end, of which some are over: daily costs in, the end out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.anomalies.other_unit import in_newest_unit, standing_changes
from analysis.daily_series import Mask, Matrix, daily_series, plain_day
from analysis.forecasting.history import chunks, floor, recent
from analysis.forecasting.known_changes import Facts, before_and_after, cumulative_changes
from analysis.forecasting.project import project
from analysis.forecasting.totals import leaning_sides

COLUMNS = ("key", "mtd", "mean", "lo80", "hi80", "lo95", "hi95")

#: Share that days of the past that are not known may be off by at least.
LEAST_DOUBT = 0.005


def month_end(daily: pd.DataFrame, as_of: date, *, facts: Facts | None = None) -> pd.DataFrame:
    """Where each key's calendar month will end.

    Args:
        daily, facts: as in `forecast`.
        as_of: the last complete day; later rows are ignored.
    Returns:
        One row per key: `key, mtd` (dollars known from the first of the month to `as_of`), `mean, lo80, hi80, lo95,
        hi95` (dollars of the whole month; days of it that are not known count with what is expected of them). On the
        month's last day they are all what it cost.
    Raises:
        ValueError: as `forecast`; or the month is in two currencies.
    """
    first = plain_day(as_of).replace(day=1)
    return _end(daily, first, first + pd.offsets.MonthBegin(1), as_of, facts, leans=False)


def period_end(daily: pd.DataFrame, start: date, end: date, as_of: date, *, facts: Facts | None = None) -> pd.DataFrame:
    """What each key will have cost on all the days [start, end): as `month_end`, of any stretch.

    So far ahead forecasts tend to miss the same way again; the bands lean as those of `horizon_total` do.
    """
    return _end(daily, plain_day(start), plain_day(end), as_of, facts, leans=True)


def _end(
    daily: pd.DataFrame, first: pd.Timestamp, end: pd.Timestamp, as_of: date, facts: Facts | None, *, leans: bool
) -> pd.DataFrame:
    """As `month_end`, of [first, end)."""
    series = daily_series(daily, as_of)
    if not len(series.days):
        return pd.DataFrame({name: pd.Series(dtype="object" if name == "key" else "float64") for name in COLUMNS})
    for change in standing_changes(series):
        if series.days[change.day] > first:
            whole = "a stretch of days" if leans else "a month"
            raise ValueError(
                f"all costs change by one factor ({change.factor:.4g}) on {series.days[change.day]:%Y-%m-%d}: {whole} "
                "of two currencies has no sum; give it in one"
            )
    cost, days = recent(in_newest_unit(series))
    calendar = pd.date_range(days[0], max(end - pd.Timedelta(days=1), days[-1]), freq="D")
    inside = np.asarray((calendar >= first) & (calendar < end))
    moved = cumulative_changes(facts, series.keys, calendar)
    learnt, more = before_and_after(cost, moved[: len(days)]), moved[len(days) :] - moved[len(days) - 1]
    spent = np.nansum(cost[inside[: len(days)]], axis=0)
    bands = np.concatenate(
        [
            _bands(cost[:, keys], learnt[:, keys], days, more[:, keys], inside, leans=leans)
            for keys in chunks(cost.shape[1])
        ],
        axis=1,
    )
    columns = [spent, *(bands + spent)]
    return pd.DataFrame({"key": series.keys.to_numpy()} | dict(zip(COLUMNS[1:], columns, strict=True)))


def _bands(cost: Matrix, learnt: Matrix, days: pd.DatetimeIndex, more: Matrix, inside: Mask, *, leans: bool) -> Matrix:
    """mean, lo80, hi80, lo95, hi95 × keys of what the stretch still brings, and of its days that are not known."""
    low, past = floor(cost), np.flatnonzero(inside[: len(days)])
    # Before its first cost a key has none: that is known.
    unknown = np.isnan(cost[past]) & (np.cumsum(~np.isnan(cost), axis=0) > 0)[past]
    # Where the frame ends before `as_of`, the days between are forecast too.
    left = len(inside) - len(days)
    if not left and not unknown.any():
        return np.zeros((5, cost.shape[1]))
    told = project(learnt, days, max(left, 1))
    hole = np.where(np.isnan(told.expected[past]), told.mean[0], told.expected[past])
    to_come = np.where(unknown, np.maximum(hole, low), 0.0).sum(axis=0)
    doubt = np.maximum(told.noise * np.sqrt(unknown.sum(axis=0)), LEAST_DOUBT * np.abs(to_come))
    scale = np.where(unknown.any(axis=0), doubt, 0.0)
    if left:
        counts = inside[len(days) :]
        to_come = to_come + np.maximum(told.mean + more, low)[counts].sum(axis=0)
        scale = np.hypot(scale, told.total_scale * counts.mean())
    least = np.where(np.isneginf(low), -np.inf, 0.0)
    sides = leaning_sides(told) if leans and left else [told.total80, told.total80, told.total95, told.total95]
    below80, above80, below95, above95 = sides
    reach = (0.0, -below80, above80, -below95, above95)
    return np.stack([np.maximum(to_come + side * scale, least) for side in reach])
