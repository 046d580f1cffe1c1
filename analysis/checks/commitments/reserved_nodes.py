"""`commitments.reserved_nodes`: databases, caches, search and warehouse nodes that have run for long on demand."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.purchase_offers import RESERVED
from analysis.commitments.purchase_table import ESTIMATE, HOURS, band, node_ids
from analysis.commitments.purchase_words import (
    CONDITIONS,
    NOTHING_BOUGHT,
    at_once,
    odds_words,
    purchase_steps,
    shares_words,
    term_words,
)
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts

YEARS, PAYMENT = 1, "No Upfront"
#: Share by which AWS's estimate and costbot's own may differ without a word.
MOST_APART = 0.02
_SUMMED = ("hourly", "saving", "on_demand")


@check(
    catalogue="P09",
    groups=(Group.COMMITMENTS, Group.DATABASE),
    resource="Nodes",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.HIGH,
    reason="Billed on {billed_days:.0f} of {known_days:.0f} days, the quietest of twenty at {floor_percent:.0f} % of "
    "lately: {expected}",
    source="AWS Trusted Advisor, reserved node optimisation of ElastiCache, OpenSearch, RDS and Redshift",
    words=Words(
        current="${on_demand:,.2f}/h of {family} nodes on demand",
        proposed="{what}, {term}",
        how="{how}",
        ignores="Other plans and reservations for the same nodes: see the proposal of all commitments and that of a "
        "Database plan. An upgrade of the engine keeps a reservation, one of the node's family does not.",
        risk="An expectation, not a sure saving. " + CONDITIONS,
        effect="AWS bills ${hourly:,.2f} an hour for {term}, used or not; no node changes. " + NOTHING_BOUGHT,
        steps="{steps}",
    ),
    evidence=(
        Fact("Days billed", "billed_days", "days", "the bill"),
        Fact("Quietest day in twenty", "floor_percent", "% of lately", "the bill"),
        Fact("Used below 95 %", "chance_low_percent", "% chance", "{source}"),
        Fact("Eight in ten", "saving_low", "USD a month", "{source}", "from"),
        Fact("Eight in ten", "saving_high", "USD a month", "{source}", "to"),
    ),
)
def reserved_nodes(
    billed_nodes: DataFrame,
    commitment_offers: DataFrame,
    purchase_recommendations: DataFrame,
    *,
    min_days: float = 180,
    min_floor_percent: float = 80,
    min_monthly_savings: float = 25,
) -> Verdicts:
    """Nodes that have run for half a year and are not reserved.

    A family of a service in a region that was billed on each of `min_days` days, the quietest day in twenty at
    `min_floor_percent` of the last weeks or more. What to reserve of it for a year without upfront payment is the
    amount that saves most over scenarios of its hours, in whole nodes; where no hours or no rates tell, AWS's own
    estimate, without odds. Where both tell, and are more than 2 % apart, the lower counts.
    """
    rows = billed_nodes
    found = [_about(str(id_), commitment_offers, purchase_recommendations) for id_ in rows["resource_id"]]
    details = DataFrame(found, index=rows.index, columns=list(_COLUMNS))
    saving, basis = details["saving"].astype("float64"), details["source"]
    floor = rows["floor_share"] * 100
    young = rows["known_days"].ge(min_days) & rows["billed_days"].lt(min_days)
    unsteady = rows["known_days"].ge(min_days) & ~young & floor.lt(min_floor_percent)
    told = saving.map("${:,.2f} a month".format).astype("str")
    blocked = details["blocked"].fillna("").astype("str")
    off = details["off"].astype("float64")
    return verdicts(
        rows,
        saves=saving,
        fine=[
            (young, "On demand or not, it was billed on fewer than " + f"{min_days:g} days."),
            (unsteady, "The quietest day in twenty had " + floor.map("{:.0f} %".format).astype("str") + " of lately."),
            (
                saving.eq(0),
                "Nothing of it is proposed to be reserved: what runs on demand of it does not last, or none does.",
            ),
            (saving.lt(min_monthly_savings), "Reserving would save " + told + "."),
        ],
        conflict=(blocked.ne(""), "Buying is blocked: " + blocked + "."),
        insufficient=[
            (
                rows["known_days"].lt(min_days) | rows["known_days"].isna(),
                f"Its bill of {min_days:g} days: fewer are stored.",
            ),
            (saving.isna(), "What a reservation would cost: " + details["problem"].fillna("").astype("str")),
        ],
        plus_minus=off.where(basis.ne(ESTIMATE), saving),
        details=details.assign(floor_percent=floor).drop(columns=["blocked", "problem", "off", "saving"]),
    )


_COLUMNS = (
    "saving", "saving_low", "saving_high", "hourly", "on_demand", "off", "what", "term", "how", "expected", "steps",
    "source", "price_source", "chance_low_percent", "monthly_cost", "blocked", "problem",
)  # fmt: skip


def _about(id_: str, offers: DataFrame, recommendations: DataFrame) -> dict[str, Any]:
    own = offers[offers["kind"].eq(RESERVED) & offers["years"].eq(YEARS) & offers["payment"].eq(PAYMENT)]
    own = own[node_ids(own).eq(id_)]
    source = HOURS
    if own.empty:
        told = recommendations[recommendations["kind"].eq(RESERVED)]
        own, source = told[node_ids(told).eq(id_)], ESTIMATE
    if own.empty:
        why = _why_unknown(id_, offers, recommendations)
        return {"saving": None if why else 0.0, "problem": why, "blocked": "", "source": ESTIMATE}
    reasons = list(own.get("blocked", pd.Series("", index=own.index)))
    if all(reasons):
        return {"blocked": reasons[0], "problem": "", "source": source}
    sums = own.reindex(columns=list(_SUMMED)).sum(min_count=1)
    shares = at_once(own)
    bought = [one for one in shares if one["hourly"] > 0]
    ours = source == HOURS
    expected = float(sums["saving"])
    counted, beside = _lower(id_, expected, recommendations) if ours else (expected, "")
    low, high = band(own) if ours else (float("nan"), float("nan"))
    odds = f", {odds_words(expected, low, high)}" if ours else ""
    return {
        **{str(name): float(value) for name, value in sums.items()},
        "saving": counted,
        "saving_low": low,
        "saving_high": high,
        "off": max(counted - low, high - counted, 0.0) if ours else None,
        "what": shares_words(bought),
        "term": term_words(YEARS, PAYMENT),
        "how": "The amount of the most expected saving over scenarios of its hours, with at most one chance in ten of "
        "using less than 95 %, in whole nodes." + beside
        if ours
        else "AWS's own estimate on the last 30 days as if they came again: no odds can be given.",
        "expected": f"reserving saves ${counted:,.2f} a month"
        + (f" by AWS's estimate, ${expected:,.2f} by its hours" if counted < expected else "")
        + odds,
        "steps": purchase_steps(bought, first="Look first at what is to be right-sized, upgraded or switched off."),
        "source": source,
        "price_source": "AWS's price list" if ours else "AWS's estimate",
        "chance_low_percent": own["chance_low"].max() * 100 if ours else None,
        "monthly_cost": float(sums["on_demand"]) * 730,
        "blocked": "",
        "problem": "",
    }


def _lower(id_: str, expected: float, recommendations: DataFrame) -> tuple[float, str]:
    """The saving that counts, and what is said of the two where AWS's estimate is another one."""
    told = recommendations[recommendations["kind"].eq(RESERVED)]
    estimate = float(told.loc[node_ids(told).eq(id_), "saving"].sum(min_count=1))
    if not estimate > 0 or not expected > 0 or abs(estimate - expected) <= MOST_APART * max(estimate, expected):
        return expected, ""
    return min(estimate, expected), (
        f" AWS estimates ${estimate:,.2f} a month, as if its last 30 days came again, costbot ${expected:,.2f}: AWS is "
        f"{100 * (estimate / expected - 1):+.0f} % off, and the lower counts."
    )


def _why_unknown(id_: str, offers: DataFrame, recommendations: DataFrame) -> str:
    """Why neither ours nor AWS's proposals tell of these nodes; "" where they do, and there is none."""
    service = id_.partition(" ")[0]
    refused = recommendations[recommendations["problem"].ne("")]
    asked = refused[refused["resource_id"].str.contains(service, regex=False)]
    for table in (asked, refused):
        if len(table):
            return str(table["problem"].iloc[0])
    unknown = offers[offers["problem"].ne("")]
    if len(recommendations) or (len(offers) and unknown.empty):
        return ""
    return str(unknown["problem"].iloc[0]) if len(unknown) else "neither hours nor AWS's proposals are known"
