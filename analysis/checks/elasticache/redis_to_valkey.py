"""`elasticache.redis_to_valkey`: Redis OSS nodes, which Valkey runs in the place of for a fifth less."""

from __future__ import annotations

import shlex

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import cache_hours
from analysis.databases.caches import aws_line, groups
from analysis.databases.prices import list_node_hour, node_hour
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

_FIRST, _LAST = 5.0, 7.9
_VALKEY = "8.0"


@check(
    catalogue="C03",
    groups=(Group.DATABASE,),
    resource="ElastiCache cluster",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason="Redis OSS {engine_version} on {node_type}: Valkey costs less on the same node",
    source="AWS, Amazon ElastiCache pricing: nodes of Valkey cost 20 % less than those of Redis OSS",
    words=Words(
        current="redis {engine_version}",
        proposed="valkey " + _VALKEY,
        how="{all_nodes:g} × (${hour_usd:g} an hour less ${valkey_usd:g}) × 730 h; {basis}.",
        ignores="The surcharge of extended support for versions 4 and 5.",
        risk="Valkey speaks the protocol of Redis OSS 7.2, and clients need no change; modules and what reads the name "
        "of the engine may. From versions below 5.0.6 connections break for up to a minute.",
        effect="Its nodes are replaced one by one by Valkey on the same node type; the endpoint stays.",
        command=("{change:raw}",),
        undo=(),
    ),
    evidence=(Fact("Nodes", "all_nodes", "nodes", "ElastiCache DescribeCacheClusters"),),
    moves=cache_hours(then_price="valkey_usd", engine="valkey"),
)
def redis_to_valkey(
    elasticache_clusters: DataFrame, prices: PriceBook, *, valkey_discount_percent: float = 20.0
) -> Verdicts:
    """Redis OSS cluster that Valkey would run for less.

    Where AWS's list has the price of the Valkey node, it counts; else the discount that AWS publishes for nodes. A
    replication group is changed as a whole, and told at its first node.
    """
    members = groups(elasticache_clusters)
    engine, types = elasticache_clusters["engine"], elasticache_clusters["node_type"]
    version = elasticache_clusters["engine_version"].str.extract(r"^(\d+(?:\.\d+)?)", expand=False).astype("float64")
    hour = node_hour(elasticache_clusters, prices)
    # The list's own ratio, on what is paid now.
    redis = list_node_hour(elasticache_clusters, prices, types, engine)["usd"]
    valkey = list_node_hour(elasticache_clusters, prices, types, engine.where(engine.ne("redis"), "valkey"))["usd"]
    ratio = (valkey / redis).where(valkey.lt(redis))
    instead = hour["usd"] * ratio.fillna(1 - valkey_discount_percent / 100)
    saving = (hour["usd"] - instead) * members["all_nodes"] * HOURS_A_MONTH

    custom = ~elasticache_clusters["parameter_group"].str.startswith("default.") & elasticache_clusters[
        "parameter_group"
    ].ne("")
    group = elasticache_clusters["group_id"].ne("")
    change = " --engine valkey --engine-version " + _VALKEY + " --apply-immediately"
    # A single node has to become a replication group before its engine can be changed.
    id_ = members["group"].map(shlex.quote)
    first = (
        "aws elasticache create-replication-group --replication-group-id "
        + id_
        + " --replication-group-description valkey --primary-cluster-id "
        + id_
        + " --region "
        + elasticache_clusters["region"]
        + " && \\\naws elasticache wait replication-group-available --replication-group-id "
        + id_
        + " --region "
        + elasticache_clusters["region"]
        + " && \\\naws elasticache modify-replication-group --replication-group-id "
        + id_
        + change
        + " --region "
        + elasticache_clusters["region"]
    )
    return verdicts(
        elasticache_clusters,
        saves=saving.where(engine.eq("redis") & version.between(_FIRST, _LAST)),
        fine=[
            (engine.isin(["valkey", "memcached"]), "It runs " + engine + "."),
            (elasticache_clusters["status"].isin(["creating", "deleting"]), "It is being created or deleted."),
            (
                engine.eq("redis") & version.lt(_FIRST),
                "Redis OSS " + elasticache_clusters["engine_version"] + ": upgrade it to 5.0.6 first.",
            ),
            (~members["first"], "Counted with " + members["spokesman"] + " of the same replication group."),
        ],
        conflict=(
            custom,
            "Its parameter group "
            + elasticache_clusters["parameter_group"]
            + " is of Redis OSS: make one of Valkey with "
            "the same settings first.",
        ),
        insufficient=[
            (~version.between(_FIRST, _LAST), "Which version of Redis OSS it runs: costbot does not know it."),
            unpriced(elasticache_clusters, hour["usd"], "of " + types),
        ],
        details=members[["covers", "all_nodes"]].assign(
            hour_usd=hour["usd"],
            valkey_usd=instead.round(6),
            basis=ratio.notna().map(
                {
                    True: "AWS's list has both prices",
                    False: f"AWS sells Valkey nodes for {valkey_discount_percent:g} % less than Redis OSS",
                }
            ),
            change=first.where(~group, aws_line("modify", elasticache_clusters, members, change)),
            monthly_cost=hour["usd"] * members["all_nodes"] * HOURS_A_MONTH,
            price_source=hour["price_source"],
            price_date=hour["price_date"],
        ),
    )
