"""`autoscaling.scheduled_fit`: a group that nothing scales, whose load comes at the same hours every week."""

from __future__ import annotations

import json
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
from analysis.scaling.policy import Replay, scheduled
from analysis.scaling.proposal import compared
from analysis.scaling.schedule import Bounds, actions, plan, predictability, unseen_plan, weekly_load
from analysis.scaling.scope import (
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

#: A size is launched so long before its hour.
_LEAD_MINUTES = 10
#: AWS takes as many in one call.
_MOST_ACTIONS = 50


@check(
    catalogue="A04",
    groups=(Group.SCALING, Group.RIGHTSIZING),
    resource="Auto Scaling group",
    action=Action.SCALE_IN,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Always {desired:.0f} × {types}, though other weeks tell {r2_percent:.0f} % of how its load moves in a week",
    source="Amazon EC2 Auto Scaling User Guide, scheduled scaling",
    words=Words(
        current="{desired:.0f} instances at all hours",
        proposed="{action_count:.0f} scheduled actions, {smallest:.0f} to {largest:.0f} instances",
        how="A plan of the highest load of each hour, on working days and weekends, at {target_cpu_percent:.0f} % CPU; "
        "each week tried with a plan of the others: {hours_before:.0f} → {hours_after:.0f} instance hours a month × "
        "${hourly_usd:g}, from {days:.0f} days of five-minute load. Minutes with full instances (above 90 %) in "
        "these days: {full_before:.0f} → {full_after:.0f}. Each size is launched ten minutes before its hour.",
        ignores="Connections and queues; holidays and campaigns; changes of the clock, since the plan is in UTC.",
        risk="A day unlike the recorded ones meets too few instances: a target tracking policy beside the schedule "
        "takes care of that. Instances come and go, so the service must start from launch template "
        "{launch_template} by itself. {memory_words}",
        effect="The group's minimum and desired capacity follow the hours. Its instances' type is changed in the "
        "launch template, never on the instances.",
        command=(
            "aws autoscaling batch-put-scheduled-update-group-action --auto-scaling-group-name {resource_id} "
            "--scheduled-update-group-actions {actions}",
        ),
        undo=(
            "aws autoscaling batch-delete-scheduled-action --auto-scaling-group-name {resource_id} "
            "--scheduled-action-names {action_names:raw}",
            "aws autoscaling update-auto-scaling-group --auto-scaling-group-name {resource_id} "
            "--min-size {min_size:.0f} --desired-capacity {desired:.0f}",
        ),
    ),
    evidence=(
        Fact("Told by the other weeks", "r2_percent", "% of the movement", "168 hours of the week, week by week", "R²"),
        Fact("Instance hours a month", "hours_before", "h", "recorded", "sum"),
        Fact("Instance hours a month on the plan", "hours_after", "h", "replayed on weeks it did not know", "sum"),
        Fact("Minutes with full instances", "full_before", "min", "recorded, CPU above 90 %", "sum"),
        Fact("Minutes with full instances on the plan", "full_after", "min", "replayed", "sum"),
    ),
    chart=made_charts,
    moves=group_hours,
)
def scheduled_fit(
    autoscaling_groups: DataFrame,
    autoscaling_metrics: DataFrame,
    autoscaling_activities: DataFrame,
    ec2_instances: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 14,
    min_r2: float = 0.6,
    target_cpu_percent: float = 50,
    max_more_full_minutes: float = 15,
) -> Verdicts:
    """Auto Scaling group whose load a weekly schedule would follow.

    The load of the 168 hours of a week is told by the other weeks, never by itself. Where that explains enough, a plan
    for working days and weekends is tried on weeks it did not know.
    """
    groups = autoscaling_groups
    members = member_prices(groups, ec2_instances, prices)
    kept = smallest_kept(groups)
    upper = groups[["max_size", "desired"]].max(axis=1)

    def planned(group: Mapping[Any, Any], found: GroupLoad) -> tuple[Replay, dict[str, object]]:
        weekly = weekly_load(found.load, found.moments)
        bounds = Bounds(target_cpu_percent, int(group["kept"]), int(group["upper"]))
        made = actions(plan(weekly, bounds), lead_minutes=_LEAD_MINUTES)
        r2 = predictability(weekly)
        unseen = unseen_plan(weekly, found.moments, bounds)
        return scheduled(found.load, unseen, step_s=SERIES_S, lead_s=_LEAD_MINUTES * 60), {
            "r2": r2,
            "weeks": float(weekly.weeks),
            "action_count": float(len(made)),
            "actions": _as_json(made),
            "action_names": " ".join(_name(number) for number in range(len(made))),
        }

    scope = already_scaled(groups)
    mean_cpu = over_days(groups, autoscaling_metrics, CPU, "Average", "mean")
    busy = mean_cpu.ge(target_cpu_percent)
    conflict = owned_elsewhere(groups)
    unscaled = groups.assign(kept=kept, upper=upper)[~(any_of(scope, conflict) | busy)]
    told = compared(
        unscaled,
        autoscaling_metrics,
        autoscaling_activities,
        planned,
        target_percent=target_cpu_percent,
        min_days=min_days,
    ).reindex(groups.index)
    for name in ("r2", "weeks", "action_count"):
        told[name] = told[name].astype("float64") if name in told else float("nan")
    comparable = told["weeks"].ge(2)
    unknown = [
        policies_unknown(groups),
        without_price(groups, members),
        *unmeasured(groups, told["days"], min_days),
        (mean_cpu.isna() & told["days"].isna(), NO_SERIES),
        (told["weeks"].lt(2), "Two weeks of CPU by five minutes, of which one can tell the other."),
    ]
    decided = any_of(scope, conflict, unknown) | busy
    memory = memory_percent(groups, autoscaling_metrics)
    saving = told["saved_hours"] * members["hourly_usd"]
    more_full = told["full_after"] - told["full_before"]
    steady = told["largest"].eq(told["smallest"])
    r2_percent = told["r2"] * 100
    fine = [
        *scope,
        (busy, f"Its mean CPU is above {target_cpu_percent:.0f} %: it is no larger than its load."),
        (told["moved"].eq(True), "Somebody changes its size by hand or from outside: it is not static."),
        (
            comparable & steady,
            "Its load never needs more than " + _whole(kept) + ", at any hour: no schedule helps.",
        ),
        (
            comparable & ~told["r2"].gt(min_r2),
            "Its weeks are not alike: one tells " + _whole(r2_percent.clip(lower=0)) + " % of another.",
        ),
        (
            comparable & more_full.gt(max_more_full_minutes),
            "A schedule would leave its instances full for " + _whole(more_full) + " minutes more than now.",
        ),
        too_full(memory, groups["desired"] / told["smallest"]),
        (comparable & saving.le(0), "A schedule would need as many instance hours as it has."),
    ]
    conflict.append((told["action_count"].gt(_MOST_ACTIONS), "It would need more scheduled actions than a call takes."))
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
                    "r2_percent": r2_percent,
                    "needs": pd.Series("", index=groups.index).mask(~decided & told["days"].isna(), NEEDS_SERIES),
                    "monthly_cost": told["hours_before"] * members["hourly_usd"],
                    "memory_percent": memory,
                    "memory_words": memory_words(memory),
                    "risk": memory_risk(memory),
                }
            )
        ),
    )


def _name(number: int) -> str:
    return f"costbot-{number:02d}"


def _as_json(made: list[tuple[str, int]]) -> str:
    """The actions as the command takes them."""
    shown = [
        {"ScheduledActionName": _name(number), "Recurrence": cron, "MinSize": size, "DesiredCapacity": size}
        for number, (cron, size) in enumerate(made)
    ]
    return json.dumps(shown, separators=(",", ":"))


def _whole(values: Series[float]) -> Series[str]:
    return values.round().astype("Int64").astype("str")
