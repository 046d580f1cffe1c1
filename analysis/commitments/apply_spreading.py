"""The one step all commitments are applied by: a budget of the hour covers some lines until either is used up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.commitments.usage import Floats, HourlyUsage

Indices = NDArray[np.intp]


@dataclass(slots=True)
class Remaining:
    """What no commitment covers yet; each step takes some of it away.

    Attributes:
        quantity: (lines, hours).
        prices: dollars a unit on demand, (lines,).
    """

    quantity: Floats
    prices: Floats

    @classmethod
    def of(cls, usage: HourlyUsage) -> Remaining:
        """All of the usage, in arrays of its own: a line's hours lie side by side."""
        return cls(
            np.array(usage.quantity.T, dtype=np.float64, order="C"), usage.lines["on_demand"].to_numpy(np.float64)
        )


@dataclass(slots=True)
class Share:
    """What one commitment did; every step adds to it.

    Attributes:
        budget: what it can still cover, (hours,): dollars of a plan, normalised units or hours of a reservation.
        used: the same, of what it has covered.
        worth: dollars on demand of what it covered, (hours,).
        covered: quantity, (lines,).
        covered_budget: of `used`, by line.
    """

    budget: Floats
    used: Floats
    worth: Floats
    covered: Floats
    covered_budget: Floats

    @classmethod
    def fresh(cls, budget: Floats, lines: int) -> Share:
        hours = len(budget)
        return cls(budget.copy(), np.zeros(hours), np.zeros(hours), np.zeros(lines), np.zeros(lines))


def cover(remaining: Remaining, share: Share, lines: Indices, weight: float) -> None:
    """Cover the same part of each of some lines, as far as the budget of an hour goes.

    Lines that are covered together take part in proportion: AWS applies a benefit to all instances that run "at the
    same time".

    Args:
        lines: which of them; they are alike in what AWS orders by.
        weight: of the budget that one unit of quantity takes; above 0.
    """
    quantity = remaining.quantity[lines]
    need = quantity.sum(axis=0) * weight
    if not need.any():
        return
    part = np.divide(share.budget, need, out=np.ones_like(need), where=need > share.budget)
    taken = quantity * part
    remaining.quantity[lines] = quantity - taken
    used = np.minimum(need, share.budget)
    share.budget -= used
    share.used += used
    share.worth += dollars(taken, remaining.prices[lines])
    of_line = taken.sum(axis=1)
    share.covered[lines] += of_line
    share.covered_budget[lines] += of_line * weight


def dollars(quantity: Floats, prices: Floats) -> Floats:
    """What quantities cost by the hour; nothing costs nothing, even where no price is known.

    Args:
        quantity: (lines, hours).
        prices: (lines,).
    Returns:
        (hours,); missing in hours in which something without a price is left.
    """
    known = ~np.isnan(prices)
    total: Floats = prices[known] @ quantity[known]
    unpriced = quantity[~known].any(axis=0)
    total[unpriced] = np.nan
    return total
