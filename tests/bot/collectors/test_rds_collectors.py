"""The tables of databases: parsed from what RDS may answer, all pages, clusters only where there are some."""

from __future__ import annotations

from typing import Any

from bot.collectors import rds_instances, rds_metrics, rds_snapshots
from bot.tables import typed
from tests.bot.collectors.answering import HERE, WINDOW, Answering, asked_metrics, days_ago, silent_cloudwatch


def instance(**changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "DBInstanceIdentifier": "orders",
        "DBInstanceArn": "arn:aws:rds:us-east-1:111122223333:db:orders",
        "DBInstanceClass": "db.m5.large",
        "Engine": "postgres",
        "EngineVersion": "16.4",
        "LicenseModel": "postgresql-license",
        "DBInstanceStatus": "available",
        "AvailabilityZone": "us-east-1a",
        "InstanceCreateTime": days_ago(40),
        "MultiAZ": True,
        "StorageType": "gp3",
        "AllocatedStorage": 200,
        "TagList": [{"Key": "team", "Value": "payments"}, {"Key": "env", "Value": "Prod"}],
    }
    return values | changed


def cluster(*members: str) -> dict[str, Any]:
    return {
        "DBClusterIdentifier": "shop",
        "DBClusterArn": "arn:aws:rds:us-east-1:111122223333:cluster:shop",
        "DBClusterMembers": [{"DBInstanceIdentifier": name, "IsClusterWriter": name == members[0]} for name in members],
    }


def fetched(answering: Answering) -> Any:
    return rds_instances.parse(rds_instances.fetch(answering.aws, "111122223333", "us-east-1"), HERE)


def test_reads_every_page_and_asks_for_no_clusters_where_there_are_none() -> None:
    rds = Answering(
        "rds",
        DescribeDBInstances=[
            {"DBInstances": [instance()], "Marker": "more"},
            {"DBInstances": [instance(DBInstanceIdentifier="wiki", MultiAZ=False)]},
        ],
    )

    found = fetched(rds)

    assert found[["resource_id", "multi_az", "env", "owner", "cluster_id"]].to_numpy().tolist() == [
        ["orders", True, "prod", "payments", ""],
        ["wiki", False, "prod", "payments", ""],
    ]
    assert rds.calls("DescribeDBInstances")[1]["Marker"] == "more"
    assert not rds.calls("DescribeDBClusters")


def test_tells_the_writer_of_a_cluster_from_its_readers() -> None:
    members = [
        instance(DBInstanceIdentifier=name, Engine="aurora-postgresql", DBClusterIdentifier="shop", MultiAZ=False)
        for name in ("shop-1", "shop-2")
    ]
    rds = Answering(
        "rds",
        DescribeDBInstances=[{"DBInstances": members}],
        DescribeDBClusters=[{"DBClusters": [cluster("shop-2", "shop-1")]}],
    )

    found = fetched(rds)

    assert found[["resource_id", "is_writer", "cluster_members"]].to_numpy().tolist() == [
        ["shop-1", False, 2.0],
        ["shop-2", True, 2.0],
    ]
    assert found["cluster_arn"].str.endswith(":cluster:shop").all()


def test_tells_replicas_what_they_replicate_and_what_keeps_a_database_safe() -> None:
    described = [
        instance(ReadReplicaDBInstanceIdentifiers=["orders-r1", "orders-r2"], DeletionProtection=True),
        instance(DBInstanceIdentifier="orders-r1", ReadReplicaSourceDBInstanceIdentifier="orders"),
        instance(DBInstanceIdentifier="graph", Engine="neptune"),
    ]

    found = rds_instances.parse({"instances": described, "clusters": []}, HERE).set_index("resource_id")

    assert list(found.index) == ["orders", "orders-r1"], "Neptune answers to the same call and is no RDS"
    assert found["replica_ids"].tolist() == ["orders-r1, orders-r2", ""]
    assert found["source_id"].tolist() == ["", "orders"]
    assert found["deletion_protected"].tolist() == [True, False]
    assert found["insights_days"].tolist() == [0.0, 0.0]


def database(**changed: Any) -> dict[str, Any]:
    values = dict.fromkeys(rds_instances.COLUMNS) | {
        name: "" if kind == "str" else False for name, kind in rds_instances.COLUMNS.items() if kind in ("str", "bool")
    }
    return values | {"resource_id": "orders", "instance_class": "db.m5.large", "engine": "mysql"} | changed


def test_asks_daily_figures_of_running_databases_only() -> None:
    rows = typed(
        [
            database(status="available"),
            database(resource_id="asleep", status="stopped"),
            database(resource_id="left", status="available", ignored=True),
            database(resource_id="shop", status="available", engine="aurora-mysql", instance_class="db.t4g.medium"),
        ],
        rds_instances.COLUMNS,
    )
    cloudwatch = silent_cloudwatch()

    found = rds_metrics.collect(cloudwatch.aws, HERE, rows, WINDOW)

    asked = asked_metrics(cloudwatch)
    assert found.empty
    assert {name for name, *_ in asked} == {"orders", "shop"}
    assert ("orders", "DatabaseConnections", "Maximum", 86_400) in asked
    assert ("shop", "CPUCreditBalance", "Minimum", 86_400) in asked
    assert ("shop", "FreeStorageSpace", "Minimum", 86_400) not in asked, "Aurora has no storage of its own"
    assert (WINDOW.end - cloudwatch.calls("GetMetricData")[0]["StartTime"]).days == 32


def test_reads_manual_snapshots_only() -> None:
    taken = {
        "DBSnapshotIdentifier": "before-upgrade",
        "DBInstanceIdentifier": "orders",
        "Engine": "postgres",
        "AllocatedStorage": 200,
        "Status": "available",
        "SnapshotCreateTime": days_ago(120),
        "TagList": [{"Key": "team", "Value": "payments"}],
    }
    rds = Answering("rds", DescribeDBSnapshots=[{"DBSnapshots": [taken], "Marker": "more"}, {"DBSnapshots": []}])

    found = rds_snapshots.parse(rds_snapshots.fetch(rds.aws, "111122223333", "us-east-1"), HERE).iloc[0]

    assert found[["resource_id", "source_id", "owner", "size_gib", "age_days"]].tolist() == [
        "before-upgrade", "orders", "payments", 200.0, 120.0,
    ]  # fmt: skip
    assert rds.calls("DescribeDBSnapshots")[1] == {"SnapshotType": "manual", "MaxRecords": 100, "Marker": "more"}
