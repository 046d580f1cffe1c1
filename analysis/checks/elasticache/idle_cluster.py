"""`elasticache.idle_cluster`: a cache that nobody asks anything of and that is paid for by the hour."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import cache_hours
from analysis.daily_metrics import daily_charts, over_days
from analysis.databases.caches import aws_line, busiest, commands, groups
from analysis.databases.prices import node_hour
from analysis.databases.recent import recent, too_few
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Connections": ("CurrConnections", "Maximum")}
    title = "Most connections at a time"
    return daily_charts(rows, tables["elasticache_metrics"], lines, title=title, unit="connections")


@check(
    catalogue="C01",
    groups=(Group.DATABASE, Group.IDLE),
    resource="ElastiCache cluster",
    action=Action.DELETE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="{engine} {node_type} without a command for {min_days:.0f} days",
    source="AWS Compute Optimizer, idle resources: no connections and no commands",
    words=Words(
        current="{node_type}",
        proposed="deleted",
        how="{all_nodes:g} × ${hour_usd:g} an hour × 730 h.",
        ignores="Its backups, which go on costing until they are deleted.",
        risk="What it holds is gone with it{backup}. A cache for a yearly sale looks like this in between.",
        effect="The cluster is deleted{with_nodes}.",
        command=("{delete:raw}",),
        undo=("{create:raw}",),
    ),
    evidence=(
        Fact("Connections", "connections", "at a time", "CloudWatch CurrConnections", "most of all days"),
        Fact("Commands", "commands", "in all", "CloudWatch GetTypeCmds, SetTypeCmds (CmdGet, CmdSet)", "sum"),
    ),
    chart=_charts,
    moves=cache_hours(),
)
def idle_cluster(
    elasticache_clusters: DataFrame,
    elasticache_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 14,
    max_own_connections: float = 4,
) -> Verdicts:
    """Cache cluster without commands.

    ElastiCache keeps two to four connections of its own: up to that many, and no command read or written, is nobody. No
    connection at all is nobody too. A replication group is looked at as a whole, and told at its first node.
    """
    members = groups(elasticache_clusters)
    lately = recent(elasticache_metrics, min_days)
    price = node_hour(elasticache_clusters, prices)
    cost = price["usd"] * members["all_nodes"] * HOURS_A_MONTH
    most = over_days(elasticache_clusters, lately, "CurrConnections", "Maximum", "max")
    connections = busiest(elasticache_clusters, members, most)
    asked = busiest(elasticache_clusters, members, commands(elasticache_clusters, lately))
    nobody = connections.eq(0) | (connections.le(max_own_connections) & asked.eq(0))

    number = connections.fillna(0).astype("int64").astype("str")
    several = members["all_nodes"].gt(1)
    return verdicts(
        elasticache_clusters,
        saves=cost.where(nobody),
        fine=[
            (elasticache_clusters["status"].isin(["creating", "deleting"]), "It is being created or deleted."),
            (connections.gt(max_own_connections), "In use: up to " + number + " connections."),
            (asked.gt(0), "In use: it answers commands."),
            (nobody & ~members["first"], "Counted with " + members["spokesman"] + " of the same replication group."),
        ],
        insufficient=[
            too_few(elasticache_clusters, lately, "CurrConnections", "Maximum", min_days),
            (connections.isna(), "The connections of every node of its group: CloudWatch has none of some."),
            (
                ~nobody,
                "Whether anybody uses its " + number + " connections: CloudWatch has no GetTypeCmds and SetTypeCmds.",
            ),
            unpriced(elasticache_clusters, cost, "of " + elasticache_clusters["node_type"]),
        ],
        details=members[["covers", "all_nodes"]].assign(
            connections=connections,
            commands=asked,
            hour_usd=price["usd"],
            backup=elasticache_clusters["snapshot_days"].gt(0).map({True: ", but for its backups", False: ""}),
            with_nodes=several.map({True: " with all of its nodes", False: ""}),
            delete=aws_line("delete", elasticache_clusters, members),
            create=aws_line(
                "create",
                elasticache_clusters,
                members,
                " --cache-node-type "
                + elasticache_clusters["node_type"].map(shlex.quote)
                + " --engine "
                + elasticache_clusters["engine"].map(shlex.quote)
                + elasticache_clusters["group_id"]
                .ne("")
                .map(
                    {
                        True: " --replication-group-description restored --num-cache-clusters ",
                        False: " --num-cache-nodes ",
                    }
                )
                + members["all_nodes"].fillna(1).astype("int64").astype("str"),
            ),
            monthly_cost=cost,
            price_source=price["price_source"],
            price_date=price["price_date"],
        ),
    )
