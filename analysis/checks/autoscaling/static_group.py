"""`autoscaling.static_group`: a group that nothing scales, though its load goes up and down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.checks.words import made_charts
from analysis.commitments.after_discount_usage import group_hours
from analysis.daily_metrics import SERIES_S, over_days
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook
from analysis.scaling.load import CPU, NEEDS_SERIES, GroupLoad
from analysis.scaling.members import member_prices
from analysis.scaling.memory import memory_percent, memory_risk, memory_words, too_full
from analysis.scaling.policy import Replay, TargetTracking
from analysis.scaling.proposal import compared
from analysis.scaling.scope import (
    DEFAULT_WARMUP_S,
    NO_SERIES,
    already_scaled,
    any_of,
    owned_elsewhere,
    policies_unknown,
    smallest_kept,
    unmeasured,
    without_price,
)
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="A03",
    groups=(Group.SCALING, Group.RIGHTSIZING),
    resource="Auto Scaling group",
    action=Action.SCALE_IN,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Always {desired:.0f} × {types}, though its load needs {smallest:.0f} to {largest:.0f}",
    source="AWS Well-Architected, Cost Optimization pillar: dynamic supply",
    words=Words(
        current="{desired:.0f} instances, no policy",
        proposed="target tracking, {kept:.0f} to {upper:.0f} instances",
        how="Target tracking at {target_cpu_percent:.0f} % CPU replayed on {days:.0f} days of five-minute load: "
        "{hours_before:.0f} → {hours_after:.0f} instance hours a month × ${hourly_usd:g}. Minutes with full instances "
        "(above 90 %) in these days: {full_before:.0f} → {full_after:.0f}. Added when three minutes are above the "
        "target, removed one at a time when fifteen are below 90 % of it; a new instance serves after "
        "{warmup_used_s:.0f} s.",
        ignores="Connections and queues; faster moves of the load than five minutes show.",
        risk="Instances come and go: the service must be stateless, start from launch template {launch_template} by "
        "itself and drain its connections. A steeper rise than any recorded waits for a new instance. "
        "{memory_words}",
        effect="The group gets a target tracking policy and follows its load. Its instances' type is changed in the "
        "launch template, never on the instances.",
        command=(
            "aws autoscaling put-scaling-policy --auto-scaling-group-name {resource_id} --policy-name costbot-cpu "
            "--policy-type TargetTrackingScaling --target-tracking-configuration "
            '\'{{"PredefinedMetricSpecification":{{"PredefinedMetricType":"ASGAverageCPUUtilization"}},'
            '"TargetValue":{target_cpu_percent:.1f}}}\'',
            "aws autoscaling update-auto-scaling-group --auto-scaling-group-name {resource_id} --min-size {kept:.0f} "
            "--max-size {upper:.0f} --default-instance-warmup {warmup_used_s:.0f}",
        ),
        undo=(
            "aws autoscaling delete-policy --auto-scaling-group-name {resource_id} --policy-name costbot-cpu",
            "aws autoscaling update-auto-scaling-group --auto-scaling-group-name {resource_id} "
            "--min-size {min_size:.0f} --max-size {max_size:.0f} --desired-capacity {desired:.0f}",
        ),
    ),
    evidence=(
        Fact("Instance hours a month", "hours_before", "h", "recorded", "sum"),
        Fact("Instance hours a month with the policy", "hours_after", "h", "replayed on the recorded load", "sum"),
        Fact("Minutes with full instances", "full_before", "min", "recorded, CPU above 90 %", "sum"),
        Fact("Minutes with full instances with the policy", "full_after", "min", "replayed", "sum"),
    ),
    chart=made_charts,
    moves=group_hours,
)
def static_group(
    autoscaling_groups: DataFrame,
    autoscaling_metrics: DataFrame,
    autoscaling_activities: DataFrame,
    ec2_instances: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 14,
    target_cpu_percent: float = 50,
    max_more_full_minutes: float = 15,
) -> Verdicts:
    """Auto Scaling group without a policy whose load varies.

    A group that nothing scales pays for its busiest hour all week. Target tracking is replayed on its recorded load,
    within its own maximum and no smaller than two instances where its minimum asks for two.
    """
    groups = autoscaling_groups
    members = member_prices(groups, ec2_instances, prices)
    kept = smallest_kept(groups)
    upper = groups[["max_size", "desired"]].max(axis=1)

    def tracked(group: Mapping[Any, Any], found: GroupLoad) -> tuple[Replay, dict[str, object]]:
        warmup = DEFAULT_WARMUP_S if pd.isna(group["warmup_s"]) else float(group["warmup_s"])
        policy = TargetTracking(target_cpu_percent, int(group["kept"]), int(group["upper"]), warmup)
        return policy.replay(found.load, step_s=SERIES_S), {}

    scope = already_scaled(groups)
    mean_cpu = over_days(groups, autoscaling_metrics, CPU, "Average", "mean")
    busy = mean_cpu.ge(target_cpu_percent)
    conflict = owned_elsewhere(groups)
    unscaled = groups.assign(kept=kept, upper=upper)[~(any_of(scope, conflict) | busy)]
    told = compared(
        unscaled,
        autoscaling_metrics,
        autoscaling_activities,
        tracked,
        target_percent=target_cpu_percent,
        min_days=min_days,
    ).reindex(groups.index)
    unknown = [
        policies_unknown(groups),
        without_price(groups, members),
        *unmeasured(groups, told["days"], min_days),
        (mean_cpu.isna() & told["days"].isna(), NO_SERIES),
    ]
    decided = any_of(scope, conflict, unknown) | busy
    memory = memory_percent(groups, autoscaling_metrics)
    saving = told["saved_hours"] * members["hourly_usd"]
    more_full = told["full_after"] - told["full_before"]
    steady = told["largest"].eq(told["smallest"])
    fine = [
        *scope,
        (busy, f"Its mean CPU is above {target_cpu_percent:.0f} %: it is no larger than its load."),
        (told["moved"].eq(True), "Somebody changes its size by hand or from outside: it is not static."),
        (steady, "Its load never needs more than " + _whole(kept) + ", at any hour: a policy would do nothing."),
        (
            more_full.gt(max_more_full_minutes),
            "A policy would leave its instances full for " + _whole(more_full) + " minutes more than now.",
        ),
        too_full(memory, groups["desired"] / told["smallest"]),
        (saving.le(0), "A policy would need as many instance hours as it has."),
    ]
    unknown.append((told["days"].isna(), "CPU by five minutes, which is read for groups that nothing scales."))
    return verdicts(
        groups,
        saves=saving,
        fine=fine,
        conflict=conflict,
        insufficient=unknown,
        details=members.join(told).join(
            DataFrame(
                {
                    "kept": kept,
                    "upper": upper,
                    "warmup_used_s": groups["warmup_s"].fillna(DEFAULT_WARMUP_S),
                    "needs": pd.Series("", index=groups.index).mask(~decided & told["days"].isna(), NEEDS_SERIES),
                    "monthly_cost": told["hours_before"] * members["hourly_usd"],
                    "memory_percent": memory,
                    "memory_words": memory_words(memory),
                    "risk": memory_risk(memory),
                }
            )
        ),
    )


def _whole(values: Series[float]) -> Series[str]:
    return values.round().astype("Int64").astype("str")
