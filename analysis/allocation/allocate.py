"""Charges in, owners with their cents out: whatever the rules are, the owners add up to the charges."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

import pandas as pd
from pandas import DataFrame

from analysis.allocation.cents import in_cents, table_in_cents
from analysis.allocation.names import Names
from analysis.allocation.owners import AccountTags, owned
from analysis.allocation.result import CHARGES, Allocation, Hint, Pool, Share
from analysis.allocation.rules import ChargeRule, Dimension, Rules, Shared, Split, Way
from analysis.allocation.shared import NO_POOL, divided, parts, pools
from analysis.categories import category
from analysis.costs import ChargeCategory

#: Places without a tag that are worth naming.
MOST_HINTS = 5
#: What a source that does not know a charge's account says.
NOWHERE = ("", "unknown")

K = TypeVar("K", bound=Any)

#: One part of the bill: the owner, and (step of the chain or pool, whether it is shared, whether it is estimated).
_Cell = tuple[str, tuple[str, bool, bool]]


def allocate(
    charges: DataFrame, rules: Rules, dimension: Dimension, account_tags: AccountTags | None = None
) -> Allocation:
    """Who bears the charges.

    Args:
        charges: columns cost, charge_category, service_name; account, usage_type and `tag:<folded key>` where they
            are known; estimated (bool) where a source could not tell the dimensions of a row together.
    Raises:
        ValueError: a cost is missing or no number.
    """
    _check(charges)
    names = Names(rules, dimension)
    frame = owned(charges, rules, dimension, account_tags or {}, names)
    frame = frame.assign(estimated=_flag(frame), pool=pools(frame, rules.shared_by(dimension)))
    is_charge = frame["charge_category"].ne(ChargeCategory.USAGE.value) & frame["pool"].eq(NO_POOL)
    if rules.charges is ChargeRule.OWNER:
        is_charge &= _is_nowhere(frame)
    own = frame[frame["pool"].eq(NO_POOL) & ~is_charge]
    cells: dict[_Cell, Fraction] = {
        (owner, (way, False, estimated)): amount for (owner, way), estimated, amount in _sums(own, "owner", "way")
    }
    direct: dict[str, Fraction] = {}
    for (owner, _), amount in cells.items():
        direct[owner] = direct.get(owner, Fraction(0)) + amount
    shown = []
    for at, shared in enumerate(rules.shared_by(dimension)):
        amount = _sum(frame.loc[frame["pool"].eq(at), "cost"])
        split = parts(shared, direct, names)
        cells |= _spread(shared.name, amount, split.of, cells)
        if amount:
            shown.append((shared.name, shared.split, split.even_instead, _strangers(shared, direct, names)))
    extra = _sum(frame.loc[is_charge, "cost"])
    split = divided(sorted(direct), direct, names)
    cells |= _spread(CHARGES, extra, split.of, cells)
    if is_charge.any():
        shown.append((CHARGES, Split.PROPORTIONAL, split.even_instead, ()))
    cents = table_in_cents(cells, _columns(cells, _sum(frame["cost"])))
    shares = _shares(cents, names)
    return Allocation(
        cents=sum(cents.values()),
        shares=shares,
        pools=tuple(
            Pool(name, sum(share.shared.get(name, 0) for share in shares), split_by, even, strangers)
            for name, split_by, even, strangers in shown
        ),
        charges=_kinds(frame[is_charge], sum(share.shared.get(CHARGES, 0) for share in shares)),
        hints=_hints(own),
        merged=names.merged(),
    )


def by_category(charges: DataFrame) -> Allocation:
    """What the charges pay for: usage by category, all other charges as one line of their own.

    Args:
        charges: columns cost, charge_category, service_name, usage_type.
    """
    _check(charges)
    is_usage = charges["charge_category"].eq(ChargeCategory.USAGE.value)
    pairs = zip(charges["service_name"], charges["usage_type"], strict=True)
    kinds = pd.Series([category(service, usage).value for service, usage in pairs], index=charges.index, dtype=object)
    frame = charges.assign(kind=kinds.where(is_usage, CHARGES), estimated=False)
    cells = {kind: amount for (kind,), _, amount in _sums(frame, "kind")}
    cents = _pools_first(cells, {CHARGES}, _sum(frame["cost"]))
    shares = [Share(kind, {Way.USAGE_TYPE: amount}, {}) for kind, amount in cents.items() if kind != CHARGES]
    extra = cents.get(CHARGES, 0)
    last = [Share(CHARGES, {Way.USAGE_TYPE: extra}, {})] if CHARGES in cents else []
    shares.sort(key=lambda share: (-share.cents, share.owner))
    return Allocation(sum(cents.values()), (*shares, *last), charges=_kinds(frame[~is_usage], extra))


def _check(charges: DataFrame) -> None:
    if not all(map(math.isfinite, charges["cost"])):
        raise ValueError("a charge without a cost cannot be allocated")


def _is_nowhere(frame: DataFrame) -> pd.Series[bool]:
    """Which charges have neither a tag nor an account, so that no chain can find their owner."""
    untagged = frame["way"].eq(Way.DEFAULT.value)
    return untagged & frame["account"].isin(NOWHERE) if "account" in frame.columns else untagged


def _flag(frame: DataFrame) -> pd.Series[bool]:
    if "estimated" not in frame.columns:
        return pd.Series(False, index=frame.index)
    return frame["estimated"].fillna(False).astype(bool)


def _sum(costs: Iterable[float]) -> Fraction:
    """The exact sum, rounded once: the order of the rows makes no difference."""
    return Fraction(math.fsum(costs))


def _sums(frame: DataFrame, *keys: str) -> list[tuple[tuple[str, ...], bool, Fraction]]:
    """Sums by the keys and `estimated`: (values of the keys, estimated, sum)."""
    if frame.empty:
        return []
    grouped = frame.groupby([*keys, "estimated"], sort=True)["cost"]
    return [(tuple(map(str, values)), bool(estimated), _sum(costs)) for (*values, estimated), costs in grouped]


def _spread(
    name: str, amount: Fraction, of: Mapping[str, Fraction], cells: Mapping[_Cell, Fraction]
) -> dict[_Cell, Fraction]:
    """The cells of a pool; two pools of one name are one."""
    added = {(owner, (name, True, False)): amount * part for owner, part in of.items() if amount}
    return {cell: cells.get(cell, Fraction(0)) + part for cell, part in added.items()}


def _columns(cells: Mapping[_Cell, Fraction], total: Fraction) -> dict[tuple[str, bool, bool], int]:
    """The sums of the steps and pools in cents."""
    sums: dict[tuple[str, bool, bool], Fraction] = {}
    for (_, column), amount in cells.items():
        sums[column] = sums.get(column, Fraction(0)) + amount
    return _pools_first(sums, {column for column in sums if column[1]}, total)


def _pools_first(sums: Mapping[K, Fraction], shared: Collection[K], total: Fraction) -> dict[K, int]:
    """Sums in cents: a pool is its own amount rounded, so that it is the same whatever the rest is divided by."""
    rest = {key: amount for key, amount in sums.items() if key not in shared}
    if not rest:
        return in_cents(sums, total)
    found = {key: round(sums[key] * 100) for key in sums if key in shared}
    return found | in_cents(rest, Fraction(round(total * 100) - sum(found.values()), 100))


def _strangers(shared: Shared, direct: Mapping[str, Fraction], names: Names) -> tuple[str, ...]:
    named = {names.key(owner) or names.default for owner in (*shared.among, *shared.shares)}
    return tuple(sorted(names.label(owner) for owner in named - direct.keys() if owner != names.default))


def _shares(cents: Mapping[_Cell, int], names: Names) -> tuple[Share, ...]:
    direct: dict[str, dict[Way, int]] = {}
    shared: dict[str, dict[str, int]] = {}
    estimated: dict[str, int] = {}
    for (owner, (step, is_shared, is_estimated)), amount in cents.items():
        if is_shared:
            own = shared.setdefault(owner, {})
            own[step] = own.get(step, 0) + amount
            continue
        ways = direct.setdefault(owner, {})
        ways[Way(step)] = ways.get(Way(step), 0) + amount
        estimated[owner] = estimated.get(owner, 0) + (amount if is_estimated else 0)
    owners = direct.keys() | shared.keys()
    shares = [
        Share(
            names.label(owner),
            direct.get(owner, {}),
            shared.get(owner, {}),
            estimated.get(owner, 0),
            owner == names.default,
        )
        for owner in owners
    ]
    return tuple(sorted(shares, key=lambda share: (share.is_default, -share.cents, share.owner)))


def _kinds(charges: DataFrame, cents: int) -> dict[str, int]:
    """What the pool `CHARGES` is made of: its kinds add up to it."""
    if charges.empty:
        return {}
    amounts = {str(kind): _sum(costs) for kind, costs in charges.groupby("charge_category", sort=True)["cost"]}
    return in_cents(amounts, Fraction(cents, 100))


def _hints(own: DataFrame) -> tuple[Hint, ...]:
    """The dearest usage that nobody owns; where all of it has an owner, the dearest without a tag."""
    usage = own[own["charge_category"].eq(ChargeCategory.USAGE.value)]
    found = usage[usage["way"].eq(Way.DEFAULT.value)]
    if found.empty:
        found = usage[usage["way"].ne(Way.TAG.value)]
    if found.empty:
        return ()
    known = found["account"] if "account" in found.columns else pd.Series("", index=found.index, dtype=object)
    place = known.where(~found["estimated"] & ~known.isin(NOWHERE), "")
    found = found.assign(place=place, estimated=False)
    hints = [
        Hint(service, account or None, round(amount * 100))
        for (service, account), _, amount in _sums(found, "service_name", "place")
    ]
    hints.sort(key=lambda hint: (-hint.cents, hint.service_name, hint.account or ""))
    return tuple(hint for hint in hints[:MOST_HINTS] if hint.cents > 0)
