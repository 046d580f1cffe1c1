"""Flags of several lines of a bill, then of several accounts, then of several services, that are one incident."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

#: Lines of one service whose incidents start this close are one incident.
SAME_START_DAYS = 3

#: Days after an incident whose cost stayed in which a further move the same way is no incident of its own.
GOES_ON_DAYS = 8


@dataclass(slots=True)
class Group:
    """Lines of a bill whose incident is one: `keys` are their series, `names` how the bill spells the services."""

    service: str
    account: str
    direction: str
    kind: str
    start: date
    end: date
    keys: list[str]
    names: list[str]
    #: Accounts in which the same cause did the same at the same time, the dearest first.
    others: list[str] = field(default_factory=list)
    #: Incidents of other services that are this one too, the dearest first; none of them has any itself.
    parts: list[Group] = field(default_factory=list)

    @property
    def accounts(self) -> tuple[str, ...]:
        return (self.account, *self.others)

    @property
    def each(self) -> tuple[Group, ...]:
        """The incident service by service, its own first."""
        return (self, *self.parts)

    @property
    def all_keys(self) -> tuple[str, ...]:
        return tuple(key for one in self.each for key in one.keys)

    @property
    def all_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for one in self.each for name in one.names))

    def is_same(self, service: str, account: str, direction: str, start: date) -> bool:
        """Whether an incident of another line of the same service belongs to this one."""
        mine = (self.service, self.account, self.direction)
        return mine == (service, account, direction) and abs((self.start - start).days) <= SAME_START_DAYS

    def follows(self, other: Group) -> bool:
        """Whether this one is of the same service, account and direction, and began soon after the other had ended."""
        same = (self.service, self.account, self.direction) == (other.service, other.account, other.direction)
        return same and other.end < self.start <= other.end + timedelta(days=GOES_ON_DAYS)
