"""`elasticache.rightsizing`: a cache whose data and load a smaller node would hold with headroom."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import cache_hours
from analysis.daily_metrics import daily_charts, over_days
from analysis.databases.caches import aws_line, busiest, groups
from analysis.databases.classes import cache_memory_gib, known_nodes, specification, type_of
from analysis.databases.fit import cheapest, limits
from analysis.databases.prices import list_node_hour, node_hour
from analysis.databases.recent import recent, too_few, undecided
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, size_factor, unpriced
from analysis.rightsizing.catalog import family_of, replacement_group
from analysis.verdicts import Because, Verdicts, verdicts

#: Bytes of a minute to Gbit/s: ElastiCache publishes its traffic by the minute.
_GBPS = 8 / 60 / 1e9
_METRICS = {
    "memory_percent": ("DatabaseMemoryUsagePercentage", "p99.5", "max"),
    "engine_percent": ("EngineCPUUtilization", "p99.5", "max"),
    "cpu_percent": ("CPUUtilization", "p99.5", "max"),
    "cpu_mean": ("CPUUtilization", "Average", "mean"),
    "credits": ("CPUCreditBalance", "Minimum", "min"),
    "evictions": ("Evictions", "Sum", "sum"),
    "in": ("NetworkBytesIn", "Maximum", "max"),
    "out": ("NetworkBytesOut", "Maximum", "max"),
}
_NEEDED = ["memory_percent", "engine_percent", "cpu_percent", "evictions", "in", "out"]


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Memory": ("DatabaseMemoryUsagePercentage", "p99.5")}
    limit = ("Limit of the smaller node", rows["limit"])
    metrics = tables["elasticache_metrics"]
    return daily_charts(rows, metrics, lines, title="Memory of today's node", unit="% at p99.5", limit=limit)


@check(
    catalogue="C02",
    groups=(Group.DATABASE, Group.RIGHTSIZING),
    resource="ElastiCache cluster",
    action=Action.RIGHTSIZE,
    effort=Effort.MEDIUM,
    risk=Risk.MEDIUM,
    reason="{node_type} has {memory_percent:.0f} % of its memory and {cpu_percent:.0f} % of its CPU in use at p99.5",
    source="AWS, best practices of ElastiCache: memory, EngineCPUUtilization and node size",
    words=Words(
        current="{node_type}",
        proposed="{target}",
        how="{all_nodes:g} × (${hour_usd:g} an hour less ${target_usd:g} for {target}) × 730 h. The p99.5 is that of "
        "the busiest day; its data may take {max_memory_percent:.0f} % of the new node.",
        ignores="Seasons longer than the days looked at.",
        risk="Its data would take {target_memory:.0f} % of {target}. A burst beyond that evicts keys. The engine works "
        "on one core, which stays as fast: it was {engine_percent:.0f} % busy.",
        effect="New nodes are filled from the old ones and take over; connections break for some seconds.",
        command=("{change:raw}",),
        undo=("{back:raw}",),
    ),
    evidence=(
        Fact("Memory", "memory_percent", "%", "CloudWatch DatabaseMemoryUsagePercentage", "p99.5 of the busiest day"),
        Fact("Engine CPU", "engine_percent", "%", "CloudWatch EngineCPUUtilization", "p99.5 of the busiest day"),
        Fact("CPU", "cpu_percent", "%", "CloudWatch CPUUtilization", "p99.5 of the busiest day"),
        Fact("Evictions", "evictions", "keys", "CloudWatch Evictions", "sum"),
    ),
    chart=_charts,
    moves=cache_hours("target", "target_usd"),
)
def rightsizing(
    elasticache_clusters: DataFrame,
    elasticache_metrics: DataFrame,
    prices: PriceBook,
    *,
    max_memory_percent: float = 70.0,
    headroom_percent: float = 20.0,
    min_days: float = 14,
    min_monthly_savings: float = 5.0,
) -> Verdicts:
    """Redis or Valkey cache larger than its data and load.

    The proposal is the cheapest node of the family, or of the m and r families of its generation, that holds the data
    at 70 %, and CPU and traffic with headroom. A replication group is changed as a whole, and told at its first node. A
    cache that evicts keys is full, whatever its percentage says.
    """
    members = groups(elasticache_clusters)
    current = _measured(elasticache_clusters, members, recent(elasticache_metrics, min_days), prices)
    pairs = _smaller(current, prices)
    held = _holds(pairs, current, max_memory_percent=max_memory_percent, headroom_percent=headroom_percent)
    best = cheapest(pairs, held).reindex(current.index)
    saving = (current["hour_usd"] - best["usd"]) * members["all_nodes"] * HOURS_A_MONTH
    enough = saving.ge(min_monthly_savings)

    limit = limits(pairs, held, current.index)
    why_fine = ("Right size: " + limit + " would not hold in anything cheaper with headroom.").where(
        limit.ne(""), "Right size: nothing cheaper that is known would hold."
    )
    why_fine = why_fine.mask(
        saving.lt(min_monthly_savings), f"A smaller node would save less than {min_monthly_savings:g} dollars a month."
    )
    out_of_scope: list[Because] = [
        (current["status"].isin(["creating", "deleting"]), "It is being created or deleted."),
        (current["evictions"].gt(0), "It evicts keys: its memory is full."),
        (current["burstable"] & current["credits"].lt(1.0), "Its burst credits ran out: it needs more CPU, not less."),
        (enough & ~members["first"], "Counted with " + members["spokesman"] + " of the same replication group."),
    ]
    unknown: list[Because] = [
        (current["engine"].eq("memcached"), "Its memory in use: Memcached publishes none that costbot can compare."),
        (
            current["node_gib"].isna() | current["vcpu"].isna(),
            "What " + current["node_type"] + " has: costbot does not know that node.",
        ),
        too_few(current, recent(elasticache_metrics, min_days), "DatabaseMemoryUsagePercentage", "p99.5", min_days),
        (current[_NEEDED].isna().any(axis=1), "The load of every node of its group: CloudWatch has none of some."),
        unpriced(current, current["hour_usd"], "of " + current["node_type"]),
    ]
    typed = " --cache-node-type "
    return verdicts(
        current,
        saves=saving.where(enough),
        fine=[*out_of_scope, (undecided(current.index, *unknown) & ~enough, why_fine)],
        insufficient=unknown,
        details=members[["covers", "all_nodes"]].assign(
            target=best["node_type"],
            target_usd=best["usd"],
            target_memory=current["memory_percent"] * current["node_gib"] / best["memory_gib"],
            limit=max_memory_percent * best["memory_gib"] / current["node_gib"],
            change=aws_line(
                "modify",
                current,
                members,
                typed + best["node_type"].fillna("").map(shlex.quote) + " --apply-immediately",
            ),
            back=aws_line(
                "modify", current, members, typed + current["node_type"].map(shlex.quote) + " --apply-immediately"
            ),
            monthly_cost=current["hour_usd"] * members["all_nodes"] * HOURS_A_MONTH,
        ),
    )


def _measured(clusters: DataFrame, members: DataFrame, lately: DataFrame, prices: PriceBook) -> DataFrame:
    """The clusters with their node's specification, the load of the busiest of their group, and their price."""
    load = {
        name: busiest(clusters, members, over_days(clusters, lately, metric, statistic, how))
        for name, (metric, statistic, how) in _METRICS.items()
    }
    hour = node_hour(clusters, prices)
    listed = list_node_hour(clusters, prices, clusters["node_type"], clusters["engine"])
    return clusters.join(specification(clusters["node_type"])).assign(
        **load,
        node_gib=cache_memory_gib(clusters["node_type"]),
        hour_usd=hour["usd"],
        list_usd=listed["usd"],
        price_source=hour["price_source"],
        price_date=hour["price_date"],
    )


