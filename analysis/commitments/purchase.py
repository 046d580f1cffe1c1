"""What to buy, of which commitments and how much, with the odds; nothing here buys anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.commitments.ladder import Rung, ladder
from analysis.commitments.objective import Groups, Step, grouped, steps
from analysis.commitments.purchase_aws import LOOK_BACK_DAYS, alone_over_look_back, best_over_look_back
from analysis.commitments.purchase_figures import Figures, figures
from analysis.commitments.purchase_guard import blocked
from analysis.commitments.purchase_mix import Limits, best_alone, best_mix
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.scenarios import SCENARIOS, SEED, Change, Scenarios, scenarios
from analysis.commitments.scenarios_outlook import Outlook, outlook
from analysis.commitments.usage import Floats, HourlyUsage


@dataclass(frozen=True, slots=True)
class Alone:
    """One offer if nothing else is bought. `aws` is what AWS proposes of it, dollars an hour; `blocked` why not now."""

    offer: Offer
    aws: float
    figures: Figures
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One offer's part of a mix, bought rung by rung. `aws`: dollars an hour of it in the look-back's best mix."""

    offer: Offer
    hourly: float
    aws: float
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Mix:
    """Offers of one term and payment bought together."""

    years: int
    payment: str
    shares: tuple[Share, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Proposal:
    """Attributes:
    blocked: why nothing is proposed; "" otherwise.
    alone: a row per offer, as far as it saves. mixes: by expected saving a month, the best first.
    """

    blocked: str
    alone: tuple[Alone, ...] = ()
    mixes: tuple[Mix, ...] = ()


def propose(
    usage: HourlyUsage,
    offers: Sequence[Offer],
    *,
    limits: Limits | None = None,
    changes: Sequence[Change] = (),
    ahead: Outlook | None = None,
    look_back_days: int = LOOK_BACK_DAYS,
    owned_ends: Sequence[float] = (),
    count: int = SCENARIOS,
    seed: int = SEED,
) -> Proposal:
    """What to buy for usage that is still on demand.

    Mixes are of one term and payment each: how long to bind oneself is for people to say, and terms that end at
    different times save in different years.

    Args:
        usage: hourly, after what is owned; ends with the last complete hour.
        limits: the rule of risk; by default at most one term in ten ends below 95 % used.
        changes: right-sizing that is pending and ends that were announced, taken off before anything is proposed.
        ahead: what scenarios are drawn from, if not what the usage itself says.
        look_back_days: of AWS's proposal, and of the guard against a past that is no guide.
        owned_ends: dollars an hour of what is owned that end in each quarter from now.
    """
    rule = limits or Limits()
    eligible = grouped(usage, offers)
    reason = blocked(eligible.spend.sum(axis=0), look_back_days=look_back_days)
    if reason:
        return Proposal(reason)
    alone: list[Alone] = []
    mixes: list[Mix] = []
    outlook_ahead = ahead or outlook(eligible.spend)
    if len(outlook_ahead.own_wander) != len(eligible.spend):
        raise ValueError(f"the outlook is of {len(outlook_ahead.own_wander)} groups, not {len(eligible.spend)}")
    for years in sorted({offer.years for offer in offers}):
        drawn = scenarios(usage, eligible, outlook_ahead, years=years, changes=changes, count=count, seed=seed)
        for payment in sorted({offer.payment for offer in offers if offer.years == years}):
            chosen = [n for n, offer in enumerate(offers) if (offer.years, offer.payment) == (years, payment)]
            some, order = [offers[n] for n in chosen], steps([offers[n] for n in chosen], eligible.ratios[chosen])
            alone += _alone(eligible, drawn, some, order, rule, look_back_days)
            mixes.append(_mix(eligible, drawn, some, order, rule, look_back_days, owned_ends))
    worth_it = [mix for mix in mixes if mix.shares]
    return Proposal("", tuple(alone), tuple(sorted(worth_it, key=lambda mix: -mix.figures.saving)))


def _alone(
    eligible: Groups, drawn: Scenarios, offers: Sequence[Offer], order: Sequence[Step], rule: Limits, days: int
) -> list[Alone]:
    found = []
    for step in sorted(order, key=lambda one: one.offer):
        if not len(step.groups):
            continue
        offer = offers[step.offer]
        inside = Scenarios(drawn.spend[step.groups], drawn.weights, drawn.months)
        own = Step(0, np.arange(len(step.groups)), step.ratios)
        reason = blocked(eligible.spend[step.groups].sum(axis=0), look_back_days=days)
        amount = 0.0 if reason else best_alone(drawn, step, rule)
        aws = alone_over_look_back(eligible.spend, step, days=days)
        told = figures(inside, [offer], [own], np.array([amount]), np.array([aws]))
        found.append(Alone(offer, aws, told, reason))
    return found


def _mix(
    eligible: Groups,
    drawn: Scenarios,
    offers: Sequence[Offer],
    order: Sequence[Step],
    rule: Limits,
    days: int,
    owned_ends: Sequence[float],
) -> Mix:
    aws = best_over_look_back(eligible.spend, order, len(offers), days=days)
    amounts = _sold(best_mix(drawn, order, len(offers), rule))
    years, payment = offers[0].years, offers[0].payment
    whole = ladder(float(amounts.sum()), years=years, owned_ends=owned_ends)
    total = max(float(amounts.sum()), 1e-12)
    shares = tuple(
        Share(
            offer,
            float(amount),
            float(proposed),
            tuple(Rung(rung.quarter, rung.hourly * float(amount) / total) for rung in whole),
        )
        for offer, amount, proposed in zip(offers, amounts, aws, strict=True)
        if amount > 0
    )
    return Mix(years, payment, shares, figures(drawn, offers, order, amounts, aws))


def _sold(amounts: Floats) -> Floats:
    """As AWS sells them: down to a tenth of a cent an hour."""
    return np.floor(amounts * 1000 + 1e-6) / 1000
