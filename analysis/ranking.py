"""Which of several savings on one resource counts: together they never add up to more than it costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis.models import Effort, Recommendation, Risk

#: What a dollar of saving is worth beside another, by how likely it comes and what it asks of people.
_LIKELY = {Risk.LOW: 1.0, Risk.MEDIUM: 0.8, Risk.HIGH: 0.5}
_WORK = {Effort.VERY_LOW: 1.0, Effort.LOW: 1.1, Effort.MEDIUM: 1.3, Effort.HIGH: 1.8, Effort.VERY_HIGH: 2.5}

Resource = tuple[str, str, str]


def worth(value: Recommendation) -> float:
    """Dollars a month that are sure, weighed by risk and effort."""
    return max(value.monthly_savings - value.plus_minus, 0.0) * _LIKELY[value.risk] / _WORK[value.effort]


def without_overlaps(values: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    """The savings, the biggest first, each with the one that is counted in its place where they share a resource.

    Of savings on one resource the worthiest counts; the others stay as alternatives (`instead_of`). A saving that
    covers the cost of other resources excludes savings on those. Notices exclude nothing.
    """
    ranked = sorted(values, key=lambda value: (-worth(value), -value.monthly_savings, value.fingerprint))
    taken: dict[Resource, Recommendation] = {}
    found: list[Recommendation] = []
    for value in ranked:
        if value.is_notice:
            found.append(replace(value, instead_of=None))
            continue
        own = _resources(value)
        counted = next((taken[resource] for resource in own if resource in taken), None)
        if counted is None:
            taken |= dict.fromkeys(own, value)
        found.append(replace(value, instead_of=counted.fingerprint if counted else None))
    return tuple(sorted(found, key=lambda value: (-value.monthly_savings, value.check_id, value.resource_id)))


def counted(values: Iterable[Recommendation]) -> float:
    """Dollars a month of the savings that do not exclude each other."""
    return sum(value.monthly_savings for value in values if value.instead_of is None)


def _resources(value: Recommendation) -> list[Resource]:
    return [(value.account_id, value.region, id_) for id_ in (value.resource_id, *value.covers)]
