"""The entries: daily costs in, days to come and the month's end out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.anomalies.other_unit import in_newest_unit, standing_changes
from analysis.daily_series import DailySeries, Mask, Matrix, Row, daily_series, plain_day
from analysis.forecasting.known_changes import Facts, before_and_after, cumulative_changes
from analysis.forecasting.project import Projection, project

COLUMNS = ("key", "date", "mean", "lo80", "hi80", "lo95", "hi95")
MONTH_COLUMNS = ("key", "mtd", "mean", "lo80", "hi80", "lo95", "hi95")

#: Days of history that are looked at: a year for the days off and the seasons, and what shows that they come again.
HISTORY_DAYS = 430

#: Days of history without which nothing is told of the future.
LEAST_DAYS = 28

#: Keys worked on at once: so many that calls weigh little, so few that what is calculated stays near the processor.
KEYS_AT_ONCE = 256

#: Share that days of the past that are not known may be off by at least.
LEAST_DOUBT = 0.005


def forecast(daily: pd.DataFrame, horizon_days: int = 30, *, facts: Facts | None = None) -> pd.DataFrame:
    """What each key will cost on each of the days after the frame's last one.

    Args:
        daily: `date, key, cost`, a row per day and key in any order, its last day complete; a missing row after a
            key's first day is 0, a NaN cost is a day that is not known.
        horizon_days: days to forecast; beyond 90 the intervals say less than they seem to.
        facts: what is known about these keys: `KnownChange`s or a frame `key, date, change` in dollars a day. Those
            of days to come move the forecast; those of days past say that the level before them is over.
    Returns:
        One row per key and day: `key, date, mean, lo80, hi80, lo95, hi95` in dollars. Never negative, unless the
        key's history is (credits).
    Raises:
        ValueError: a column is missing, a cost is infinite, or a fact is about a key without costs.
    """
    series = in_newest_unit(daily_series(daily))
    if not len(series.days) or horizon_days < 1:
        return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in COLUMNS})
    cost, days = _recent(series)
    calendar = pd.date_range(days[0], periods=len(days) + horizon_days, freq="D")
    moved = cumulative_changes(facts, series.keys, calendar)
    learnt, more = before_and_after(cost, moved[: len(days)]), moved[len(days) :] - moved[len(days) - 1]
    bands = np.concatenate(
        [
            _day_bands(project(learnt[:, keys], days, horizon_days), more[:, keys], _floor(cost[:, keys]))
            for keys in _chunks(cost.shape[1])
        ],
        axis=2,
    )
    ahead = calendar[len(days) :].to_numpy()
    frame = {"key": np.repeat(series.keys.to_numpy(), horizon_days), "date": np.tile(ahead, len(series.keys))}
    return pd.DataFrame(frame | {name: band.T.ravel() for name, band in zip(COLUMNS[2:], bands, strict=True)})


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
    series = daily_series(daily, as_of)
    if not len(series.days):
        return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in MONTH_COLUMNS})
    today = plain_day(as_of)
    for change in standing_changes(series):
        if series.days[change.day] > today.replace(day=1):
            raise ValueError(
                f"all costs change by one factor ({change.factor:.4g}) on {series.days[change.day]:%Y-%m-%d}: a month "
                "of two currencies has no sum; give it in one"
            )
    cost, days = _recent(in_newest_unit(series))
    calendar = pd.date_range(days[0], today + pd.offsets.MonthEnd(0), freq="D")
    in_month = np.asarray(calendar >= today.replace(day=1))
    moved = cumulative_changes(facts, series.keys, calendar)
    learnt, more = before_and_after(cost, moved[: len(days)]), moved[len(days) :] - moved[len(days) - 1]
    spent = np.nansum(cost[in_month[: len(days)]], axis=0)
    bands = np.concatenate(
        [
            _month_bands(cost[:, keys], learnt[:, keys], days, more[:, keys], in_month)
            for keys in _chunks(cost.shape[1])
        ],
        axis=1,
    )
    columns = [spent, *(bands + spent)]
    return pd.DataFrame({"key": series.keys.to_numpy()} | dict(zip(MONTH_COLUMNS[1:], columns, strict=True)))


def _day_bands(told: Projection, more: Matrix, floor: Row) -> Matrix:
    """mean, lo80, hi80, lo95, hi95 × days × keys."""
    mean, wide = np.maximum(told.mean + more, floor), told.widths
    below, above = told.scale, told.above
    reach = (0.0, -wide.below80 * below, wide.above80 * above, -wide.below95 * below, wide.above95 * above)
    return np.stack([np.maximum(mean + side, floor) for side in reach])


def _month_bands(cost: Matrix, learnt: Matrix, days: pd.DatetimeIndex, more: Matrix, in_month: Mask) -> Matrix:
    """mean, lo80, hi80, lo95, hi95 × keys of what the month still brings, and of its days that are not known."""
    floor, past = _floor(cost), np.flatnonzero(in_month[: len(days)])
    # Before its first cost a key has none: that is known.
    unknown = np.isnan(cost[past]) & (np.cumsum(~np.isnan(cost), axis=0) > 0)[past]
    # Where the frame ends before `as_of`, the days between are forecast too.
    left = len(in_month) - len(days)
    if not left and not unknown.any():
        return np.zeros((5, cost.shape[1]))
    told = project(learnt, days, max(left, 1))
    hole = np.where(np.isnan(told.expected[past]), told.mean[0], told.expected[past])
    to_come = np.where(unknown, np.maximum(hole, floor), 0.0).sum(axis=0)
    doubt = np.maximum(told.noise * np.sqrt(unknown.sum(axis=0)), LEAST_DOUBT * np.abs(to_come))
    scale = np.where(unknown.any(axis=0), doubt, 0.0)
    if left:
        counts = in_month[len(days) :]
        to_come = to_come + np.maximum(told.mean + more, floor)[counts].sum(axis=0)
        scale = np.hypot(scale, told.total_scale * counts.mean())
    least = np.where(np.isneginf(floor), -np.inf, 0.0)
    reach = (0.0, -told.total80, told.total80, -told.total95, told.total95)
    return np.stack([np.maximum(to_come + side * scale, least) for side in reach])


def _chunks(keys: int) -> list[slice]:
    return [slice(start, start + KEYS_AT_ONCE) for start in range(0, keys, KEYS_AT_ONCE)]


def _recent(series: DailySeries) -> tuple[Matrix, pd.DatetimeIndex]:
    never = series.first >= len(series.days)
    cost = np.where(never, 0.0, series.cost)[-HISTORY_DAYS:]
    return cost, series.days[-HISTORY_DAYS:]


def _floor(cost: Matrix) -> Row:
    """0, or no floor for keys that had a credit in the last 90 days."""
    credit = np.nan_to_num(cost[-90:]).min(axis=0) < 0
    return np.where(credit, -np.inf, 0.0)


def _dtype(name: str) -> str:
    return {"key": "object", "date": "datetime64[s]"}.get(name, "float64")
