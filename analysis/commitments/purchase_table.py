"""A proposal as plain rows: mixes, their shares, every offer alone, and the parts of the usage; without whose it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pandas import DataFrame, Series

from analysis.commitments.hourly_lines import CODES
from analysis.commitments.purchase import Alone, Mix, Proposal, Share
from analysis.commitments.purchase_figures import Figures
from analysis.commitments.purchase_offers import RESERVED, Offer
from analysis.commitments.purchase_whole import Piece, counted
from analysis.commitments.scenarios import SCENARIOS
from analysis.commitments.units import family as type_family
from analysis.services import service_label

#: Where figures are from: our scenarios of the hours of an export or of AWS's own look-back, or AWS's estimate.
HOURS, LOOK_BACK, ESTIMATE = "hours", "AWS's look-back", "AWS's estimate"

FIGURES: dict[str, str] = {
    "hourly": "float64",  # commitment, dollars an hour, upfront part included
    "saving": "float64",  # dollars a month from here on; missing odds are of AWS's estimate
    "saving_low": "float64",
    "saving_high": "float64",
    "utilisation": "float64",
    "chance_low": "float64",
    "chance_loss": "float64",
    "worst_month": "float64",
    "worst_quarter": "float64",  # share left unused
    "break_even": "float64",  # month; missing for never
    "regret_nothing": "float64",
    "regret_aws": "float64",
    "beyond_aws": "float64",
}
WHAT: dict[str, str] = {
    "years": "float64",
    "payment": "str",
    "kind": "str",  # of an offer: Reserved, or one of PLAN_KINDS
    "label": "str",  # as a person calls it
    "service": "str",  # AWS's code, of a reservation
    "family": "str",
    "platform": "str",
    "place": "str",  # its region; "" for any
    "instance_type": "str",  # what a reservation is bought in
    "multi_az": "bool",
    "count": "float64",  # whole instances; missing of a plan
}
MIXES: dict[str, str] = FIGURES | {
    "years": "float64",
    "payment": "str",
    "basis": "str",  # HOURS, LOOK_BACK or ESTIMATE
    "hours_from": "str",  # where the hours came from; "" of an export
    "hours_ignore": "str",  # what they leave out; "" of an export
    "on_demand": "float64",  # what could be covered and is not, dollars an hour over the look-back
    "upfront_usd": "float64",  # paid on the day, of all rungs together
    "first_hourly": "float64",  # bought now
    "first_saving": "float64",
    "months": "str",  # JSON: [saving, low, high] of each month
    "aws_hourly": "float64",  # AWS's method, worked out on the same hours
    "scenarios": "float64",
    "days": "float64",  # of hours that are known
    "fallen": "str",  # parts that have just fallen
    "taken_off": "str",  # savings, decided or not, and announced ends
    "not_placed": "str",  # those that no usage on demand was found for
    "given_back": "str",  # what ends within the term and is counted on
    "blocked": "str",  # why nothing is proposed
    "problem": "str",  # why nothing is known
}
SHARES: dict[str, str] = (
    WHAT
    | {"hourly": "float64", "aws_hourly": "float64", "rungs": "str"}  # rungs: JSON [quarter, dollars an hour, count]
)
ALONE: dict[str, str] = (
    WHAT
    | FIGURES
    | {
        "basis": "str",
        "on_demand": "float64",  # dollars an hour over the look-back
        "aws_hourly": "float64",
        "blocked": "str",
        "in_database_plan": "bool",  # whether a Database plan would cover all of it
        "savings": "str",  # JSON: dollars a month in each scenario
        "problem": "str",
    }
)
PARTS: dict[str, str] = {
    "place": "str",
    "recent": "float64",  # dollars an hour on demand of the last days
    "before": "float64",  # of the look-back
    "blocked": "str",
    "offer": "str",
    "aws_hourly": "float64",
    "promised": "float64",  # dollars a month that AWS's proposal saved over the look-back
    "at_recent": "float64",  # and saves at the level of the last days
    "problem": "str",  # why nothing is known
}
#: What names all databases that a Database plan covers.
DATABASES = "databases"
_LABELS = {"EC2Instance": "EC2 Instance Savings Plan", "Reserved": "reservation"}
_KEYS = {code: key for key, code in CODES.items()}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What the rows of mixes say beside the figures; texts are as people read them."""

    days: float
    fallen: str = ""
    taken_off: str = ""
    not_placed: str = ""
    given_back: Mapping[int, str] = field(default_factory=dict)  # by years of the term
    problem: str = ""
    basis: str = HOURS
    hours_from: str = ""
    hours_ignore: str = ""


def label(offer: Offer) -> str:
    """`Compute Savings Plan`, `db.r6g PostgreSQL reservation in eu-west-1`."""
    what = _LABELS.get(offer.kind, f"{offer.kind} Savings Plan")
    about = (offer.family, offer.platform if offer.kind == RESERVED else "")
    front = " ".join(part for part in (*about, what) if part) if offer.kind == RESERVED else f"{what} {offer.family}"
    return front.strip() + (f" in {offer.region}" if offer.region else "")


def offer_id(offer: Offer) -> str:
    """What names an offer apart from its term: the same from day to day."""
    parts = (_KEYS.get(offer.service, offer.service), offer.family, offer.platform, offer.region)
    return " ".join(part for part in (offer.kind, *parts) if part)


def node_id(service: str, family: str, place: str) -> str:
    """What names the nodes of a family in a region, whoever tells of them."""
    return " ".join(part for part in (service, family, place) if part)


def node_ids(offers: DataFrame) -> Series[str]:
    """`node_id` of each reserved offer; columns `ALONE`."""
    about = zip(offers["service"], offers["instance_type"].map(type_family), offers["place"], strict=True)
    return Series([node_id(*one) for one in about], index=offers.index, dtype="str")


