"""What drives a budget: its parts, against the same stretch of the period before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import pandas as pd

from analysis.budgets.models import Driver
from analysis.budgets.periods import Span
from analysis.movers import Period, movers

#: Days of a period without which its last week, and the one four weeks before, are compared.
LEAST_DAYS, WEEKS_BACK = 7, 28
#: Periods longer than this are driven by what moved lately: four weeks, against the four before.
LONGEST, LATELY = 92, 28
#: Drivers that are named, and the least share of an even day's plan that one moved.
MOST, LEAST_SHARE = 3, 0.01


def stretches(
    span: Span, earlier: Span, until: date, unknown: Collection[date], first_day: date
) -> tuple[Period, Period]:
    """The days to compare: the period so far and as many of the one before, or the last week in its first days.

    Of a year, and where the period before is not stored, the last four weeks and the four before.

    Args:
        first_day: the first stored one.
    """
    end = min(until, span.last) + timedelta(days=1)
    without = frozenset(unknown)
    length = (end - span.start).days
    if span.days > LONGEST or (length >= LEAST_DAYS and earlier.start < first_day):
        lately = timedelta(days=LATELY)
        return Period(end - lately, end, without), Period(end - 2 * lately, end - lately, without)
    if length >= LEAST_DAYS:
        then = min(earlier.start + timedelta(days=length), earlier.end)
        return Period(span.start, end, without), Period(earlier.start, then, without)
    start = end - timedelta(days=LEAST_DAYS)
    back = timedelta(days=WEEKS_BACK)
    return Period(start, end, without), Period(start - back, end - back, without)


def drivers(parts: pd.DataFrame, now: Period, before: Period, *, plan_a_day: float) -> tuple[Driver, ...]:
    """The parts that moved most, up or down; nothing where the stretches share no day of the week.

    Args:
        parts: columns date, key, cost.
        plan_a_day: dollars of a day by an even plan.
    """
    if parts.empty:
        return ()
    moved = movers(parts, now, before).dropna(subset=["change"])
    large = moved[moved["change"].abs() >= LEAST_SHARE * plan_a_day]
    rows = large[["key", "before", "now"]].head(MOST).itertuples(index=False)
    return tuple(Driver(str(key), float(was), float(is_now)) for key, was, is_now in rows)
