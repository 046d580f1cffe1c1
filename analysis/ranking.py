"""Which of several savings on one resource counts: together they never add up to more than it costs."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.models import Effort, Recommendation, Risk

#: What a dollar of saving is worth beside another, by how likely it comes and what it asks of people.
_LIKELY = {Risk.LOW: 1.0, Risk.MEDIUM: 0.8, Risk.HIGH: 0.5}
_WORK = {Effort.VERY_LOW: 1.0, Effort.LOW: 1.1, Effort.MEDIUM: 1.3, Effort.HIGH: 1.8, Effort.VERY_HIGH: 2.5}

Resource = tuple[str, str, str]


def worth(value: Recommendation) -> float:
    """Dollars a month that are sure, weighed by risk and effort."""
    return max(value.monthly_savings - value.plus_minus, 0.0) * _LIKELY[value.risk] / _WORK[value.effort]


def alternatives(values: Iterable[Recommendation], *, approved: Iterable[Recommendation] = ()) -> frozenset[str]:
    """Fingerprints of the savings that another one on the same resource excludes.

    Of savings on one resource the worthiest counts, what is approved before all others. A saving that covers the cost
    of other resources excludes savings on those. Notices exclude nothing.
    """
    taken = {resource for value in approved for resource in resources(value)}
    excluded: set[str] = set()
    for value in sorted(values, key=lambda value: (-worth(value), -value.monthly_savings, value.fingerprint)):
        own = resources(value)
        if value.is_notice:
            continue
        if taken.isdisjoint(own):
            taken |= own
        else:
            excluded.add(value.fingerprint)
    return frozenset(excluded)


def resources(value: Recommendation) -> set[Resource]:
    """The resources whose cost a saving contains."""
    return {(value.account_id, value.region, id_) for id_ in (value.resource_id, *value.covers)}
