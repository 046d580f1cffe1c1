"""The tables of ECS services, their tasks' sizes and metrics, and of EKS clusters; answers fit AWS's own models."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pandas as pd
import pytest

from bot.aws import AccountRef, Aws
from bot.collectors import ecs_metrics, ecs_services, ecs_task_sizes, eks_clusters
from bot.collectors.scopes import Window
from bot.errors import SourceUnavailable
from bot.inventory import Here
from tests.bot.collectors.stubbed import StubbedAws

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ACCOUNT, REGION = "111122223333", "us-east-1"
HERE = Here(AccountRef(ACCOUNT, "prod"), REGION, "team", NOW)
WINDOW = Window(NOW - timedelta(days=14), NOW)
ECS = f"arn:aws:ecs:{REGION}:{ACCOUNT}"


def service(name: str = "web", **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "serviceName": name,
        "serviceArn": f"{ECS}:service/shop/{name}",
        "clusterArn": f"{ECS}:cluster/shop",
        "status": "ACTIVE",
        "desiredCount": 3,
        "runningCount": 2,
        "launchType": "FARGATE",
        "platformFamily": "Linux",
        "taskDefinition": f"{ECS}:task-definition/web:7",
        "createdAt": NOW - timedelta(days=50),
        "tags": [{"key": "team", "value": "payments"}],
    }
    return values | changed


def services(*rows: dict[str, Any], scaled: list[str] | None = None) -> pd.DataFrame:
    return ecs_services.parse({"services": rows, "scaled": scaled if scaled is not None else []}, HERE)


def test_a_service_that_is_gone_is_left_out() -> None:
    assert services(service(status="DRAINING"), service(status="INACTIVE")).empty


def test_reads_what_the_check_needs() -> None:
    (row,) = services(service(), scaled=["service/shop/other"]).to_dict("records")

    assert (row["resource_id"], row["name"], row["owner"], row["age_days"]) == ("shop/web", "web", "payments", 50)
    assert (row["runs_on"], row["desired"], row["running"], row["scaled"]) == ("FARGATE", 3, 2, False)
    assert row["scaling_known"]


def test_capacity_providers_say_where_it_runs() -> None:
    strategy = [{"capacityProvider": "FARGATE_SPOT"}, {"capacityProvider": "FARGATE", "weight": 1}]

    assert (
        services(service(launchType=None, capacityProviderStrategy=strategy))["runs_on"][0] == "FARGATE, FARGATE_SPOT"
    )
    assert services(service(), scaled=["service/shop/web"])["scaled"][0]


def test_every_service_is_read_ten_at_a_time() -> None:
    aws = StubbedAws()
    aws.answers("ecs", "list_clusters", {"clusterArns": ["shop"], "nextToken": "t"}, {})
    aws.answers("ecs", "list_clusters", {"clusterArns": ["empty"]}, {"nextToken": "t"})
    names = [f"s-{n}" for n in range(12)]
    asked = {"cluster": "shop", "maxResults": 100}
    aws.answers("ecs", "list_services", {"serviceArns": names[:5], "nextToken": "u"}, asked)
    aws.answers("ecs", "list_services", {"serviceArns": names[5:]}, asked | {"nextToken": "u"})
    for part in (names[:10], names[10:]):
        answer = {"services": [service(name) for name in part]}
        aws.answers("ecs", "describe_services", answer, {"cluster": "shop", "services": part, "include": ["TAGS"]})
    aws.answers("ecs", "list_services", {"serviceArns": []}, {"cluster": "empty", "maxResults": 100})
    aws.answers("application-autoscaling", "describe_scalable_targets", {"ScalableTargets": []})

    found = ecs_services.fetch(cast(Aws, aws), ACCOUNT, REGION)

    assert [one["serviceName"] for one in found["services"]] == names
    aws.all_asked()


def test_services_whose_scaling_is_not_told_are_kept_and_said_to_be_unknown() -> None:
    aws = StubbedAws()
    aws.answers("ecs", "list_clusters", {"clusterArns": ["shop"]})
    aws.answers("ecs", "list_services", {"serviceArns": ["web"]})
    aws.answers("ecs", "describe_services", {"services": [service()]})
    aws.refuses("application-autoscaling", "describe_scalable_targets")

    found = ecs_services.parse(ecs_services.fetch(cast(Aws, aws), ACCOUNT, REGION), HERE)

    assert (found["scaling_known"][0], found["scaled"][0]) == (False, False)


def test_services_that_aws_does_not_tell_are_no_empty_region() -> None:
    aws = StubbedAws()
    aws.refuses("ecs", "list_clusters")

    with pytest.raises(SourceUnavailable):
        ecs_services.fetch(cast(Aws, aws), ACCOUNT, REGION)


def test_only_services_on_fargate_are_measured() -> None:
    aws = StubbedAws()
    asked: list[dict[str, Any]] = []
    aws.answers("cloudwatch", "get_metric_data", {"MetricDataResults": []})
    aws.client("cloudwatch").meta.events.register(
        "provide-client-params.cloudwatch.GetMetricData", lambda params, **_: asked.append(params)
    )

    found = ecs_metrics.collect(cast(Aws, aws), HERE, services(service(), service("old", launchType="EC2")), WINDOW)

    assert found.empty
    metrics = [query["MetricStat"] for query in asked[0]["MetricDataQueries"]]
    assert [(one["Metric"]["MetricName"], one["Stat"], one["Period"]) for one in metrics] == [
        ("CPUUtilization", "p99.5", 86400),
        ("CPUUtilization", "Maximum", 86400),
        ("CPUUtilization", "SampleCount", 86400),
        ("MemoryUtilization", "Maximum", 86400),
    ]
    assert metrics[0]["Metric"]["Dimensions"] == [
        {"Name": "ClusterName", "Value": "shop"},
        {"Name": "ServiceName", "Value": "web"},
    ]


def test_sizes_are_asked_on_need_and_each_definition_once() -> None:
    aws = StubbedAws()
    definition = {"family": "web", "cpu": "1024", "memory": "2048"}
    aws.answers("ecs", "describe_task_definition", {"taskDefinition": definition})
    rows = services(service(), service("admin"))

    assert ecs_task_sizes.collect(cast(Aws, aws), HERE, rows, WINDOW).empty
    found = ecs_task_sizes.collect(cast(Aws, aws), HERE, rows, WINDOW, "task_size")

    aws.all_asked()
    assert found["resource_id"].tolist() == ["shop/web", "shop/admin"]
    assert found[["cpu_units", "memory_mib"]].to_numpy().tolist() == [[1024, 2048]] * 2
    assert set(found["architecture"]) == {"X86_64"}


def test_a_definition_may_name_its_platform_and_need_not_tell_a_size() -> None:
    platform = {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}

    row = ecs_task_sizes.parse({"runtimePlatform": platform}, "shop/web", HERE)

    assert (row["cpu_units"], row["memory_mib"], row["architecture"]) == (None, None, "ARM64")


def cluster(name: str = "shop", **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": name,
        "version": "1.31",
        "status": "ACTIVE",
        "createdAt": NOW - timedelta(days=700),
        "upgradePolicy": {"supportType": "EXTENDED"},
        "tags": {"team": "platform"},
    }
    return values | changed


def clusters(*rows: dict[str, Any], versions: list[dict[str, Any]] | None = None) -> pd.DataFrame:
    return eks_clusters.parse({"clusters": rows, "versions": versions or []}, HERE)


def test_a_cluster_that_is_being_deleted_is_left_out() -> None:
    assert clusters(cluster(status="DELETING"), cluster(status="FAILED")).empty


def test_the_shipped_table_tells_the_dates() -> None:
    (row,) = clusters(cluster()).to_dict("records")

    assert (row["standard_ends"], row["extended_ends"]) == ("2025-11-26", "2026-11-26")
    assert row["days_to_standard_end"] == pytest.approx(-359.4, abs=0.05)
    assert row["days_to_extended_end"] == pytest.approx(5.6, abs=0.05)
    assert row["dates_from"] == "EKS User Guide, 2026-07-08"
    assert (row["owner"], row["support_type"]) == ("platform", "EXTENDED")


def test_what_eks_says_comes_before_the_table() -> None:
    told = {
        "clusterVersion": "1.37",
        "endOfStandardSupportDate": datetime(2027, 11, 2, tzinfo=UTC),
        "endOfExtendedSupportDate": datetime(2028, 11, 2, tzinfo=UTC),
    }

    (row,) = clusters(cluster(version="1.37"), versions=[told]).to_dict("records")

    assert (row["standard_ends"], row["dates_from"]) == ("2027-11-02", "EKS DescribeClusterVersions")


def test_a_version_nobody_tells_of_has_no_dates() -> None:
    (row,) = clusters(cluster(version="1.99")).to_dict("records")

    assert (row["standard_ends"], row["dates_from"]) == ("", "")
    assert pd.isna(row["days_to_standard_end"])


def test_every_cluster_is_described_and_a_refusal_to_tell_versions_loses_none() -> None:
    aws = StubbedAws()
    aws.answers("eks", "list_clusters", {"clusters": ["a"], "nextToken": "t"}, {})
    aws.answers("eks", "list_clusters", {"clusters": ["b"]}, {"nextToken": "t"})
    for name in ("a", "b"):
        aws.answers("eks", "describe_cluster", {"cluster": cluster(name)}, {"name": name})
    aws.refuses("eks", "describe_cluster_versions")

    found = eks_clusters.fetch(cast(Aws, aws), ACCOUNT, REGION)

    assert [one["name"] for one in found["clusters"]] == ["a", "b"]
    assert found["versions"] == []
    aws.all_asked()


def test_a_region_without_clusters_is_asked_once() -> None:
    aws = StubbedAws()
    aws.answers("eks", "list_clusters", {"clusters": []})

    assert eks_clusters.fetch(cast(Aws, aws), ACCOUNT, REGION) == {"clusters": [], "versions": []}
