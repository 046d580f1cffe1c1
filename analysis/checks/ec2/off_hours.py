"""`ec2.off_hours`: an instance outside production that nobody uses at night and at weekends, by its own hours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import instance_hours
from analysis.daily_metrics import HOUR_S, KEY, over_days
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing.counterpart import price_unknown, with_price
from analysis.rightsizing.demand import Metric
from analysis.verdicts import Verdicts, verdicts

#: Hourly CPU and network, of the instances that might be switched off.
NEEDS_HOURS = "hours"
WEEKS = 4
SLOTS = 168
_DAYS, _HOURS = 7, 24
_MB = 1e6
#: What the tag of the environment says where nobody outside the company waits for an answer.
NON_PROD = frozenset(
    {"dev", "development", "test", "testing", "qa", "stage", "staging", "sandbox", "demo", "uat", "nonprod", "non-prod"}
)
Flags = NDArray[np.bool_]
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@check(
    catalogue="E11",
    groups=(Group.SCALING, Group.IDLE),
    resource="EC2 instance",
    action=Action.STOP,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{env} instance idle in {off_slots:.0f} of the week's 168 hours, in {stable_weeks:.0f} of 4 weeks at least",
    source="AWS, Instance Scheduler on AWS",
    words=Words(
        current="always on, {instance_type}",
        proposed="on {schedule} UTC",
        how="{off_slots:.0f} of 168 hours a week off, 730 h × {off_share:.1%} × ${hourly_usd:.4f} an hour.",
        ignores="Its volumes, which are billed on.",
        risk="Who works late finds it stopped and has to start it; jobs of the night do not run.",
        effect="It stops and starts by the clock, and keeps its volumes.{address}",
        steps="1. Give {resource_id} a tag such as Schedule={schedule_name}. 2. Have Instance Scheduler on AWS, or two "
        "schedules of EventBridge Scheduler (StopInstances and StartInstances), keep it on {schedule} UTC only. 3. "
        "Tell {env_people} how to start it by hand. The way back is to remove the schedule.",
    ),
    evidence=(
        Fact("Idle hours", "idle_slots", "of the week's 168", "CloudWatch CPUUtilization and NetworkIn/Out, hourly"),
        Fact("CPU in idle hours", "idle_cpu_percent", "% at most", "CloudWatch CPUUtilization", "highest"),
    ),
    moves=instance_hours(slots="off"),
)
def off_hours(
    ec2_instances: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    max_cpu_percent: float = 5.0,
    max_network_mb_an_hour: float = 50.0,
    min_off_hours: float = 50.0,
    min_weeks: int = 3,
    min_age_days: float = 28.0,
) -> Verdicts:
    """Instance outside production that is idle by the clock.

    Every hour of the week is one of 168 slots. A slot is idle where in at least `min_weeks` of four weeks the highest
    CPU stayed below `max_cpu_percent` and less than `max_network_mb_an_hour` went in and out. The schedule is one
    stretch a day, from the first to the last hour of use, so that it can be kept: hours idle within it are not counted.
    Hourly figures are asked for where the days leave room for idle hours.
    """
    current = with_price(ec2_instances, prices)
    matrix = _idle_weeks(current, ec2_metrics, max_cpu_percent, max_network_mb_an_hour)
    weeks, cpu = matrix
    known = pd.Series(~np.isnan(weeks).any(axis=1), index=current.index)
    idle: Flags = np.asarray(np.nan_to_num(weeks) >= min_weeks)
    off = _off_slots(idle)
    index = current.index
    off_slots = pd.Series(off.sum(axis=1).astype("float64"), index=index).where(known)
    idle_slots = pd.Series(idle.sum(axis=1).astype("float64"), index=index).where(known)
    cost = current["hourly_usd"] * HOURS_A_MONTH
    non_prod = current["env"].isin(NON_PROD)
    group = current["asg_name"].fillna("")
    quiet = over_days(current, ec2_metrics, Metric.CPU.value, "Maximum", "min")
    idle_cpu = pd.Series(
        [row[mask].max() if mask.any() else np.nan for row, mask in zip(cpu, off, strict=True)], index=index
    )
    stable = pd.Series(
        [row[mask].min() if mask.any() else np.nan for row, mask in zip(weeks, off, strict=True)], index=index
    )
    young = current["age_days"].isna() | current["age_days"].lt(min_age_days)
    in_scope = current["state"].eq("running") & non_prod & group.eq("") & ~current["ignored"] & ~young
    asking = in_scope & current["hourly_usd"].notna() & ~known & quiet.notna()
    words = [_schedule(row) for row in off]
    return verdicts(
        current,
        saves=(cost * off_slots / SLOTS).where(off_slots.ge(min_off_hours) & off_slots.lt(SLOTS)),
        fine=[
            (current["ignored"], "Left alone by its tag costbot:ignore."),
            (current["state"].ne("running"), "Not running."),
            (current["env"].ne("") & ~non_prod, "Its environment is " + current["env"] + ": not switched off."),
            (off_slots.eq(SLOTS), "Idle all week: ec2.idle_instance looks at it."),
            (
                off_slots.lt(min_off_hours),
                "In use: only " + off_slots.fillna(0).astype("int64").astype("str") + " hours of the week are idle.",
            ),
        ],
        conflict=(group.ne(""), "In Auto Scaling group " + group + ": a schedule of the group does it."),
        insufficient=[
            (current["env"].eq(""), "Its environment: a tag env, environment or stage that says dev or prod."),
            (young, f"{min_age_days:.0f} days of metrics since its last start; it is looked at again then."),
            price_unknown(current),
            (off_slots.isna(), "Hour by hour: CPUUtilization, NetworkIn and NetworkOut of four weeks."),
        ],
        details=DataFrame(
            {
                "off_slots": off_slots,
                "off_share": off_slots / SLOTS,
                "off": ["".join("01"[hour] for hour in row) for row in off.astype("int64").tolist()],
                "idle_slots": idle_slots,
                "idle_cpu_percent": idle_cpu,
                "stable_weeks": stable,
                "schedule": words,
                "schedule_name": "office-hours",
                "env_people": current["owner"].mask(current["owner"].eq(""), "its users"),
                "monthly_cost": cost,
                "address": current["public_ip_changes"].map(
                    {True: " Its public IP address changes with every start.", False: ""}
                ),
                "needs": pd.Series("", index=index, dtype="str").mask(asking, NEEDS_HOURS),
            },
            index=index,
        ),
    )


def _idle_weeks(
    instances: DataFrame, ec2_metrics: DataFrame, max_cpu: float, max_mb: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per instance and slot of the week (Monday 00:00 UTC first): in how many weeks it was idle, and the highest CPU.

    NaN where one week of a slot or more is not known: what is not measured is not idle.
    """
    shape = (len(instances), SLOTS)
    weeks, highest = np.full(shape, np.nan), np.full(shape, np.nan)
    hourly = ec2_metrics[ec2_metrics["period_s"].eq(HOUR_S)]
    if hourly.empty or instances.empty:
        return weeks, highest
    cpu = _per_hour(hourly, (Metric.CPU,), "Maximum")
    network = _per_hour(hourly, (Metric.NETWORK_IN, Metric.NETWORK_OUT), "Sum") / _MB
    both = pd.concat([cpu.rename("cpu"), network.rename("mb")], axis=1).dropna().reset_index()
    both["slot"] = both["time"].dt.day_of_week * _HOURS + both["time"].dt.hour
    both["idle"] = both["cpu"].lt(max_cpu) & both["mb"].lt(max_mb)
    of_slot = both.groupby([*KEY, "slot"]).agg(idle=("idle", "sum"), count=("idle", "size"), cpu=("cpu", "max"))
    keys = pd.MultiIndex.from_frame(instances[KEY])
    for name, target in (("idle", weeks), ("cpu", highest)):
        wide = of_slot[name].where(of_slot["count"].ge(WEEKS)).unstack("slot").reindex(columns=range(SLOTS))
        target[:] = wide.reindex(keys).to_numpy(dtype="float64")
    return weeks, highest


