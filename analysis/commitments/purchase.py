"""What to buy, of which commitments and how much, with the odds; nothing here buys anything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from pandas import DataFrame

from analysis.commitments.ladder import Rung, ladder
from analysis.commitments.objective import Groups, Step, grouped, steps
from analysis.commitments.purchase_aws import LOOK_BACK_DAYS, alone_over_look_back, best_over_look_back
from analysis.commitments.purchase_fallen import Part, fallen_changes, parts
from analysis.commitments.purchase_figures import Figures, Month, figures, months
from analysis.commitments.purchase_guard import blocked
from analysis.commitments.purchase_mix import Drawn, Limits, best_alone, best_mix
from analysis.commitments.purchase_offers import RESERVED, Offer
from analysis.commitments.purchase_whole import LEAST, Piece, counted, piece, sold
from analysis.commitments.scenarios import SCENARIOS, SEED, Change, Scenarios, scenarios
from analysis.commitments.scenarios_outlook import Outlook, outlook
from analysis.commitments.usage import Floats, HourlyUsage

#: Scenarios of a first look, and the share of all that is not worth a purchase of its own.
_FIRST_LOOK, _SLIVER = 40, 0.005
#: Of terms that are only compared with, one scenario of so many is drawn, and of its hours each so-manieth.
_COMPARED, _COMPARED_HOURS = 8, 3
#: What an offer is of, whatever its term: kind, service, family, platform, region.
_Name = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Alone:
    """One offer if nothing else is bought.

    Attributes:
        aws: what AWS proposes of it, dollars an hour.
        blocked: why not now.
        past: what it could have covered, on-demand dollars an hour, (hours,).
        piece: what a reservation is bought in; None of a plan.
    """

    offer: Offer
    aws: float
    figures: Figures
    blocked: str
    past: Floats
    piece: Piece | None


@dataclass(frozen=True, slots=True)
class Share:
    """One offer's part of a mix, bought rung by rung.

    Attributes:
        aws: dollars an hour of it in the look-back's best mix.
        piece: what a reservation is bought in; None of a plan.
    """

    offer: Offer
    hourly: float
    aws: float
    rungs: tuple[Rung, ...]
    piece: Piece | None = None


@dataclass(frozen=True, slots=True)
class Mix:
    """Offers of one term and payment bought together.

    Attributes:
        figures: of all rungs, as if they were bought today. first: of the rungs that are bought now.
        months: what each month of the term saves.
        aws: dollars an hour of the look-back's best mix, by offer it has anything of.
    """

    years: int
    payment: str
    shares: tuple[Share, ...]
    figures: Figures
    first: Figures
    months: tuple[Month, ...]
    aws: tuple[tuple[Offer, float], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Attributes:
    blocked: why nothing is proposed; "" otherwise.
    alone: a row per offer, as far as it saves. mixes: by expected saving a month, the best first.
    parts: what the usage is made of, the largest first; those that have just fallen say so.
    spend: on demand, dollars an hour of the look-back.
    """

    blocked: str
    alone: tuple[Alone, ...] = ()
    mixes: tuple[Mix, ...] = ()
    parts: tuple[Part, ...] = ()
    spend: float = 0.0


