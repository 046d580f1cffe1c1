"""Incidents of one cause: the same thing that moved in the same way in several accounts, or several services of one
account that moved together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.causes.effects import Effect
from analysis.causes.explanation import Explanation
from analysis.causes.families import usage_family

#: Share of a change that one family of usage and one effect must make to be its cause.
MAIN = 0.6
#: Incidents of one cause begin this close to the first of them.
SAME_START_DAYS = 1
#: How alike the courses of two services must be to be one: the cosine of what each day was off, 1 is the same shape.
ALIKE = 0.9
#: Effects that do not say what happened.
_UNTOLD = frozenset({Effect.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Incident:
    """When it began and what made it: a family of usage types, and how they moved."""

    start: date
    family: str
    effect: Effect


def main_cause(explanation: Explanation) -> tuple[str, Effect] | None:
    """The family of usage and the effect that make most of a change; None where none does, or it is not told."""
    made: dict[tuple[str, Effect], int] = {}
    for cause in explanation.causes:
        for effect, cents in cause.effects:
            at = (usage_family(cause.usage_type), effect)
            made[at] = made.get(at, 0) + cents
    if not made or not explanation.change:
        return None
    (family, effect), cents = max(made.items(), key=lambda one: (one[1] / explanation.change, one[0]))
    return (family, effect) if cents / explanation.change >= MAIN and effect not in _UNTOLD else None


@dataclass(frozen=True, slots=True)
class Course:
    """How an incident of one service went.

    `accounts` are those it is in, `owner` whose most of it is, "" where that is not known. `off` is what each of its
    days was off expectation, in dollars.
    """

    start: date
    end: date
    rises: bool
    accounts: frozenset[str]
    owner: str
    off: Mapping[date, float]

    def is_like(self, other: Course) -> bool:
        """Whether both are one thing that several services show: nothing known speaks against it.

        They rise (or fall) in the same accounts, begin and end within a day of each other, and have one shape. Where
        the owner of either is not known, they must begin on the same day.
        """
        apart = abs((self.start - other.start).days)
        nearest = SAME_START_DAYS if self.owner and other.owner else 0
        if (self.rises, self.accounts) != (other.rises, other.accounts) or apart > nearest:
            return False
        if self.owner and other.owner and self.owner != other.owner:
            return False
        is_over_together = abs((self.end - other.end).days) <= SAME_START_DAYS
        return is_over_together and _cosine(self.off, other.off) >= ALIKE


def correlated(incidents: Sequence[Incident | None]) -> list[list[int]]:
    """The positions of incidents that are one, in the order of their first members.

    Args:
        incidents: of one service and direction; None where the cause is not known, which is never that of another.
    """
    order = sorted(range(len(incidents)), key=lambda at: (_start(incidents[at]), at))
    return grouped(order, lambda members, at: _is_one(incidents[members[0]], incidents[at]))


def grouped(order: Sequence[int], belongs: Callable[[list[int], int], bool]) -> list[list[int]]:
    """Positions that belong together, in the order of their first members.

    Args:
        order: all positions, those that others are compared with first.
        belongs: whether a position belongs to members found before; likeness to the first of them does not chain.
    """
    found: list[list[int]] = []
    for at in order:
        same = next((members for members in found if belongs(members, at)), None)
        if same is not None:
            same.append(at)
        else:
            found.append([at])
    return sorted((sorted(members) for members in found), key=lambda members: members[0])


def _start(incident: Incident | None) -> date:
    return incident.start if incident else date.max


def _is_one(first: Incident | None, other: Incident | None) -> bool:
    if first is None or other is None or (first.family, first.effect) != (other.family, other.effect):
        return False
    return abs((other.start - first.start).days) <= SAME_START_DAYS


def _cosine(one: Mapping[date, float], other: Mapping[date, float]) -> float:
    """How much two courses have one shape, whatever their sizes; 0 where either is nothing."""
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return sum(one[day] * other[day] for day in one.keys() & other.keys()) / lengths if lengths else 0.0
