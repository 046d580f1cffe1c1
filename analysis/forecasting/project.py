"""One projection: the history of all keys in, the days to come out, without intervals.

Charges on a day of the month are taken out and put back on their days; bursts of a few days are cut, shifts stay; what
is left is level × weekday × day off × month length, the level being the mean of a damped Theil–Sen trend and a Theta
method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import recurring_charges
from analysis.anomalies.holidays import days_off
from analysis.daily_series import Mask, Matrix, Row, median_of_rows
from analysis.seasonality import (
    day_off_factor,
    month_lengths,
    priced_by_month,
    weekday_factors,
    working_days_off,
)
from analysis.theil_sen import slopes

#: Weeks of history that the trend looks at, and how fast it fades, per day.
TREND_WEEKS, DAMPING = 8, 0.975

#: The newest weeks, which must go on in the direction of all of them.
NEWEST_WEEKS = 4

#: Weight of the newest day in the Theta method's smoothing.
SMOOTHING = 0.22

#: Share of a day off's cost that its forecast may be off by.
DAY_OFF_DOUBT = 0.25

#: Below this share of days with a cost a key is sparse, and its mean is all one can say.
SPARSE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Projection:
    """Days to come × keys: the mean, the part of it that is charges, and the scale of days and of drift in dollars."""

    mean: Matrix
    charges: Matrix
    noise: Matrix
    drift: Matrix


def project(cost: Matrix, days: pd.DatetimeIndex, horizon: int) -> Projection:
    """The `horizon` days after `days`.

    Args:
        cost: days × keys, NaN before a key's first day.
    """
    ahead = pd.date_range(days[-1] + pd.Timedelta(days=1), periods=horizon, freq="D")
    usual = recurring_charges.around(cost)
    monthly = recurring_charges.charges(cost, usual, days)
    plain = cost - np.where(recurring_charges.bursts(cost, usual), monthly.on(days), 0.0)
    by_month = priced_by_month(plain, days)
    length = np.where(by_month, month_lengths(days)[:, None], 1.0)
    length_ahead = np.where(by_month, month_lengths(ahead)[:, None], 1.0)
    even = plain / length
    off, off_ahead = working_days_off(days), working_days_off(ahead)
    tame = _without_bursts(np.where(days_off(days)[:, None], np.nan, even))
    tame = np.where(np.isnan(tame), even, tame)
    weekday = weekday_factors(tame, _weekdays(days), off)
    shape, shape_ahead = weekday[_weekdays(days)], weekday[_weekdays(ahead)]
    level = _level(tame, shape, days_off(days))
    dip = day_off_factor(tame, shape * _smooth(level), off)
    path = _path(level, horizon)
    mean = path * shape_ahead * np.where(off_ahead[:, None], dip, 1.0) * length_ahead
    sparse = _sparse(even)
    mean = np.where(sparse, _mean(even, 90), mean)
    noise, drift = _scales(even, level, shape, horizon)
    noise = np.where(sparse, _spread(even, 90), noise)
    # Whether and how much people's absence shows is never quite known.
    human = (weekday.min(axis=0) < 0.95) & ~sparse
    drift = drift + np.where(off_ahead[:, None] & human, DAY_OFF_DOUBT * np.abs(mean), 0.0)
    size = np.where(sparse, 1.0, shape_ahead) * length_ahead
    come = monthly.on(ahead)
    return Projection(mean + come, come, noise * np.maximum(size, 0.15), drift * size)


def _weekdays(days: pd.DatetimeIndex) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.asarray(days.day_of_week, dtype=np.int64)


def _without_bursts(cost: Matrix) -> Matrix:
    """Days far from the two weeks around them cut back to the edge; a shift moves those weeks along and stays."""
    usual = recurring_charges.around(cost)
    ratio = np.full(cost.shape, np.nan)
    np.divide(cost, usual, out=ratio, where=np.nan_to_num(usual) > 0.01)
    weekly = _same_weekday_ratio(ratio)
    expected = usual * weekly
    distance = cost - expected
    sigma = np.maximum(1.4826 * median_of_rows(np.abs(distance[-90:])), 0.02 * np.abs(np.nan_to_num(usual)))
    return np.where(np.isnan(expected), cost, expected + np.clip(distance, -3.5 * sigma, 3.5 * sigma))


def _same_weekday_ratio(ratio: Matrix) -> Matrix:
    """For each day the median ratio of its weekday over the last weeks."""
    result = np.ones_like(ratio)
    recent = ratio[-70:]
    for weekday in range(7):
        rows = np.arange(len(ratio) - 1 - weekday, -1, -7)
        inside = np.arange(len(recent) - 1 - weekday, -1, -7)
        result[rows] = np.nan_to_num(median_of_rows(recent[inside]), nan=1.0) if len(inside) else 1.0
    return result


def _level(tame: Matrix, shape: Matrix, off: Mask) -> Matrix:
    """The series without its weekdays; idle weekdays and days off say nothing about it."""
    level = np.full(tame.shape, np.nan)
    np.divide(tame, shape, out=level, where=(shape > 0.2) & ~off[:, None])
    return level


def _smooth(level: Matrix) -> Matrix:
    return recurring_charges.around(level)


def _path(level: Matrix, horizon: int) -> Matrix:
    """The level of the days to come."""
    steps = np.arange(1, horizon + 1)[:, None]
    weeks = _weekly(level)
    trend = _trend(weeks)
    newest = weeks[-3:]
    age = np.arange(len(newest))[::-1][:, None]
    settled = median_of_rows(newest + 7 * age * trend)
    now = np.where(np.isnan(settled), _mean(level, 28), 0.5 * settled + 0.5 * _mean(level, 7))
    faded = DAMPING * (1 - DAMPING**steps) / (1 - DAMPING)
    sen = now + trend * (3 + faded)
    theta = _smoothed(level) + 0.5 * trend * (steps + 1 / SMOOTHING)
    path: Matrix = 0.5 * sen + 0.5 * theta
    # Half in a month is as far as a trend is believed.
    return np.where(now > 0, np.clip(path, 0.5 * now, 1.6 * now), path)


def _trend(weeks: Matrix) -> Row:
    """Dollars a day per day, as far as it stands out of its own noise and the newest weeks still follow it.

    After a shift the newest weeks lie still: then there is no trend, however steep the line through all of them.
    """
    position = 7 * np.arange(len(weeks))[:, None]
    slope = np.nan_to_num(slopes(weeks)) / 7
    fitted = median_of_rows(weeks - slope * position) + slope * position
    sigma = 1.4826 * np.nan_to_num(median_of_rows(np.abs(weeks - fitted)))
    travelled = np.abs(slope) * 7 * max(len(weeks) - 1, 1)
    certain = np.clip(travelled / np.maximum(3 * sigma, 1e-9) - 0.5, 0.0, 1.0)
    newest = np.nan_to_num(slopes(weeks[-NEWEST_WEEKS:])) / 7
    follows = np.where(newest * slope > 0, np.minimum(np.abs(newest) / np.maximum(np.abs(slope), 1e-9), 1.0), 0.0)
    trend: Row = slope * certain * follows
    return trend


def _weekly(level: Matrix) -> Matrix:
    """Medians of the last weeks, oldest first."""
    count = min(TREND_WEEKS, max(1, len(level) // 7))
    ends = [len(level) - 7 * week for week in range(count)][::-1]
    return np.stack([median_of_rows(level[max(0, end - 7) : end]) for end in ends])


def _smoothed(level: Matrix) -> Row:
    recent = level[-70:]
    state = median_of_rows(recent[:14])
    for row in recent:
        known = ~np.isnan(row)
        state = np.where(np.isnan(state), row, np.where(known, state + SMOOTHING * (row - state), state))
    result: Row = np.nan_to_num(state)
    return result


def _sparse(cost: Matrix) -> Mask:
    recent = cost[-56:]
    known = np.maximum((~np.isnan(recent)).sum(axis=0), 1)
    spent = (np.abs(np.nan_to_num(recent)) > 0.01).sum(axis=0)
    result: Mask = spent < SPARSE_SHARE * known
    return result


def _mean(cost: Matrix, days: int) -> Row:
    recent = cost[-days:]
    known = np.maximum((~np.isnan(recent)).sum(axis=0), 1)
    mean: Row = np.nansum(recent, axis=0) / known
    return mean


def _spread(cost: Matrix, days: int) -> Row:
    """The standard deviation of the last days; what a sparse key may be off by on any of them."""
    recent = cost[-days:]
    off = np.nan_to_num((recent - _mean(cost, days)) ** 2)
    spread: Row = np.sqrt(off.sum(axis=0) / np.maximum((~np.isnan(recent)).sum(axis=0), 1))
    return spread


def _scales(even: Matrix, level: Matrix, shape: Matrix, horizon: int) -> tuple[Matrix, Matrix]:
    """Dollars that a day is off by itself, and that the level has wandered by the h-th day."""
    smooth = _smooth(level)
    off = (even - smooth * shape)[-90:] / np.maximum(shape[-90:], 0.15)
    noise = np.nan_to_num(1.2533 * _mean(np.abs(off), 90))
    month = np.full(level.shape, np.nan)
    month[28:] = np.abs(smooth[28:] - smooth[:-28])
    drift_month = np.nan_to_num(1.2533 * _mean(month, 180), nan=0.0)
    drift_month = np.maximum(drift_month, 0.02 * np.abs(_mean(level, 28)))
    steps = np.arange(1, horizon + 1)[:, None]
    return np.broadcast_to(noise, (horizon, len(noise))).copy(), 0.7 * drift_month * np.sqrt(steps / 28)
