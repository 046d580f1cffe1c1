"""Incidents of one cause: the same thing that moved in the same way, in several accounts at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analysis.causes.effects import Effect
from analysis.causes.explanation import Explanation
from analysis.causes.families import usage_family

#: Share of a change that one family of usage and one effect must make to be its cause.
MAIN = 0.6
#: Incidents of one cause begin this close to the first of them.
SAME_START_DAYS = 1
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


def correlated(incidents: Sequence[Incident | None]) -> list[list[int]]:
    """The positions of incidents that are one, in the order of their first members.

    Args:
        incidents: of one service and direction; None where the cause is not known, which is never that of another.
    """
    found: list[list[int]] = []
    for at in sorted(range(len(incidents)), key=lambda at: (_start(incidents[at]), at)):
        one = incidents[at]
        same = next((members for members in found if one and _is_one(incidents[members[0]], one)), None)
        if same is not None:
            same.append(at)
        else:
            found.append([at])
    return sorted((sorted(members) for members in found), key=lambda members: members[0])


def _start(incident: Incident | None) -> date:
    return incident.start if incident else date.max


def _is_one(first: Incident | None, other: Incident) -> bool:
    if first is None or (first.family, first.effect) != (other.family, other.effect):
        return False
    return abs((other.start - first.start).days) <= SAME_START_DAYS
