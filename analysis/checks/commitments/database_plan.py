"""`commitments.database_plan`: databases on demand beside a Database Savings Plan and beside reservations."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.purchase_estimate import estimated_kinds
from analysis.commitments.purchase_offers import RESERVED
from analysis.commitments.purchase_table import DATABASES, HOURS, band, node_ids
from analysis.commitments.purchase_words import (
    CONDITIONS,
    NOTHING_BOUGHT,
    at_once,
    odds_words,
    purchase_steps,
    shares_words,
)
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts

#: A Database plan is sold for one year without upfront payment alone; reservations are compared on the same terms.
#: Source: AWS, "Database Savings Plans"; of instances it covers generation 7 and newer, of caches Valkey alone. Which
#: usage that is, its rates on offer say.
YEARS, PAYMENT = 1, "No Upfront"


@check(
    catalogue="P08",
    groups=(Group.COMMITMENTS, Group.DATABASE),
    resource="Databases",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.HIGH,
    reason="{expected}",
    source="AWS Cost Optimization Hub, Savings Plans and reservation recommendations",
    words=Words(
        current="${on_demand:,.2f}/h of databases on demand",
        proposed="{choice} ${hourly:,.2f}/h",
        how="{how}",
        ignores="Databases that a Database plan does not cover (older generations, Redis OSS): they may be reserved. "
        "What both together would bring is in the proposal of all commitments.",
        risk="An expectation, not a sure saving. A plan follows databases from engine to engine and size to size; a "
        "reservation is bound to its engine, family and region. " + CONDITIONS,
        effect="AWS bills ${hourly:,.2f} an hour for 1 year, used or not; no database changes. " + NOTHING_BOUGHT,
        steps="{steps}",
    ),
    evidence=(
        Fact("Database Savings Plan", "plan_saving", "USD a month", "{source}", "expected"),
        Fact("Reservations", "reserved_saving", "USD a month", "{source}", "expected"),
        Fact("Used below 95 %", "chance_low_percent", "% chance", "{source}"),
        Fact("Eight in ten", "saving_low", "USD a month", "{source}", "from"),
        Fact("Eight in ten", "saving_high", "USD a month", "{source}", "to"),
    ),
)
def database_plan(
    commitment_offers: DataFrame, purchase_recommendations: DataFrame, *, min_monthly_savings: float = 25
) -> Verdicts:
    """Databases that a plan or reservations would make cheaper.

    Of the databases on demand that a Database Savings Plan covers: the plan alone, reservations alone, and on demand,
    whichever is the cheapest in expectation over scenarios of a year without upfront payment. Without hours of an
    export AWS's own estimates are compared, without odds.
    """
    offers = commitment_offers
    if offers["problem"].ne("").any():
        rows = offers[offers["problem"].ne("")].iloc[:1]
        plan, reserved = estimated_kinds(purchase_recommendations)
    else:
        same = offers[offers["years"].eq(YEARS) & offers["payment"].eq(PAYMENT)]
        rows = plan = same[same["kind"].eq("Database")].iloc[:1]
        reserved = same[same["kind"].eq(RESERVED) & same["in_database_plan"]]
    is_known = len(plan) > 0
    refused = purchase_recommendations[purchase_recommendations["problem"].ne("")]
    plan_saving, reserved_saving = float(plan["saving"].sum()), float(reserved["saving"].sum())
    is_plan = plan_saving >= reserved_saving
    chosen = plan if is_plan else reserved[reserved["saving"].gt(0)]
    saving = max(plan_saving, reserved_saving) if is_known else float("nan")
    about = _about(plan, reserved, chosen, is_plan)
    details = DataFrame([about] * len(rows), index=rows.index, columns=list(about))
    ours = chosen["basis"].eq(HOURS).all() if "basis" in chosen else False
    off = float(about["off"]) if ours else saving
    rows = rows.assign(
        resource_id=DATABASES, name="Databases", **{n: about[n] for n in ("hourly", "saving_low", "saving_high")}
    )
    if is_known:
        rows = rows.assign(on_demand=float(plan["on_demand"].sum(min_count=1)))
    return verdicts(
        rows,
        saves=pd.Series(saving if saving > 0 else float("nan"), index=rows.index),
        fine=[
            (
                pd.Series(not is_known and len(purchase_recommendations) > 0 and refused.empty, index=rows.index),
                "AWS proposes no Database Savings Plan.",
            ),
            (
                pd.Series(is_known and saving < min_monthly_savings, index=rows.index) & rows["blocked"].eq(""),
                "On demand is the cheapest in expectation, or all but."
                if not is_known or saving <= 0
                else f"{about['choice']} would save ${saving:,.2f} a month.",
            ),
        ],
        conflict=(rows["blocked"].ne(""), "Buying is blocked: " + rows["blocked"] + "."),
        insufficient=(pd.Series(not is_known, index=rows.index), "What databases would cost: " + rows["problem"]),
        plus_minus=pd.Series(off, index=rows.index),
        details=details,
    )


def _about(plan: DataFrame, reserved: DataFrame, chosen: DataFrame, is_plan: bool) -> dict[str, Any]:
    shares = at_once(chosen)
    hourly, saving = (float(chosen[name].sum(min_count=1)) for name in ("hourly", "saving"))
    choice = "Database Savings Plan" if is_plan else "reservations"
    plan_saving, reserved_saving = float(plan["saving"].sum()), float(reserved["saving"].sum())
    ours = bool(len(chosen)) and "basis" in chosen and bool(chosen["basis"].eq(HOURS).all())
    low, high = band(chosen) if ours else (float("nan"), float("nan"))
    odds = f", {odds_words(saving, low, high)}" if ours else ""
    chance = chosen["chance_low"].max() * 100 if "chance_low" in chosen else float("nan")
    return {
        "choice": choice,
        "hourly": hourly,
        "saving_low": low,
        "saving_high": high,
        "off": max(saving - low, high - saving),
        "plan_saving": plan_saving,
        "reserved_saving": reserved_saving,
        "chance_low_percent": chance,
        "source": "costbot's scenarios" if ours else "AWS's estimate",
        "price_source": "rates that AWS has on offer" if ours else "AWS's estimate",
        "monthly_cost": float(plan["on_demand"].sum(min_count=1)) * 730,
        "expected": f"Cheapest in expectation: {choice}, ${saving:,.2f} a month less than on demand{odds}",
        "how": f"Of one year without upfront payment: a Database Savings Plan saves ${plan_saving:,.2f} a month, "
        f"reservations ${reserved_saving:,.2f}, on demand nothing. Chosen: {shares_words(shares)}."
        + ("" if ours else " AWS's own estimates on the last 30 days as if they came again: no odds can be given."),
        "steps": purchase_steps(
            shares, first="Look first at databases that are to be right-sized, upgraded or switched off."
        ),
        "covers": sorted(set(node_ids(reserved))),
    }
