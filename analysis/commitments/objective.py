"""What amounts of commitment save: hours in columns, groups of lines that commitments treat alike in rows.

AWS's order is kept: reservations, then EC2 Instance plans, then the plans of any family, the highest discount first
within each; what an hour does not use is lost. A group is known by its on-demand dollars alone: of an offer it needs
the ratio of committed to on-demand dollars. Groups are taken by falling discount, so the saving of a plan is concave in
its amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame

from analysis.commitments.purchase_offers import TIERS, Offer
from analysis.commitments.units import family
from analysis.commitments.usage import Floats, HourlyUsage

Ints = NDArray[np.int64]

#: Lines whose ratios differ by less than about this are one group, with the ratio of them all.
RATIO_STEP = 0.002
#: Dollars an hour that rounding leaves of what is covered in full.
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Groups:
    """Lines added up.

    Attributes:
        spend: on-demand dollars, (groups, hours).
        ratios: committed dollars for an on-demand dollar, (offers, groups); missing where the offer covers nothing.
        parts: what would leave together, (groups,): a family of a service, or a service without instances.
        line_groups: the group of each line, (lines,); -1 for one that no offer covers.
    """

    spend: Floats
    ratios: Floats
    parts: NDArray[np.str_]
    line_groups: Ints


@dataclass(frozen=True, slots=True)
class Outcome:
    """Dollars an hour of each offer, (offers, hours): committed dollars used, on-demand dollars avoided."""

    used: Floats
    avoided: Floats


@dataclass(frozen=True, slots=True)
class Step:
    """One offer in AWS's order: its row among the offers, its groups by falling discount, and their ratios."""

    offer: int
    groups: Ints
    ratios: Floats


@dataclass(frozen=True, slots=True)
class Side:
    """Offers that cover one group each, none the same: side by side, their order does not matter; (offers,) each."""

    offers: Ints
    groups: Ints
    ratios: Floats


def grouped(usage: HourlyUsage, offers: Sequence[Offer], *, ratio_step: float = RATIO_STEP) -> Groups:
    """Lines of equal part, region and discounts as one. Lines without on-demand price or usage are in no group."""
    price = usage.lines["on_demand"].to_numpy(dtype="float64")
    priced = np.where(price > 0, price, np.nan)
    line_ratios = np.array([offer.rates / priced for offer in offers]).reshape(len(offers), len(price))
    # A rate above on demand never saves, and AWS applies no plan to it.
    line_ratios[~(line_ratios < 1)] = np.nan
    dollars = np.nan_to_num(usage.on_demand)
    total = dollars.sum(axis=0)
    counts = np.isfinite(line_ratios).any(axis=0) & (total > 0)
    parts = _parts(usage.lines)
    alike = pd.DataFrame(np.round(line_ratios.T / ratio_step)).fillna(-1)
    key = alike.assign(part=parts, region=usage.lines["region"].to_numpy())
    numbers = np.full(len(price), -1)
    numbers[counts] = key[counts].groupby(list(key.columns), sort=True).ngroup()
    of_group = np.arange(numbers.max(initial=-1) + 1)[:, None] == numbers
    weights = of_group * np.where(counts, total, 0.0)
    ratios = np.full((len(offers), len(of_group)), np.nan)
    for row, per_line in enumerate(line_ratios):
        covered = weights @ np.isfinite(per_line)
        np.divide(weights @ np.nan_to_num(per_line), covered, out=ratios[row], where=covered > 0)
    first = of_group.argmax(axis=1)
    return Groups(of_group.astype(float) @ dollars.T, ratios, parts[first], numbers)


def steps(offers: Sequence[Offer], ratios: Floats) -> list[Step]:
    """The offers in the order in which AWS applies them."""
    best = [np.nanmin(row, initial=1.0) for row in ratios]
    ordered = sorted(range(len(offers)), key=lambda one: (TIERS[offers[one].kind], best[one], one))
    found = []
    for offer in ordered:
        groups = np.flatnonzero(np.isfinite(ratios[offer]))
        groups = groups[np.argsort(ratios[offer, groups], kind="stable")]
        found.append(Step(offer, groups, ratios[offer, groups]))
    return found


def applied(spend: Floats, order: Sequence[Step], amounts: Floats) -> Outcome:
    """What each offer's amount (dollars an hour, (offers,)) does in each hour.

    Args:
        spend: on-demand dollars, (groups, hours).
    """
    used = np.zeros((len(amounts), spend.shape[1]))
    avoided = np.zeros_like(used)
    left = spend.copy()
    for step in order:
        if amounts[step.offer] > 0:
            before = left[step.groups]
            taken = _taken(before * step.ratios[:, None], amounts[step.offer])
            avoids = taken / step.ratios[:, None]
            left[step.groups] = before - avoids
            used[step.offer], avoided[step.offer] = taken.sum(axis=0), avoids.sum(axis=0)
    return Outcome(used, avoided)


