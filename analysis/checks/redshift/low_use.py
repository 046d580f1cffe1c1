"""`redshift.low_use`: a cluster that nobody is connected to, or that is hardly used and never paused."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import node_hours
from analysis.daily_metrics import daily_charts, over_days
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, unpriced
from analysis.verdicts import Verdicts, verdicts


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Connections": ("DatabaseConnections", "Maximum"), "CPU %": ("CPUUtilization", "Average")}
    return daily_charts(rows, tables["redshift_metrics"], lines, title="Use a day", unit="connections, % CPU")


@check(
    catalogue="M03",
    groups=(Group.DATABASE, Group.IDLE),
    resource="Redshift cluster",
    action=Action.STOP,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{nodes:.0f} × {node_type}: {use}",
    source="AWS Trusted Advisor, Underutilized Amazon Redshift Clusters",
    words=Words(
        current="{nodes:.0f} × {node_type}",
        proposed="{would_be}",
        how="{nodes:.0f} node(s) × 730 h × ${hour_usd:g} an hour, as your own bill of the last 30 days shows; {use}.",
        ignores="Storage and snapshots, which are billed while it is paused.",
        risk="Queries and dashboards fail until it is resumed, which takes minutes; a scheduled load may need it.",
        effect="Paused, its nodes are released and no longer billed; data and endpoint stay.",
        command=("{step:raw}",),
        undo=("{back:raw}",),
    ),
    evidence=(
        Fact("Most connections", "connections", "at once", "CloudWatch DatabaseConnections", "Maximum"),
        Fact("Busiest day", "cpu_percent", "% CPU", "CloudWatch CPUUtilization", "daily average"),
    ),
    chart=_charts,
    moves=node_hours,
)
def low_use(
    redshift_clusters: DataFrame,
    redshift_metrics: DataFrame,
    usage_rates: DataFrame,
    *,
    min_days: float = 14,
    most_cpu_percent: float = 10.0,
) -> Verdicts:
    """Redshift cluster with little use and no pause.

    Without a single connection it can be paused for good. With some, but a CPU that stays below `most_cpu_percent`
    every day, it is a notice: a schedule of pauses, fewer nodes or Redshift Serverless may do.
    """
    rows = redshift_clusters
    connections = over_days(rows, redshift_metrics, "DatabaseConnections", "Maximum", "max")
    cpu = over_days(rows, redshift_metrics, "CPUUtilization", "Average", "max")
    days = over_days(rows, redshift_metrics, "DatabaseConnections", "Maximum", "count")
    rate = _rate(rows, usage_rates)
    cost = rate * rows["nodes"] * HOURS_A_MONTH
    idle, quiet = connections.eq(0), cpu.le(most_cpu_percent)
    measured = days.map(lambda count: f"{count:.0f}").astype("str")
    percent = cpu.map(lambda value: "" if pd.isna(value) else f"{value:.0f}").astype("str")
    use = ("at most " + percent + " % of CPU on any of " + measured + " days, and it is never paused").mask(
        idle, "nobody was connected in " + measured + " days"
    )
    return verdicts(
        rows,
        saves=cost.where(idle),
        fine=[
            (rows["status"].ne("") & rows["status"].ne("available"), "It is " + rows["status"] + "."),
            (rows["age_days"].lt(min_days), "It is less than " + f"{min_days:.0f} days old."),
            (days.ge(min_days) & connections.gt(0) & cpu.gt(most_cpu_percent), "It is used: " + percent + " % of CPU."),
        ],
        conflict=(idle & rows["multi_az"], "Nobody is connected, but a cluster in two zones cannot be paused."),
        insufficient=[
            (
                days.lt(min_days) | connections.isna() | cpu.isna(),
                "Use of " + f"{min_days:.0f} days: CloudWatch has no connections or CPU of so many; wait, or allow it.",
            ),
            unpriced(rows, cost.where(idle, 0.0), "of " + rows["node_type"] + " nodes"),
        ],
        notice=(quiet & ~idle, "Hardly used: a schedule of pauses or fewer nodes may do."),
        details=DataFrame(
            {
                "connections": connections,
                "cpu_percent": cpu,
                "use": use,
                "would_be": idle.map({True: "paused", False: "paused by a schedule, or smaller"}),
                "step": _line("pause-cluster", rows).where(idle, _line("describe-clusters", rows)),
                "back": _line("resume-cluster", rows).where(idle, _line("describe-clusters", rows)),
                "hour_usd": rate,
                "monthly_cost": cost,
                "price_source": pd.Series("your own bill, last 30 days", index=rows.index, dtype="str"),
            }
        ),
    )


def _line(verb: str, rows: DataFrame) -> Series[str]:
    """A command on each cluster."""
    quoted = rows["resource_id"].map(shlex.quote)
    return ("aws redshift " + verb + " --cluster-identifier " + quoted).astype("str")


def _rate(rows: DataFrame, usage_rates: DataFrame) -> Series[float]:
    """What an hour of a node of its type cost the account in the region; missing where the bill does not show it."""
    paid = usage_rates.groupby(["account_id", "region", "usage_type"])["usd"].max()
    index = pd.MultiIndex.from_frame(rows[["account_id", "region"]].assign(usage_type="Node:" + rows["node_type"]))
    return pd.Series(paid.reindex(index).to_numpy("float64"), index=rows.index)
