"""The sentence that says why a day is unusual, in dollars a person can check against the bill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from analysis.models import AnomalyKind
from bot.blocks.elements import day as day_text
from bot.blocks.elements import money

#: Same weekdays before the incident that the sentence names.
WEEKS = 8

_COUNT = ("", "one", "two", "three", "four", "five", "six", "seven", "eight")


def explanation(lines: pd.DataFrame, days: Sequence[date], kind: AnomalyKind, currency: str) -> str:
    """Why the days of an incident are unusual.

    Args:
        lines: column cost, indexed by day, from at least eight weeks before where there is history.
        days: the days of the incident.
    """
    if kind == AnomalyKind.NEW:
        mean = money(float(lines["cost"].loc[[pd.Timestamp(day) for day in days]].mean()), currency)
        return f"No cost before {day_text(min(days))}; {mean} a day since."
    if kind == AnomalyKind.RAMP:
        return _ramp(lines, max(days), currency)
    return _worst_day(lines, days, kind, currency)


def _worst_day(lines: pd.DataFrame, days: Sequence[date], kind: AnomalyKind, currency: str) -> str:
    cost = lines["cost"]
    pick = min if kind == AnomalyKind.DROP else max
    worst = pick(days, key=lambda day: float(cost[pd.Timestamp(day)]))
    before = _same_weekdays(cost, worst, min(days))
    said = f"{money(float(cost[pd.Timestamp(worst)]), currency)} on {worst:%A}, {day_text(worst)}"
    if not before:
        return f"{said}, more than its own history explains."
    low, high = money(min(before), currency), money(max(before), currency)
    usual = low if low == high else f"{low}–{high}"
    count = f"{_COUNT[len(before)]} {worst:%A}s" if len(before) > 1 else f"{worst:%A}"
    return f"{said}, against {usual} on the {count} before."


def _same_weekdays(cost: pd.Series[float], worst: date, first: date) -> list[float]:
    candidates = (pd.Timestamp(worst - timedelta(days=7 * week)) for week in range(1, WEEKS + 5))
    known = [float(cost[stamp]) for stamp in candidates if stamp in cost.index and stamp < pd.Timestamp(first)]
    return known[:WEEKS]


def _ramp(lines: pd.DataFrame, last: date, currency: str) -> str:
    week = pd.date_range(end=pd.Timestamp(last), periods=7, freq="D")
    now = lines["cost"].reindex(week).mean()
    then = lines["cost"].reindex(week - pd.Timedelta(days=28)).mean()
    before = f" against {money(float(then), currency)} four weeks before" if pd.notna(then) else ""
    return f"{money(float(now), currency)} a day in the week to {day_text(last)}{before}, rising day by day."
