"""`governance.memory_blind_spot`: instances whose memory nobody measures, so that nobody can make them smaller."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook
from analysis.rightsizing.demand import Metric
from analysis.verdicts import Verdicts, verdicts

_PLACE = ["account_id", "region"]


@check(
    catalogue="G03",
    groups=(Group.GOVERNANCE, Group.RIGHTSIZING),
    resource="account and region",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason="{blind:.0f} of {fleet:.0f} instances in {account_name} {region} do not tell how much memory they use",
    source="AWS Compute Optimizer: memory utilization needs the CloudWatch agent",
    words=Words(
        current="memory known of {share:.0%}",
        proposed="of {least_percent:g} % or more",
        how="{fleet:.0f} running instances have a CPU metric, {seen:.0f} of them a memory metric of the CloudWatch "
        "agent in the days looked at.",
        ignores="Members of Auto Scaling groups, spot instances and Windows, which right-sizing judges by other rules. "
        "An agent with another namespace than CWAgent is not seen.",
        risk="The agent takes some memory itself; its metrics are custom metrics, each about ${metric_usd:g} a month.",
        effect="Two weeks later costbot can tell which of them may be smaller; until then it says nothing of them.",
        steps="Install the CloudWatch agent with AWS Systems Manager (document AWS-ConfigureAWSPackage, package "
        "AmazonCloudWatchAgent), with mem_used_percent only and no added dimensions but InstanceId.",
    ),
    evidence=(
        Fact("Instances", "fleet", "measured", "CloudWatch CPUUtilization"),
        Fact("With memory", "seen", "measured", "CloudWatch CWAgent"),
    ),
)
def memory_blind_spot(
    account_regions: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    least_percent: float = 80,
    min_fleet: float = 3,
) -> Verdicts:
    """Instances without a memory metric.

    EC2 does not know the memory of its guests. Without the CloudWatch agent low CPU says nothing, and right-sizing has
    to leave such an instance alone. Told where fewer than `least_percent` of a place's instances have it.
    """
    rows = account_regions
    fleet, seen = _instances(rows, ec2_metrics, Metric.CPU), _instances(rows, ec2_metrics, Metric.MEMORY)
    share = seen / fleet.where(fleet.gt(0))
    price = prices.unit(rows, "cloudwatch.custom_metric.month")
    is_low = fleet.ge(min_fleet) & share.mul(100).lt(least_percent)
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=[
            (fleet.eq(0), "No instance is measured here."),
            (fleet.lt(min_fleet), "Fewer than " + f"{min_fleet:.0f} instances are measured here."),
            (~is_low, "Memory is known of " + share.map(lambda value: f"{value:.0%}").astype("str") + " of them."),
        ],
        notice=(is_low, "Most savings on instances need to know their memory."),
        details=DataFrame(
            {"fleet": fleet, "seen": seen, "blind": fleet - seen, "share": share, "metric_usd": price["usd"]}
        ),
    )


def _instances(rows: DataFrame, ec2_metrics: DataFrame, metric: Metric) -> Series[float]:
    """How many instances of each row's account and region have a point of this metric."""
    points = ec2_metrics[ec2_metrics["metric"].eq(metric.value)]
    counts = points.groupby(_PLACE)["resource_id"].nunique()
    found = counts.reindex(pd.MultiIndex.from_frame(rows[_PLACE]), fill_value=0).to_numpy("float64")
    return pd.Series(found, index=rows.index)
