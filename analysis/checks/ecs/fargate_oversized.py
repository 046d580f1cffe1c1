"""`ecs.fargate_oversized`: a Fargate service whose tasks have more CPU or memory than they ever use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import task_hours
from analysis.daily_metrics import KEY, daily_charts, over_days
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.scaling.fargate import cheapest_size, task_hour
from analysis.verdicts import Because, Verdicts, verdicts

#: The second round: sizes of the tasks, which take a call per task definition.
NEEDS_TASK_SIZE = "task_size"

_CPU, _MEMORY = "CPUUtilization", "MemoryUtilization"
_SAMPLES_A_DAY = 1440


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"CPU, highest": (_CPU, "Maximum"), "CPU, p99.5": (_CPU, "p99.5"), "Memory, highest": (_MEMORY, "Maximum")}
    return daily_charts(rows, tables["ecs_metrics"], lines, title="Use of what the tasks have", unit="%")


@check(
    catalogue="A05",
    groups=(Group.RIGHTSIZING, Group.SCALING),
    resource="Fargate service",
    action=Action.RIGHTSIZE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Its tasks use {cpu_percent:.0f} % of {vcpu:g} vCPU (p99.5) and {memory_percent:.0f} % of "
    "{memory_gib:g} GiB at most",
    source="AWS Compute Optimizer, ECS services on Fargate: p99.5 and 20 % headroom",
    words=Words(
        current="{vcpu:g} vCPU, {memory_gib:g} GiB",
        proposed="{new_vcpu:g} vCPU, {new_memory_gib:g} GiB",
        how="{tasks:.1f} tasks (mean of {days:.0f} days) × 730 h × (${hour_usd:.5f} − ${new_hour_usd:.5f}) an hour; "
        "the cheapest size that Fargate takes and that keeps {headroom_percent:.0f} % of CPU and memory free.",
        ignores="Ephemeral storage, which does not change; peaks shorter than a minute.",
        risk="A task that needs more memory than it has is killed; p99.5 of CPU is the highest of the days, so moments "
        "above it wait. Limits of single containers must fit the new size.",
        effect="New tasks of the smaller size replace the running ones, as in any deployment. The command needs jq; a "
        "task definition that is kept as code is changed there.",
        command=(
            "definition=$(aws ecs describe-task-definition --task-definition {task_definition} --query taskDefinition "
            '--output json --region {region} | jq \'.cpu="{new_cpu_units:.0f}" | .memory="{new_memory_mib:.0f}" | '
            "del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, "
            ".registeredBy)')",
            'revision=$(aws ecs register-task-definition --cli-input-json "$definition" '
            "--query taskDefinition.taskDefinitionArn --output text --region {region})",
            'aws ecs update-service --cluster {cluster} --service {service} --task-definition "$revision"',
        ),
        undo=("aws ecs update-service --cluster {cluster} --service {service} --task-definition {task_definition}",),
    ),
    evidence=(
        Fact("CPU", "cpu_percent", "% of the task", "CloudWatch, the highest day", "p99.5"),
        Fact("Memory", "memory_percent", "% of the task", "CloudWatch, the highest day", "Maximum"),
        Fact("Tasks", "tasks", "running", "CloudWatch, samples of CPUUtilization", "mean"),
    ),
    chart=_charts,
    moves=task_hours,
)
def fargate_oversized(
    ecs_services: DataFrame,
    ecs_metrics: DataFrame,
    ecs_task_sizes: DataFrame,
    prices: PriceBook,
    *,
    headroom_percent: float = 20.0,
    min_days: float = 14,
    min_data_days: float = 7,
) -> Verdicts:
    """Fargate service whose tasks are larger than their load.

    CPU by the highest daily p99.5, memory by its highest minute, of the days looked at; the proposal is the cheapest
    pair of CPU and memory that Fargate takes and that keeps a fifth of both free. The size of a task is asked for the
    services that leave enough unused.
    """
    services = ecs_services
    measured = _measured(services, ecs_metrics)
    sizes = ecs_task_sizes.drop_duplicates(KEY).set_index(KEY)
    sizes = sizes.reindex(pd.MultiIndex.from_frame(services[KEY])).set_index(services.index)
    vcpu, memory = prices.unit(services, "fargate.vcpu_hour"), prices.unit(services, "fargate.gb_hour")
    plain = sizes["architecture"].eq("X86_64") & sizes["system"].eq("LINUX")
    tasks = measured.join(sizes[["cpu_units", "memory_mib"]]).assign(
        vcpu_usd=vcpu["usd"].where(plain), gb_usd=memory["usd"].where(plain)
    )
    hour = task_hour(tasks)
    best = cheapest_size(tasks, headroom_percent)
    saving = (hour - best["new_hour_usd"]) * measured["tasks"] * HOURS_A_MONTH
    runs_on = services["runs_on"].fillna("")
    free = 100 - headroom_percent
    full = measured["cpu_percent"].gt(free / 2) & measured["memory_percent"].gt(free)
    sized = sizes["cpu_units"].notna() & sizes["memory_mib"].notna()
    kind = sizes["architecture"].astype("object").where(sizes["system"].eq("LINUX"), sizes["system"].astype("object"))
    fine: list[Because] = [
        (~runs_on.str.contains("FARGATE") & runs_on.ne(""), "It runs on " + runs_on + ", not on Fargate."),
        (services["desired"].eq(0) & services["running"].eq(0), "It has no tasks."),
        (full, "Its tasks use what they have: no smaller size keeps " + f"{headroom_percent:.0f} % free."),
        (sized & hour.notna() & best["new_hour_usd"].isna() & _known(measured), "No smaller size holds its load."),
    ]
    conflict: Because = (
        services["scaled"].fillna(False).astype(bool),
        "Application Auto Scaling sets how many tasks run: smaller ones would make it run more of them.",
    )
    unknown: list[Because] = [
        (runs_on.eq(""), "What it runs on, which ECS did not tell."),
        (
            ~services["scaling_known"].fillna(False).astype(bool),
            "Whether it is scaled: allow application-autoscaling:DescribeScalableTargets.",
        ),
        (runs_on.str.contains("SPOT"), "The price of Fargate Spot, which moves."),
        (services["age_days"].lt(min_days), f"{min_days:.0f} days of it: it is younger."),
        (
            ~measured["days"].ge(min_data_days),
            f"CPU and memory of at least {min_data_days:.0f} days: AWS/ECS metrics of CloudWatch have "
            + measured["days"].astype("int64").astype("str")
            + " days.",
        ),
        (~_known(measured), "Memory of its tasks: MemoryUtilization of CloudWatch has no data."),
    ]
    held = pd.concat([holds.fillna(False).astype(bool) for holds, _ in (*fine, conflict, *unknown)], axis=1)
    asked = ~held.any(axis=1) & ~sized
    unknown += [
        (~sized, "CPU and memory of a task: its task definition tells none."),
        unpriced(services, hour, "of Fargate on " + kind.fillna("an unknown system").astype("str")),
    ]
    return verdicts(
        services,
        saves=saving,
        fine=fine,
        conflict=conflict,
        insufficient=unknown,
        details=tasks.join(best).assign(
            needs=pd.Series("", index=services.index).mask(asked, NEEDS_TASK_SIZE),
            vcpu=tasks["cpu_units"] / 1024,
            memory_gib=tasks["memory_mib"] / 1024,
            new_vcpu=best["new_cpu_units"] / 1024,
            new_memory_gib=best["new_memory_mib"] / 1024,
            hour_usd=hour,
            monthly_cost=hour * measured["tasks"] * HOURS_A_MONTH,
            price_source=vcpu["price_source"],
            price_date=vcpu["price_date"],
        ),
    )


def _measured(services: DataFrame, metrics: DataFrame) -> DataFrame:
    """Highest CPU and memory of the days, days that are known, and mean tasks that ran on them."""
    highest = over_days(services, metrics, _CPU, "Maximum", "max")
    days = over_days(services, metrics, _CPU, "SampleCount", "count")
    samples = over_days(services, metrics, _CPU, "SampleCount", "sum")
    return DataFrame(
        {
            "cpu_percent": over_days(services, metrics, _CPU, "p99.5", "max").fillna(highest),
            "memory_percent": over_days(services, metrics, _MEMORY, "Maximum", "max"),
            "days": days,
            "tasks": samples / (days * _SAMPLES_A_DAY),
        }
    )


def _known(measured: DataFrame) -> Series[bool]:
    return measured[["cpu_percent", "memory_percent", "tasks"]].notna().all(axis=1)
