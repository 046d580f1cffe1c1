"""The life of an episode: open, growing, settling, resolved; and whether its cost stayed where it had gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from analysis.anomalies.episodes import MAX_GAP_DAYS
from analysis.models import Phase

#: Ordinary days after which an episode is over: one more would begin another one.
QUIET_DAYS = MAX_GAP_DAYS

#: The newest day is this many times as far from normal as the days before it: the episode grows.
GROWN = 1.2

#: Share of an episode's own size that must still be there after it for its cost to have stayed.
STAYED = 0.5

#: Same weekdays that tell what a day cost before.
WEEKS = 4


def phase(impacts: Sequence[float], quiet_days: int, *, min_growth: float) -> Phase:
    """Where an episode stands.

    Args:
        impacts: dollars off expectation on its complete days, first to last.
        quiet_days: days since its last one that are complete and were judged ordinary.
        min_growth: dollars a day below which more is not growth.
    """
    if quiet_days > QUIET_DAYS:
        return Phase.RESOLVED
    if quiet_days > 0:
        return Phase.SETTLING
    if len(impacts) < 2:
        return Phase.OPEN
    *earlier, newest = (abs(impact) for impact in impacts)
    before = sum(earlier) / len(earlier)
    grows = newest >= GROWN * before and newest - before >= min_growth
    return Phase.GROWING if grows else Phase.OPEN


def stayed(cost: pd.Series[float], days: Sequence[date], *, first_day: date, impact: float, weeks_apart: int) -> bool:
    """Whether a cost kept most of an episode's change on the days after it.

    Args:
        cost: dollars, indexed by day.
        days: the days after the episode; those whose weekday is not known from before say nothing.
        first_day: of the episode. impact: its dollars a day, below zero for a fall.
        weeks_apart: weeks before its first day in which the cost was still what it used to be, 0 for the last one.
    """
    if not impact:
        return False
    usual = {day: _usual(cost, day, first_day, weeks_apart) for day in days}
    off = [float(cost[pd.Timestamp(day)]) - before for day, before in usual.items() if before is not None]
    return bool(off) and sum(off) / len(off) / impact >= STAYED


def _usual(cost: pd.Series[float], day: date, first_day: date, weeks_apart: int) -> float | None:
    """The mean of the same weekdays before an episode."""
    weeks_back = (day - first_day).days // 7 + 1 + weeks_apart
    stamps = [pd.Timestamp(day - timedelta(weeks=weeks_back + n)) for n in range(WEEKS)]
    known = [float(cost[stamp]) for stamp in stamps if stamp in cost.index and pd.notna(cost[stamp])]
    return sum(known) / len(known) if known else None
