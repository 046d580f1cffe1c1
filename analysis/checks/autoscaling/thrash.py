"""`autoscaling.thrash`: a group whose policies launch instances and take them back within the hour, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.models import Series as Line
from analysis.pricing import PriceBook
from analysis.scaling.activity import decisions, launch_minutes, reversals
from analysis.scaling.members import member_prices
from analysis.scaling.scope import owned_elsewhere
from analysis.verdicts import Verdicts, verdicts

_WITHIN_MINUTES = 60.0
_CHART_DAYS = 14
_DAYS_A_MONTH = 730 / 24


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    turned = reversals(decisions(tables["autoscaling_activities"]), within_minutes=_WITHIN_MINUTES)
    charts: list[Chart | None] = []
    for key, read_at in zip(rows[KEY].itertuples(index=False, name=None), rows["read_at"], strict=True):
        own = turned[pd.MultiIndex.from_frame(turned[KEY]).isin([key])]["out_at"].dt.normalize()
        days = pd.date_range(end=read_at.normalize() - timedelta(days=1), periods=_CHART_DAYS)
        counts = own.value_counts().reindex(days, fill_value=0)
        labels = tuple(f"{day:%b} {day.day}" for day in days)
        line = Line("Taken back within the hour", tuple(float(value) for value in counts))
        charts.append(Chart("Scale-outs a day", labels, (line,), unit="scale-outs"))
    return charts


@check(
    catalogue="A02",
    groups=(Group.SCALING,),
    resource="Auto Scaling group",
    action=Action.RIGHTSIZE,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason="Launches instances and takes them back within the hour, {reversals_a_day:.1f} times a day",
    source="Amazon EC2 Auto Scaling User Guide, default instance warmup and scaling cooldowns",
    words=Words(
        current="{reversals:.0f} reversals in {days:.0f} days",
        proposed="a longer warm-up and slower scale-in",
        how="{reversals:.0f} scale-outs of a policy that a policy took back within {within_minutes:.0f} minutes (half "
        "of them within {median_minutes:.0f}), read from the causes of its activities; {instances:.0f} instances, each "
        "of which takes {start_minutes:.1f} minutes to start: about ${start_usd:.2f} a month for starting alone, "
        "${lived_usd:.2f} with the time they ran.",
        ignores="What the starting instances do to the service: cold caches, connections, queues. Whether the "
        "load really asked for them.",
        risk="A slower scale-in keeps instances longer after each peak; a longer warm-up reacts later to the next.",
        effect="The group keeps what it launched until the load has settled.",
        steps="Policies: {policies}. Target tracking: set the default instance warm-up to what an instance needs "
        "(aws autoscaling update-auto-scaling-group --default-instance-warmup SECONDS). Step or simple scaling: widen "
        "the gap between the alarm that adds and the one that removes, and let the latter wait 15 minutes. Its "
        "instances' type and image are changed in launch template {launch_template}.",
    ),
    evidence=(
        Fact("Reversals a day", "reversals_a_day", "a day", "Cause of DescribeScalingActivities", "mean"),
        Fact("Until taken back", "median_minutes", "minutes", "Cause of DescribeScalingActivities", "median"),
        Fact("Start of an instance", "start_minutes", "minutes", "DescribeScalingActivities, start to end", "median"),
    ),
    chart=_charts,
)
def thrash(
    autoscaling_groups: DataFrame,
    autoscaling_activities: DataFrame,
    ec2_instances: DataFrame,
    prices: PriceBook,
    *,
    days: float = 14,
    within_minutes: float = _WITHIN_MINUTES,
    max_reversals_a_day: float = 4,
) -> Verdicts:
    """Auto Scaling group that scales out and in again, many times a day.

    Counted are scale-outs of a policy that a policy takes back within the hour; replacements, instance refreshes,
    schedules and people are no thrash. It says what to change and saves nothing that could be promised.
    """
    groups = autoscaling_groups
    members = member_prices(groups, ec2_instances, prices)
    counted = _counted(groups, autoscaling_activities, days, within_minutes)
    start = _of(groups, launch_minutes(autoscaling_activities))
    a_day = counted["reversals"] / days
    monthly = counted["instances"] / days * _DAYS_A_MONTH * members["hourly_usd"] / 60
    seldom = a_day.le(max_reversals_a_day)
    return verdicts(
        groups,
        saves=pd.Series(float("nan"), index=groups.index),
        fine=(
            seldom & groups["read_at"].notna(),
            "Its policies took back "
            + counted["reversals"].astype("int64").astype("str")
            + f" scale-outs within {within_minutes:.0f} minutes in {days:.0f} days.",
        ),
        conflict=owned_elsewhere(groups),
        insufficient=[
            (groups["read_at"].isna(), "When its activities were read."),
            (groups["age_days"].lt(days), f"{days:.0f} days of its activities: it is younger."),
        ],
        notice=(a_day.gt(max_reversals_a_day), "Its policies work against each other or too fast."),
        details=members.join(
            DataFrame(
                {
                    "reversals": counted["reversals"],
                    "reversals_a_day": a_day,
                    "instances": counted["instances"],
                    "median_minutes": counted["median_minutes"],
                    "start_minutes": start,
                    "start_usd": monthly * start,
                    "lived_usd": monthly * counted["median_minutes"],
                    "monthly_cost": members["hourly_usd"] * groups["desired"] * 730,
                }
            )
        ),
    )


def _counted(groups: DataFrame, activities: DataFrame, days: float, within_minutes: float) -> DataFrame:
    """Reversals of each group in the days before it was read, the instances they launched, and how long they lived."""
    turned = reversals(decisions(activities), within_minutes=within_minutes)
    read_at = groups.set_index(KEY)["read_at"]
    read_at = read_at[~read_at.index.duplicated()]
    since = read_at.reindex(pd.MultiIndex.from_frame(turned[KEY])).to_numpy() - pd.Timedelta(days=days)
    recent = turned[turned["out_at"].to_numpy() >= since]
    by_group = recent.groupby(KEY)
    return DataFrame(
        {
            "reversals": _of(groups, by_group.size().astype("float64")).fillna(0.0),
            "instances": _of(groups, by_group["instances"].sum()).fillna(0.0),
            "median_minutes": _of(groups, by_group["minutes"].median()),
        }
    )


def _of(groups: DataFrame, values: Series[float]) -> Series[float]:
    found = values.reindex(pd.MultiIndex.from_frame(groups[KEY])).to_numpy(dtype="float64")
    return pd.Series(found, index=groups.index)
