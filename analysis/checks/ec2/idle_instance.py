"""`ec2.idle_instance`: an instance that computes nothing and talks to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import instance_hours
from analysis.daily_metrics import DAY_S, KEY, daily_charts, over_days
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing.counterpart import price_unknown, with_price
from analysis.rightsizing.demand import Metric
from analysis.verdicts import Verdicts, verdicts

_MB = 1e6


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"CPU": (Metric.CPU.value, "Maximum")}
    return daily_charts(rows, tables["ec2_metrics"], lines, title="Highest CPU of each day", unit="% of all vCPUs")


@check(
    catalogue="E01",
    groups=(Group.IDLE, Group.RIGHTSIZING),
    resource="EC2 instance",
    action=Action.STOP,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="In {days:.0f} days its CPU never passed {peak_percent:.1f} % and it moved at most {busiest_mb:.2f} MB "
    "on a day",
    source="AWS Compute Optimizer, idle recommendations: peak CPU below 5 % and less than 5 MB a day in 14 days",
    words=Words(
        current="running, {instance_type}",
        proposed="stopped",
        how="730 h × ${hourly_usd:.4f} an hour.",
        ignores="Its volumes and Elastic IPs, which are billed on until it is terminated.",
        risk="Something may wait for it that runs once a month or at a disaster only: ask its owner.",
        effect="It stops and keeps its volumes.{address}",
        command=("aws ec2 stop-instances --instance-ids {resource_id}",),
        undo=("aws ec2 start-instances --instance-ids {resource_id}",),
    ),
    evidence=(
        Fact("CPU", "peak_percent", "% of {instance_type}", "CloudWatch CPUUtilization", "highest"),
        Fact("Network", "busiest_mb", "MB in and out", "CloudWatch NetworkIn and NetworkOut", "busiest day"),
    ),
    chart=_charts,
    moves=instance_hours(),
)
def idle_instance(
    ec2_instances: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    max_cpu_percent: float = 5.0,
    max_network_mb_a_day: float = 5.0,
    min_days: int = 14,
    min_data_days: int = 13,
) -> Verdicts:
    """EC2 instance that does nothing.

    Idle is an instance whose CPU stayed below `max_cpu_percent` in every sample and that moved less than
    `max_network_mb_a_day` in and out on every day. Either alone says nothing: a proxy needs no CPU. What an accelerator
    does CPU does not tell, but its results have to leave through the network.
    """
    current = with_price(ec2_instances, prices)
    peak = over_days(current, ec2_metrics, Metric.CPU.value, "Maximum", "max")
    days = over_days(current, ec2_metrics, Metric.CPU.value, "Maximum", "count")
    network = _network(current, ec2_metrics)
    cost = current["hourly_usd"] * HOURS_A_MONTH
    busy = peak.ge(max_cpu_percent) | network["busiest_mb"].ge(max_network_mb_a_day)
    moved = network["busiest_mb"]
    busy_why = pd.Series(
        [f"It works: CPU up to {cpu:.0f} %, {mb:,.1f} MB" for cpu, mb in zip(peak, moved, strict=True)],
        index=current.index,
        dtype="str",
    ).str.replace("nan", "an unknown number of")
    group = current["asg_name"].fillna("")
    return verdicts(
        current,
        saves=cost.where(~busy),
        fine=[
            (current["ignored"], "Left alone by its tag costbot:ignore."),
            (current["state"].ne("running"), "Not running: ec2.stopped_instance looks at what it still costs."),
            (busy, busy_why + " in and out on its busiest day."),
        ],
        conflict=(
            group.ne(""),
            "In Auto Scaling group " + group + ": a stopped member is replaced; the group decides.",
        ),
        insufficient=[
            price_unknown(current),
            (
                current["age_days"].isna() | current["age_days"].lt(min_days),
                f"{min_days} days of metrics since its last start; it is looked at again when they are there.",
            ),
            (
                days.lt(min_data_days) | network["days"].lt(min_data_days),
                f"CPU and network of at least {min_data_days} days: CPUUtilization, NetworkIn and NetworkOut of "
                "CloudWatch have fewer.",
            ),
        ],
        details=DataFrame(
            {
                "peak_percent": peak,
                "busiest_mb": network["busiest_mb"],
                "days": days,
                "monthly_cost": cost,
                "address": current["public_ip_changes"].map(
                    {True: " It comes back with another public IP address.", False: ""}
                ),
            }
        ),
    )


def _network(instances: DataFrame, ec2_metrics: DataFrame) -> DataFrame:
    """Same index: `busiest_mb` in and out on one day (missing: not measured), and `days` on which both are known."""
    both = [Metric.NETWORK_IN.value, Metric.NETWORK_OUT.value]
    sums = ec2_metrics[
        ec2_metrics["metric"].isin(both) & ec2_metrics["statistic"].eq("Sum") & ec2_metrics["period_s"].eq(DAY_S)
    ]
    daily = sums.groupby([*KEY, "time"])["value"].agg(["sum", "count"]).reset_index()
    known = daily[daily["count"].eq(len(both))].groupby(KEY)["sum"].agg(["max", "count"])
    found = known.reindex(pd.MultiIndex.from_frame(instances[KEY])).set_axis(instances.index)
    return DataFrame({"busiest_mb": found["max"] / _MB, "days": found["count"].fillna(0.0)})