def propose(
    usage: HourlyUsage,
    offers: Sequence[Offer],
    *,
    limits: Limits | None = None,
    now: HourlyUsage | None = None,
    changes: Sequence[Change] = (),
    ahead: Outlook | None = None,
    look_back_days: int = LOOK_BACK_DAYS,
    owned_ends: Sequence[float] = (),
    whole: Collection[tuple[int, str]] | None = None,
    count: int = SCENARIOS,
    seed: int = SEED,
) -> Proposal:
    """What to buy for usage that is still on demand.

    Mixes are of one term and payment each: how long to bind oneself is for people to say, and terms that end at
    different times save in different years. An offer whose own usage has just fallen is in no mix, and what has fallen
    is counted on at its last days' level.

    Args:
        usage: hourly, after what is owned; ends with the last complete hour.
        now: what of the same lines and hours runs on demand today, where `usage` holds what commitments that end give
            back: AWS's proposals and the guard are of it.
        limits: the rule of risk; by default at most one term in ten ends below 95 % used.
        changes: right-sizing that is pending and ends that were announced, taken off before anything is proposed.
        ahead: what scenarios are drawn from, if not what the usage itself says.
        look_back_days: of AWS's proposal, and of the guard against a past that is no guide.
        owned_ends: dollars an hour of what is owned that end in each quarter from now.
        whole: years and payments that are worked out on all scenarios, with every offer alone; of the others, which are
            to compare with, an eighth of the scenarios is drawn, and a third of their hours. None for all.
    """
    rule = limits or Limits()
    eligible = grouped(usage, offers)
    seen = eligible.spend if now is None else spend_of(now, eligible)
    reason = blocked(seen.sum(axis=0), look_back_days=look_back_days)
    told = _parts(seen, eligible, usage, offers, look_back_days)
    spend = float(seen[:, -look_back_days * 24 :].sum(axis=0).mean())
    if reason:
        return Proposal(reason, parts=told, spend=spend)
    alone: list[Alone] = []
    mixes: list[Mix] = []
    outlook_ahead = ahead or outlook(eligible.spend)
    if len(outlook_ahead.own_wander) != len(eligible.spend):
        raise ValueError(f"the outlook is of {len(outlook_ahead.own_wander)} groups, not {len(eligible.spend)}")
    fallen = [part for part in told if part.blocked]
    known = [*changes, *fallen_changes(eligible, usage.lines, seen, fallen)]
    terms = sorted({(one.years, one.payment) for one in offers}, key=lambda term: (not _is_whole(term, whole), term))
    drawn = {
        years: scenarios(usage, eligible, outlook_ahead, years=years, changes=known, count=count, seed=seed)
        for years in {one.years for one in offers}
    }
    worth_buying: frozenset[_Name] | None = None
    for term in terms:
        chosen = [n for n, offer in enumerate(offers) if (offer.years, offer.payment) == term]
        is_whole = _is_whole(term, whole)
        of = _Case(
            drawn[term[0]] if is_whole else drawn[term[0]].first(-(-count // _COMPARED)).thinned(_COMPARED_HOURS),
            seen,
            [offers[n] for n in chosen],
            steps([offers[n] for n in chosen], eligible.ratios[chosen]),
            usage.lines,
            look_back_days,
        )
        if is_whole or worth_buying is None:
            worth_buying = _worth_buying(of)
        alone += _alone(of, rule) if is_whole else []
        mixes.append(_mix(of, rule, owned_ends, worth_buying))
    worth_it = [mix for mix in mixes if mix.shares]
    return Proposal("", tuple(alone), tuple(sorted(worth_it, key=lambda mix: -mix.figures.saving)), told, spend)


@dataclass(frozen=True, slots=True)
class _Case:
    """Offers of one term and payment, the terms to come, and the past: on-demand dollars, (groups, hours)."""

    drawn: Scenarios
    seen: Floats
    offers: list[Offer]
    order: list[Step]
    lines: DataFrame
    look_back_days: int


def _parts(seen: Floats, eligible: Groups, usage: HourlyUsage, offers: Sequence[Offer], days: int) -> tuple[Part, ...]:
    """The parts, beside the offers that bind least."""
    least = min(((one.years, one.upfront_share) for one in offers), default=None)
    chosen = [n for n, one in enumerate(offers) if (one.years, one.upfront_share) == least]
    if not len(eligible.spend) or not chosen:
        return ()
    some = Groups(eligible.spend, eligible.ratios[chosen], eligible.parts, eligible.line_groups)
    return tuple(parts(seen, some, usage.lines, [offers[n] for n in chosen], look_back_days=days))


def _alone(of: _Case, rule: Limits) -> list[Alone]:
    found = []
    for step in sorted(of.order, key=lambda one: one.offer):
        if not len(step.groups):
            continue
        offer = of.offers[step.offer]
        inside = Scenarios(of.drawn.spend[step.groups], of.drawn.weights, of.drawn.months)
        own = Step(0, np.arange(len(step.groups)), step.ratios)
        past = of.seen[step.groups].sum(axis=0)
        reason = blocked(past, look_back_days=of.look_back_days)
        amount = np.array([0.0 if reason else best_alone(of.drawn, step, rule)])
        aws = alone_over_look_back(of.seen, step, days=of.look_back_days)
        told = figures(inside, [offer], [own], sold(amount, [offer], of.lines), np.array([aws]))
        found.append(Alone(offer, aws, told, reason, past, piece(offer, of.lines)))
    return found


def _mix(of: _Case, rule: Limits, owned_ends: Sequence[float], worth_buying: frozenset[_Name]) -> Mix:
    aws = best_over_look_back(of.seen, of.order, len(of.offers), days=of.look_back_days)
    order = [step for step in of.order if _name(of.offers[step.offer]) in worth_buying]
    amounts = _sold(of, order, best_mix(of.drawn, order, len(of.offers), rule), rule)
    is_plan = np.array([offer.kind == "EC2Instance" for offer in of.offers])
    amounts[is_plan & (amounts < _SLIVER * amounts.sum())] = 0.0
    years, payment = of.offers[0].years, of.offers[0].payment
    whole = ladder(float(amounts.sum()), years=years, owned_ends=owned_ends)
    total = max(float(amounts.sum()), 1e-12)
    shares = []
    for offer, amount, proposed in zip(of.offers, amounts, aws, strict=True):
        if amount > 0:
            one = piece(offer, of.lines)
            rungs = _whole_rungs([Rung(rung.quarter, rung.hourly * float(amount) / total) for rung in whole], one)
            shares.append(Share(offer, float(amount), float(proposed), rungs, one))
    now = np.zeros(len(of.offers))
    for n, offer in enumerate(of.offers):
        now[n] = sum(r.hourly for s in shares if s.offer is offer for r in s.rungs if r.quarter == 0)
    return Mix(
        years,
        payment,
        tuple(shares),
        figures(of.drawn, of.offers, of.order, amounts, aws),
        figures(of.drawn, of.offers, of.order, now, aws),
        months(of.drawn, of.order, amounts),
        tuple((offer, float(usd)) for offer, usd in zip(of.offers, aws, strict=True) if usd >= LEAST),
    )


def _sold(of: _Case, order: list[Step], wanted: Floats, rule: Limits) -> Floats:
    """Amounts as they are sold: what rounding down leaves goes to another instance, else to a plan, where that brings
    more within the limits."""
    amounts = sold(wanted, of.offers, of.lines)
    drawn = Drawn(of.drawn, order)
    reached = drawn.worth(amounts, rule)
    unit = np.eye(len(amounts))
    pieces = {n: one for n, offer in enumerate(of.offers) if wanted[n] > 0 and (one := piece(offer, of.lines))}
    plans = [n for n, offer in enumerate(of.offers) if offer.kind != RESERVED]
    more = [
        one.hourly * unit[n] for n, one in sorted(pieces.items(), key=lambda pair: amounts[pair[0]] - wanted[pair[0]])
    ]
    rest = float(wanted.sum() - amounts.sum())
    if plans and rest > 0:
        largest = max(plans, key=lambda n: wanted[n])
        more += [share * rest * unit[largest] for share in (0.5, 0.25, 0.25, 0.125)]
    for extra in more:
        tried = sold(amounts + extra, of.offers, of.lines)
        worth = drawn.worth(tried, rule)
        if worth > reached:
            amounts, reached = tried, worth
    return amounts


def _is_whole(term: tuple[int, str], whole: Collection[tuple[int, str]] | None) -> bool:
    return whole is None or term in whole


def _name(offer: Offer) -> _Name:
    return offer.kind, offer.service, offer.family, offer.platform, offer.region


def _worth_buying(of: _Case) -> frozenset[_Name]:
    """Offers whose usage stands, and of which a first look on few scenarios buys more than a sliver.

    A sliver is a purchase more to look after for years, and what it covers, a Compute plan does nearly as well.
    Databases and nodes it does not cover: of them every reservation is looked at.
    """
    standing = [
        step
        for step in of.order
        if len(step.groups) and not blocked(of.seen[step.groups].sum(axis=0), look_back_days=of.look_back_days)
    ]
    first = best_mix(of.drawn.first(_FIRST_LOOK), standing, len(of.offers), Limits(None))
    least = _SLIVER * float(first.sum())
    kept = [step for step in standing if not _is_of_machines(of.offers[step.offer]) or first[step.offer] >= least]
    return frozenset(_name(of.offers[step.offer]) for step in kept)


def _is_of_machines(offer: Offer) -> bool:
    """Whether it covers a family of EC2 alone."""
    return offer.kind == "EC2Instance" or (offer.kind, offer.service) == (RESERVED, "AmazonEC2")


def _whole_rungs(rungs: Sequence[Rung], one: Piece | None) -> tuple[Rung, ...]:
    """Rungs of what is sold: of a reservation whole instances, each as early as its dollars are there."""
    step = LEAST if one is None else one.hourly
    reached = np.cumsum([rung.hourly for rung in rungs])
    many = [int(np.floor(usd / step + 1e-6)) if one is None else counted(float(usd), one) for usd in reached]
    bought = np.diff([0, *many])
    return tuple(
        Rung(rung.quarter, float(count * step)) for rung, count in zip(rungs, bought, strict=True) if count > 0
    )


def spend_of(usage: HourlyUsage, groups: Groups) -> Floats:
    """On-demand dollars of these groups, (groups, hours)."""
    of_group = np.arange(len(groups.spend))[:, None] == groups.line_groups
    spend: Floats = of_group.astype(float) @ np.nan_to_num(usage.on_demand).T
    return spend
