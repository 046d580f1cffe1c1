"""What excuses a high day: the same weekday was as high before, or a burst comes on this day of the month."""

from __future__ import annotations

import numpy as np

from analysis.anomalies.history import Calendar, History
from analysis.daily_series import Mask, Row

#: A repeated cost may be this much higher than when it was seen before; noisy keys get two sigmas.
TOLERANCE, TOLERANCE_SIGMAS, MAX_TOLERANCE = 1.12, 2.0, 1.3

#: A recurring charge grows with the bill it belongs to.
CHARGE_TOLERANCE = 1.4


def excused_up_to(history: History, calendar: Calendar, t: int, expected: Row, sigma: Row) -> Row:
    """Dollars up to which day `t` is explained by what happened before."""
    tolerance = np.clip(1 + TOLERANCE_SIGMAS * sigma, TOLERANCE, MAX_TOLERANCE)
    level = np.maximum(
        _highest_same_weekday(history, t) * tolerance,
        expected + np.maximum(_month_day_burst(history, calendar, t), _regular_burst(history, t)) * CHARGE_TOLERANCE,
    )
    level = np.maximum(level, _same_weekday_bursts(history, t, expected))
    return np.maximum(level, _return_to_normal(history, t, expected))


def recurs(history: History, calendar: Calendar, t: int, burst: Row) -> Mask:
    """Whether a burst of about this size came a month, a week or two weeks before: a charge or batch, not bad luck."""
    days = [*calendar.month_day[t], *(t - gap for gap in (7, 14) if t >= gap)]
    if not days:
        return np.zeros(len(burst), dtype=bool)
    earlier = history.burst[days]
    alike: Mask = (earlier > 0.65 * burst) & (earlier < 1.5 * burst)
    return np.asarray(alike.any(axis=0))


def _highest_same_weekday(history: History, t: int) -> Row:
    """The highest of the last five same weekdays, incidents left out."""
    weeks = [t - 7 * week for week in range(1, 6) if t - 7 * week >= 0]
    if not weeks:
        return np.zeros(history.cost.shape[1])
    highest: Row = np.nan_to_num(history.seen[weeks], nan=-np.inf).max(axis=0).clip(min=0.0)
    return highest


def _month_day_burst(history: History, calendar: Calendar, t: int) -> Row:
    """The largest burst on this day of the month in the last two months. Only a burst excuses a burst."""
    earlier = calendar.month_day[t]
    if not len(earlier):
        return np.zeros(history.cost.shape[1])
    burst: Row = history.burst[earlier].max(axis=0)
    return burst


def _regular_burst(history: History, t: int) -> Row:
    """A burst every second week, seen twice."""
    if t < 28:
        return np.zeros(history.cost.shape[1])
    one, other = history.burst[t - 14], history.burst[t - 28]
    return np.where((one > 0) & (other > 0), (one + other) / 2, 0.0)


def _return_to_normal(history: History, t: int, expected: Row) -> Row:
    """The level a key had before it fell to its new normal."""
    times, until = history.former
    return np.where(until >= t, expected * times * CHARGE_TOLERANCE, -np.inf)


def _same_weekday_bursts(history: History, t: int, expected: Row) -> Row:
    """A weekly batch: the second highest burst of the last five same weekdays."""
    weeks = [t - 7 * week for week in range(1, 6) if t - 7 * week >= 0]
    if len(weeks) < 2:
        return np.zeros(history.cost.shape[1])
    second = np.sort(history.burst[weeks], axis=0)[-2]
    return np.where(second > 0, expected + second * CHARGE_TOLERANCE, 0.0)
