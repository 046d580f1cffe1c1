"""A history told apart: prices per month, bursts, charges that come again, and what is ordinary about each day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.anomalies.holidays import days_off
from analysis.daily_series import Mask, Matrix, Row
from analysis.days_off import NO_DIP, day_off_factors
from analysis.medians import median, moving_median
from analysis.recurring_charges import Charges, charges
from analysis.seasonality import WORKING_DAYS, month_lengths, priced_by_month

#: Days on each side that a day is held against.
AROUND = 7

#: Weekdays that cost less than this share of the others say nothing about the level.
IDLE = 0.2

#: A burst is this far above what is expected, in robust sigmas of the key and as a share.
BURST_SIGMAS, BURST_SHARE = 5.0, 0.4

#: Weeks that say how a weekday compares with its surroundings. The quantile lies below the middle, so that a batch of
#: every second week is a burst and not half a habit.
RATIO_WEEKS, RATIO_QUANTILE = 26, 0.4

#: Days that the spread is taken from, and the least it is, as a share.
SPREAD_DAYS, LEAST_SPREAD = 182, 0.02


@dataclass(frozen=True, slots=True)
class OrdinaryCosts:
    """Days × keys, unless said otherwise. `days` are those of the history and those to come.

    `even` is the cost of a day in a month of mean length; `usual` the median of the days around it, weekdays
    allowed for and days off left out; `expected` the same with the weekday; `spread` the robust sigma of a day as a
    share of `usual`, per key; `length` the share that the month's length makes (over all `days`); `by_weekday` is
    7 × keys; `off` are people's days off, where they show.
    """

    days: pd.DatetimeIndex
    even: Matrix
    usual: Matrix
    expected: Matrix
    spread: Row
    by_weekday: Matrix
    bursts: Mask
    charges: Charges
    length: Matrix
    off: Mask

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Of `days`; Monday is 0."""
        return np.asarray(self.days.day_of_week, dtype=np.int64)

    def day_off_factors(self, since: int) -> Matrix:
        """`days` × keys: the share of its usual cost that each day from `since` on costs."""
        return day_off_factors(self.even, self.expected, self.spread, self.days, since)


def ordinary_costs(cost: Matrix, days: pd.DatetimeIndex, to_come: int = 0) -> OrdinaryCosts:
    """What is ordinary about `cost`.

    Args:
        cost: days × keys in dollars; NaN before a key's first day and where a day is not known.
        to_come: days after the history that forecasts are wanted for.
    """
    calendar = pd.date_range(days[0], periods=len(days) + to_come, freq="D")
    history = len(days)
    by_month = priced_by_month(cost, days)
    length = np.where(by_month, month_lengths(calendar)[:, None], 1.0)
    even = cost / length[:history]
    free = days_off(calendar[:history])
    working = np.where(free[:, None], np.nan, even)
    weekdays = np.asarray(calendar.day_of_week, dtype=np.int64)
    around = moving_median(working, AROUND)
    by_weekday = _by_weekday(_share(working, around), weekdays)
    missed = free & (weekdays[:history] < WORKING_DAYS)
    # What goes on whether people work or not is known on their days off too.
    human = (by_weekday.min(axis=0) < NO_DIP) | (median(_share(even[missed], around[missed])) < NO_DIP)
    off = free[:, None] & human
    shape = by_weekday[weekdays[:history]]
    usual = usual_level(np.where(off, np.nan, even), shape)
    expected = usual * shape
    spread = np.maximum(
        1.4826 * np.nan_to_num(median(np.abs(_share(working - expected, usual)[-SPREAD_DAYS:]))), LEAST_SPREAD
    )
    excess = even - expected
    edge = np.maximum(BURST_SIGMAS * spread * np.abs(usual), BURST_SHARE * np.abs(expected))
    bursts = excess > np.maximum(edge, 0.01)
    again = charges(np.where(bursts, excess, 0.0), calendar)
    return OrdinaryCosts(calendar, even, usual, expected, spread, by_weekday, bursts, again, length, off)


def usual_level(working: Matrix, shape: Matrix, newest: int | None = None) -> Matrix:
    """The median of the days around each, weekdays allowed for; weekdays that are nearly idle say nothing.

    Without that a weekend between two holidays would be all that is known of a week, and the week be taken for one.
    `newest` asks for so many of the last days alone.
    """
    level = np.full(working.shape, np.nan)
    np.divide(working, shape, out=level, where=shape > IDLE)
    return moving_median(level, AROUND, newest)


def _share(part: Matrix, whole: Matrix) -> Matrix:
    share = np.full(part.shape, np.nan)
    np.divide(part, whole, out=share, where=np.abs(np.nan_to_num(whole)) > 0.01)
    return share


def _by_weekday(relative: Matrix, weekdays: NDArray[np.int64]) -> Matrix:
    weeks = min(RATIO_WEEKS, len(relative) // 7)
    factors = np.ones((7, relative.shape[1]))
    if weeks < 2:
        return factors
    start = len(relative) - 7 * weeks
    typical = median(relative[start:].reshape(weeks, 7, -1), RATIO_QUANTILE)
    factors[weekdays[start : start + 7]] = np.nan_to_num(typical, nan=1.0)
    return factors
