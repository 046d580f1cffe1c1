"""`commitments.plan_utilization`: a Savings Plan of which more is left unused than should be, or than lately."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.daily_charges import share
from analysis.commitments.holdings import HOURS_A_MONTH
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="P01",
    groups=(Group.COMMITMENTS,),
    resource="Savings Plan",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="Utilization {utilization_percent:.1f} % in {days:.0f} days{fell}: ${monthly_cost:,.2f} a month is paid "
    "for nothing",
    source="AWS, Savings Plans utilization report: unused commitment is lost every hour",
    words=Words(
        current="{utilization_percent:.1f} % utilized",
        proposed="at least {min_utilization_percent:g} % utilized",
        how="{source} tells ${used:,.2f} of the commitment used and ${unused:,.2f} unused from {first_day:%b %d} to "
        "{last_day:%b %d}: ${daily_unused:,.2f} a day, times 30.42.{before}",
        ignores="Utilization is not coverage: a plan that is fully used may cover little. What usage would fill the "
        "plan costs its own share of it, so the unused dollars are the most that can be won back.",
        risk="None to any resource.",
        effect="Eligible usage that runs on demand elsewhere moves under the plan, or what left it comes back.",
        steps="Look under Billing and Cost Management, Savings Plans, Utilization report, hourly, for the hours that "
        "are not used, and under `/cost why` for what ran less. A plan cannot be changed or sold; of an EC2 Instance "
        "plan, move usage to its family and region. Within 7 days of its purchase (and in the same month) a plan of at "
        "most $100 an hour may be returned. See that sharing is on for every account (Billing preferences).",
    ),
    evidence=(
        Fact("Utilization", "utilization_percent", "%", "{source}"),
        Fact("Utilization before", "before_percent", "%", "{source}"),
        Fact("Unused commitment", "daily_unused", "USD a day", "{source}"),
    ),
)
def plan_utilization(
    savings_plans_use: DataFrame,
    *,
    min_utilization_percent: float = 95,
    most_fall_points: float = 5,
    min_days: float = 7,
) -> Verdicts:
    """Savings Plan that is not fully used.

    Told where less than `min_utilization_percent` of the commitment of the last week went to usage, or where that fell
    by `most_fall_points` against the three weeks before. A notice: unused commitment comes back only where usage that
    runs on demand can be moved under the plan.
    """
    rows = savings_plans_use
    percent = share(rows["used"], rows["used"] + rows["unused"]) * 100
    before = share(rows["used_before"], rows["used_before"] + rows["unused_before"]) * 100
    daily = rows["unused"] / rows["days"].where(rows["days"].gt(0))
    fell = (before - percent).ge(most_fall_points)
    low = percent.round(6).lt(min_utilization_percent)
    told = percent.map("{:.1f} %".format).astype("str")
    was = before.map("{:.1f} %".format).astype("str")
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=(
            rows["problem"].eq("") & rows["days"].ge(min_days) & percent.notna() & ~low & ~fell,
            "Utilization " + told + f", at least {min_utilization_percent:g} %.",
        ),
        insufficient=[
            (rows["problem"].ne(""), "How far Savings Plans are used: " + rows["problem"]),
            (
                rows["days"].lt(min_days) & percent.notna(),
                f"Its use of {min_days:g} days: it is younger, or the bill is.",
            ),
            (percent.isna() | rows["days"].isna(), "How far it is used: its effective cost, which the bill lacks."),
        ],
        notice=(low | fell, "Utilization " + told + "."),
        details=DataFrame(
            {
                "utilization_percent": percent,
                "before_percent": before,
                "daily_unused": daily,
                "monthly_cost": daily * HOURS_A_MONTH / 24,
                "fell": (", down from " + was).where(fell, ""),
                "before": (" In the three weeks before it was " + was + ".").where(before.notna(), ""),
            }
        ),
    )
