"""How AWS applies what is owned to usage, hour by hour: reservations, EC2 Instance plans, Compute plans, the rest.

What an hour does not use of a commitment is lost. Sources: AWS, "Understanding how Savings Plans apply to your usage"
and "How Reserved Instance discounts are applied".

Not modelled, as the bill by the hour does not tell it: members who have left the sharing of discounts, sharing within
groups of accounts, and an order among accounts that share what their owner leaves (they take part in proportion).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.commitments.apply_matching import Matching, units
from analysis.commitments.apply_plans import ORDER, apply_plans
from analysis.commitments.apply_reservations import apply_reservations, capacity, running
from analysis.commitments.apply_spreading import Remaining, dollars
from analysis.commitments.usage import Floats, HourlyUsage, Plan, Reservation


@dataclass(frozen=True, slots=True)
class Applied:
    """What commitments covered, and what is left on demand; commitments are the reservations, then the plans.

    Attributes:
        ids: of the commitments.
        committed: dollars, (commitments, hours); 0 while one does not run.
        used: dollars of `committed`, (commitments, hours).
        used_hours: of a reservation, hours of its own type and size, (commitments, hours); missing for a plan.
        worth: dollars on demand of what it covered, (commitments, hours).
        covered: quantity, (commitments, lines), of all hours.
        covered_cost: dollars of `used`, (commitments, lines), of all hours.
        left: quantity that no commitment covers, (hours, lines).
        on_demand: dollars of what is left, (hours,); missing in hours in which something without a price is left.
    """

    ids: tuple[str, ...]
    committed: Floats
    used: Floats
    used_hours: Floats
    worth: Floats
    covered: Floats
    covered_cost: Floats
    left: Floats
    on_demand: Floats

    @property
    def unused(self) -> Floats:
        """Dollars that were paid for nothing, (commitments, hours)."""
        # Rounding may leave a used dollar a hair above the committed one.
        unused: Floats = np.maximum(self.committed - self.used, 0.0)
        return unused

    @property
    def cost(self) -> Floats:
        """All dollars: what is left on demand and all that is committed, (hours,)."""
        total: Floats = self.on_demand + self.committed.sum(axis=0)
        return total


def apply(
    usage: HourlyUsage, reservations: Sequence[Reservation], plans: Sequence[Plan], *, shared: bool = True
) -> Applied:
    """Apply commitments to usage as AWS does.

    What a plan covers, its rates alone say: the lines that have one above 0. A line without an on-demand price is
    covered by plans after all others. A line of unknown platform or zone fits every reservation.

    Args:
        shared: what the owner's account leaves goes to the other accounts, as is AWS's default.
    Raises:
        ValueError: an array is of another shape than the usage, a quantity is negative or missing, or a plan is of a
            kind that is not known.
    """
    _check(usage, reservations, plans)
    lines, hours = len(usage.lines), len(usage.hours)
    remaining, matching = Remaining.of(usage), Matching(usage.lines)
    reserved = apply_reservations(remaining, matching, reservations, shared=shared)
    planned = apply_plans(remaining, matching.accounts, plans, shared=shared)

    full = np.array([capacity(matching, one) for one in reservations])
    prices = np.array([one.hourly for one in reservations]) / np.where(full > 0, full, 1.0)
    per_hour = np.array([units(one) if matching.is_flexible(one) else 1.0 for one in reservations])
    used = _rows([share.used for share in reserved], hours)
    rates = np.concatenate([prices, np.ones(len(plans))])
    commitments: list[Reservation | Plan] = [*reservations, *plans]
    everything = [*reserved, *planned]
    return Applied(
        ids=tuple(one.id for one in commitments),
        committed=_rows([one.hourly * running(one.active, hours) for one in commitments], hours),
        used=_rows([share.used for share in everything], hours) * rates[:, None],
        used_hours=np.vstack([used / per_hour[:, None], np.full((len(plans), hours), np.nan)]),
        worth=_rows([share.worth for share in everything], hours),
        covered=_rows([share.covered for share in everything], lines),
        covered_cost=_rows([share.covered_budget for share in everything], lines) * rates[:, None],
        left=remaining.quantity.T,
        on_demand=dollars(remaining.quantity, remaining.prices),
    )


def _rows(values: Sequence[Floats], width: int) -> Floats:
    return np.vstack(values) if values else np.zeros((0, width))


def _check(usage: HourlyUsage, reservations: Sequence[Reservation], plans: Sequence[Plan]) -> None:
    hours, lines = len(usage.hours), len(usage.lines)
    if usage.quantity.shape != (hours, lines):
        raise ValueError(f"Quantities are {usage.quantity.shape}, not (hours, lines) = {(hours, lines)}.")
    if not (usage.quantity >= 0).all():
        raise ValueError("A quantity of usage is negative or missing.")
    commitments: list[Reservation | Plan] = [*reservations, *plans]
    for one in commitments:
        if one.active is not None and one.active.shape != (hours,):
            raise ValueError(f"{one.id} says for {one.active.shape} hours whether it runs, not for {hours}.")
    for plan in plans:
        if plan.kind not in ORDER:
            raise ValueError(f"{plan.id} is a plan of the kind {plan.kind!r}, not of {', '.join(ORDER)}.")
        if plan.rates.shape != (lines,):
            raise ValueError(f"{plan.id} has rates for {plan.rates.shape} lines, not for {lines}.")
