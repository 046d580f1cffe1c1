"""What moved while a cost was away from normal: usage types, regions, teams, each against its own same weekdays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from analysis.models import Contribution

#: Same weekdays before the incident that a driver is held against.
WEEKS = 4


def drivers(costs: pd.DataFrame, days: Sequence[date], *, start: date, rising: bool) -> tuple[Contribution, ...]:
    """Who moved with the incident, strongest first.

    Args:
        costs: columns date, name, cost; days from `start` on without a row cost nothing.
        days: the days of the incident.
        start: from when on costs are known, best `WEEKS` weeks and more before the first day.
        rising: whether the incident is a rise; only names that moved the same way come out.
    Returns:
        Contributions in dollars a day: the mean over `days` less the mean of the same weekdays before.
    """
    if costs.empty or not days:
        return ()
    stamps = pd.to_datetime(costs["date"])
    by_day = costs.assign(date=stamps).pivot_table(index="date", columns="name", values="cost", aggfunc="sum")
    every_day = pd.date_range(pd.Timestamp(start), max(stamps.max(), pd.Timestamp(max(days))), freq="D")
    by_day = by_day.reindex(every_day).fillna(0.0)
    then = [pd.Timestamp(day) for day in _same_weekdays_before(days)]
    known = [day for day in then if day in by_day.index]
    usual = by_day.loc[known].mean() if known else by_day.iloc[:0].sum()
    moved = by_day.loc[[pd.Timestamp(day) for day in days if pd.Timestamp(day) in by_day.index]].mean() - usual
    sign = 1 if rising else -1
    ranked = (sign * moved).sort_values(ascending=False, kind="stable")
    return tuple(Contribution(str(name), sign * float(value)) for name, value in ranked.items() if value > 0.005)


def leading(contributions: Sequence[Contribution], share: float) -> str | None:
    """The name that alone makes at least `share` of the movement; None when several do."""
    total = sum(abs(one.impact) for one in contributions)
    if not contributions or total <= 0 or abs(contributions[0].impact) < share * total:
        return None
    return contributions[0].name


def _same_weekdays_before(days: Sequence[date]) -> list[date]:
    first = min(days)
    earlier = []
    for day in days:
        start = day
        while start >= first:
            start -= timedelta(days=7)
        earlier += [start - timedelta(days=7 * week) for week in range(WEEKS)]
    return earlier
