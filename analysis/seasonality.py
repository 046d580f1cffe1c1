"""What a daily cost does anyway: weekdays, and prices per month that make long months cheap by the day."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.daily_series import Mask, Matrix, Row
from analysis.medians import median

Values = NDArray[np.float64]

#: Weeks that weekday factors are learnt from.
WEEKS = 12

#: A month as prices mean it.
MEAN_MONTH_DAYS = 365.25 / 12

#: The last changes of month length that are looked at; below `FEW` of them a cost priced by the month must follow all,
#: below `LEAST` nothing is told.
MOST_CHANGES, FEW, LEAST = 8, 6, 3

#: Share of many changes at which the cost must jump by about as much as the length says, and what about means.
MOST_FOLLOW, ABOUT = 0.6, (0.5, 1.5)

#: The five working days, Monday first.
WORKING_DAYS = 5


def weekday_factors(cost: Values, weekdays: NDArray[np.int64]) -> Values:
    """How each weekday compares with its week's mean (7 × …); 1 where weeks are unknown or cost next to nothing.

    Working days are drawn together, and so are the two days of the weekend, as far as their difference is no more
    than noise makes it.

    Args:
        cost: days × …, bursts cut; days that do not count, such as public holidays, are NaN.
        weekdays: of the rows of `cost`; Monday is 0.
    """
    weeks = min(WEEKS, len(cost) // 7)
    if weeks < 2:
        return np.ones((7, *cost.shape[1:]))
    recent = cost[-7 * weeks :]
    week = _week_around(cost)[-7 * weeks :]
    ratio = np.full(recent.shape, np.nan)
    np.divide(recent, week, out=ratio, where=np.abs(np.nan_to_num(week)) > 0.01)
    ratio = ratio.reshape(weeks, 7, *cost.shape[1:])
    known = ~np.isnan(ratio)
    count = known.sum(axis=0)
    typical = np.where(known, ratio, 0.0).sum(axis=0) / np.maximum(count, 1)
    off = np.where(known, ratio - typical, 0.0)
    variance = (off**2).sum(axis=(0, 1)) / np.maximum(count.sum(axis=0) - 7, 1)
    times = np.maximum(count.mean(axis=0), 1)
    factors = np.empty_like(typical)
    factors[weekdays[-7 * weeks :][:7]] = np.where(count > 1, typical, 1.0)
    return np.where(times >= 2, _scaled(_drawn_together(factors, variance / times)), 1.0)


def month_lengths(days: pd.DatetimeIndex) -> Row:
    """The share of a mean month's daily price that a day of each month costs: below 1 in long months."""
    share: Row = MEAN_MONTH_DAYS / np.asarray(days.days_in_month, dtype=float)
    return share


def priced_by_month(cost: Matrix, days: pd.DatetimeIndex) -> Mask:
    """Keys whose cost jumps by about as much as the months' length, each way, at most changes of it.

    Days are held against the same weekdays of the week before, and that against the weeks around it: neither
    a weekend beside the first of a month nor growth is a jump.
    """
    length = month_lengths(days)
    changes = [t for t in range(14, len(days) - 6) if length[t] != length[t - 1]][-MOST_CHANGES:]
    if len(changes) < LEAST:
        return np.zeros(cost.shape[1], dtype=bool)
    follows = []
    for t in changes:
        around = [_week_on_week(cost, at) for at in (t - 7, t + 7) if at + 7 <= len(days)]
        ratio = (_week_on_week(cost, t) - sum(around) / len(around)) / (length[t] / length[t - 1] - 1)
        follows.append((ratio > ABOUT[0]) & (ratio < ABOUT[1]))
    result: Mask = np.mean(follows, axis=0) >= (MOST_FOLLOW if len(changes) >= FEW else 1.0)
    return result


def _week_on_week(cost: Matrix, t: int) -> Row:
    """By which share the week from `t` on is above the one before it, in the middle of its weekdays."""
    before, after = cost[t - 7 : t], cost[t : t + 7]
    change = np.full(before.shape, np.nan)
    np.divide(after - before, np.abs(before), out=change, where=np.abs(np.nan_to_num(before)) > 0.005)
    result: Row = median(change)
    return result


def _week_around(cost: Values) -> Values:
    """The mean of the seven days around each; the newest days share the last whole week, the oldest the first."""
    # Added up day by day, each a whole matrix: windows of seven have no row to calculate along.
    weeks = cost[:-6].copy()
    for later in range(1, 7):
        weeks += cost[later : len(cost) - 6 + later]
    weeks /= 7
    return np.concatenate([np.repeat(weeks[:1], 3, axis=0), weeks, np.repeat(weeks[-1:], 3, axis=0)])


def _drawn_together(factors: Values, error: Values) -> Values:
    """Factors without the differences that their `error` (the variance of each) explains."""
    work, weekend = factors[:WORKING_DAYS].mean(axis=0), factors[WORKING_DAYS:].mean(axis=0)
    own = factors - np.stack([work] * WORKING_DAYS + [weekend] * (7 - WORKING_DAYS))
    between = np.maximum((own**2).sum(axis=0) / 5 - error, 0.0)
    own_share = between / np.maximum(between + error, 1e-12)
    gap = weekend - work
    # 0.7 of one factor's variance is that of the difference between a mean of five and a mean of two.
    gap = gap * np.maximum(gap**2 - 0.7 * error, 0.0) / np.maximum(gap**2, 1e-12)
    mean = factors.mean(axis=0)
    drawn = np.stack([mean - gap * 2 / 7] * WORKING_DAYS + [mean + gap * 5 / 7] * (7 - WORKING_DAYS))
    result: Values = drawn + own_share * own
    return result


def _scaled(factors: Values) -> Values:
    factors = np.clip(factors, 0.0, 7.0)
    mean = factors.mean(axis=0)
    return np.where(mean > 0.01, factors / np.maximum(mean, 0.01), 1.0)


def _jump(cost: Matrix, t: int) -> Row:
    before, after = median(cost[t - 4 : t]), median(cost[t : t + 4])
    change: Row = np.full(len(before), np.nan)
    np.divide(after - before, np.abs(before), out=change, where=np.abs(np.nan_to_num(before)) > 0.01)
    return np.abs(change)
