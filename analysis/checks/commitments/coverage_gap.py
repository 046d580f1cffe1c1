"""`commitments.coverage_gap`: usage that never stops and runs on demand, of which commitments cover too little."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.daily_charges import share
from analysis.commitments.holdings import HOURS_A_MONTH
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="P03",
    groups=(Group.COMMITMENTS,),
    resource="Eligible usage",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="Coverage {floor_percent:.0f} % of what never stops: ${monthly_cost:,.2f} a month of it runs on demand",
    source="AWS Cost Optimization Hub and Trusted Advisor, Savings Plans and reservation coverage",
    words=Words(
        current="{floor_percent:.0f} % of the stable part covered",
        proposed="at least {min_coverage_percent:g} %",
        how="In 95 of 100 of {spans:.0f} {unit} at least ${floor:,.2f} an hour of eligible usage ran, at on-demand "
        "prices, and ${covered:,.2f} of it was covered. On average: ${mean:,.2f} an hour, coverage "
        "{mean_percent:.0f} %.",
        ignores="What a commitment would cost, and whether the usage lasts: this is the most that a purchase could "
        "cover, no saving. Coverage is not utilization. DynamoDB's capacity is not looked at.",
        risk="None to any resource.",
        effect="Whoever decides on commitments knows what runs all the time without one.",
        steps="Look first at what is to be right-sized or switched off: a commitment for it would be lost. Then look "
        "under Billing and Cost Management, Savings Plans, Recommendations. costbot buys nothing.",
    ),
    evidence=(
        Fact("Coverage of the stable part", "floor_percent", "%", "{source}"),
        Fact("Stable usage", "floor", "USD an hour on demand", "{source}", "5 % quantile"),
        Fact("Coverage", "mean_percent", "%", "{source}"),
    ),
)
def coverage_gap(
    commitment_coverage: DataFrame,
    *,
    min_coverage_percent: float = 70,
    min_monthly_gap: float = 500,
    min_hours: float = 336,
) -> Verdicts:
    """Stable usage that commitments do not cover.

    The stable part of a service in a region is what all but one hour in twenty have. Without an export by the hour it
    is of all usage that Savings Plans could cover, and days stand in for hours, which hides what stops at night. A
    notice: how much to buy, and whether, takes more than one number.
    """
    rows = commitment_coverage
    floor_percent = share(rows["covered"], rows["floor"]) * 100
    mean_percent = share(rows["mean_covered"], rows["mean"]) * 100
    gap = (rows["floor"] - rows["covered"]) * HOURS_A_MONTH
    enough = (rows["spans"] * rows["span_hours"]).ge(min_hours)
    by_hour = rows["span_hours"].eq(1)
    is_known = rows["problem"].eq("") & rows["floor"].notna() & rows["covered"].notna() & enough
    told = gap.map("${:,.2f} a month".format).astype("str")
    small = is_known & gap.lt(min_monthly_gap)
    open_ = is_known & ~small & floor_percent.lt(min_coverage_percent)
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=[
            (small, "What never stops and is not covered: " + told + "."),
            (
                is_known & floor_percent.ge(min_coverage_percent),
                "Coverage " + floor_percent.map("{:.0f} %".format).astype("str") + " of what never stops.",
            ),
        ],
        insufficient=[
            (rows["problem"].ne(""), "Eligible usage: " + rows["problem"]),
            (~enough, f"Eligible usage of {min_hours:g} hours: fewer are stored."),
            (~is_known, "What it costs on demand: the export has no list cost."),
        ],
        notice=(open_, "Coverage " + floor_percent.map("{:.0f} %".format).astype("str") + " of what never stops."),
        details=DataFrame(
            {
                "floor_percent": floor_percent,
                "mean_percent": mean_percent,
                "monthly_cost": gap,
                "unit": pd.Series("days", index=rows.index).mask(by_hour, "hours"),
                "source": pd.Series("Cost Explorer, by day", index=rows.index).mask(
                    by_hour, "the billing export, by hour"
                ),
            },
            index=rows.index,
        ),
    )
