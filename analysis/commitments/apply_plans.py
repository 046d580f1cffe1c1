"""Savings Plans, on what reservations leave: EC2 Instance plans before Compute plans, the owner before the others.

Within a kind, plans and usage are put together: of all pairs of a plan and a line, the one that saves the largest share
of the on-demand price comes first, of equal ones the one with the lowest rate. Of equal plans the one whose id comes
first; AWS does not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.commitments.apply_reservations import running
from analysis.commitments.apply_spreading import Indices, Remaining, Share, cover
from analysis.commitments.usage import Floats, Plan

#: Narrow before broad. Database and SageMaker plans cover usage that no other kind does.
ORDER = ("EC2Instance", "Compute", "Database", "SageMaker")
#: Savings percentages are equal to this many digits: 3 of 4 cents saves what 0.3 of 0.4 does.
DIGITS = 9
#: Below any share that can be saved: where no price is known.
_UNPRICED = -1e9


def apply_plans(
    remaining: Remaining, accounts: NDArray[np.object_], plans: Sequence[Plan], *, shared: bool
) -> list[Share]:
    """Cover what is left by plans.

    Returns:
        One for each plan, in their order; its budget is in dollars.
    """
    lines, hours = remaining.quantity.shape
    shares = [Share.fresh(plan.hourly * running(plan.active, hours), lines) for plan in plans]
    for plan, alike, rate in plan_steps(remaining.prices, accounts, plans, shared=shared):
        if shares[plan].budget.any():
            cover(remaining, shares[plan], alike, rate)
    return shares


def plan_steps(
    prices: Floats, accounts: NDArray[np.object_], plans: Sequence[Plan], *, shared: bool
) -> Iterator[tuple[int, Indices, float]]:
    """In AWS's order: a plan's place, lines that it covers together, dollars of a unit under it.

    Args:
        prices: dollars a unit of each line on demand, (lines,). accounts: whose the lines are.
    """
    for kind in ORDER:
        pairs = _pairs(plans, kind, prices)
        for own in (True, False) if shared else (True,):
            yield from _steps(pairs, accounts if own else None, plans)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Every plan of a kind with every line it covers, in AWS's order; equal ones of a plan have one `rank`."""

    plans: Indices
    lines: Indices
    rates: Floats
    ranks: Indices

    def chosen(self, which: NDArray[np.bool_]) -> _Pairs:
        return _Pairs(self.plans[which], self.lines[which], self.rates[which], self.ranks[which])


def _pairs(plans: Sequence[Plan], kind: str, prices: Floats) -> _Pairs:
    by_id = sorted((at for at, plan in enumerate(plans) if plan.kind == kind), key=lambda at: plans[at].id)
    found = [(place, at, np.flatnonzero(plans[at].rates > 0)) for place, at in enumerate(by_id)]
    places = np.concatenate([np.full(len(lines), place) for place, _, lines in found] or [np.zeros(0, np.intp)])
    lines = np.concatenate([lines for _, _, lines in found] or [np.zeros(0, np.intp)])
    rates = np.concatenate([plans[at].rates[lines] for _, at, lines in found] or [np.zeros(0)])
    saved = _savings(rates, prices[lines])
    order = np.lexsort((places, rates, -saved))
    key = np.stack([saved, rates, places.astype(np.float64)])[:, order]
    ranks = np.cumsum((np.diff(key, axis=1, prepend=np.nan) != 0).any(axis=0))
    whose = np.array(by_id, dtype=np.intp)[places[order]]
    return _Pairs(whose, lines[order], rates[order], ranks.astype(np.intp))


def _savings(rates: Floats, prices: Floats) -> Floats:
    """Share of the on-demand price that is saved; that of a line without a price is below all others."""
    priced = prices > 0
    saved = np.divide(prices - rates, prices, out=np.full_like(rates, _UNPRICED), where=priced)
    rounded: Floats = saved.round(DIGITS)
    return rounded


def _steps(
    pairs: _Pairs, accounts: NDArray[np.object_] | None, plans: Sequence[Plan]
) -> Iterator[tuple[int, Indices, float]]:
    """Plan, lines that are alike to it, rate; of the plans' own accounts where `accounts` of lines are given."""
    if accounts is not None:
        owners = np.array([plan.owner_id for plan in plans], dtype=object)[pairs.plans]
        pairs = pairs.chosen((accounts[pairs.lines] == owners) & (owners != ""))
    if not len(pairs.lines):
        return
    starts = np.flatnonzero(np.diff(pairs.ranks, prepend=-1))
    for start, alike in zip(starts, np.split(pairs.lines, starts[1:]), strict=True):
        yield int(pairs.plans[start]), alike, float(pairs.rates[start])