def _smaller(current: DataFrame, prices: PriceBook) -> DataFrame:
    """One row per cluster and cheaper node: `row` is the cluster's index, `usd` what it would cost instead."""
    nodes = DataFrame({"node_type": known_nodes()}, dtype="str")
    nodes = nodes.assign(
        group=replacement_group(type_of(nodes["node_type"])),
        memory_gib=cache_memory_gib(nodes["node_type"]),
    )
    kept = ["account_id", "region", "engine", "hour_usd", "list_usd"]
    now = type_of(current["node_type"])
    left = current[kept].assign(row=current.index, type_now=now, group=replacement_group(now))
    pairs = left.merge(nodes, on="group")
    machine = type_of(pairs["node_type"])
    listed = list_node_hour(pairs, prices, pairs["node_type"], pairs["engine"])["usd"]
    scaled = pairs["hour_usd"] * size_factor(machine) / size_factor(pairs["type_now"])
    scaled = scaled.where(family_of(machine).eq(family_of(pairs["type_now"])))
    pairs["usd"] = (listed * pairs["hour_usd"] / pairs["list_usd"]).fillna(scaled)
    pairs = pairs[pairs["usd"].lt(pairs["hour_usd"] - 1e-9)].reset_index(drop=True)
    spec = specification(pairs["node_type"]).drop(columns="memory_gib")
    return pairs.join(spec)


def _holds(pairs: DataFrame, current: DataFrame, *, max_memory_percent: float, headroom_percent: float) -> DataFrame:
    """Whether each node holds each need, on the index of `pairs`."""
    share = 1 - headroom_percent / 100
    need = current.loc[pairs["row"]].set_axis(pairs.index)
    vcpu = need["cpu_percent"] / 100 * need["vcpu"]
    mean = need["cpu_mean"] / 100 * need["vcpu"]
    traffic = (need["in"] + need["out"]) * _GBPS
    within = mean.le(share * pairs["sustained_vcpu"]) | ~pairs["burstable"].astype(bool)
    no_slower = pairs["network_baseline_gbps"].ge(need["network_baseline_gbps"])
    return DataFrame(
        {
            "cpu": vcpu.le(share * pairs["vcpu"]) & need["engine_percent"].le(share * 100) & within,
            "memory": (need["memory_percent"] * need["node_gib"]).le(max_memory_percent * pairs["memory_gib"]),
            "network": traffic.le(share * pairs["network_baseline_gbps"]) | (no_slower & traffic.notna()),
        },
        index=pd.Index(pairs.index),
    )
