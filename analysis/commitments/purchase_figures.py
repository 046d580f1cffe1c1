"""What is to be expected of amounts bought today, over scenarios of the term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.commitments.objective import Step, applied
from analysis.commitments.purchase_mix import LOW_UTILISATION
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.scenarios import MONTH_H, Scenarios
from analysis.commitments.usage import Floats

#: One scenario in twenty goes below what is called the worst.
_WORST = 0.05
#: Dollars that a sum of the term may be off by from adding up.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Figures:
    """Dollars a month unless said otherwise; months count from 1.

    Attributes:
        hourly: commitment, dollars an hour.
        saving: expected. saving_low, saving_high: eight in ten scenarios lie between.
        utilisation: used share over the term that half of the scenarios reach; `_low`, `_high` as of the saving.
        chance_low: that less than 95 % is used over the term.
        chance_loss: that the term costs more than on demand.
        worst_month: what the worst month saves (negative: loses) in all but a twentieth of the scenarios.
        worst_quarter: share of the commitment that the worst quarter leaves unused, in all but a twentieth of the
            scenarios.
        break_even: from this month on more has been saved than paid beyond on demand, upfront included; None for never.
        regret_nothing: expected loss beside buying nothing, of scenarios that lose, spread over all.
        regret_aws: by how much AWS's proposal comes out ahead, of scenarios where it does, spread over all.
        beyond_aws: expected saving beyond that of AWS's proposal.
        savings: of each scenario; of all offers of a term they are the same scenarios, so what is bought together adds
            up by them.
    """

    hourly: float
    saving: float
    saving_low: float
    saving_high: float
    utilisation: float
    utilisation_low: float
    utilisation_high: float
    chance_low: float
    chance_loss: float
    worst_month: float
    worst_quarter: float
    break_even: int | None
    regret_nothing: float
    regret_aws: float
    beyond_aws: float
    savings: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """What a month of the term saves, in dollars: expected, and between which eight in ten scenarios lie."""

    saving: float
    low: float
    high: float


def months(of: Scenarios, order: Sequence[Step], amounts: Floats) -> tuple[Month, ...]:
    """The saving of each month of the term; an upfront part is spread over it."""
    monthly = _months(of, order, amounts)[0]
    low, high = np.quantile(monthly, [0.1, 0.9], axis=0)
    mean = monthly.mean(axis=0)
    return tuple(Month(*(float(one) for one in told)) for told in zip(mean, low, high, strict=True))


def figures(of: Scenarios, offers: Sequence[Offer], order: Sequence[Step], amounts: Floats, aws: Floats) -> Figures:
    """Of the amounts of each offer beside AWS's, dollars an hour, (offers,) each."""
    monthly, used_monthly = _months(of, order, amounts)
    months = monthly.shape[1]
    used = _used(used_monthly, amounts, months)
    quarters = [_used(used_monthly[:, start : start + 3], amounts, 3) for start in range(0, months, 3)]
    saving, beside = monthly.mean(axis=1), _months(of, order, aws)[0].mean(axis=1)
    low, high = np.quantile(saving, [0.1, 0.9])
    used_low, used_half, used_high = np.quantile(used, [0.1, 0.5, 0.9])
    return Figures(
        hourly=float(amounts.sum()),
        saving=float(saving.mean()),
        saving_low=float(low),
        saving_high=float(high),
        utilisation=float(used_half),
        utilisation_low=float(used_low),
        utilisation_high=float(used_high),
        chance_low=float((used < LOW_UTILISATION).mean()),
        chance_loss=float((saving < -_ROUNDING).mean()),
        worst_month=float(np.quantile(monthly, _WORST, axis=0).min()),
        worst_quarter=float(max(np.quantile(1 - quarter, 1 - _WORST) for quarter in quarters)),
        break_even=_break_even(monthly.mean(axis=0), offers, amounts, months),
        regret_nothing=float(np.maximum(-saving, 0).mean()),
        regret_aws=float(np.maximum(beside - saving, 0).mean()),
        beyond_aws=float((saving - beside).mean()),
        savings=tuple(float(usd) for usd in saving),
    )


def _months(of: Scenarios, order: Sequence[Step], amounts: Floats) -> tuple[Floats, Floats]:
    """Dollars saved and committed dollars used, (scenarios, months) each."""
    count, hours = of.spend.shape[1:]
    done = applied(of.flat, order, amounts)
    months = int(of.months.max()) + 1
    in_month = (of.months[:, None] == np.arange(months)) * of.weights[:, None]
    avoided = done.avoided.sum(axis=0).reshape(count, hours) @ in_month
    used = done.used.sum(axis=0).reshape(count, hours) @ in_month
    return avoided - float(amounts.sum()) * in_month.sum(axis=0), used


def _used(monthly: Floats, amounts: Floats, months: int) -> Floats:
    """Used share of what is committed in so many months, (scenarios,); 1 where nothing is."""
    committed = float(amounts.sum()) * MONTH_H * min(months, monthly.shape[1])
    return monthly.sum(axis=1) / committed if committed > 0 else np.ones(len(monthly))


def _break_even(monthly: Floats, offers: Sequence[Offer], amounts: Floats, months: int) -> int | None:
    # The saving counts the upfront part month by month; on the day of purchase all of it has been paid.
    upfront = sum(offer.upfront_share * amount for offer, amount in zip(offers, amounts, strict=True)) * MONTH_H
    still_prepaid = upfront * (months - 1 - np.arange(months))
    behind = np.flatnonzero(np.cumsum(monthly) - still_prepaid < -_ROUNDING)
    if not len(behind):
        return 1
    return int(behind[-1]) + 2 if behind[-1] < months - 1 else None
