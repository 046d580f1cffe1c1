"""`commitments.reservation_utilization`: reserved instances or nodes that stand unused for many of their hours."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.daily_charges import share
from analysis.commitments.holdings import HOURS_A_MONTH
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="P02",
    groups=(Group.COMMITMENTS,),
    resource="Reservation",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="Utilization {utilization_percent:.1f} % in {days:.0f} days: ${monthly_savings:,.2f} a month of the "
    "reservation is paid for nothing",
    source="AWS Cost Explorer, RI utilization report: cost of unused hours",
    words=Words(
        current="{name}, {utilization_percent:.0f} % utilized",
        proposed="all hours used, or sold",
        how="{source} tells ${used:,.2f} of the reservation's cost used and ${unused:,.2f} unused from "
        "{first_day:%b %d} to {last_day:%b %d}: ${daily_unused:,.2f} a day, times 30.42.",
        ignores="What fills the unused hours saves its on-demand price, which is more; what is sold on the Reserved "
        "Instance Marketplace brings less, 12 % goes to AWS. Utilization is not coverage.",
        risk="None to any resource as long as only unused hours go.",
        effect="Usage of the same type, or by size flexibility of the same family, region and platform, takes the "
        "unused hours; or they are exchanged or sold.",
        steps="1. Look for on-demand usage that fits: same family and region (EC2: same platform, default tenancy), in "
        "any account that shares reservations (Billing preferences). 2. A zonal reservation of EC2: change its scope "
        "to the region (EC2 console, Reserved Instances, Modify). 3. Convertible: exchange it. Standard, of EC2: list "
        "it on the Reserved Instance Marketplace. Reservations of other services can be neither exchanged nor sold.",
    ),
    evidence=(
        Fact("Utilization", "utilization_percent", "%", "{source}"),
        Fact("Unused hours cost", "daily_unused", "USD a day", "{source}"),
    ),
)
def reservation_utilization(
    reservations_use: DataFrame, *, min_utilization_percent: float = 90, min_days: float = 14
) -> Verdicts:
    """Reservation whose hours are not used.

    What the unused hours of the last two weeks cost, as a month: AWS's `RICostForUnusedHours`. All of it is won back
    only where usage can be found, or a buyer, for every unused hour.
    """
    rows = reservations_use
    percent = share(rows["used"], rows["used"] + rows["unused"]) * 100
    daily = rows["unused"] / rows["days"].where(rows["days"].gt(0))
    monthly = daily * HOURS_A_MONTH / 24
    low = percent.round(6).lt(min_utilization_percent) & rows["days"].ge(min_days)
    told = percent.map("{:.1f} %".format).astype("str")
    return verdicts(
        rows,
        saves=monthly.where(low),
        fine=(
            rows["problem"].eq("") & rows["days"].ge(min_days) & percent.notna() & ~low,
            "Utilization " + told + f", at least {min_utilization_percent:g} %.",
        ),
        insufficient=[
            (rows["problem"].ne(""), "How far reservations are used: " + rows["problem"]),
            (
                rows["days"].lt(min_days) & percent.notna(),
                f"Its use of {min_days:g} days: it is younger, or the bill is.",
            ),
            (percent.isna() | rows["days"].isna(), "How far it is used: its effective cost, which the bill lacks."),
        ],
        details=DataFrame(
            {
                "utilization_percent": percent,
                "daily_unused": daily,
                "monthly_cost": (rows["used"] + rows["unused"]) / rows["days"] * HOURS_A_MONTH / 24,
                "price_source": rows["source"] + ", amortized cost",
                "price_date": rows["last_day"],
            }
        ),
    )