def layers(order: Sequence[Step]) -> list[Step | Side]:
    """The same order with neighbours that cover one group each, none the same, side by side."""
    found: list[Step | Side] = []
    run: list[Step] = []
    for step in order:
        alone = len(step.groups) == 1
        if not alone or any(step.groups[0] == one.groups[0] for one in run):
            found += [_side(run)] if run else []
            run = []
        if alone:
            run.append(step)
        elif len(step.groups):
            found.append(step)
    return [*found, _side(run)] if run else found


def sums(spend: Floats, order: Sequence[Step | Side], amounts: Floats) -> tuple[Floats, Floats]:
    """Committed dollars used and on-demand dollars avoided by all offers, (hours,) each: `applied` in short."""
    used, avoided = np.zeros(spend.shape[1]), np.zeros(spend.shape[1])
    left = spend.copy()
    for step in order:
        before = left[step.groups]
        taken = _covered(step, before * step.ratios[:, None], amounts)
        avoids = taken / step.ratios[:, None]
        left[step.groups] = before - avoids
        used += taken.sum(axis=0)
        avoided += avoids.sum(axis=0)
    return used, avoided


def slopes(
    spend: Floats, order: Sequence[Step | Side], amounts: Floats, weights: Floats, *, dread: float = 0.0
) -> Floats:
    """Dollars that one more dollar an hour of each offer brings, (offers,).

    Of `sum(weights * (avoided - committed - dread * (committed - used)))`: `dread` is what an unused dollar hurts
    beyond its price. Backwards through AWS's order, the worth of relieving each group of an on-demand dollar is known
    before the offers that come first are looked at: a group that a later plan covers frees that plan for what it
    covers last.
    """
    opened = []
    left = spend.copy()
    for step in order:
        before = left[step.groups]
        need = before * step.ratios[:, None]
        taken = _covered(step, need, amounts)
        left[step.groups] = before - taken / step.ratios[:, None]
        opened.append(need - taken > _NOTHING)
    worth = np.ones_like(spend)
    found = np.zeros(len(amounts))
    for step, is_open in zip(reversed(order), reversed(opened), strict=True):
        if isinstance(step, Side):
            now = worth[step.groups]
            gains = np.where(is_open, now / step.ratios[:, None] + dread, 0.0)
            found[step.offers] = gains @ weights
            worth[step.groups] = np.where(is_open, now, -dread * step.ratios[:, None])
        elif len(step.groups):
            found[step.offer] = _step_back(step, is_open, worth, dread) @ weights
    slope: Floats = found - (1 + dread) * weights.sum()
    return slope


def _step_back(step: Step, is_open: NDArray[np.bool_], worth: Floats, dread: float) -> Floats:
    """What one more dollar of a step brings in each hour; `worth` becomes that before the step."""
    margin, is_short = is_open.argmax(axis=0), is_open.any(axis=0)
    at_margin = worth[step.groups[margin], np.arange(worth.shape[1])] / step.ratios[margin] + dread
    gain: Floats = np.where(is_short, at_margin, 0.0)
    past = np.where(is_short, margin, len(step.groups))
    relieved = step.ratios[:, None] * (gain - dread)
    is_past = np.arange(len(step.groups))[:, None] < past
    worth[step.groups] = np.where(is_past, relieved, worth[step.groups])
    return gain


def _side(run: Sequence[Step]) -> Side:
    return Side(
        np.array([step.offer for step in run]),
        np.concatenate([step.groups for step in run]),
        np.concatenate([step.ratios for step in run]),
    )


def _covered(step: Step | Side, need: Floats, amounts: Floats) -> Floats:
    if isinstance(step, Side):
        return np.minimum(need, amounts[step.offers][:, None])
    return _taken(need, float(amounts[step.offer]))


def _taken(need: Floats, amount: float) -> Floats:
    """What an amount covers of each group's need, from the first group on."""
    if len(need) == 1:
        return np.minimum(need, amount)
    left = amount - np.cumsum(need, axis=0)
    left += need
    taken: Floats = np.minimum(np.maximum(left, 0.0, out=left), need, out=left)
    return taken


def best_amount(need: Floats, values: Floats, weights: Floats) -> float:
    """The amount of one offer alone that saves most: the newsvendor's answer, exact.

    Args:
        need: committed dollars that each group could use, (groups, hours), by falling discount.
        values: on-demand dollars that a committed dollar avoids in each group, (groups,), falling.
        weights: hours that each column stands for.
    """
    if not need.size:
        return 0.0
    ends = np.cumsum(need, axis=0)
    # What the next dollar brings falls at the end of each group, by the step down to the next group's value.
    falls = (values - np.append(values[1:], 0.0))[:, None] * weights
    order = np.argsort(ends, axis=None, kind="stable")
    after = values[0] * weights.sum() - np.cumsum(falls.ravel()[order])
    gains = after > weights.sum() * (1 + 1e-12)
    # Sorted ends whose fall still leaves a gain are passed; the optimum is at the first that does not.
    last = int(gains.sum())
    return float(ends.ravel()[order][last]) if last < len(order) else float(ends.max())


def _parts(lines: DataFrame) -> NDArray[np.str_]:
    sizes = lines["instance_type"].map(family)
    return (lines["service"] + (" " + sizes).where(sizes.ne(""), "")).to_numpy(dtype=str)
