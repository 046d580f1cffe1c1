"""What was held against a day before it was called unusual, as facts a person can look up in the bill.

The rules are the detector's own: the same weekdays, bursts on this day of the month, and days on which people are off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.anomalies.holidays import days_off

#: Same weekdays that are named.
WEEKS = 8

#: Same weekdays that are looked through for as many from before the incident.
REACH_WEEKS = 12

#: Months before in which a burst on this day of the month excuses one.
MONTHS = 2

#: Days that must lie between two charges of two months.
LEAST_APART = 20


@dataclass(frozen=True, slots=True)
class Burst:
    """A day far above its expectation, and by how many dollars."""

    day: date
    excess: float


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Facts about one day.

    `same_weekdays` are costs before the incident, newest first, at most `WEEKS`. `month_day` are the bursts on this day
    of the month in the two months before, newest first; each of them was allowed for.
    """

    same_weekdays: tuple[float, ...]
    month_day: tuple[Burst, ...]
    is_day_off: bool


def day_facts(lines: pd.DataFrame, day: date, *, first_day: date, min_impact: float, min_pct: float) -> DayFacts:
    """What speaks for and against a day.

    Args:
        lines: columns cost and expected, indexed by day; one series.
        first_day: of the incident that the day belongs to.
        min_impact, min_pct: as `detect` was given them; a smaller excess is no burst.
    """
    return DayFacts(
        _same_weekdays(lines["cost"], day, first_day),
        tuple(_bursts(lines, day, min_impact, min_pct)),
        bool(days_off(pd.DatetimeIndex([pd.Timestamp(day)]))[0]),
    )


def same_month_days(day: date) -> list[date]:
    """Days of the two months before within a day of the same day of the month, from its start or end; newest first.

    A charge of the first may slip to the last of the month before, and the other way round.
    """
    earlier = (day - timedelta(days=back) for back in range(LEAST_APART + 1, 96))
    return [other for other in earlier if _is_same_month_day(other, day)]


def _is_same_month_day(other: date, day: date) -> bool:
    months = 12 * (day.year - other.year) + day.month - other.month
    close = abs(other.day - day.day) <= 1 or abs(_from_end(other) - _from_end(day)) <= 1
    slipped = (other.day == 1 and _from_end(day) == 0) or (_from_end(other) == 0 and day.day == 1)
    return (1 <= months <= MONTHS and close) or slipped


def _from_end(day: date) -> int:
    return pd.Timestamp(day).days_in_month - day.day


def _same_weekdays(cost: pd.Series[float], day: date, first_day: date) -> tuple[float, ...]:
    candidates = (pd.Timestamp(day - timedelta(weeks=week)) for week in range(1, REACH_WEEKS + 1))
    before = (stamp for stamp in candidates if stamp < pd.Timestamp(first_day) and stamp in cost.index)
    return tuple(float(cost[stamp]) for stamp in before if pd.notna(cost[stamp]))[:WEEKS]


def _bursts(lines: pd.DataFrame, day: date, min_impact: float, min_pct: float) -> Iterator[Burst]:
    for other in same_month_days(day):
        stamp = pd.Timestamp(other)
        if stamp not in lines.index:
            continue
        expected = float(lines["expected"][stamp])
        excess = float(lines["cost"][stamp]) - expected
        if excess >= max(min_impact, min_pct * abs(expected), 0.01):
            yield Burst(other, excess)
