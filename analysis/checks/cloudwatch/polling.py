"""`cloudwatch.polling`: a tool that reads metrics or costs by API, over and over, and pays for each answer."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import DAYS_A_MONTH
from analysis.verdicts import Verdicts, verdicts

_WHAT = {"CW:GMD-Metrics": "metrics (GetMetricData)", "APIRequest": "costs (Cost Explorer)"}


@check(
    catalogue="O06",
    groups=(Group.OBSERVABILITY,),
    resource="API polling",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason="Reading {what} by API costs ${monthly_cost:,.0f} a month in {account_name}{who}",
    source="AWS, CloudWatch pricing: GetMetricData is outside of the free requests",
    words=Words(
        current="${monthly_cost:,.0f} a month",
        proposed="asked less often, or streamed",
        how="${cost:,.2f} in {days:.0f} complete days on the bill, as a month of 30.4 days. {seen}",
        ignores="costbot's own share, which `costbot doctor` tells, and how much of it is needed: no saving is told.",
        risk="A monitor that asks less often sees trouble later.",
        effect="Fewer calls are made. A metric stream sends the same for less where nearly everything is read.",
        steps="Name the caller: `aws cloudtrail lookup-events --region {region} --lookup-attributes "
        "AttributeKey=EventName,AttributeValue={event} --query 'Events[].Username' --output text | tr '\\t' '\\n' | "
        "sort | uniq -c`. Then, in that tool: poll every five minutes instead of every one, only the namespaces "
        "that are looked at, and only resources with a tag.",
    ),
    evidence=(Fact("Read by API", "cost", "USD", "the stored bill, {name}"),),
)
def polling(metric_read_costs: DataFrame, *, min_monthly_cost: float = 10.0, min_days: float = 14) -> Verdicts:
    """Tool that polls CloudWatch or Cost Explorer.

    The bill says how much, CloudTrail's Event history who was seen: GetMetricData itself is not kept there, but who
    polls lists metrics first.
    """
    rows = metric_read_costs
    month = rows["cost"] / rows["days"] * DAYS_A_MONTH
    callers, problem = rows["callers"], rows["problem"]
    seen = ("CloudTrail has seen " + rows["event"] + " by " + callers + " in six hours.").where(
        callers.ne(""),
        "CloudTrail names nobody: " + problem.where(problem.ne(""), "no " + rows["event"] + " was seen."),
    )
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=(rows["days"].ge(min_days) & month.lt(min_monthly_cost), "Less than " + f"${min_monthly_cost:g} a month."),
        insufficient=[
            (
                rows["days"].lt(min_days) | rows["days"].isna(),
                "What it costs: fewer than " + f"{min_days:.0f} complete days are stored.",
            ),
            (month.isna(), "What it costs: the bill does not tell; `costbot refresh` brings it."),
        ],
        notice=(month.ge(min_monthly_cost), "More than " + f"${min_monthly_cost:g} a month."),
        details=DataFrame(
            {
                "what": rows["name"].map(_WHAT).fillna("something"),
                "who": callers.map(lambda names: f"; seen at it: {names}" if names else ""),
                "seen": seen,
                "monthly_cost": month,
            }
        ),
    )
