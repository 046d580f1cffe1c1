"""What one purchase of a given size would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.commitments.load_duration import LoadDuration, load_duration
from analysis.commitments.objective import Groups, Step, grouped, steps
from analysis.commitments.purchase_aws import LOOK_BACK_DAYS, alone_over_look_back
from analysis.commitments.purchase_figures import Figures, figures
from analysis.commitments.purchase_guard import blocked
from analysis.commitments.purchase_mix import Limits, best_alone
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.scenarios import SCENARIOS, SEED, Change, Scenarios, scenarios
from analysis.commitments.scenarios_outlook import outlook
from analysis.commitments.usage import Floats, HourlyUsage


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer.

    Attributes:
        offer: which of several was meant: the one with the most usage that it may cover.
        figures: what is to be expected of the amount asked about.
        curve: loads of the look-back in dollars at the offer's rates.
        ours: what would be proposed of this offer alone, dollars an hour. aws: what AWS proposes.
        warning: why the past is no guide to this; "" otherwise.
    """

    offer: Offer
    figures: Figures
    curve: LoadDuration
    ours: float
    aws: float
    warning: str


def what_if(
    usage: HourlyUsage,
    offers: Sequence[Offer],
    hourly: float,
    *,
    kind: str = "Compute",
    years: int = 1,
    payment: str = "No Upfront",
    region: str = "",
    family: str = "",
    owned_hourly: float = 0.0,
    now: HourlyUsage | None = None,
    changes: Sequence[Change] = (),
    look_back_days: int = LOOK_BACK_DAYS,
    count: int = SCENARIOS,
    seed: int = SEED,
) -> WhatIf:
    """What committing `hourly` dollars an hour more would bring.

    Args:
        usage: hourly, after what is owned.
        region, family: to tell EC2 Instance plans and reservations apart; "" for any.
        owned_hourly: what of the same kind is owned and used in full, dollars an hour; the curve stands on it.
        now: what of the same lines and hours runs on demand today, where `usage` holds what commitments that end give
            back (`analysis.commitments.known_ahead`): AWS's proposal, the curve and the warning are of it.
    Raises:
        ValueError: no such offer covers any usage, or the amount is not above 0.
    """
    if not hourly > 0:
        raise ValueError(f"a commitment of {hourly} dollars an hour: give more than 0")
    wanted = (kind, years, payment)
    met = [
        offer
        for offer in offers
        if (offer.kind, offer.years, offer.payment) == wanted
        and (not region or offer.region == region)
        and (not family or offer.family == family)
    ]
    eligible = grouped(usage, met)
    order = [step for step in steps(met, eligible.ratios) if len(step.groups)]
    if not order:
        raise ValueError(f"no usage on demand that {' '.join(filter(None, (kind, family, region)))}, {payment}, covers")
    step = max(order, key=lambda one: float(eligible.spend[one.groups].sum()))
    seen = eligible.spend if now is None else _spend(now, eligible)
    past = seen[step.groups]
    drawn = scenarios(usage, eligible, outlook(eligible.spend), years=years, changes=changes, count=count, seed=seed)
    inside = Scenarios(drawn.spend[step.groups], drawn.weights, drawn.months)
    own = Step(0, np.arange(len(step.groups)), step.ratios)
    aws = alone_over_look_back(seen, step, days=look_back_days)
    load = (past[:, -look_back_days * 24 :] * step.ratios[:, None]).sum(axis=0)
    return WhatIf(
        offer=met[step.offer],
        figures=figures(inside, [met[step.offer]], [own], np.array([hourly]), np.array([aws])),
        curve=load_duration(load + owned_hourly, old=owned_hourly, new=owned_hourly + hourly),
        ours=best_alone(drawn, step, Limits()),
        aws=aws,
        warning=blocked(past.sum(axis=0), look_back_days=look_back_days),
    )


def _spend(usage: HourlyUsage, groups: Groups) -> Floats:
    """On-demand dollars of the same groups, (groups, hours)."""
    of_group = np.arange(len(groups.spend))[:, None] == groups.line_groups
    spend: Floats = of_group.astype(float) @ np.nan_to_num(usage.on_demand).T
    return spend
