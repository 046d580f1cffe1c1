"""What excuses a high day: the same weekday was as high before, or a burst comes on this day of the month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.history import Calendar, History
from analysis.daily_series import Mask, Matrix, Row

#: A repeated cost may be this much higher than when it was seen before; noisy keys get two sigmas.
TOLERANCE, TOLERANCE_SIGMAS, MAX_TOLERANCE = 1.12, 2.0, 1.3

#: A recurring charge grows with the bill it belongs to.
CHARGE_TOLERANCE = 1.4


@dataclass(frozen=True, slots=True)
class Excuse:
    """Dollars up to which a day is explained by what happened before.

    `for_a_day` allows for the key's noise; `for_three_days` does not: three days in a row are not all at their
    noisiest. `burst` is the part above expectation that charges and batches of the past explain.
    """

    for_a_day: Row
    for_three_days: Row
    burst: Row


def excuse(history: History, calendar: Calendar, t: int, expected: Row, sigma: Row) -> Excuse:
    """What excuses day `t`."""
    highest = _highest_same_weekday(history, t)
    # A batch of every second week may fall on the end of the month: then both are due.
    batch = np.maximum(_regular_burst(history, t), _same_weekday_bursts(history, t))
    burst = _month_day_burst(history, calendar, t) + batch
    other = expected + burst * CHARGE_TOLERANCE
    back = np.flatnonzero(history.former[1] >= t)
    if len(back):
        other[back] = np.maximum(other[back], _return_to_normal(history, expected, back))
    tolerance = np.minimum(np.maximum(1 + TOLERANCE_SIGMAS * sigma, TOLERANCE), MAX_TOLERANCE)
    return Excuse(np.maximum(highest * tolerance, other), np.maximum(highest * TOLERANCE, other), burst)


def recurs(history: History, calendar: Calendar, t: int, burst: Row, keys: NDArray[np.int64]) -> Mask:
    """Whether a burst of about this size came a month, a week or two weeks before: a charge or batch, not bad luck."""
    days = calendar.alike[t]
    if not len(days):
        return np.zeros(len(keys), dtype=bool)
    return np.asarray(alike(history.burst[np.ix_(days, keys)], burst[keys]).any(axis=0))


def alike(earlier: Matrix, burst: Row) -> Mask:
    """Bursts of about the same size."""
    same: Mask = (earlier > 0.65 * burst) & (earlier < 1.5 * burst)
    return same


def _highest_same_weekday(history: History, t: int) -> Row:
    """The highest of the last five same weekdays, incidents left out."""
    weeks = history.seen[max(t - 35, t % 7) : t : 7]
    if not len(weeks):
        return np.zeros(history.cost.shape[1])
    highest: Row = np.fmax(np.fmax.reduce(weeks, axis=0), 0.0)
    return highest


def _month_day_burst(history: History, calendar: Calendar, t: int) -> Row:
    """The largest burst on this day of the month in the last two months. Only a burst excuses a burst."""
    earlier = calendar.month_day[t]
    if not len(earlier):
        return np.zeros(history.cost.shape[1])
    burst: Row = np.maximum(history.burst[earlier].max(axis=0), 0.0)
    return burst


def _regular_burst(history: History, t: int) -> Row:
    """A burst every second week, seen twice."""
    if t < 28:
        return np.zeros(history.cost.shape[1])
    one, other = history.burst[t - 14], history.burst[t - 28]
    return np.where((one > 0) & (other > 0), (one + other) / 2, 0.0)


def _return_to_normal(history: History, expected: Row, keys: NDArray[np.int64]) -> Row:
    """The level that keys had before they fell to their new normal."""
    normal: Row = expected[keys] * history.former[0, keys] * CHARGE_TOLERANCE
    return normal


def _same_weekday_bursts(history: History, t: int) -> Row:
    """A weekly batch: the second highest burst of the last five same weekdays."""
    weeks = history.burst[max(t - 35, t % 7) : t : 7]
    second = np.zeros(history.cost.shape[1])
    if len(weeks) < 2:
        return second
    often = np.flatnonzero(np.add.reduce(weeks > 0, axis=0, dtype=np.int8) >= 2)
    if len(often):
        second[often] = np.sort(weeks.take(often, axis=1), axis=0)[-2]
    return second
