"""What a daily cost does anyway: weekdays, days off, and prices per month that make long months cheap by the day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.anomalies.holidays import days_off
from analysis.daily_series import Mask, Matrix, Row, median_of_rows

#: Weeks that weekday factors are learnt from.
WEEKS = 8

#: A month as prices mean it.
MEAN_MONTH_DAYS = 365.25 / 12

#: Days off that must be known before a dip on them is expected.
LEAST_DAYS_OFF = 3


def weekday_factors(cost: Matrix, weekdays: np.ndarray[tuple[int], np.dtype[np.int64]], off: Mask) -> Matrix:
    """How each weekday compares with its week's mean (7 × keys); 1 where weeks are unknown or cost next to nothing.

    Args:
        off: days that do not count, such as public holidays.
    """
    keys = cost.shape[1]
    factors = np.ones((7, keys))
    length = len(cost)
    if length < 14:
        return factors
    ratio = np.full(cost.shape, np.nan)
    first = max(3, length - 7 * WEEKS)
    for t in range(first, length):
        start = min(max(0, t - 3), length - 7)
        mean = cost[start : start + 7].mean(axis=0)
        known = mean > 0.01
        ratio[t] = np.where(known & ~off[t], np.divide(cost[t], mean, out=np.ones(keys), where=known), np.nan)
    for weekday in range(7):
        rows = np.flatnonzero(weekdays == weekday)
        factors[weekday] = np.nan_to_num(median_of_rows(ratio[rows[rows >= first]]), nan=1.0)
    factors = np.clip(factors, 0.0, 7.0)
    mean_factor = factors.mean(axis=0)
    scaled = np.divide(factors, mean_factor, out=np.ones_like(factors), where=mean_factor > 0.01)
    # A pattern that explains less than noise does is noise.
    spread = scaled.max(axis=0) - scaled.min(axis=0)
    return np.where(spread > 0.02, scaled, 1.0)


def month_lengths(days: pd.DatetimeIndex) -> Row:
    """The share of a mean month's daily price that a day of each month costs: below 1 in long months."""
    share: Row = MEAN_MONTH_DAYS / np.asarray(days.days_in_month, dtype=float)
    return share


def priced_by_month(cost: Matrix, days: pd.DatetimeIndex) -> Mask:
    """Keys whose daily cost jumps with the length of the month and is steady without it."""
    month = np.asarray(days.year * 12 + days.month)
    steady = cost / month_lengths(days)[:, None]
    borders = [t for t in range(4, len(days) - 3) if month[t] != month[t - 1]]
    borders = [t for t in borders if days[t].days_in_month != days[t - 1].days_in_month][-8:]
    if len(borders) < 2:
        return np.zeros(cost.shape[1], dtype=bool)
    jump = median_of_rows(np.stack([_jump(cost, t) for t in borders]))
    rest = median_of_rows(np.stack([_jump(steady, t) for t in borders]))
    result: Mask = (jump > 0.02) & (rest < 0.5 * jump)
    return result


def day_off_factor(actual: Matrix, usual: Matrix, off: Mask) -> Row:
    """What a working day off costs against what it would; 1 where too few are known or it makes no difference."""
    rows = np.flatnonzero(off)
    if len(rows) < LEAST_DAYS_OFF:
        return np.ones(actual.shape[1])
    ratio = np.full((len(rows), actual.shape[1]), np.nan)
    np.divide(actual[rows], usual[rows], out=ratio, where=np.nan_to_num(usual[rows]) > 0.01)
    factor = np.clip(np.nan_to_num(median_of_rows(ratio), nan=1.0), 0.2, 1.0)
    return np.where(factor < 0.93, factor, 1.0)


def working_days_off(days: pd.DatetimeIndex) -> Mask:
    """Public holidays and the last week of the year that fall on a working day."""
    result: Mask = days_off(days) & np.asarray(days.day_of_week < 5)
    return result


def _jump(cost: Matrix, t: int) -> Row:
    before, after = np.median(cost[t - 4 : t], axis=0), np.median(cost[t : t + 4], axis=0)
    known = np.abs(before) > 0.01
    change: Row = np.divide(after - before, np.abs(before), out=np.full(len(before), np.nan), where=known)
    return np.abs(change)
