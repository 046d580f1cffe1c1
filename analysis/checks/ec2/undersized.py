"""`ec2.undersized`: an instance that works at its limit for hours, and what the next size would cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import DAY_S, KEY, daily_charts
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing.change_words import ADDRESS_CHANGES, CHANGE, CHANGE_BACK, EFFECT
from analysis.rightsizing.counterpart import price_unknown, with_price
from analysis.rightsizing.demand import Metric
from analysis.rightsizing.fit import specified
from analysis.rightsizing.larger import larger
from analysis.verdicts import Verdicts, verdicts

#: The daily p95 of CPU and memory, for instances whose p99.5 is high.
NEEDS_P95 = "p95"


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"CPU": (Metric.CPU.value, "p95"), "Memory": (Metric.MEMORY.value, "p95")}
    return daily_charts(rows, tables["ec2_metrics"], lines, title="What each day stood above", unit="% at p95")


@check(
    catalogue="E04",
    groups=(Group.RIGHTSIZING,),
    resource="EC2 instance",
    action=Action.RIGHTSIZE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="{instance_type} is short of {short_of} on {over_days:.0f} days: for more than an hour of each it is nearly "
    "full",
    source="AWS Compute Optimizer, under-provisioned instances",
    words=Words(
        current="{instance_type}, at its limit",
        proposed="{target}",
        how="{target} costs ${more_usd:.2f} a month more (730 h × ${target_hourly_usd:.4f} − ${hourly_usd:.4f}); this "
        "is no saving.",
        ignores="Whether its work can wait: a batch machine at its limit may be just right.",
        risk="As it is, work queues up and a little more load makes it fail.",
        effect=EFFECT,
        command=CHANGE,
        undo=CHANGE_BACK,
    ),
    evidence=(
        Fact("CPU", "cpu_p95_percent", "% of {instance_type}", "CloudWatch CPUUtilization", "p95, median day"),
        Fact("Memory", "memory_p95_percent", "% of {instance_type}", "CloudWatch agent", "p95, median day"),
    ),
    chart=_charts,
)
def undersized(
    ec2_instances: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    max_cpu_percent: float = 80.0,
    max_memory_percent: float = 85.0,
    min_over_days: int = 3,
) -> Verdicts:
    """EC2 instance too small for its load.

    A notice, not a saving: on `min_over_days` of the days looked at the p95 of CPU or memory, which it stood above for
    more than an hour, was beyond the limit. The p95 is asked for where the p99.5 of so many days is beyond it. What the
    cheapest larger type costs, of those that may replace it, is told with it.
    """
    current = with_price(specified(ec2_instances, instance_types), prices)
    over: dict[str, Series[float]] = {}
    asks: list[Series[bool]] = []
    medians: dict[str, Series[float]] = {}
    for metric, limit in ((Metric.CPU, max_cpu_percent), (Metric.MEMORY, max_memory_percent)):
        first, second = (_days(current, ec2_metrics, metric, statistic) for statistic in ("p99.5", "p95"))
        asks.append(_over(first, limit).ge(min_over_days) & second.isna().all(axis=1))
        over[metric.value] = _over(second, limit).where(second.notna().any(axis=1))
        # Beyond a limit at p95 means beyond it at p99.5: where that never was, p95 need not be asked.
        over[metric.value] = over[metric.value].fillna(_over(first, limit).where(first.notna().any(axis=1)))
        medians[metric.value] = second.median(axis=1)
    short_cpu, short_memory = (over[name].ge(min_over_days) for name in ("cpu", "memory"))
    asking = asks[0] | asks[1]
    measured = current["state"].eq("running") & current["asg_name"].eq("") & ~current["ignored"]
    current = current.join(
        larger(current, instance_types, instance_offerings, prices, cpu=short_cpu, memory=short_memory)
    )
    short = short_cpu | short_memory
    group = current["asg_name"].fillna("")
    words = pd.Series("CPU", index=current.index).mask(short_memory, "memory")
    words = words.mask(short_cpu & short_memory, "CPU and memory")
    return verdicts(
        current,
        saves=current["hourly_usd"] * float("nan"),
        fine=[
            (current["ignored"], "Left alone by its tag costbot:ignore."),
            (~current["state"].eq("running"), "Not running."),
            (over["cpu"].lt(min_over_days) & over["memory"].lt(min_over_days), "Room is left in CPU and memory."),
        ],
        conflict=(group.ne(""), "In Auto Scaling group " + group + ", which adds members under load."),
        insufficient=[
            price_unknown(current),
            (over["cpu"].isna(), "CPU: CPUUtilization of CloudWatch has no data."),
            (
                over["memory"].isna() & ~short_cpu,
                "Memory: install the CloudWatch agent with mem_used_percent; CPU has room, memory may be full.",
            ),
            (asking, "The p95 of its days: CloudWatch has not been asked for it yet."),
            (
                short & current["target_hourly_usd"].isna(),
                "A larger type and its price: no offer in its zone is known with a price.",
            ),
        ],
        notice=(short, "Short of " + words + ": the next size is told with its price."),
        details=DataFrame(
            {
                "short_of": words,
                "over_days": pd.concat([over["cpu"], over["memory"]], axis=1).max(axis=1),
                "cpu_p95_percent": medians["cpu"],
                "memory_p95_percent": medians["memory"],
                "monthly_cost": current["hourly_usd"] * HOURS_A_MONTH,
                "more_usd": (current["target_hourly_usd"] - current["hourly_usd"]) * HOURS_A_MONTH,
                "address": current["public_ip_changes"].map({True: ADDRESS_CHANGES, False: ""}),
                "needs": pd.Series("", index=current.index, dtype="str").mask(measured & asking, NEEDS_P95),
            }
        ),
    )


def _days(instances: DataFrame, ec2_metrics: DataFrame, metric: Metric, statistic: str) -> DataFrame:
    """One row per instance (its index), one column per day; missing where a day has no data."""
    rows = ec2_metrics[
        ec2_metrics["metric"].eq(metric.value)
        & ec2_metrics["statistic"].eq(statistic)
        & ec2_metrics["period_s"].eq(DAY_S)
    ]
    daily = rows.groupby([*KEY, "time"])["value"].max().unstack("time")
    return daily.reindex(pd.MultiIndex.from_frame(instances[KEY])).set_axis(instances.index)


def _over(days: DataFrame, limit: float) -> Series[float]:
    """On how many days it was beyond the limit."""
    return days.gt(limit).sum(axis=1).astype("float64")
