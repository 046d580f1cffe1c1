"""Which days are held against which, as weights: a cost a day, now and before, is the sum of cost × weight.

Whatever adds up on each day then adds up in the comparison too: lines, effects, residual.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.movers import Period

#: Same weekdays before an incident that it is held against.
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Comparison:
    """Weights of the days compared: those of `now` add up to 1, and so do those of `before`; empty where none can be.

    Every weekday has the same weight on both sides, so that a weekend is never held against a working day.
    """

    now: Mapping[date, float]
    before: Mapping[date, float]

    @property
    def is_possible(self) -> bool:
        """Whether there is anything to compare with."""
        return bool(self.now) and bool(self.before)

    @property
    def start(self) -> date:
        """The first day of both sides."""
        return min((*self.now, *self.before))

    @property
    def end(self) -> date:
        """The day after the last of both sides."""
        return max((*self.now, *self.before)) + timedelta(days=1)


def against_weekdays_before(
    days: Sequence[date], *, first: date, start: date, unknown: Collection[date] = (), weeks: int = WEEKS
) -> Comparison:
    """The days of an incident against the same weekdays before it began.

    Args:
        days: the days to explain; one that has no such weekday is left out.
        first: the incident's first day; nothing from it on is a day before.
        start: the first day of which costs are known.
        unknown: days of which nothing, or not all, is known.
        weeks: how many same weekdays each day is held against, at most.
    """
    earlier = {day: _weekdays_before(day, first, start, frozenset(unknown), weeks) for day in sorted(set(days))}
    fair = {day: found for day, found in earlier.items() if found and day not in unknown}
    before: dict[date, float] = {}
    for found in fair.values():
        for day in found:
            before[day] = before.get(day, 0.0) + 1 / (len(found) * len(fair))
    return Comparison({day: 1 / len(fair) for day in fair}, dict(sorted(before.items())))


def between(now: Period, before: Period) -> Comparison:
    """Two periods, each weekday that both have counted alike, as `analysis.movers` compares them."""
    current = [stamp.date() for stamp in now.known_days()]
    earlier = [stamp.date() for stamp in before.known_days()]
    shared = {day.weekday() for day in current} & {day.weekday() for day in earlier}
    return Comparison(_weights(current, shared), _weights(earlier, shared))


def _weekdays_before(day: date, first: date, start: date, unknown: frozenset[date], weeks: int) -> list[date]:
    found: list[date] = []
    candidate = day - timedelta(days=7 * ((day - first).days // 7 + 1)) if day >= first else day - timedelta(days=7)
    while candidate >= start and len(found) < weeks:
        if candidate not in unknown:
            found.append(candidate)
        candidate -= timedelta(days=7)
    return found


def _weights(days: list[date], shared: set[int]) -> dict[date, float]:
    count = {weekday: sum(day.weekday() == weekday for day in days) for weekday in shared}
    return {day: 1 / (len(shared) * count[day.weekday()]) for day in days if day.weekday() in shared}
