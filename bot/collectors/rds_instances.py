"""The table `rds_instances`: every database instance, of Aurora too, one account and region at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("rds:DescribeDBInstances", "rds:DescribeDBClusters")
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "arn": "str",
    "instance_class": "str",  # db.m5.large; db.serverless
    "engine": "str",  # postgres, mysql, mariadb, aurora-postgresql, aurora-mysql, oracle-..., sqlserver-...
    "engine_version": "str",
    "license_model": "str",
    "lifecycle_support": "str",  # of the engine; empty where AWS does not tell, which is the default: enrolled
    "status": "str",
    "az": "str",
    "multi_az": "bool",
    "storage_type": "str",
    "size_gib": "float64",  # of its own storage; for Aurora it says nothing
    "iops": "float64",  # provisioned; missing where the type has none
    "throughput_mib_s": "float64",  # gp3
    "cluster_id": "str",  # empty where it is in no cluster
    "cluster_arn": "str",
    "is_writer": "bool",  # of its cluster
    "cluster_members": "float64",  # instances of its cluster; 0 where it is in none
    "source_id": "str",  # the instance or cluster it replicates; empty where it is no read replica
    "replica_ids": "str",  # read replicas it feeds, with commas; empty where none
    "insights_days": "float64",  # how long Performance Insights keeps; 0 where it is off
    "deletion_protected": "bool",
    "seen_at": "datetime64[us]",  # when it was looked at, UTC
}
#: Engines that answer to the same call and are not RDS.
_OTHERS = frozenset({"docdb", "neptune"})
_RECORDS = {"PageSize": 100}


def fetch(aws: Aws, account_id: str, region: str) -> dict[str, list[dict[str, Any]]]:
    """All instances of an account in a region, and their clusters where there are any.

    Raises:
        SourceUnavailable: RDS gave no answer.
    """
    client = aws.client("rds", account_id=account_id, region=region)
    with reading("rds:DescribeDBInstances", account_id, region):
        pages = client.get_paginator("describe_db_instances").paginate(PaginationConfig=_RECORDS)
        instances = [instance for page in pages for instance in page["DBInstances"]]
    clusters: list[dict[str, Any]] = []
    if any(instance.get("DBClusterIdentifier") for instance in instances):
        with reading("rds:DescribeDBClusters", account_id, region):
            pages = client.get_paginator("describe_db_clusters").paginate(PaginationConfig=_RECORDS)
            clusters = [cluster for page in pages for cluster in page["DBClusters"]]
    return {"instances": instances, "clusters": clusters}


def parse(answer: Mapping[str, Any], here: Here) -> DataFrame:
    """The instances as a table with `COLUMNS`; DocumentDB and Neptune are left out."""
    clusters = {cluster["DBClusterIdentifier"]: cluster for cluster in answer["clusters"]}
    rows = [
        _row(instance, clusters.get(instance.get("DBClusterIdentifier", ""), {}), here)
        for instance in answer["instances"]
        if instance["Engine"] not in _OTHERS
    ]
    return typed(rows, COLUMNS)


def _row(instance: Mapping[str, Any], cluster: Mapping[str, Any], here: Here) -> dict[str, object]:
    id_ = instance["DBInstanceIdentifier"]
    members = cluster.get("DBClusterMembers", ())
    writes = any(member.get("IsClusterWriter") for member in members if member.get("DBInstanceIdentifier") == id_)
    source = instance.get("ReadReplicaSourceDBInstanceIdentifier") or instance.get(
        "ReadReplicaSourceDBClusterIdentifier"
    )
    feeds = [
        *(instance.get("ReadReplicaDBInstanceIdentifiers") or ()),
        *(instance.get("ReadReplicaDBClusterIdentifiers") or ()),
    ]
    insights = instance.get("PerformanceInsightsEnabled")
    return {
        **here.head(id_, tags_of(instance.get("TagList")), instance.get("InstanceCreateTime"), name=id_),
        "arn": instance.get("DBInstanceArn") or "",
        "instance_class": instance["DBInstanceClass"],
        "engine": instance["Engine"],
        "engine_version": instance.get("EngineVersion") or "",
        "license_model": instance.get("LicenseModel") or "",
        "lifecycle_support": instance.get("EngineLifecycleSupport") or "",
        "status": instance.get("DBInstanceStatus") or "",
        "az": instance.get("AvailabilityZone") or "",
        "multi_az": bool(instance.get("MultiAZ")),
        "storage_type": instance.get("StorageType") or "",
        "size_gib": instance.get("AllocatedStorage"),
        "iops": instance.get("Iops"),
        "throughput_mib_s": instance.get("StorageThroughput"),
        "cluster_id": instance.get("DBClusterIdentifier") or "",
        "cluster_arn": cluster.get("DBClusterArn") or "",
        "is_writer": writes,
        "cluster_members": len(members),
        "source_id": source or "",
        "replica_ids": ", ".join(feeds),
        "insights_days": instance.get("PerformanceInsightsRetentionPeriod") if insights else 0,
        "deletion_protected": bool(instance.get("DeletionProtection")),
        "seen_at": here.now.replace(tzinfo=None),
    }
