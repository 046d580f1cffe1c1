"""What a company says about whose cost it is: which tags count, who owns an account, which costs are shared and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from analysis.costs import ChargeCategory


class Dimension(StrEnum):
    """What a cost is allocated to."""

    TEAM = "team"
    ENV = "env"
    OWNER = "owner"


class Way(StrEnum):
    """How a cost came to its owner: the steps of the fall-back chain in order, or its usage type to a category."""

    TAG = "tag"
    ACCOUNT_TAG = "account tag"
    ACCOUNT_OWNER = "account owner"
    DEFAULT = "default"
    USAGE_TYPE = "usage type"


class Split(StrEnum):
    """How a shared cost is divided."""

    EVEN = "even"
    PROPORTIONAL = "proportional"
    FIXED = "fixed"


class ChargeRule(StrEnum):
    """Who pays tax, support, credits, refunds, purchases and unused commitment.

    `PROPORTIONAL`: everybody, by usage; every source can tell that. `OWNER`: whoever the fall-back chain names, as for
    usage. A billing export tells the account of such a charge; Cost Explorer does not, and its charges stay
    proportional.
    """

    PROPORTIONAL = "proportional"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Match:
    """Which charges a shared cost is made of: all that is given must hold, of each any value.

    Usage only, unless `charges` names other kinds of charge.

    Attributes:
        services: canonical keys (`analysis.services.service_key`).
        tags: (folded key, folded value).
        usage: texts of which the usage type contains one, in any case.
    """

    accounts: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    tags: frozenset[tuple[str, str]] = frozenset()
    usage: tuple[str, ...] = ()
    charges: frozenset[ChargeCategory] = frozenset()


@dataclass(frozen=True, slots=True)
class Shared:
    """A cost that several owners share.

    Attributes:
        among: owners as the file spells them; empty: everybody with a cost of their own, the default left out.
        shares: for a fixed split, each owner's part; they add up to 1.
    """

    name: str
    match: Match
    split: Split
    among: tuple[str, ...] = ()
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    by: Dimension = Dimension.TEAM


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything the mapping file says; without a file, its defaults hold.

    Attributes:
        tags: folded keys of the tags that name an owner, the first that has a value counts.
        aliases: folded value → the name it stands for.
        untagged: folded values that mean no tag.
        accounts: account id → its owner.
    """

    default: str = "unallocated"
    charges: ChargeRule = ChargeRule.PROPORTIONAL
    tags: Mapping[Dimension, tuple[str, ...]] = field(
        default_factory=lambda: {dimension: (dimension.value,) for dimension in Dimension}
    )
    aliases: Mapping[Dimension, Mapping[str, str]] = field(default_factory=dict)
    untagged: frozenset[str] = frozenset()
    accounts: Mapping[str, Mapping[Dimension, str]] = field(default_factory=dict)
    shared: tuple[Shared, ...] = ()

    def shared_by(self, dimension: Dimension) -> tuple[Shared, ...]:
        """The shared costs of a dimension, in the order of the file: the first that matches a charge takes it."""
        return tuple(shared for shared in self.shared if shared.by is dimension)

    def spelled(self, dimension: Dimension) -> Iterator[str]:
        """Every owner that is written out, as it is to be shown."""
        yield self.default
        yield from self.aliases.get(dimension, {}).values()
        yield from (owners[dimension] for owners in self.accounts.values() if dimension in owners)
        for shared in self.shared_by(dimension):
            yield from (*shared.among, *shared.shares)
