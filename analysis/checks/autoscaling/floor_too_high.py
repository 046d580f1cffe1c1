"""`autoscaling.floor_too_high`: a group that never leaves its minimum and is idle there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import group_hours
from analysis.daily_metrics import daily_charts, over_days, quantile
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.scaling.activity import share_at_floor
from analysis.scaling.load import CPU, DESIRED, NEEDS_SERIES, REQUESTS, group_loads
from analysis.scaling.members import member_prices
from analysis.scaling.memory import memory_percent, memory_risk, memory_words, too_full
from analysis.scaling.scope import ENOUGH, any_of, owned_elsewhere, policies_unknown, smallest_kept, without_price
from analysis.verdicts import Because, Verdicts, verdicts


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Mean CPU": (CPU, "Average"), "Busiest instance": (CPU, "Maximum")}
    after = ("Mean at its peak with the new minimum", rows["cpu_after_percent"])
    return daily_charts(rows, tables["autoscaling_metrics"], lines, title="CPU of the group", unit="%", limit=after)


@check(
    catalogue="A01",
    groups=(Group.SCALING, Group.RIGHTSIZING),
    resource="Auto Scaling group",
    action=Action.SCALE_IN,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Never fewer than {min_size:.0f} × {types}, and {floor_percent:.0f} % of the time no more, at "
    "{cpu_p95_percent:.0f} % CPU (p95)",
    source="AWS Well-Architected, Cost Optimization pillar: dynamic supply; p95 below 40 %",
    words=Words(
        current="min {min_size:.0f}",
        proposed="min {needed:.0f}",
        how="({min_size:.0f} − {needed:.0f}) instances × {floor_percent:.0f} % of 730 h × ${hourly_usd:g} an hour; "
        "{needed:.0f} hold the peak ({peak_load_percent:.0f} % of one instance, p99.5 of {data_days:.0f} days by five "
        "minutes) at {target_cpu_percent:.0f} % CPU or less, and are no fewer than are kept for a failing zone.",
        ignores="Connections and what else an instance holds.",
        risk="With {needed:.0f} instances the peak is at {cpu_after_percent:.0f} % CPU; while one of them is lost, at "
        "{cpu_lost_percent:.0f} %. {memory_words}",
        effect="The group may shrink to {needed:.0f}; the instance that leaves is terminated by its termination "
        "policy. Its instances' type is changed in launch template {launch_template}, never on the instances.",
        command=(
            "aws autoscaling update-auto-scaling-group --auto-scaling-group-name {resource_id} --min-size {needed:.0f}"
            "{desired_now:raw}",
        ),
        undo=(
            "aws autoscaling update-auto-scaling-group --auto-scaling-group-name {resource_id} "
            "--min-size {min_size:.0f}{desired_before:raw}",
        ),
    ),
    evidence=(
        Fact("CPU of the group", "cpu_p95_percent", "%", "CloudWatch, five-minute averages", "p95"),
        Fact("CPU at the new minimum", "cpu_after_percent", "%", "p99.5 of CPU × instances ÷ {needed:.0f}", "p99.5"),
        Fact("Time at the minimum", "floor_percent", "% of the days looked at", "desired capacity"),
        Fact("Memory of an instance", "memory_percent", "%", "CloudWatch agent, the highest day", "Maximum"),
        Fact("Requests per target in five minutes", "requests_p995", "requests", "CloudWatch", "p99.5"),
    ),
    chart=_charts,
    moves=group_hours,
)
def floor_too_high(
    autoscaling_groups: DataFrame,
    autoscaling_metrics: DataFrame,
    autoscaling_activities: DataFrame,
    ec2_instances: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 14,
    min_floor_percent: float = 95,
    max_cpu_p95_percent: float = 40,
    target_cpu_percent: float = 50,
) -> Verdicts:
    """Auto Scaling group whose minimum is more than its load needs.

    At least 95 % of the time it is as small as it may be, and idle there: its minimum keeps it from shrinking. Two
    instances are kept where its own minimum asks for two, so that a zone may fail. Daily figures rule most groups out;
    the five-minute series of the others decide.
    """
    groups = autoscaling_groups
    members = member_prices(groups, ec2_instances, prices)
    kept, floor = smallest_kept(groups), groups["min_size"]
    mean_cpu = over_days(groups, autoscaling_metrics, CPU, "Average", "mean")
    size = over_days(groups, autoscaling_metrics, DESIRED, "Average", "mean").fillna(groups["desired"])
    measured = _measured(groups, autoscaling_metrics, autoscaling_activities, min_days, target_cpu_percent)
    floor_percent = measured["floor_share"] * 100
    needed = measured["load_needs"].clip(lower=kept, upper=floor)
    saving = (floor - needed) * measured["floor_share"] * members["hourly_usd"] * HOURS_A_MONTH
    memory = memory_percent(groups, autoscaling_metrics)
    above = size.sub(floor).gt(0.5) | floor_percent.lt(min_floor_percent)
    busy = mean_cpu.ge(max_cpu_p95_percent) | measured["cpu_p95"].ge(max_cpu_p95_percent)
    fine: list[Because] = [
        (groups["desired"].eq(0), "It has no instances."),
        (
            floor.le(kept) & floor.notna(),
            "Its minimum is " + _whole(floor) + ": no more than is kept running.",
        ),
        (above, "Above its minimum of " + _whole(floor) + ": the minimum does not hold it."),
        (busy, f"Its CPU is above {max_cpu_p95_percent:.0f} %: it needs its minimum."),
        (needed.ge(floor), "Its load needs its minimum."),
        too_full(memory, floor / needed),
    ]
    conflict = [
        *owned_elsewhere(groups),
        (groups["scheduled_actions"].gt(0), "Its scheduled actions set its minimum: change those."),
    ]
    unknown: list[Because] = [
        policies_unknown(groups),
        (floor.isna(), "Its minimum, which Auto Scaling did not tell."),
        without_price(groups, members),
        (
            groups["age_days"].lt(min_days),
            f"{min_days:.0f} days of it: it was created " + _whole(groups["age_days"]) + " days ago.",
        ),
        (
            mean_cpu.isna() & measured["cpu_p95"].isna(),
            "CPU of the group: CloudWatch has no CPUUtilization by AutoScalingGroupName.",
        ),
        (
            measured["days"].lt(min_days * ENOUGH),
            f"CPU of {min_days:.0f} days by five minutes: CloudWatch has " + _whole(measured["days"]) + " of them.",
        ),
    ]
    decided = any_of(fine, conflict, unknown)
    asked = ~decided & measured["days"].isna()
    unknown.append((measured["days"].isna(), "CPU by five minutes, which is read for groups at their minimum."))
    # Without a policy nothing follows a lower minimum: the desired capacity is set with it.
    unmoved = groups["policies"].fillna("").eq("") & groups["policies_known"]
    return verdicts(
        groups,
        saves=saving,
        fine=fine,
        conflict=conflict,
        insufficient=unknown,
        details=members.join(
            DataFrame(
                {
                    "needed": needed,
                    "memory_percent": memory,
                    "memory_words": memory_words(memory),
                    "risk": memory_risk(memory),
                    "needs": pd.Series("", index=groups.index).mask(asked, NEEDS_SERIES),
                    "floor_percent": floor_percent,
                    "cpu_p95_percent": measured["cpu_p95"],
                    "peak_load_percent": measured["peak_load"],
                    "data_days": measured["days"],
                    "cpu_after_percent": measured["peak_load"] / needed,
                    "cpu_lost_percent": measured["peak_load"] / (needed - 1).clip(lower=1),
                    "requests_p995": quantile(groups, autoscaling_metrics, REQUESTS, "Sum", 0.995),
                    "monthly_cost": floor * members["hourly_usd"] * HOURS_A_MONTH,
                    "desired_now": (" --desired-capacity " + _whole(needed)).where(unmoved, ""),
                    "desired_before": (" --desired-capacity " + _whole(groups["desired"])).where(unmoved, ""),
                }
            )
        ),
    )


def _measured(
    groups: DataFrame, metrics: DataFrame, activities: DataFrame, days: float, target_cpu_percent: float
) -> DataFrame:
    """What the five-minute series of the newest days tell; missing where there are none."""
    names = ("days", "floor_share", "cpu_p95", "peak_load", "load_needs")
    found = DataFrame({name: pd.Series(float("nan"), index=groups.index) for name in names})
    floors = groups["min_size"].to_dict()
    for index, whole in group_loads(groups, metrics, activities):
        looked = whole.last(days)
        if not looked.days:
            continue
        peak = float(np.nanquantile(looked.load, 0.995))
        found.loc[index] = [
            looked.days,
            share_at_floor(looked.desired, floors[index]),
            float(np.nanquantile(looked.cpu, 0.95)),
            peak,
            float(np.ceil(round(peak / target_cpu_percent, 6))),
        ]
    return found


def _whole(values: pd.Series[float]) -> pd.Series[str]:
    return values.round().astype("Int64").astype("str").replace("<NA>", "an unknown number")
