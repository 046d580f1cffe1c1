"""What an allocation says, in whole cents: the owners add up to the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.allocation.rules import Split, Way

#: The pool of tax, support, credits, refunds, purchases and unused commitment.
CHARGES = "tax, fees and credits"


@dataclass(frozen=True, slots=True)
class Share:
    """What one owner bears, in cents.

    Attributes:
        owner: as it is shown.
        direct: their own cost, by the step of the chain that found them.
        shared: their parts of shared costs, by the name of the pool.
        estimated: so much of `direct` is an estimate.
    """

    owner: str
    direct: Mapping[Way, int]
    shared: Mapping[str, int]
    estimated: int = 0
    is_default: bool = False

    @property
    def direct_cents(self) -> int:
        return sum(self.direct.values())

    @property
    def shared_cents(self) -> int:
        return sum(self.shared.values())

    @property
    def cents(self) -> int:
        return self.direct_cents + self.shared_cents

    @property
    def untagged_cents(self) -> int:
        """What came by an account or by nothing, since the resource has no tag."""
        return sum(self.direct.get(way, 0) for way in (Way.ACCOUNT_TAG, Way.ACCOUNT_OWNER, Way.DEFAULT))


@dataclass(frozen=True, slots=True)
class Pool:
    """A shared cost in cents; `even_instead`: it was divided evenly, as nobody had a cost to be proportional to."""

    name: str
    cents: int
    split: Split
    even_instead: bool = False
    #: Owners it is divided among that have no cost of their own: perhaps misspelt.
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """A place where cost has no tag; `account` is None where it is not known."""

    service_name: str
    account: str | None
    cents: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who bears what: `shares` add up to `cents`, the total of the charges.

    Attributes:
        shares: dearest first, the default last.
        charges: what `CHARGES` is made of, in cents.
        merged: owners of several spellings that differ in case only.
    """

    cents: int
    shares: tuple[Share, ...]
    pools: tuple[Pool, ...] = ()
    charges: Mapping[str, int] | None = None
    hints: tuple[Hint, ...] = ()
    merged: Mapping[str, tuple[str, ...]] | None = None

    @property
    def default(self) -> Share | None:
        """What nobody owns."""
        return next((share for share in self.shares if share.is_default), None)

    def direct_cents(self, *ways: Way) -> int:
        """Own cost of all owners that came by some steps of the chain."""
        return sum(share.direct.get(way, 0) for share in self.shares for way in ways)
