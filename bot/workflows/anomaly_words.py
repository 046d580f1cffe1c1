"""The sentence that says why a day is unusual, in dollars a person can check against the bill."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis.anomalies.day_facts import DayFacts, day_facts
from analysis.models import AnomalyKind, Direction
from bot.blocks.elements import day as day_text
from bot.blocks.elements import money
from bot.workflows.incident_days import IncidentDays

#: Weeks back that a ramp is held against.
RAMP_WEEKS = (4, 6)

_COUNT = ("", "one", "two", "three", "four", "five", "six", "seven", "eight")


def explanation(found: IncidentDays, currency: str, *, min_impact: float, min_pct: float) -> str:
    """Why the days of an incident are unusual, and what does not explain them.

    Args:
        min_impact, min_pct: as the detector was given them.
    """
    cost = found.lines["cost"]
    if found.kind == AnomalyKind.NEW:
        return _new(found, currency)
    if found.kind == AnomalyKind.RAMP:
        return _ramp(cost, min(max(found.told), found.until), currency)
    falls = found.direction == Direction.DOWN
    worst = (min if falls else max)(found.told, key=lambda day: float(cost[pd.Timestamp(day)]))
    facts = day_facts(found.lines, worst, first_day=found.first, min_impact=min_impact, min_pct=min_pct)
    return f"{_against(cost, worst, facts, currency)}; {_ruled_out(facts, worst, currency, falls=falls)}."


def _new(found: IncidentDays, currency: str) -> str:
    mean = money(float(found.lines["cost"].loc[[pd.Timestamp(day) for day in found.told]].mean()), currency)
    first = day_text(min(found.told))
    if found.is_gone:
        return f"No cost before {first}, {mean} a day until {day_text(found.last)}, next to nothing since."
    return f"No cost before {first}; {mean} a day since."


def _against(cost: pd.Series[float], worst: date, facts: DayFacts, currency: str) -> str:
    said = f"{money(float(cost[pd.Timestamp(worst)]), currency)} on {worst:%A}, {day_text(worst)}"
    before = facts.same_weekdays
    if not before:
        return f"{said}, and no {worst:%A} before to hold it against"
    low, high = money(min(before), currency), money(max(before), currency)
    usual = low if low == high else f"{low}–{high}"
    count = f"{_COUNT[len(before)]} {worst:%A}s" if len(before) > 1 else f"{worst:%A}"
    return f"{said}, against {usual} on the {count} before"


def _ruled_out(facts: DayFacts, worst: date, currency: str, *, falls: bool) -> str:
    """What else the detector allows for, and whether it was there: a charge of the month excuses no fall."""
    off = f"{day_text(worst)} is a day off" if facts.is_day_off else "no holiday"
    if falls:
        return off
    if not facts.month_day:
        return f"no regular charge on this day of the month, {off}"
    largest = max(facts.month_day, key=lambda burst: burst.excess)
    charge = f"{money(largest.excess, currency)} on {day_text(largest.day)}"
    return f"the regular charge of this day of the month ({charge}) explains a part only, {off}"


def _ramp(cost: pd.Series[float], last: date, currency: str) -> str:
    week = pd.date_range(end=pd.Timestamp(last), periods=7, freq="D")
    then = [(weeks, cost.reindex(week - pd.Timedelta(weeks=weeks)).mean()) for weeks in RAMP_WEEKS]
    known = [f"{money(float(mean), currency)} {_COUNT[weeks]} weeks before" for weeks, mean in then if pd.notna(mean)]
    against = f", against {' and '.join(known)}" if known else ""
    return f"{money(float(cost.reindex(week).mean()), currency)} a day in the week to {day_text(last)}{against}."
