"""`rds.idle_replica`: a read replica that nobody reads from."""

from __future__ import annotations

import shlex

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.checks.rds.idle_instance import STOPPED, charts
from analysis.commitments.after_discount_usage import database_hours
from analysis.daily_metrics import over_days
from analysis.databases.prices import instance_hour, is_aurora, storage_month
from analysis.databases.recent import recent, too_few
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="R11",
    groups=(Group.DATABASE, Group.IDLE),
    resource="RDS read replica",
    action=Action.DELETE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="Replica {instance_class} of {of} without a connection for {min_days:.0f} days",
    source="AWS Trusted Advisor, Amazon RDS Idle DB Instances, applied to read replicas",
    words=Words(
        current="{instance_class} replica",
        proposed="deleted",
        how="730 h × ${hour_usd:g} an hour{and_storage}.",
        ignores="Traffic between regions that it causes where its source is in another one.",
        risk="It may be kept to take over when its source fails, or for a report once a quarter; its data is that of "
        "its source, so nothing is lost with it. Readers that come back need a new replica first, which takes hours.",
        effect="The replica is deleted; its source goes on.",
        command=("aws rds delete-db-instance --db-instance-identifier {resource_id} --skip-final-snapshot",),
        undo=("aws rds {create:raw}",),
    ),
    evidence=(
        Fact("Connections", "connections", "at a time", "CloudWatch DatabaseConnections", "most of all days"),
        Fact("CPU", "cpu_percent", "%", "CloudWatch CPUUtilization", "p99.5 of the busiest day"),
    ),
    chart=charts,
    moves=database_hours(),
)
def idle_replica(
    rds_instances: DataFrame, rds_metrics: DataFrame, prices: PriceBook, *, min_days: float = 14
) -> Verdicts:
    """Read replica, or reader of an Aurora cluster, without connections.

    Replication itself is no connection. The only reader of a cluster is what takes over when its writer fails: it is
    left to a person.
    """
    lately = recent(rds_metrics, min_days)
    hour = instance_hour(rds_instances, prices)
    aurora = is_aurora(rds_instances)
    storage = storage_month(rds_instances, prices).mask(aurora, 0.0)
    cost = hour["usd"] * HOURS_A_MONTH + storage
    connections = over_days(rds_instances, lately, "DatabaseConnections", "Maximum", "max")

    cluster, feeds = rds_instances["cluster_id"], rds_instances["replica_ids"]
    reader = cluster.ne("") & aurora & ~rds_instances["is_writer"] & rds_instances["cluster_members"].gt(0)
    replica = rds_instances["source_id"].ne("") & ~aurora
    unclear = cluster.ne("") & rds_instances["cluster_members"].eq(0)
    most = connections.fillna(0).astype("int64").astype("str")
    source = rds_instances["source_id"].where(replica, "cluster " + cluster)
    id_ = rds_instances["resource_id"].map(shlex.quote)
    as_replica = "create-db-instance-read-replica --db-instance-identifier " + id_ + " --source-db-instance-identifier "
    as_reader = (
        "create-db-instance --db-instance-identifier " + id_ + " --db-cluster-identifier " + cluster.map(shlex.quote)
    )
    return verdicts(
        rds_instances,
        saves=cost.where(connections.eq(0) & (reader | replica)),
        fine=[
            (~reader & ~replica & ~unclear & rds_instances["engine"].ne(""), "It is no replica."),
            (rds_instances["status"].isin(STOPPED), "Stopped: it pays for storage only, until RDS starts it again."),
            (connections.gt(0), "In use: up to " + most + f" connections in the last {min_days:.0f} days."),
        ],
        conflict=[
            (feeds.ne(""), "It feeds the read replicas " + feeds + "."),
            (
                reader & rds_instances["cluster_members"].le(2),
                "The only reader of cluster " + cluster + ": it takes over when the writer fails.",
            ),
        ],
        insufficient=[
            (unclear | rds_instances["engine"].eq(""), "What it is in its cluster: RDS does not tell the members."),
            too_few(rds_instances, lately, "DatabaseConnections", "Maximum", min_days),
            unpriced(rds_instances, cost, "of " + rds_instances["instance_class"] + " with " + rds_instances["engine"]),
        ],
        details=DataFrame(
            {
                "of": source,
                "connections": connections,
                "cpu_percent": over_days(rds_instances, lately, "CPUUtilization", "p99.5", "max"),
                "hour_usd": hour["usd"],
                "and_storage": (
                    ", and $" + storage.round(2).astype("str") + " a month for its " + rds_instances["storage_type"]
                ).where(storage.gt(0), ""),
                "create": (as_replica + rds_instances["source_id"].map(shlex.quote)).where(
                    replica,
                    as_reader + " --engine " + rds_instances["engine"],
                )
                + " --db-instance-class "
                + rds_instances["instance_class"],
                "monthly_cost": cost,
                "price_source": hour["price_source"],
                "price_date": hour["price_date"],
            }
        ),
    )