def alone_ids(offers: DataFrame) -> list[str]:
    """What a mix of all offers stands for: databases, and the nodes that could be reserved; columns `ALONE`."""
    nodes = offers[offers["kind"].eq(RESERVED) & offers["service"].ne("AmazonEC2")]
    return [DATABASES, *sorted(set(node_ids(nodes)))]


def mix_rows(found: Proposal, told: Told) -> list[Row]:
    """Columns `MIXES`: a row per mix; one without figures where nothing is proposed."""
    rest: Row = {
        "basis": told.basis,
        "hours_from": told.hours_from,
        "hours_ignore": told.hours_ignore,
        "on_demand": found.spend,
        "days": told.days,
        "scenarios": float(SCENARIOS),
        "fallen": told.fallen,
        "taken_off": told.taken_off,
        "not_placed": told.not_placed,
        "given_back": "",
        "problem": told.problem,
    }
    nothing: Row = {**dict.fromkeys(FIGURES), "years": None, "payment": "", "months": "[]"}
    if not found.mixes:
        return [{**nothing, **rest, "blocked": found.blocked}]
    return [
        {**rest, **_mix(mix), "given_back": told.given_back.get(mix.years, ""), "blocked": ""} for mix in found.mixes
    ]


def share_rows(found: Proposal) -> list[Row]:
    """Columns `SHARES`: of every mix."""
    return [_share(mix, share) for mix in found.mixes for share in mix.shares]


def alone_rows(found: Proposal, basis: str = HOURS) -> list[Row]:
    """Columns `ALONE`, with `resource_id` and `past` left to who needs them."""
    plans = {(one.offer.years, one.offer.payment): one.offer for one in found.alone if one.offer.kind == "Database"}
    return [_alone(one, plans) | {"basis": basis} for one in found.alone]


def part_rows(found: Proposal) -> list[Row]:
    """Columns `PARTS`, with `name` and `resource_id`."""
    rows = []
    for part in found.parts:
        code, _, size = part.name.partition(" ")
        name = f"{service_label(_KEYS.get(code, code))} {size}".strip()
        rows.append(
            {
                "resource_id": f"{part.name} {part.region}".strip(),
                "name": f"{name} in {part.region}" if part.region else name,
                "place": part.region,
                "recent": part.recent,
                "before": part.before,
                "blocked": part.blocked,
                "offer": label(part.offer),
                "aws_hourly": part.aws,
                "promised": part.promised,
                "at_recent": part.at_recent,
            }
        )
    return rows


def figure_values(of: Figures) -> Row:
    """Columns `FIGURES`."""
    return {name: _number(getattr(of, name)) for name in FIGURES}


def _mix(mix: Mix) -> Row:
    return {
        **figure_values(mix.figures),
        "years": float(mix.years),
        "payment": mix.payment,
        "upfront_usd": sum(share.offer.upfront_share * share.hourly for share in mix.shares) * 8760 * mix.years,
        "first_hourly": mix.first.hourly,
        "first_saving": mix.first.saving,
        "months": json.dumps([[round(one, 2) for one in (m.saving, m.low, m.high)] for m in mix.months]),
        "aws_hourly": sum(usd for _, usd in mix.aws),
    }


def _share(mix: Mix, share: Share) -> Row:
    one = share.piece
    rungs = [[rung.quarter, rung.hourly, None if one is None else counted(rung.hourly, one)] for rung in share.rungs]
    return {
        "resource_id": offer_id(share.offer),
        **_what(share.offer, one, share.hourly),
        "years": float(mix.years),
        "payment": mix.payment,
        "hourly": share.hourly,
        "aws_hourly": share.aws,
        "rungs": json.dumps(rungs),
    }


def _alone(one: Alone, plans: Mapping[tuple[int, str], Offer]) -> Row:
    offer = one.offer
    plan = plans.get((offer.years, offer.payment))
    covered = np.isfinite(offer.rates)
    inside = plan is not None and bool(np.isfinite(plan.rates[covered]).all())
    return {
        "resource_id": offer_id(offer),
        **_what(offer, one.piece, one.figures.hourly),
        **figure_values(one.figures),
        "on_demand": float(one.past[-30 * 24 :].mean()),
        "aws_hourly": one.aws,
        "blocked": one.blocked,
        "in_database_plan": inside and offer.kind == RESERVED,
        "savings": json.dumps([round(usd, 2) for usd in one.figures.savings]),
        "problem": "",
    }


def _what(offer: Offer, one: Piece | None, hourly: float) -> Row:
    return {
        "years": float(offer.years),
        "payment": offer.payment,
        "kind": offer.kind,
        "label": label(offer),
        "service": offer.service,
        "family": offer.family,
        "platform": offer.platform,
        "place": offer.region,
        "instance_type": one.instance_type if one else "",
        "multi_az": bool(one and one.is_multi_az),
        "count": float(counted(hourly, one)) if one else None,
    }


def band(offers: DataFrame) -> tuple[float, float]:
    """Between what eight in ten scenarios of a month's saving lie if all of these are bought; columns `ALONE`.

    Those of each alone do not add up to it: what one time in twelve goes wrong of two, goes wrong of either in six.
    """
    together = np.sum([json.loads(told) for told in offers["savings"]], axis=0)
    low, high = np.quantile(together, [0.1, 0.9])
    return float(low), float(high)


def _number(value: float | int | None) -> float | None:
    return None if value is None else float(value)


def listed(names: Sequence[str], most: int = 5) -> str:
    """`a; b; c and 2 more`."""
    more = len(names) - most
    return "; ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
