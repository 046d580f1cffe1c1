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
        how="In 95 of 100 of {hours:.0f} hours at least ${floor:,.2f} an hour of eligible usage ran, at on-demand "
        "prices, and ${covered:,.2f} of it was covered. Over all hours: ${mean:,.2f} an hour, coverage "
        "{mean_percent:.0f} %.",
        ignores="What a commitment would cost, and whether the usage lasts: this is the most that a purchase could "
        "cover, no saving. Coverage is not utilization. DynamoDB's capacity is not looked at.",
        risk="None to any resource.",
        effect="Whoever decides on commitments knows what runs all the time without one.",
        steps="Look first at what is to be right-sized or switched off: a commitment for it would be lost. Then look "
        "under Billing and Cost Management, Savings Plans, Recommendations. costbot buys nothing.",
    ),
    evidence=(
        Fact("Coverage of the stable part", "floor_percent", "%", "the billing export, by hour"),
        Fact("Stable usage", "floor", "USD an hour on demand", "the billing export, by hour", "5 % quantile"),
        Fact("Coverage", "mean_percent", "%", "the billing export, by hour"),
    ),
)
def coverage_gap(
    commitment_coverage: DataFrame,
    *,
    min_coverage_percent: float = 70,
    min_monthly_gap: float = 100,
    min_hours: float = 336,
) -> Verdicts:
    """Stable usage that commitments do not cover.

    The stable part of a service in a region is what all but one hour in twenty have. A notice: how much to buy, and
    whether, takes more than one number.
    """
    rows = commitment_coverage
    floor_percent = share(rows["covered"], rows["floor"]) * 100
    mean_percent = share(rows["mean_covered"], rows["mean"]) * 100
    gap = (rows["floor"] - rows["covered"]) * HOURS_A_MONTH
    enough = rows["hours"].ge(min_hours)
    is_known = rows["floor"].notna() & rows["covered"].notna() & enough
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
            (rows["problem"].ne(""), "Eligible usage by the hour: " + rows["problem"]),
            (~enough, f"Eligible usage of {min_hours:g} hours: fewer are stored."),
            (~is_known, "What it costs on demand: the export has no list cost."),
        ],
        notice=(open_, "Coverage " + floor_percent.map("{:.0f} %".format).astype("str") + " of what never stops."),
        details=DataFrame(
            {"floor_percent": floor_percent, "mean_percent": mean_percent, "monthly_cost": gap}, index=rows.index
        ),
    )
