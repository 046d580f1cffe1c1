"""The Savings Plan that would have saved most over a look-back, as if its hours came again.

Of each hour a commitment covers first what it saves the largest share on, and what it does not use is lost. On demand
is what the plans and reservations that are owned leave, so these are taken into account, as AWS does. The arithmetic is
the stand-in's own. Source: AWS, "Understanding your Savings Plans recommendations".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_lines import Line
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.purchase_request import Wanted, choice
from bot.demo.aws.purchase_usage import LookBack, family, is_on_demand
from bot.demo.aws.record_types import RecordType
from bot.demo.aws.savings_plan_rates import Rate, offering_id, rates_of

#: As Cost Explorer spells the types → as the service savingsplans does.
PLAN_TYPES = {
    "COMPUTE_SP": "Compute",
    "EC2_INSTANCE_SP": "EC2Instance",
    "SAGEMAKER_SP": "SageMaker",
    "DATABASE_SP": "Database",
}
#: Commitments are sold in tenths of a cent an hour.
_CENT_PARTS = 1000
#: Steps of halving in which the best commitment is found; what is left is far below a tenth of a cent.
_HALVINGS = 50


@dataclass(frozen=True)
class Purchase:
    """One plan to buy.

    Attributes:
        place: region and family of an EC2 Instance plan; empty of a Compute plan.
        account_id: empty for the organisation's.
        usage: what it would have covered on demand.
        costs: what that would have cost under the plan, (lines, hours).
        covered: dollars on demand that plans that are owned covered of the same kind of usage, (hours,).
    """

    plan_type: str
    place: tuple[str, str] | None
    account_id: str
    wanted: Wanted
    usage: LookBack
    costs: Floats
    covered: Floats

    @cached_property
    def hourly(self) -> float:
        """The best commitment, dollars an hour."""
        low, high = 0.0, float(self.costs.sum(axis=0).max(initial=0.0))
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._another_dollar_saves(middle) else (low, middle)
        return round(low * _CENT_PARTS) / _CENT_PARTS

    @property
    def used(self) -> Floats:
        """Dollars of the commitment that would have been used, (hours,)."""
        used: Floats = self._taken(self.hourly).sum(axis=0)
        return used

    @property
    def left(self) -> Floats:
        """Dollars on demand beside it, (hours,)."""
        taken = self._taken(self.hourly) / self._shares[:, None]
        remaining: Floats = np.maximum(self.spent - taken.sum(axis=0), 0.0)
        return remaining

    @property
    def spent(self) -> Floats:
        """Dollars on demand without it, (hours,)."""
        total: Floats = self.usage.dollars.sum(axis=0)
        return total

    @property
    def cost(self) -> float:
        """Of the commitment over the look-back."""
        return self.hourly * self.usage.hours

    @property
    def saving(self) -> float:
        """Over the look-back."""
        return float(self.spent.sum() - self.left.sum()) - self.cost

    @property
    def offering(self) -> str:
        region, name = self.place or ("", "")
        return offering_id(self.plan_type, self.wanted.years, self.wanted.payment, region, name)

    @property
    def id(self) -> str:
        """Of the recommendation: the same question has the same one, whenever it is asked."""
        shown = tuple(self.wanted.shown.values())
        return as_id(self.plan_type, *shown, *(self.place or ()), self.account_id)

    @cached_property
    def _shares(self) -> Floats:
        """What each line costs under the plan, as a share of on demand; ascending, as the lines are."""
        shares: Floats = self.costs.sum(axis=1) / self.usage.dollars.sum(axis=1)
        return shares

    def _taken(self, hourly: float) -> Floats:
        """Dollars of a commitment that each line takes, (lines, hours): those that save most come first."""
        before = np.cumsum(self.costs, axis=0) - self.costs
        taken: Floats = np.clip(hourly - before, 0.0, self.costs)
        return taken

    def _another_dollar_saves(self, hourly: float) -> bool:
        """Whether a little more commitment covers more on demand than it costs."""
        until = np.cumsum(self.costs, axis=0)
        takes_it = (until - self.costs <= hourly) & (hourly < until)
        return bool((takes_it / self._shares[:, None]).sum() > self.usage.hours)


def purchases(params: Mapping[str, Any], view: View) -> list[Purchase]:
    """What to buy, the largest saving first; nothing of what cannot save.

    Raises:
        AwsError: ValidationException, for what AWS has not got.
    """
    plan_type = choice(params, "SavingsPlansType", PLAN_TYPES, "")
    wanted = Wanted.of(params)
    found = [one for one in _thought_of(plan_type, wanted, view) if one.hourly > 0 and one.saving > 0]
    return sorted(found, key=lambda one: -one.saving)


def as_id(*parts: str) -> str:
    """An id in AWS's form that follows from what it is the id of."""
    digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _thought_of(plan_type: str, wanted: Wanted, view: View) -> Iterator[Purchase]:
    rates = rates_of(plan_type, wanted.years, wanted.payment)
    usage = LookBack.of(view, wanted, lambda line: is_on_demand(line) and _rate(rates, line) is not None)
    covered = LookBack.of(view, wanted, lambda line: _is_covered(line) and _rate(rates, line) is not None)

    def key(line: Line) -> tuple[str, ...]:
        place = (line.region, family(line)) if plan_type == "EC2Instance" else ()
        return (line.account_id if wanted.by_account else "", *place)

    owned = covered.by(key)
    for (account_id, *place), own in usage.by(key).items():
        own = _ordered(own, rates)
        same = owned.get((account_id, *place))
        yield Purchase(
            plan_type,
            (place[0], place[1]) if place else None,
            account_id,
            wanted,
            own,
            _costs(own, rates),
            same.dollars.sum(axis=0) if same is not None else np.zeros(own.hours),
        )


def _is_covered(line: Line) -> bool:
    return line.record_type is RecordType.SP_COVERED_USAGE


def _ordered(usage: LookBack, rates: Mapping[str, Rate]) -> LookBack:
    """Lines that were used at all, the largest share saved first."""
    ran = usage.chosen(usage.dollars.sum(axis=1) > 0)
    shares = _costs(ran, rates).sum(axis=1) / ran.dollars.sum(axis=1)
    order = np.argsort(shares, kind="stable")
    return LookBack(ran.start, tuple(ran.lines[at] for at in order), ran.quantity[order], ran.dollars[order])


def _costs(usage: LookBack, rates: Mapping[str, Rate]) -> Floats:
    of_line = np.array([[rates[line.usage_type].usd] for line in usage.lines]).reshape(-1, 1)
    costs: Floats = usage.quantity * of_line
    return costs


def _rate(rates: Mapping[str, Rate], line: Line) -> Rate | None:
    """Rates of instances are those of one platform or engine."""
    rate = rates.get(line.usage_type)
    return rate if rate is not None and rate.operation in ("", line.operation) else None
