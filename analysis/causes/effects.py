"""Each line's change of cost as effects that add up: usage, rate, coverage, mix, new, gone, credits, fees.

A line costs quantity × price. With q and p the mean of both sides, and s the shares of how the quantity was paid for
(on demand, a Reservation, a Savings Plan, spot) at prices r:

    Δ(q p) = Δq p  +  q Σ Δs r  +  q Σ s Δr
             usage    coverage     rate

holds exactly, and does not depend on an order of steps. What some lines of a family (sizes of a machine, classes of a
volume) lost in quantity and others won is not more or less usage but a *mix*: that part of Δq p. A line without any
usage before is *new*, one without any after is *gone*, for the part that replaced nothing and was replaced by nothing.

A missing quantity is unknown, never zero: that line's change is then `UNKNOWN`, usage and price not told apart.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, Series

from analysis.causes.families import usage_family
from analysis.costs import ChargeCategory

#: What a line is told apart by. Text; "" is unknown or none. The service is spelled as the bill does.
DIMENSIONS = ("provider", "account", "region", "service", "usage_type", "unit", "tag", "category")
#: What a line's parts are told apart by besides: how they were paid for; "" is unknown.
PRICING = "pricing"
MEASURES = ("cost_before", "cost_now", "quantity_before", "quantity_now")

#: Prices of one line this many times apart: its quantity does not mean the same on both sides.
FARTHEST = 100.0

_CREDITS = (ChargeCategory.CREDIT.value, ChargeCategory.REFUND.value)
#: What the sizes and classes of a family are compared within.
_FAMILY = ["provider", "account", "service", "family", "unit"]


class Effect(StrEnum):
    """A kind of cause."""

    USAGE = "usage"
    RATE = "rate"
    COVERAGE = "coverage"
    PRICE = "price"  # rate and coverage, not told apart
    MIX = "mix"
    NEW = "new"
    GONE = "gone"
    CREDITS = "credits"
    FEES = "fees"
    UNKNOWN = "unknown"  # usage and price, not told apart


def effects(parts: DataFrame) -> DataFrame:
    """Every line's change and its effects.

    Args:
        parts: columns `DIMENSIONS`, `PRICING` and `MEASURES`: dollars and units a day; several rows of one line and
            pricing are added up. A quantity is NaN where any of it is unknown.
    Returns:
        A row per line, sorted by its dimensions: `DIMENSIONS`, quantity_before, quantity_now, before, now, change and a
        column for each `Effect`. Effects add up to the change, up to the last bits of a float.
    """
    paid = _sums(parts, [*DIMENSIONS, PRICING])
    lines = _sums(paid, list(DIMENSIONS)).rename(columns={"cost_before": "before", "cost_now": "now"})
    paid["line"] = paid.groupby(list(DIMENSIONS), sort=True).ngroup()
    lines["change"] = lines["now"] - lines["before"]
    found = DataFrame(0.0, index=lines.index, columns=[effect.value for effect in Effect])

    usage = lines["category"].eq(ChargeCategory.USAGE.value)
    credit = lines["category"].isin(_CREDITS)
    found[Effect.CREDITS] = lines["change"].where(credit, 0.0)
    found[Effect.FEES] = lines["change"].where(~usage & ~credit, 0.0)

    was, is_now = lines["quantity_before"], lines["quantity_now"]
    new = usage & lines["before"].eq(0) & was.eq(0) & lines["now"].ne(0)
    gone = usage & lines["now"].eq(0) & is_now.eq(0) & lines["before"].ne(0)
    price_was, price_is = lines["before"] / was.where(was > 0), lines["now"] / is_now.where(is_now > 0)
    by_quantity = (is_now - was) * (price_was + price_is) / 2
    # A sliver of a quantity makes any price: what is out of all proportion to the cost is no effect of it.
    most = FARTHEST * (lines["before"].abs() + lines["now"].abs())
    told = usage & by_quantity.abs().le(most) & ~_is_far(price_was, price_is)
    found[Effect.UNKNOWN] = lines["change"].where(usage & ~new & ~gone & ~told, 0.0)

    moved = by_quantity.where(told, lines["change"]).where(told | new | gone, 0.0)
    price = lines["change"].where(told, 0.0) - moved.where(told, 0.0)
    coverage, is_split = _coverage(paid, lines)
    is_split &= coverage.abs().le(most)
    found[Effect.COVERAGE] = coverage.where(told & is_split, 0.0)
    found[Effect.RATE] = (price - coverage).where(told & is_split, 0.0)
    found[Effect.PRICE] = price.where(told & ~is_split, 0.0)

    found[Effect.MIX] = moved * _exchanged(lines, told | new | gone)
    rest = moved - found[Effect.MIX]
    found[Effect.USAGE] = rest.where(told, 0.0)
    found[Effect.NEW] = rest.where(new, 0.0)
    found[Effect.GONE] = rest.where(gone, 0.0)
    return pd.concat([lines, found], axis=1)


def _sums(rows: DataFrame, keys: list[str]) -> DataFrame:
    """Sums by the keys, in their order; NaN where a part of one is unknown."""
    measures = list(MEASURES)
    unknown = rows[keys].join(rows[measures].isna()).groupby(keys, sort=True)[measures].any()
    sums = rows.groupby(keys, sort=True)[measures].sum()
    return sums.mask(unknown).reset_index()


def _is_far(one: Series[float], other: Series[float]) -> Series[bool]:
    """Whether two prices are too far apart to be of the same thing; free is never far from anything."""
    both = pd.concat([one.abs(), other.abs()], axis=1)
    small, large = both.min(axis=1, skipna=False), both.max(axis=1, skipna=False)
    return small.gt(0) & large.gt(FARTHEST * small)


def _coverage(paid: DataFrame, lines: DataFrame) -> tuple[Series[float], Series[bool]]:
    """What each line's change of paying made, and whether it can be told from a change of prices."""
    line = paid["line"].to_numpy()
    was, is_now = paid["quantity_before"], paid["quantity_now"]
    price_was, price_is = paid["cost_before"] / was.where(was > 0), paid["cost_now"] / is_now.where(is_now > 0)
    # A way of paying that one side does not have had no other price there.
    mean_price = (price_was.fillna(price_is) + price_is.fillna(price_was)) / 2
    total_was, total_is = lines["quantity_before"].to_numpy()[line], lines["quantity_now"].to_numpy()[line]
    mean_quantity = (total_was + total_is) / 2
    # Quantities that cancel out but for a sliver make shares without end: those tell nothing.
    with np.errstate(over="ignore", invalid="ignore"):
        shift = mean_quantity * _ratio(is_now, total_is) - mean_quantity * _ratio(was, total_was)
        moved = np.where(shift == 0, 0.0, shift * mean_price.to_numpy())
    each = Series(np.where(np.isfinite(moved), moved, np.nan), index=paid.index)
    costs_nothing = (paid["cost_before"].eq(0) | was.gt(0)) & (paid["cost_now"].eq(0) | is_now.gt(0))
    negative = was.lt(0) | is_now.lt(0)
    clear = paid[PRICING].ne("") & costs_nothing & ~negative & ~_is_far(price_was, price_is) & each.notna()
    by_line = each.groupby(line).sum(), clear.groupby(line).all()
    return by_line[0].reindex(lines.index).fillna(0.0), by_line[1].reindex(lines.index)


def _ratio(part: Series[float], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part.to_numpy(dtype=float), whole, out=np.zeros(len(part)), where=whole > 0)


def _exchanged(lines: DataFrame, counted: Series[bool]) -> Series[float]:
    """The share of each line's change of quantity that other lines of its family made good."""
    change = (lines["quantity_now"] - lines["quantity_before"]).where(counted, 0.0)
    family = lines["usage_type"].map(usage_family)
    # What has no unit cannot be counted together with anything else.
    family = family.where(lines["unit"].ne(""), lines["usage_type"])
    groups = lines.assign(family=family).groupby(_FAMILY, sort=False).ngroup()
    more, less = change.clip(lower=0.0), (-change).clip(lower=0.0)
    more_of, less_of = more.groupby(groups).transform("sum"), less.groupby(groups).transform("sum")
    both = more_of.where(more_of.lt(less_of), less_of)
    share: Series[float] = (both / more_of).where(more.gt(0)).fillna((both / less_of).where(less.gt(0)))
    return share.fillna(0.0).clip(upper=1.0)
