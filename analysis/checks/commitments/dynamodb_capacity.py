"""`commitments.dynamodb_capacity`: provisioned reads and writes of DynamoDB that have run for long unreserved."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.purchase_guard import blocked
from analysis.commitments.purchase_words import NOTHING_BOUGHT
from analysis.commitments.reserved_capacity import (
    BLOCK,
    HOURS_A_YEAR,
    PRICE_DATE,
    PRICE_SOURCE,
    CapacityRate,
    capacity_rates,
    reserve,
)
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts

#: Reserved capacity has no other payment than partly upfront.
YEARS = 1
RECENT_DAYS = 28
#: Share of days that may have used less than what is reserved.
FLOOR = 0.05


@check(
    catalogue="P09b",
    groups=(Group.COMMITMENTS, Group.DATABASE),
    resource="DynamoDB capacity",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.HIGH,
    reason="Billed on {billed_days:.0f} of {known_days:.0f} days, the quietest of twenty at {floor_percent:.0f} % of "
    "lately: reserving saves ${saved:,.2f} a month",
    source="AWS, DynamoDB developer guide, Reserved capacity",
    words=Words(
        current="${on_demand:,.2f}/h of provisioned {unit}s on demand",
        proposed="{reserved:,.0f} {unit} units reserved in {place}, 1 year, partial upfront",
        how="Whole blocks of {block} units that 19 of 20 days fill, at ${rate:.7f} a unit and hour with "
        "${upfront:,.2f} upfront spread over the year, beside ${unit_usd:.6f} on demand; priced on every day that is "
        "stored. {used_percent:.0f} % of them would have been used.",
        ignores="Hours within a day: the bill is looked at by the day, and auto scaling may go below its mean. Other "
        "tables that will need less, and a Database Savings Plan for the same usage: buy one of the two.",
        risk="It can be neither cancelled, sold nor moved to another region, and is paid used or not. It covers tables "
        "of the Standard class with provisioned capacity alone: one that becomes on demand leaves it unused.",
        effect="AWS bills ${upfront:,.2f} at once and ${hourly:,.2f} an hour for a year, used or not; tables stay as "
        "they are. " + NOTHING_BOUGHT,
        steps=NOTHING_BOUGHT + "\nLook first at tables that are over-provisioned or little used.\n"
        "In the console, in the region {place}: DynamoDB, Reserved capacity, Purchase reserved capacity: {unit}s, "
        "{reserved:,.0f} units, 1 year.",
    ),
    evidence=(
        Fact("Days billed", "billed_days", "days", "the bill"),
        Fact("Quietest day in twenty", "floor_percent", "% of lately", "the bill"),
        Fact("Used", "used_percent", "% of what is reserved", "the bill"),
        Fact("Upfront", "upfront", "USD", PRICE_SOURCE),
    ),
)
def dynamodb_capacity(
    billed_capacity: DataFrame,
    *,
    min_days: float = 180,
    min_floor_percent: float = 80,
    min_monthly_savings: float = 25,
) -> Verdicts:
    """Provisioned DynamoDB capacity that has run for half a year and is not reserved.

    Reads or writes of a region that were billed on each of `min_days` days, the quietest day in twenty at
    `min_floor_percent` of the last weeks or more. What is reserved for a year is what that quietest day fills, in whole
    blocks. Where the bill's own price of a unit is not the one that the reserved price is listed beside, nothing is
    said. What is reserved already costs nothing by the unit, so it is not counted again.
    """
    rows = billed_capacity
    found = [_about(row) for row in rows.to_dict("records")]
    details = DataFrame(found, index=rows.index, columns=list(_COLUMNS))
    saving = details["saved"].astype("float64")
    floor = details["floor_percent"].astype("float64")
    known, reason = rows["known_days"].ge(min_days), details["blocked"].fillna("").astype("str")
    young = known & rows["billed_days"].lt(min_days)
    unsteady = known & ~young & floor.lt(min_floor_percent)
    return verdicts(
        rows,
        saves=saving,
        fine=[
            (young, "It was billed on fewer than " + f"{min_days:g} days."),
            (unsteady, "The quietest day in twenty had " + floor.map("{:.0f} %".format).astype("str") + " of lately."),
            (saving.notna() & details["reserved"].eq(0), f"Its quiet days fill no block of {BLOCK} units."),
            (
                saving.lt(min_monthly_savings),
                "Reserving would save " + saving.map("${:,.2f} a month".format).astype("str") + ".",
            ),
        ],
        conflict=(known & reason.ne(""), "Buying is blocked: " + reason + "."),
        insufficient=[
            (~known, f"Its bill of {min_days:g} days: fewer are stored."),
            (saving.isna(), "What reserving it would save: " + details["problem"].fillna("").astype("str") + "."),
        ],
        # Of a year to come it says no more than the days that were: all of it may be off.
        plus_minus=saving,
        details=details.drop(columns=["blocked", "problem"]),
    )


_COLUMNS = (
    "saved", "reserved", "used_percent", "floor_percent", "on_demand", "hourly", "upfront", "rate", "block",
    "monthly_cost", "price_source", "price_date", "blocked", "problem",
)  # fmt: skip


def _about(row: dict[Any, Any]) -> dict[str, Any]:
    daily = np.array(json.loads(row["daily_usd"] or "[]"), dtype="float64")
    recent = float(daily[-RECENT_DAYS:].mean()) if len(daily) else 0.0
    about: dict[str, Any] = {
        "floor_percent": 100 * float(np.quantile(daily, FLOOR)) / recent if recent > 0 else 0.0,
        "on_demand": recent / 24,
        "monthly_cost": recent * HOURS_A_YEAR / 24 / 12,
        "block": BLOCK,
        "price_source": PRICE_SOURCE,
        "price_date": PRICE_DATE,
        "blocked": blocked(np.repeat(daily / 24, 24)),
    }
    rate = capacity_rates().get((str(row["place"]), str(row["unit"]), YEARS))
    problem = _why_not(rate, row)
    if rate is None or problem:
        return about | {"problem": problem}
    taken = reserve(list(daily / 24 / rate.on_demand), rate, floor=FLOOR)
    return about | {
        "saved": taken.saving,
        "reserved": taken.units,
        "used_percent": 100 * taken.used,
        "hourly": taken.units * rate.hourly,
        "upfront": taken.units * rate.upfront,
        "rate": rate.reserved,
        "problem": "",
    }


def _why_not(rate: CapacityRate | None, row: dict[Any, Any]) -> str:
    """Why the listed price is not used; "" where it is."""
    if rate is None:
        return f"no price of reserved {row['unit']} capacity in {row['place']} is listed"
    if pd.isna(row["unit_usd"]):
        return "the bill does not tell what it pays for a unit and hour"
    if not rate.is_of(float(row["unit_usd"])):
        return (
            f"the bill pays ${row['unit_usd']:.6f} for a {row['unit']} unit and hour, and the list of "
            f"{PRICE_DATE:%b %Y} compares with ${rate.on_demand:.6f}"
        )
    return ""