def _per_hour(hourly: DataFrame, metrics: tuple[Metric, ...], statistic: str) -> Series[Any]:
    """The metrics added up at each hour; hours at which one is missing are left out."""
    rows = hourly[hourly["metric"].isin([m.value for m in metrics]) & hourly["statistic"].eq(statistic)]
    summed = rows.groupby([*KEY, "time"])["value"].agg(["sum", "count"])
    return summed.loc[summed["count"].eq(len(metrics)), "sum"]


def _off_slots(idle: Flags) -> Flags:
    """The hours outside of each day's stretch of use."""
    busy = ~idle.reshape(-1, _DAYS, _HOURS)
    started = np.maximum.accumulate(busy, axis=2)
    not_over = np.maximum.accumulate(busy[:, :, ::-1], axis=2)[:, :, ::-1]
    result: Flags = ~(started & not_over).reshape(-1, SLOTS)
    return result


def _schedule(off: Flags) -> str:
    """`Mon–Fri 6–21, Sat 8–12`; days that are alike and next to each other are one."""
    stretches: list[tuple[int, int] | None] = []
    for of_day in (~off).reshape(_DAYS, _HOURS):
        hours = np.flatnonzero(of_day)
        stretches.append((int(hours[0]), int(hours[-1]) + 1) if len(hours) else None)
    parts, first = [], 0
    for day in range(1, _DAYS + 1):
        if day < _DAYS and stretches[day] == stretches[first]:
            continue
        stretch = stretches[first]
        if stretch is not None:
            days = _NAMES[first] if day - 1 == first else f"{_NAMES[first]}–{_NAMES[day - 1]}"
            parts.append(f"{days} {stretch[0]}–{stretch[1]}")
        first = day
    return ", ".join(parts) or "never"
