"""`rds.idle_instance`: a database that nobody connects to and that is paid for by the hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import database_hours
from analysis.daily_metrics import daily_charts, over_days
from analysis.databases.prices import instance_hour, storage_month
from analysis.databases.recent import recent, too_few
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: What RDS says of an instance that is paid for its storage only.
STOPPED = ("stopped", "stopping")
_GOING = ("creating", "deleting")


def charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """The most connections at a time, day by day."""
    lines = {"Connections": ("DatabaseConnections", "Maximum")}
    return daily_charts(rows, tables["rds_metrics"], lines, title="Most connections at a time", unit="connections")


@check(
    catalogue="R01",
    groups=(Group.DATABASE, Group.IDLE),
    resource="RDS instance",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{engine} {instance_class} without a connection for {min_days:.0f} days",
    source="AWS Trusted Advisor, Amazon RDS Idle DB Instances; AWS Compute Optimizer, idle resources",
    words=Words(
        current="{instance_class}",
        proposed="deleted",
        how="730 h × ${hour_usd:g} an hour, and ${storage_usd:.2f} a month for {size_gib:g} GiB of {storage_type}.",
        ignores="The final snapshot: at most ${snapshot_usd:.2f} a month for {size_gib:g} GiB. Backups it has now are "
        "not counted as saved.",
        risk="Nobody connected in {min_days:.0f} days; a yearly job, or somebody who wants the data later, needs the "
        "final snapshot. Stopping it is no way: RDS starts it again after 7 days.",
        effect="A final snapshot is taken, then the database is deleted{protected}.",
        command=(
            "aws rds delete-db-instance --db-instance-identifier {resource_id} "
            "--final-db-snapshot-identifier {resource_id}-final",
        ),
        undo=(
            "aws rds restore-db-instance-from-db-snapshot --db-instance-identifier {resource_id} "
            "--db-snapshot-identifier {resource_id}-final --db-instance-class {instance_class} "
            "--storage-type {storage_type}",
        ),
    ),
    evidence=(
        Fact("Connections", "connections", "at a time", "CloudWatch DatabaseConnections", "most of all days"),
        Fact("CPU", "cpu_percent", "%", "CloudWatch CPUUtilization", "p99.5 of the busiest day"),
        Fact("Age", "age_days", "days", "InstanceCreateTime"),
    ),
    chart=charts,
    moves=database_hours(),
)
def idle_instance(
    rds_instances: DataFrame, rds_metrics: DataFrame, prices: PriceBook, *, min_days: float = 14
) -> Verdicts:
    """RDS instance that nobody connects to.

    RDS counts connections every minute while an instance runs. A replica is another check's; an instance that feeds
    replicas, or computes for a cluster, is not deleted alone.
    """
    lately = recent(rds_metrics, min_days)
    hour = instance_hour(rds_instances, prices)
    storage = storage_month(rds_instances, prices)
    cost = hour["usd"] * HOURS_A_MONTH + storage
    connections = over_days(rds_instances, lately, "DatabaseConnections", "Maximum", "max")
    backup = prices.unit(rds_instances, "rds.backup.gib_month")["usd"] * rds_instances["size_gib"]

    cluster, feeds = rds_instances["cluster_id"], rds_instances["replica_ids"]
    reader = cluster.ne("") & ~rds_instances["is_writer"] & rds_instances["cluster_members"].gt(0)
    most = connections.fillna(0).astype("int64").astype("str")
    return verdicts(
        rds_instances,
        saves=cost.where(connections.eq(0)),
        fine=[
            (rds_instances["status"].isin(STOPPED), "Stopped: it pays for storage only, until RDS starts it again."),
            (rds_instances["status"].isin(_GOING), "It is being created or deleted."),
            (rds_instances["source_id"].ne("") | reader, "A replica: `rds.idle_replica` looks at it."),
            (connections.gt(0), "In use: up to " + most + f" connections in the last {min_days:.0f} days."),
        ],
        conflict=(feeds.ne(""), "It feeds the read replicas " + feeds + ", which end with it."),
        insufficient=[
            too_few(rds_instances, lately, "DatabaseConnections", "Maximum", min_days),
            (
                cluster.ne(""),
                "What cluster " + cluster + " costs as a whole: its storage is billed apart, by what is stored, and it "
                "is deleted as a whole.",
            ),
            unpriced(rds_instances, cost, "of " + rds_instances["instance_class"] + " with " + rds_instances["engine"]),
        ],
        details=DataFrame(
            {
                "connections": connections,
                "cpu_percent": over_days(rds_instances, lately, "CPUUtilization", "p99.5", "max"),
                "hour_usd": hour["usd"],
                "storage_usd": storage,
                "snapshot_usd": backup,
                "protected": rds_instances["deletion_protected"].map(
                    {True: "; its deletion protection has to be lifted first", False: ""}
                ),
                "monthly_cost": cost,
                "price_source": hour["price_source"],
                "price_date": hour["price_date"],
            }
        ),
    )
