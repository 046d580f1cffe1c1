"""The entries: daily costs in, days to come and the month's end out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.daily_series import DailySeries, Matrix, daily_series
from analysis.forecasting.backtest import Lessons, day_scale, rehearse, total_scale
from analysis.forecasting.month_shaped import month_shaped
from analysis.forecasting.project import Projection, project

COLUMNS = ("key", "date", "mean", "lo80", "hi80", "lo95", "hi95")
MONTH_COLUMNS = ("key", "mtd", "mean", "lo80", "hi80", "lo95", "hi95")

#: Days of history that are looked at: a year for the days off, and the rehearsals before it.
HISTORY_DAYS = 400


def forecast(daily: pd.DataFrame, horizon_days: int = 30) -> pd.DataFrame:
    """What each key will cost on each of the days after the frame's last one.

    Args:
        daily: `date, key, cost`, a row per day and key in any order, its last day complete; a missing row after a
            key's first day is 0.
        horizon_days: days to forecast; beyond 90 the intervals say less than they seem to.
    Returns:
        One row per key and day: `key, date, mean, lo80, hi80, lo95, hi95` in dollars. Never negative, unless the
        key's history is (credits).
    """
    series = daily_series(daily)
    if not len(series.days) or horizon_days < 1:
        return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in COLUMNS})
    cost, days = _recent(series)
    lessons = rehearse(cost, days)
    projection = _projection(cost, days, horizon_days, lessons)
    ahead = pd.date_range(days[-1] + pd.Timedelta(days=1), periods=horizon_days, freq="D")
    floor = _floor(cost)
    scale = day_scale(projection)
    mean = np.maximum(projection.mean, floor)
    columns = {
        "mean": mean,
        "lo80": np.maximum(mean - lessons.wide80 * scale, floor),
        "hi80": mean + lessons.wide80 * scale,
        "lo95": np.maximum(mean - lessons.wide95 * scale, floor),
        "hi95": mean + lessons.wide95 * scale,
    }
    keys = series.keys.to_numpy()
    frame = {"key": np.repeat(keys, horizon_days), "date": np.tile(ahead.to_numpy(), len(keys))}
    return pd.DataFrame(frame | {name: values.T.ravel() for name, values in columns.items()})[list(COLUMNS)]


def month_end(daily: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Where each key's calendar month will end.

    Args:
        daily: as in `forecast`.
        as_of: the last complete day; later rows are ignored.
    Returns:
        One row per key: `key, mtd` (dollars from the first of the month to `as_of`), `mean, lo80, hi80, lo95, hi95`
        (dollars of the whole month). On the month's last day they are all what it cost.
    """
    series = daily_series(daily, as_of)
    if not len(series.days):
        return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in MONTH_COLUMNS})
    cost, days = _recent(series)
    today = pd.Timestamp(as_of)
    spent = np.nansum(cost[np.asarray(days >= today.replace(day=1))], axis=0)
    # Where the frame ends before `as_of`, the days between are forecast too.
    left = (today + pd.offsets.MonthEnd(0) - days[-1]).days
    if left < 1:
        return _months(series, spent, np.zeros((4, len(spent))), spent)
    lessons = rehearse(cost, days)
    projection = _projection(cost, days, left, lessons)
    in_month = np.asarray(
        pd.date_range(days[-1] + pd.Timedelta(days=1), periods=left, freq="D") >= today.replace(day=1)
    )
    projection = Projection(*(part[in_month] for part in _parts(projection)))
    floor = _floor(cost)
    to_come = np.maximum(projection.mean, floor).sum(axis=0)
    scale = total_scale(projection)
    bands = np.stack(
        [
            np.maximum(to_come - lessons.total80 * scale, np.where(floor == 0, 0.0, -np.inf)),
            to_come + lessons.total80 * scale,
            np.maximum(to_come - lessons.total95 * scale, np.where(floor == 0, 0.0, -np.inf)),
            to_come + lessons.total95 * scale,
        ]
    )
    return _months(series, spent, bands, spent + to_come)


def _projection(cost: Matrix, days: pd.DatetimeIndex, horizon: int, lessons: Lessons) -> Projection:
    plain = project(cost, days, horizon)
    shaped = month_shaped(cost, days, plain)
    return Projection(
        np.where(lessons.month_shaped > 0, shaped.mean, plain.mean), plain.charges, plain.noise, plain.drift
    )


def _parts(projection: Projection) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    return projection.mean, projection.charges, projection.noise, projection.drift


def _recent(series: DailySeries) -> tuple[Matrix, pd.DatetimeIndex]:
    never = series.first >= len(series.days)
    cost = np.where(never, 0.0, series.cost)[-HISTORY_DAYS:]
    return cost, series.days[-HISTORY_DAYS:]


def _floor(cost: Matrix) -> Matrix:
    """0, or no floor for keys that had a credit in the last 90 days."""
    credit = np.nan_to_num(cost[-90:]).min(axis=0) < 0
    return np.where(credit, -np.inf, 0.0)


def _months(series: DailySeries, spent: Matrix, bands: Matrix, mean: Matrix) -> pd.DataFrame:
    lo80, hi80, lo95, hi95 = bands + spent
    return pd.DataFrame(
        {
            "key": series.keys.to_numpy(),
            "mtd": spent,
            "mean": mean,
            "lo80": lo80,
            "hi80": hi80,
            "lo95": lo95,
            "hi95": hi95,
        }
    )


def _dtype(name: str) -> str:
    return {"key": "object", "date": "datetime64[s]"}.get(name, "float64")
