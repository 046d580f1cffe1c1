"""What one unit costs: a cost over how many of something there were, on days or months that have both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Every(StrEnum):
    """What a count is of."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days [start, end): what they cost and how many units they had; `known` counts days, or months, with both."""

    start: date
    end: date
    cost: float
    units: float
    known: int = 1

    @property
    def each(self) -> float | None:
        """Cost of one unit; None of no unit."""
        return self.cost / self.units if self.units > 0 else None


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A stretch against an earlier one, each as a share: of a unit's cost, and of cost and units a day."""

    each: float | None = None
    cost: float | None = None
    units: float | None = None


#: Where nothing can be compared.
NO_CHANGE = UnitChange()


def shared(costs: Mapping[date, float], counts: Mapping[date, float], every: Every = Every.DAY) -> list[Stretch]:
    """A stretch for each day, or month, of which both are known; the oldest first.

    Args:
        costs: by day, of known days alone. A month of which a day is missing has no cost, and so no unit cost.
        counts: by day, or by the first day of a month; a day without one is unknown, not zero.
    Raises:
        ValueError: a count is negative or no number.
    """
    wrong = next((day for day, count in counts.items() if not (math.isfinite(count) and count >= 0)), None)
    if wrong is not None:
        raise ValueError(f"the count of {wrong} is {counts[wrong]}")
    if every is Every.DAY:
        return [
            Stretch(day, day + timedelta(days=1), costs[day], counts[day]) for day in sorted(counts) if day in costs
        ]
    found = []
    for first in sorted(counts):
        days = days_of_month(first)
        if all(day in costs for day in days):
            cost = math.fsum(costs[day] for day in days)
            found.append(Stretch(days[0], days[-1] + timedelta(days=1), cost, counts[first]))
    return found


def days_of_month(day: date) -> list[date]:
    """All days of the month of a day."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=at) for at in range((after - first).days)]


def together(stretches: Iterable[Stretch]) -> Stretch | None:
    """The sums over several: dear days weigh as much as they cost. None without any."""
    parts = sorted(stretches, key=lambda one: one.start)
    if not parts:
        return None
    return Stretch(
        start=parts[0].start,
        end=parts[-1].end,
        cost=math.fsum(one.cost for one in parts),
        units=math.fsum(one.units for one in parts),
        known=sum(one.known for one in parts),
    )


def within(stretches: Sequence[Stretch], start: date, end: date) -> list[Stretch]:
    """Those that lie wholly within the days [start, end)."""
    return [one for one in stretches if start <= one.start and one.end <= end]


def weeks(stretches: Sequence[Stretch], end: date, count: int) -> list[Stretch | None]:
    """The last weeks before `end`, oldest first, each summed over its days with both; None where it has none."""
    starts = [end - timedelta(days=7 * back) for back in range(count, 0, -1)]
    return [together(within(stretches, start, start + timedelta(days=7))) for start in starts]


def month_before(months: Sequence[Stretch]) -> Stretch | None:
    """The month before the last of these; None where that one is not known."""
    found = [one for one in months if one.end == months[-1].start]
    return found[0] if found else None


def change(now: Stretch | None, before: Stretch | None) -> UnitChange:
    """How a unit's cost moved, and what moved it: the unit's share is (1 + cost) / (1 + units) - 1.

    Cost and units are compared a known day (or month), as both stretches may lack some.
    """
    if now is None or before is None:
        return NO_CHANGE
    return UnitChange(
        each=_share(now.each, before.each),
        cost=_share(now.cost / now.known, before.cost / before.known),
        units=_share(now.units / now.known, before.units / before.known),
    )


def _share(now: float | None, before: float | None) -> float | None:
    return now / before - 1 if now is not None and before is not None and before > 0 else None
