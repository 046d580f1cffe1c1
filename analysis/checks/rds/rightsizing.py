"""`rds.rightsizing`: a database whose load a smaller class would hold with headroom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.checks.rds import ORDERABLE
from analysis.checks.rds.idle_instance import STOPPED
from analysis.commitments.after_discount_usage import database_hours
from analysis.daily_metrics import daily_charts, over_days
from analysis.databases.classes import specification
from analysis.databases.fit import cheapest, holds, io_demand, limits, smaller_classes
from analysis.databases.prices import instance_hour, is_aurora, is_multi
from analysis.databases.recent import too_few, undecided
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Because, Verdicts, verdicts

_GIB = 2.0**30


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"CPU": ("CPUUtilization", "p99.5")}
    name = "Limit of the smaller class"
    return daily_charts(
        rows, tables["rds_metrics"], lines, title="CPU of today's class", unit="% at p99.5", limit=(name, rows["limit"])
    )


@check(
    catalogue="R02",
    groups=(Group.DATABASE, Group.RIGHTSIZING),
    resource="RDS instance",
    action=Action.RIGHTSIZE,
    effort=Effort.MEDIUM,
    risk=Risk.MEDIUM,
    reason="{instance_class} uses {cpu_percent:.0f} % of its CPU at p99.5 and {used_gib:.1f} of {memory_gib:g} GiB",
    source="AWS Compute Optimizer, RDS DB instance recommendations: p99.5 and 20 % headroom",
    words=Words(
        current="{instance_class}",
        proposed="{target}",
        how="${hour_usd:g} an hour for {instance_class} less ${target_usd:g} for {target}, × 730 h. The p99.5 is that "
        "of the busiest of {days:.0f} days; {headroom_percent:.0f} % of the new class stay free.",
        ignores="What a colder cache costs in reads until it is warm.",
        risk="On the busiest day {target} would have had {target_cpu:.0f} % of its CPU in use and {target_free:.0f} % "
        "of its memory free. A database fills memory with its cache: with less of it, more is read from storage.",
        effect="It restarts on the new class in its next maintenance window; with a standby that is a failover of "
        "about a minute, without one some minutes of downtime.{peers}",
        command=(
            ORDERABLE,
            "aws rds modify-db-instance --db-instance-identifier {resource_id} --db-instance-class {target} "
            "--no-apply-immediately",
        ),
        undo=(
            "aws rds modify-db-instance --db-instance-identifier {resource_id} --db-instance-class {instance_class} "
            "--apply-immediately",
        ),
    ),
    evidence=(
        Fact("CPU", "cpu_percent", "%", "CloudWatch CPUUtilization", "p99.5 of the busiest day"),
        Fact("Memory in use", "used_gib", "GiB", "class less the minimum of CloudWatch FreeableMemory", "most"),
        Fact("Connections", "connections", "at a time", "CloudWatch DatabaseConnections", "most"),
        Fact("IOPS", "iops_need", "a second", "CloudWatch ReadIOPS and WriteIOPS", "p99.9 of the busiest days"),
    ),
    chart=_charts,
    moves=database_hours("target", "target_usd"),
)
def rightsizing(
    rds_instances: DataFrame,
    rds_metrics: DataFrame,
    prices: PriceBook,
    *,
    headroom_percent: float = 20.0,
    min_days: float = 14,
    min_monthly_savings: float = 5.0,
) -> Verdicts:
    """RDS instance larger than its load.

    The proposal is the cheapest class of the family, or of the m and r families of its generation, that keeps a share
    of CPU, memory, default connections, and storage traffic free on the busiest day looked at. All instances of a
    cluster are taken as busy as its busiest, because any of them may become the writer.
    """
    current = _measured(rds_instances, rds_metrics, prices)
    pairs = smaller_classes(current, prices)
    held = holds(pairs, current, headroom_percent=headroom_percent)
    best = cheapest(pairs, held).reindex(current.index)
    blind = held.assign(iops=True, throughput=True)
    hopeful = pairs.loc[blind.all(axis=1), "row"]
    saving = (current["hour_usd"] - best["usd"]) * HOURS_A_MONTH

    drained = current["burstable"] & current["credits"].lt(1.0)
    io_known = current[["iops_need", "mib_s_need"]].notna().all(axis=1) | is_aurora(current)
    promising = current.index.to_series().isin(hopeful)
    limit = limits(pairs, held, current.index)
    small = saving.lt(min_monthly_savings)
    why_fine = ("Right size: " + limit + " would not hold in anything cheaper with headroom.").where(
        limit.ne(""), "Right size: nothing cheaper that is known would hold."
    )
    why_fine = why_fine.mask(small, f"A smaller class would save less than {min_monthly_savings:g} dollars a month.")
    version = current["instance_class"] + " with " + current["engine"]
    # Between 80 % of the class now and of the one then lies what the chart's line shows.
    level = (1 - headroom_percent / 100) * 100 * best["vcpu"] / current["vcpu"]
    enough = saving.ge(min_monthly_savings)
    out_of_scope: list[Because] = [
        (current["status"].isin(STOPPED), "Stopped: it has no load to go by."),
        (current["instance_class"].eq("db.serverless"), "Serverless: it follows its load by itself."),
        (drained, "Its burst credits ran out: it needs more CPU than its class gives for good, not less."),
    ]
    unknown: list[Because] = [
        (current["vcpu"].isna(), "What " + current["instance_class"] + " has: costbot does not know that class."),
        too_few(current, rds_metrics, "CPUUtilization", "p99.5", min_days),
        too_few(current, rds_metrics, "FreeableMemory", "Minimum", min_days),
        (
            current["cpu_vcpu"].isna() | current["used_gib"].isna() | current["connections"].isna(),
            "The load of every instance of its cluster, and its connections: CloudWatch has none.",
        ),
        unpriced(current, current["hour_usd"], "of " + version),
        (promising & ~io_known, "Its storage traffic: CloudWatch has no ReadIOPS, WriteIOPS or throughput."),
    ]
    return verdicts(
        current,
        saves=saving.where(enough),
        fine=[*out_of_scope, (undecided(current.index, *unknown) & ~enough, why_fine)],
        insufficient=unknown,
        details=DataFrame(
            {
                "target": best["instance_class"],
                "target_usd": best["usd"],
                "target_cpu": current["cpu_vcpu"] / best["vcpu"] * 100,
                "target_free": (1 - current["used_gib"] / best["memory_gib"]) * 100,
                "limit": level,
                "monthly_cost": current["hour_usd"] * HOURS_A_MONTH,
                "peers": current["cluster_id"]
                .ne("")
                .map({True: " Change all instances of the cluster, one after the other.", False: ""}),
            }
        ),
    )


def _measured(rds_instances: DataFrame, rds_metrics: DataFrame, prices: PriceBook) -> DataFrame:
    """The instances with what their class has, what they need of it, and what they cost."""
    hour = instance_hour(rds_instances, prices)
    spec = specification(rds_instances["instance_class"])
    of = {
        name: over_days(rds_instances, rds_metrics, metric, statistic, how)
        for name, metric, statistic, how in (
            ("cpu_percent", "CPUUtilization", "p99.5", "max"),
            ("cpu_mean", "CPUUtilization", "Average", "mean"),
            ("free", "FreeableMemory", "Minimum", "min"),
            ("connections", "DatabaseConnections", "Maximum", "max"),
            ("credits", "CPUCreditBalance", "Minimum", "min"),
            ("days", "CPUUtilization", "p99.5", "count"),
        )
    }
    needs = DataFrame(
        {
            "cpu_vcpu": of["cpu_percent"] / 100 * spec["vcpu"],
            "cpu_mean_vcpu": of["cpu_mean"] / 100 * spec["vcpu"],
            "used_gib": spec["memory_gib"] - of["free"] / _GIB,
            "connections": of["connections"],
        }
    )
    together = needs.assign(
        account_id=rds_instances["account_id"],
        region=rds_instances["region"],
        group=rds_instances["cluster_id"].where(rds_instances["cluster_id"].ne(""), rds_instances["resource_id"]),
    )
    busiest = {str(name): _highest(together, str(name)) for name in needs}
    io = io_demand(rds_instances, rds_metrics)
    return rds_instances.join(spec).assign(
        **busiest,
        cpu_percent=of["cpu_percent"],
        credits=of["credits"],
        days=of["days"],
        iops_need=io["iops"],
        mib_s_need=io["mib_s"],
        multi=is_multi(rds_instances),
        hour_usd=hour["usd"],
        list_usd=hour["list_usd"],
        price_source=hour["price_source"],
        price_date=hour["price_date"],
    )


def _highest(needs: DataFrame, name: str) -> Series[float]:
    """The highest need of each cluster; missing where it is not known of all its instances."""
    grouped = needs.groupby(["account_id", "region", "group"])[name]
    complete = grouped.transform("count").eq(grouped.transform("size"))
    return grouped.transform("max").where(complete)
