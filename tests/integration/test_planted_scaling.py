"""Collectors of groups, services and clusters against the stand-in; what the checks of groups find is in
`test_planted_savings`, but for what saves nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from analysis.checks import checks
from analysis.pricing import PriceBook
from bot.aws import AccountRef, Aws
from bot.collectors import (
    autoscaling_activities,
    autoscaling_groups,
    ec2_instances,
    ecs_metrics,
    ecs_services,
    ecs_task_sizes,
    eks_clusters,
)
from bot.collectors.scopes import Window
from bot.demo.aws.resources_model import DATA_PLATFORM, SANDBOX
from bot.demo.aws.server import AwsStandIn
from bot.inventory import Here
from bot.settings import Settings
from tests.demo.aws.inventory_factories import NOW, stand_in

REGION = "us-east-1"
TODAY = datetime.combine(NOW.date(), time(), UTC)
WINDOW = Window(TODAY - timedelta(days=14), TODAY)


@pytest.fixture(scope="module")
def server() -> Iterator[AwsStandIn]:
    with stand_in() as started:
        yield started


@pytest.fixture
def aws(server: AwsStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Aws:
    for name, value in {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    return Aws(Settings(data_dir=tmp_path))


def here(account_id: str) -> Here:
    return Here(AccountRef(account_id, "account"), REGION, "team", NOW)


def test_policies_that_work_against_each_other_are_told_from_all_pages(aws: Aws, server: AwsStandIn) -> None:
    place = here(DATA_PLATFORM)
    groups = autoscaling_groups.parse(autoscaling_groups.fetch(aws, DATA_PLATFORM, REGION), place)
    server.calls.clear()
    activities = autoscaling_activities.collect(aws, place, groups, WINDOW)
    instances = ec2_instances.parse(ec2_instances.fetch(aws, DATA_PLATFORM, REGION), place)

    asked = [c["count"] for c in server.calls.shown() if c["operation"] == "DescribeScalingActivities"]
    assert (len(activities), asked) == (504, [6])
    (row,) = checks()["autoscaling.thrash"](groups, activities, instances, PriceBook()).rows.to_dict("records")
    assert (row["resource_id"], row["verdict"], row["reversals"]) == ("batch-workers", "notice", 84)
    assert row["policies"] == "queue-high, queue-low"
    assert row["policy_types"] == "StepScaling"


def test_services_and_clusters_are_read(aws: Aws) -> None:
    """The organisation has none: these are made here, in moto alone."""
    place = here(SANDBOX)
    ecs = aws.client("ecs", account_id=SANDBOX, region=REGION)
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(
        family="web",
        cpu="1024",
        memory="2048",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        containerDefinitions=[{"name": "web", "image": "web", "memory": 2048}],
    )
    ecs.create_service(cluster="shop", serviceName="web", taskDefinition="web", desiredCount=2, launchType="FARGATE")
    aws.client("eks", account_id=SANDBOX, region=REGION).create_cluster(
        name="shop",
        version="1.30",
        roleArn="arn:aws:iam::222233334444:role/eks",
        resourcesVpcConfig={"subnetIds": ["subnet-1"]},
    )

    services = ecs_services.parse(ecs_services.fetch(aws, SANDBOX, REGION), place)
    sizes = ecs_task_sizes.collect(aws, place, services, WINDOW, "task_size")
    clusters = eks_clusters.parse(eks_clusters.fetch(aws, SANDBOX, REGION), place)

    assert services[["resource_id", "runs_on", "scaled", "scaling_known"]].to_numpy().tolist() == [
        ["shop/web", "FARGATE", False, True]
    ]
    assert sizes[["resource_id", "cpu_units", "memory_mib"]].to_numpy().tolist() == [["shop/web", 1024, 2048]]
    assert ecs_metrics.collect(aws, place, services, WINDOW).empty
    (row,) = checks()["eks.extended_support"](clusters, PriceBook()).rows.to_dict("records")
    assert (row["version"], row["verdict"], row["dates_from"]) == ("1.30", "saves", "EKS User Guide, 2026-07-08")
