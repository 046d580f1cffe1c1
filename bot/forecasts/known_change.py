"""A change of costs that is known beforehand, and where it falls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from analysis.forecasting import TOTAL, KnownChange

#: Days after which the bill tells a change by itself: on a made-up level that moved by 40 %, forecasts that knew of it
#: missed by 1.0 and those that did not by 22 after a week, 12 after two and 2.5 after three, of 51.
SETTLED_AFTER = timedelta(days=21)


class Place(StrEnum):
    """Where a change falls, seen from what is forecast."""

    INSIDE = "inside"
    APART = "apart"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Change:
    """From `first_day` to `last_day` (both count) a cost is `per_day` higher.

    `scope` is what is known of where it falls, by dimension as `CostFiles.daily` takes them; nothing for all costs.
    `label` is not escaped; `by` told or approved it. `is_saving` tells an approved saving from what a person told,
    `is_end` the end of a commitment, which nobody told.
    """

    id: str
    label: str
    per_day: float
    first_day: date
    last_day: date | None
    by: str
    why: str | None
    scope: Mapping[str, tuple[str, ...]]
    pattern: str | None = None
    is_saving: bool = False
    is_end: bool = False

    def edges(self) -> Iterator[tuple[date, float]]:
        """The days on which a cost moves, and by how much a day."""
        yield self.first_day, self.per_day
        if self.last_day is not None:
            yield self.last_day + timedelta(days=1), -self.per_day

    def moves(self, until: date, last: date) -> bool:
        """Whether it moves a forecast of the days after `until` up to `last` that the bill does not tell by itself."""
        return any(until - SETTLED_AFTER < day <= last for day, _ in self.edges())

    def place(self, where: Mapping[str, str | tuple[str, ...]], pattern: str | None) -> Place:
        """Whether it falls into costs of `where`, and of the usage types `pattern` where only those count."""
        clear = pattern is None or pattern == self.pattern
        for dimension, wanted in where.items():
            allowed = {wanted} if isinstance(wanted, str) else set(wanted)
            mine = set(self.scope.get(dimension, ()))
            if mine and not mine & allowed:
                return Place.APART
            clear = clear and bool(mine) and mine <= allowed
        return Place.INSIDE if clear else Place.UNCLEAR


def inside(
    changes: Iterable[Change],
    where: Mapping[str, str | tuple[str, ...]],
    pattern: str | None,
    *,
    until: date,
    last: date,
) -> tuple[Change, ...]:
    """Those that a forecast of costs of `where` counts.

    Args:
        until: the last complete day of the bill. last: the last day that is forecast.
    """
    return tuple(one for one in changes if one.moves(until, last) and one.place(where, pattern) is Place.INSIDE)


def facts_of(changes: Iterable[Change], keys: Mapping[str, str | None], until: date) -> tuple[KnownChange, ...]:
    """What the arithmetic is told.

    Args:
        keys: the key of costs that each change, by its id, falls into; None for none.
        until: the last complete day of the bill.
    """
    # An edge that the bill tells by itself would be learnt twice.
    return tuple(
        KnownChange(key, day, amount)
        for one in changes
        if (key := keys[one.id]) is not None
        for day, amount in one.edges()
        if day > until - SETTLED_AFTER
    )


def total_facts(changes: Iterable[Change], until: date) -> tuple[KnownChange, ...]:
    """The same of all costs together."""
    found = tuple(changes)
    return facts_of(found, {one.id: TOTAL for one in found}, until)
