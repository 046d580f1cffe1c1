"""What a day should cost: the middle of the same weekdays, scaled to this week's level."""

from __future__ import annotations

import numpy as np

from analysis.anomalies.history import History
from analysis.anomalies.same_weekdays import WEEKS, Ordered
from analysis.daily_series import Row

#: How far one week's level may be from the weeks before it; more is an incident, not a level.
MIN_LEVEL, MAX_LEVEL = 0.4, 2.5

#: Days of a key's life without a verdict, except on whether it is new.
WARM_UP_DAYS = 14


def same_weekday(history: History, t: int) -> Row:
    """The lower one of two middles of the last `WEEKS` same weekdays of the clean history; NaN before there are two.

    The lower one: half of the weeks may carry a batch. This week's level takes the bias out again.
    """
    return Ordered.of(history.clean[max(t - 7 * WEEKS, t % 7) : t : 7]).low_middle


def this_weeks_level(history: History, t: int) -> Row:
    """The last seven days over their own baselines: 1.1 is a week 10 % above the weeks before.

    1 where there is no such week, or where the baseline is too close to zero to divide by.
    """
    week = slice(max(0, t - 7), t)
    clean, base = history.clean[week], history.base[week]
    known = ~np.isnan(clean + base)
    actual = np.where(known, clean, 0.0).sum(axis=0)
    usual = np.where(known, base, 0.0).sum(axis=0)
    comparable = (np.add.reduce(known, axis=0, dtype=np.int8) >= 5) & (np.abs(usual) > 0.01)
    ratio = np.divide(actual, usual, out=np.ones_like(actual), where=comparable)
    level: Row = np.minimum(np.maximum(ratio, MIN_LEVEL), MAX_LEVEL)
    return level
