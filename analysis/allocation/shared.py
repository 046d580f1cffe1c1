"""Shared costs: which charges go into a pool, and how a pool is divided. Shares are never shared again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.allocation.names import Names
from analysis.allocation.rules import Match, Shared, Split
from analysis.costs import ChargeCategory
from analysis.services import service_key

#: A charge that no shared cost takes.
NO_POOL = -1


@dataclass(frozen=True, slots=True)
class Parts:
    """A pool's parts, which add up to 1; `even_instead` where nobody had a cost to be proportional to."""

    of: Mapping[str, Fraction]
    even_instead: bool = False


def pools(charges: DataFrame, shared: Sequence[Shared]) -> pd.Series[int]:
    """The index of the first shared cost that takes each charge, else `NO_POOL`.

    A shared cost that asks for a column that the charges do not have takes nothing.
    """
    taken = pd.Series(NO_POOL, index=charges.index, dtype=np.int64)
    for at, one in enumerate(shared):
        taken = taken.mask(taken.eq(NO_POOL) & matches(charges, one.match), at)
    return taken


def matches(charges: DataFrame, match: Match) -> pd.Series[bool]:
    """Which charges a match means."""
    kinds = match.charges or {ChargeCategory.USAGE}
    holds = charges["charge_category"].isin([kind.value for kind in kinds])
    if match.services:
        holds &= charges["service_name"].map(service_key).isin(match.services)
    if match.accounts:
        holds &= _column(charges, "account").isin(match.accounts)
    if match.usage:
        usage = _column(charges, "usage_type")
        contained = {text: any(part.casefold() in text.casefold() for part in match.usage) for text in usage.unique()}
        holds &= usage.map(contained).astype(bool)
    if match.tags:
        holds &= _tagged(charges, match)
    return holds


def _tagged(charges: DataFrame, match: Match) -> pd.Series[bool]:
    """Any of the tags that a match names."""
    found = pd.Series(False, index=charges.index)
    for key, value in sorted(match.tags):
        column = _column(charges, f"tag:{key}")
        same = {text: " ".join(text.split()).casefold() == value for text in column.unique()}
        found |= column.map(same).astype(bool)
    return found


def _column(charges: DataFrame, name: str) -> pd.Series[str]:
    if name not in charges.columns:
        return pd.Series("", index=charges.index, dtype=object)
    return charges[name].fillna("").astype(object)


def parts(shared: Shared, direct: Mapping[str, Fraction], names: Names) -> Parts:
    """Who bears which part of a shared cost.

    Args:
        direct: everybody's own cost, the only base of a proportional split: so no shared cost feeds another.
    """
    if shared.split is Split.FIXED:
        fixed: dict[str, Fraction] = {}
        for owner, part in shared.shares.items():
            key = names.key(owner) or names.default
            fixed[key] = fixed.get(key, Fraction(0)) + part
        return Parts(fixed)
    chosen = {names.key(owner) or names.default for owner in shared.among}
    members = sorted(chosen or {owner for owner in direct if owner != names.default})
    return divided(members, direct if shared.split is Split.PROPORTIONAL else None, names)


def divided(members: Sequence[str], weights: Mapping[str, Fraction] | None, names: Names) -> Parts:
    """Parts in proportion to the weights above zero, evenly without any; the default bears all without members."""
    if not members:
        return Parts({names.default: Fraction(1)})
    even = Parts({owner: Fraction(1, len(members)) for owner in members}, even_instead=weights is not None)
    if weights is None:
        return even
    base = {owner: max(weights.get(owner, Fraction(0)), Fraction(0)) for owner in members}
    total = sum(base.values(), Fraction(0))
    return Parts({owner: weight / total for owner, weight in base.items() if weight}) if total else even
