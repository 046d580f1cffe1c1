"""`cloudwatch.custom_metrics`: metrics of one's own, each of them a bill of its own."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import DAYS_A_MONTH, PriceBook
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="O03",
    groups=(Group.OBSERVABILITY,),
    resource="custom metrics",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="Custom metrics cost ${monthly_cost:,.0f} a month in {account_name}{rise}",
    source="AWS, CloudWatch pricing: each combination of dimensions is a metric of its own",
    words=Words(
        current="${monthly_cost:,.0f} a month",
        proposed="only what an alarm or a person reads",
        how="${cost:,.2f} in {days:.0f} complete days on the bill, as a month of 30.4 days: about {metrics:,.0f} "
        "metrics at ${metric_usd:g} each.",
        ignores="Which of them nobody reads: AWS does not tell who reads a metric, so no saving is told.",
        risk="An alarm or a dashboard without its metric goes blind; look for both before a metric is dropped.",
        effect="What is no longer sent is no longer billed from the next hour on, and fades from the console.",
        steps="Count them by namespace: `aws cloudwatch list-metrics --recently-active PT3H --region {region} --query "
        "\"Metrics[?!starts_with(Namespace, 'AWS/')].[Namespace,MetricName]\" --output text | sort | uniq -c | sort "
        "-rn | head`. Names with hundreds of combinations carry a dimension such as an instance, container or user id: "
        "drop it in the agent or exporter, and aggregate instead.",
    ),
    evidence=(Fact("Custom metrics", "cost", "USD", "the stored bill, CW:MetricMonitorUsage"),),
)
def custom_metrics(
    custom_metric_costs: DataFrame,
    prices: PriceBook,
    *,
    min_monthly_cost: float = 20.0,
    min_rise_percent: float = 30.0,
    min_days: float = 14,
) -> Verdicts:
    """Many custom metrics.

    Every combination of dimensions is billed by itself, so that one label with many values multiplies the bill. The
    cost comes from the bill; which metrics are idle is not known.
    """
    rows = custom_metric_costs
    month = rows["cost"] / rows["days"] * DAYS_A_MONTH
    price = prices.unit(rows, "cloudwatch.custom_metric.month")
    rise = (rows["cost"] / rows["cost_before"].where(rows["cost_before"].gt(0)) - 1) * 100
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=(rows["days"].ge(min_days) & month.lt(min_monthly_cost), "Less than " + f"${min_monthly_cost:g} a month."),
        insufficient=[
            (
                rows["days"].lt(min_days) | rows["days"].isna(),
                "What they cost: fewer than " + f"{min_days:.0f} complete days are stored.",
            ),
            (month.isna(), "What they cost: the bill does not tell; `costbot refresh` brings it."),
        ],
        notice=(month.ge(min_monthly_cost), "More than " + f"${min_monthly_cost:g} a month."),
        details=DataFrame(
            {
                "monthly_cost": month,
                "metric_usd": price["usd"],
                "metrics": month / price["usd"],
                "rise": rise.map(
                    lambda value: f", {value:.0f} % more than before" if value >= min_rise_percent else ""
                ),
            }
        ),
    )
