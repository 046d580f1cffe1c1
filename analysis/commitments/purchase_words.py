"""What a card says of a purchase: its parts, its months, and what a person does to make it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.commitments.purchase_commands import ID, purchase_commands
from analysis.commitments.purchase_offers import RESERVED
from analysis.models import Chart, Series

#: Characters that a message has room for of commands; Slack takes 3,000 in a section.
MOST_CHARACTERS = 1500
#: Months of a chart; of three years a point stands for a quarter.
MOST_POINTS = 18
#: Shares that a sentence names one by one.
_MOST_SHARES = 5
_CONSOLE = {
    "": "Billing and Cost Management, Savings Plans, Purchase Savings Plans",
    "AmazonEC2": "EC2, Reserved Instances, Purchase Reserved Instances",
    "AmazonRDS": "RDS, Reserved instances, Purchase reserved DB instances",
    "AmazonElastiCache": "ElastiCache, Reserved nodes, Purchase reserved nodes",
    "AmazonES": "OpenSearch Service, Reserved Instance leases, Order Reserved Instance",
    "AmazonRedshift": "Redshift, Clusters, Reserved nodes, Purchase reserved nodes",
}
#: What a person who buys has to know.
#: Sources: AWS, "Returning a purchased Savings Plan"; "Selling in the Reserved Instance Marketplace".
CONDITIONS = (
    "It can be neither cancelled nor made smaller, and is paid used or not. A Savings Plan of at most $100 an hour may "
    "be returned within 7 days, in the calendar month of its purchase, a few times a year. Standard reservations of "
    "EC2 may be sold on the Reserved Instance Marketplace, less 12 % and at what a buyer pays; no other may, nor any "
    "plan."
)
NOTHING_BOUGHT = "costbot buys nothing: approving records the decision, and a person buys."


def term_words(years: float, payment: str) -> str:
    """`1 year, no upfront`."""
    return f"{years:.0f} year{'s' if years > 1 else ''}, {payment.lower()}"


def share_words(share: Mapping[str, Any], hourly: float, count: float | None) -> str:
    """`Compute Savings Plan $8.12/h`, `4 × db.r6g.large PostgreSQL reserved in us-east-1 $0.92/h`."""
    name = share["label"]
    if count is not None and not math.isnan(count):
        many = f"{count:.0f} × {share['instance_type']}{' Multi-AZ' if share['multi_az'] else ''}"
        name = " ".join(part for part in (many, share["platform"], "reserved in", share["place"]) if part)
    return f"{name} ${hourly:,.2f}/h" if hourly >= 0.1 else f"{name} ${hourly:.3f}/h"


def shares_words(shares: Iterable[Mapping[str, Any]]) -> str:
    """The largest of them first, and the rest in a number."""
    ordered = sorted(shares, key=lambda one: -one["hourly"])
    told = "; ".join(share_words(one, one["hourly"], one["count"]) for one in ordered[:_MOST_SHARES])
    rest = ordered[_MOST_SHARES:]
    return told + (f"; and {len(rest)} more, ${sum(one['hourly'] for one in rest):,.2f}/h together" if rest else "")


def rungs_of(share: Mapping[str, Any]) -> list[tuple[int, float, float | None]]:
    """Quarter from now, dollars an hour, and whole instances of a reservation."""
    return [(int(quarter), float(hourly), count) for quarter, hourly, count in json.loads(share["rungs"])]


def ladder_words(shares: Sequence[Mapping[str, Any]]) -> str:
    """`now $4.10/h, in 3 months $4.10/h`."""
    quarters: dict[int, float] = {}
    for share in shares:
        for quarter, hourly, _ in rungs_of(share):
            quarters[quarter] = quarters.get(quarter, 0.0) + hourly
    return ", ".join(
        f"{'now' if quarter == 0 else f'in {3 * quarter} months'} ${hourly:,.2f}/h"
        for quarter, hourly in sorted(quarters.items())
    )


def at_once(rows: DataFrame) -> list[dict[str, Any]]:
    """Shares that are bought today alone: columns `WHAT`, `hourly`, and `rungs` of one rung."""
    shares = [{str(name): value for name, value in one.items()} for one in rows.to_dict("records")]
    for one in shares:
        count = None if pd.isna(one["count"]) else one["count"]
        one["rungs"] = json.dumps([[0, one["hourly"], count]])
    return shares


def odds_words(saving: float, low: float, high: float) -> str:
    """`in eight of ten futures $484 to $634`; where the few others pull the mean out of it, that is said."""
    mean, least, most = (round(usd) for usd in (saving, low, high))
    told = f"in eight of ten futures {_usd(least)}" + (f" to {_usd(most)}" if least != most else "")
    if least <= mean <= most:
        return told
    return f"{told}, and so much {'less' if mean < least else 'more'} in a few others that the mean is {_usd(mean)}"


def _usd(whole: int) -> str:
    return f"{'-' if whole < 0 else ''}${abs(whole):,}"


def purchase_steps(shares: Sequence[Mapping[str, Any]], *, first: str = "", alternatives: str = "") -> str:
    """What a person does now, a line each; commands begin with `aws `.

    Args:
        shares: columns `SHARES`; those that have a rung today are to be bought.
        first: what to look at before. alternatives: what else could be bought.
    """
    now = [
        (share, hourly, count)
        for share in sorted(shares, key=lambda one: -one["hourly"])
        for quarter, hourly, count in rungs_of(share)
        if quarter == 0
    ]
    places = dict.fromkeys(_CONSOLE[share["service"] if share["kind"] == RESERVED else ""] for share, _, _ in now)
    later = ladder_words(shares)
    rungs = f"Rung by rung: {later}. Each later one is worked out anew when its quarter comes." if ", " in later else ""
    console = f"In the console: {'; '.join(places)}." if places else ""
    lines = [line for line in (NOTHING_BOUGHT, first, rungs, alternatives, console) if line]
    room, left = MOST_CHARACTERS, len(now)
    for share, hourly, count in now:
        own = purchase_commands(share, hourly, count)
        told = [f"{share_words(share, hourly, count)}: list what is on offer, then buy with the {ID} it told.", *own]
        room -= sum(map(len, told))
        if not own or room < 0:
            break
        lines += told
        left -= 1
    if left:
        rest = now[len(now) - left :]
        lines.append(f"And alike: {'; '.join(share_words(*one) for one in rest)}.")
    return "\n".join(lines)


def months_chart(months: Sequence[Sequence[float]]) -> Chart | None:
    """Expected saving of each month (of three years: each quarter's mean) with the band of eight in ten."""
    if not months:
        return None
    size = 1 if len(months) <= MOST_POINTS else 3
    points = [months[at : at + size] for at in range(0, len(months), size)]
    labels = tuple(f"month {at + 1}" if size == 1 else f"quarter {at + 1}" for at in range(len(points)))

    def line(which: int) -> tuple[float | None, ...]:
        return tuple(round(sum(one[which] for one in point) / len(point), 2) for point in points)

    return Chart(
        "Expected saving, and eight in ten futures",
        labels,
        (Series("expected", line(0)), Series("low", line(1)), Series("high", line(2))),
        "USD a month",
    )
