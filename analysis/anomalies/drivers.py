"""What moved while a cost was away from normal, by one dimension: regions, teams, against their own same weekdays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import pandas as pd

from analysis.causes import against_weekdays_before
from analysis.models import Contribution

#: Less than half a cent is nothing.
NOTHING = 0.005


def drivers(
    costs: pd.DataFrame, days: Sequence[date], *, start: date, rising: bool, unknown: Collection[date] = ()
) -> tuple[Contribution, ...]:
    """Who moved with the incident, strongest first; the days are compared as `analysis.causes` does.

    Args:
        costs: columns date, name, cost; days from `start` on without a row cost nothing.
        days: the days of the incident.
        start: from when on costs are known, best four weeks and more before the first day.
        rising: whether the incident is a rise; only names that moved the same way come out.
        unknown: days of which nothing, or not all, is known.
    Returns:
        Contributions in dollars a day: the mean over `days` less the mean of the same weekdays before; nobody where
        no such weekday is known.
    """
    if costs.empty or not days:
        return ()
    compared = against_weekdays_before(days, first=min(days), start=start, unknown=unknown)
    weights = {pd.Timestamp(day): weight for day, weight in compared.now.items()}
    weights |= {pd.Timestamp(day): -weight for day, weight in compared.before.items()}
    moved = costs["cost"] * pd.to_datetime(costs["date"]).map(weights).fillna(0.0)
    sign = 1 if rising else -1
    ranked = (sign * moved.groupby(costs["name"]).sum()).sort_values(ascending=False, kind="stable")
    return tuple(Contribution(str(name), sign * float(value)) for name, value in ranked.items() if value > NOTHING)


def leading(contributions: Sequence[Contribution], share: float) -> str | None:
    """The name that alone makes at least `share` of the movement; None when several do."""
    total = sum(abs(one.impact) for one in contributions)
    if not contributions or total <= 0 or abs(contributions[0].impact) < share * total:
        return None
    return contributions[0].name
