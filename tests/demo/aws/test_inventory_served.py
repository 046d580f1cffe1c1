"""The stand-in over HTTP: the seeded inventory, the more truthful EC2, and CloudWatch in every protocol."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.model import ServiceModel

from bot.demo.aws import seeding
from bot.demo.aws.resources import Kind
from bot.demo.aws.resources_model import DATA_PLATFORM, PROD, SANDBOX, SHARED_SERVICES, STAGING
from bot.demo.aws.server import AwsStandIn
from tests.demo.aws.inventory_factories import (
    BY_KEY,
    IDS,
    INSTANCES,
    NOW,
    TWO_WEEKS,
    client,
    machine,
    machine_id,
    monitoring,
    query,
    request,
    stand_in,
)


@pytest.fixture(scope="module")
def server() -> Iterator[AwsStandIn]:
    with stand_in() as started:
        yield started


def _machines(server: AwsStandIn, account_id: str = PROD, region: str = "us-east-1") -> dict[str, dict[str, Any]]:
    pages = client(server, "ec2", account_id, region).get_paginator("describe_instances").paginate()
    found = [one for page in pages for reservation in page["Reservations"] for one in reservation["Instances"]]
    return {next(tag["Value"] for tag in one["Tags"] if tag["Key"] == "Name"): one for one in found}


def test_an_account_sees_its_own_instances_only(server: AwsStandIn) -> None:
    for account_id, region in {(resource.account_id, resource.region) for resource in INSTANCES}:
        expected = {r.name for r in INSTANCES if (r.account_id, r.region) == (account_id, region)}
        assert set(_machines(server, account_id, region)) == expected


def test_ids_follow_from_the_seed_and_are_told(server: AwsStandIn) -> None:
    machines = _machines(server)
    assert {name: one["InstanceId"] for name, one in machines.items()} == {name: machine_id(name) for name in machines}
    assert seeding.resource_ids() == IDS
    assert machines["payments-batch-1"]["InstanceId"] == "i-0a8553dd5eba77c11"


def test_instances_tell_what_moto_leaves_out(server: AwsStandIn) -> None:
    one = _machines(server)["recommender"]
    facts = {
        "Architecture": "arm64",
        "Hypervisor": "nitro",
        "PlatformDetails": "Linux/UNIX",
        "UsageOperation": "RunInstances",
        "EbsOptimized": True,
        "EnaSupport": True,
        "Monitoring": {"State": "disabled"},
    }
    assert {name: one[name] for name in facts} == facts
    assert one["CpuOptions"] == {"CoreCount": 8, "ThreadsPerCore": 1}
    age = NOW - one["LaunchTime"].astimezone(UTC)
    assert age.days in (machine("recommender").created_days_ago, machine("recommender").created_days_ago - 1)
    assert _machines(server)["fraud-rules"]["Placement"]["Tenancy"] == "dedicated"
    assert _machines(server, STAGING)["cron-box"]["Hypervisor"] == "xen"


def test_windows_a_stop_and_a_group_can_be_told(server: AwsStandIn) -> None:
    windows = _machines(server, SHARED_SERVICES)["directory-controller"]
    assert (windows["Platform"], windows["PlatformDetails"], windows["UsageOperation"]) == (
        "windows",
        "Windows",
        "RunInstances:0002",
    )
    stopped = _machines(server, SANDBOX)["old-benchmark"]
    assert stopped["State"]["Name"] == "stopped"
    when = datetime.strptime(  # noqa: DTZ007 - only its day counts
        stopped["StateTransitionReason"], "User initiated (%Y-%m-%d %H:%M:%S %Z)"
    )
    assert (NOW.date() - when.date()).days == 45
    member = {tag["Key"]: tag["Value"] for tag in _machines(server)["checkout-web-2"]["Tags"]}
    assert member["aws:autoscaling:groupName"] == "checkout-web"
    [group] = client(server, "autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=["checkout-web"])[
        "AutoScalingGroups"
    ]
    assert {one["InstanceId"] for one in group["Instances"]} == {machine_id(f"checkout-web-{n}") for n in (1, 2, 3)}
    assert (group["MinSize"], group["DesiredCapacity"], group["MaxSize"]) == (2, 3, 6)


def test_a_hostile_tag_arrives_as_it_is(server: AwsStandIn) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in _machines(server, SANDBOX)["load-tests"]["Tags"]}
    assert tags == {"Name": "load-tests", "team": "<!channel> & <script>", "env": "dev"}


def test_volumes_show_the_performance_aws_would(server: AwsStandIn) -> None:
    volumes = {volume["VolumeId"]: volume for volume in client(server, "ec2").describe_volumes()["Volumes"]}
    scratch = volumes[IDS["ebs_volume/payments-batch-scratch"]]
    assert (scratch["VolumeType"], scratch["Size"], scratch["Iops"]) == ("gp2", 500, 1500)
    assert scratch["Attachments"][0]["InstanceId"] == machine_id("payments-batch-1")
    root = volumes[IDS["ebs_volume/payments-batch-1-root"]]
    assert (root["Iops"], root["Throughput"], root["State"]) == (3000, 125, "in-use")
    assert volumes[IDS["ebs_volume/mysql-before-rds"]]["State"] == "available"
    expected = {
        IDS[r.key] for r in BY_KEY.values() if r.kind is Kind.VOLUME and (r.account_id, r.region) == (PROD, "us-east-1")
    }
    assert set(volumes) == expected


def test_snapshots_are_the_account_s_own_and_an_image_names_its_own(server: AwsStandIn) -> None:
    ec2 = client(server, "ec2", DATA_PLATFORM)
    snapshots = {one["SnapshotId"]: one for one in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]}
    expected = {IDS[r.key] for r in BY_KEY.values() if r.kind is Kind.SNAPSHOT and r.account_id == DATA_PLATFORM}
    assert set(snapshots) == expected
    [image] = ec2.describe_images(Owners=["self"])["Images"]
    used = image["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    assert used == IDS["ebs_snapshot/batch-workers-image"]
    orphan = snapshots[IDS["ebs_snapshot/hadoop-namenode"]]
    assert not any(v["VolumeId"] == orphan["VolumeId"] for v in ec2.describe_volumes()["Volumes"])
    assert (NOW - orphan["StartTime"].astimezone(UTC)).days == 365


def test_the_rest_of_the_inventory_is_there(server: AwsStandIn) -> None:
    databases = client(server, "rds").describe_db_instances()["DBInstances"]
    assert {one["DBInstanceIdentifier"]: one["MultiAZ"] for one in databases} == {
        "payments": True,
        "search-meta": False,
        "month-close": False,
        "crm-import": False,
        "orders-archive": False,
    }
    assert [
        c["CacheNodeType"] for c in client(server, "elasticache", SANDBOX).describe_cache_clusters()["CacheClusters"]
    ] == ["cache.m5.large"]
    gateways = client(server, "ec2", SANDBOX).describe_nat_gateways()["NatGateways"]
    assert [one["NatGatewayId"] for one in gateways] == [IDS["nat_gateway/sandbox-nat"]]
    free = [one for one in client(server, "ec2").describe_addresses()["Addresses"] if not one.get("AssociationId")]
    assert [one["AllocationId"] for one in free] == [IDS["elastic_ip/old-partner-whitelist"]]
    balancers = client(server, "elbv2").describe_load_balancers()["LoadBalancers"]
    assert {one["LoadBalancerName"] for one in balancers} == {"checkout-public", "search-internal", "spring-campaign"}
    groups = {one["logGroupName"]: one for one in client(server, "logs").describe_log_groups()["logGroups"]}
    assert groups["/app/checkout"]["storedBytes"] == 2400 * 10**9
    assert "retentionInDays" not in groups["/app/checkout"]
    assert groups["/app/payments-api"]["retentionInDays"] == 30
    assert len(client(server, "lambda").list_functions()["Functions"]) == 5
    s3 = client(server, "s3", DATA_PLATFORM)
    assert len(s3.list_buckets()["Buckets"]) == 4
    assert len(s3.list_multipart_uploads(Bucket="example-upload-landing")["Uploads"]) == 8


def test_only_the_organisation_s_regions_are_enabled(server: AwsStandIn) -> None:
    ec2 = client(server, "ec2")
    enabled = {one["RegionName"] for one in ec2.describe_regions()["Regions"]}
    assert enabled == {"us-east-1", "eu-west-1", "us-west-2"}
    every = {one["RegionName"]: one["OptInStatus"] for one in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert len(every) > 15
    assert every["ap-south-1"] == "not-opted-in"
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        ec2.describe_regions(RegionNames=["nowhere-1"])


def test_a_type_that_does_not_exist_is_refused(server: AwsStandIn) -> None:
    with pytest.raises(ClientError, match="InvalidInstanceType"):
        client(server, "ec2").describe_instance_types(InstanceTypes=["m5.small"])
    with pytest.raises(ClientError, match="InvalidNextToken"):
        client(server, "ec2").describe_instance_types(NextToken="not a token")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client(server, "ec2").describe_instance_type_offerings(Filters=[{"Name": "zone", "Values": ["a"]}])


def test_types_come_by_name_by_pattern_and_in_pages(server: AwsStandIn) -> None:
    ec2 = client(server, "ec2")
    named = ec2.describe_instance_types(InstanceTypes=["m5.xlarge", "c5.large"])["InstanceTypes"]
    assert {one["InstanceType"]: one["VCpuInfo"]["DefaultVCpus"] for one in named} == {"m5.xlarge": 4, "c5.large": 2}
    arm = ec2.describe_instance_types(
        Filters=[
            {"Name": "instance-type", "Values": ["m6g.*", "m5.*"]},
            {"Name": "processor-info.supported-architecture", "Values": ["arm64"]},
            {"Name": "bare-metal", "Values": ["false"]},
        ]
    )["InstanceTypes"]
    assert len(arm) == 8
    assert {one["InstanceType"].split(".")[0] for one in arm} == {"m6g"}
    first = ec2.describe_instance_types(MaxResults=5)
    second = ec2.describe_instance_types(MaxResults=5, NextToken=first["NextToken"])
    names = [one["InstanceType"] for one in first["InstanceTypes"] + second["InstanceTypes"]]
    assert len(set(names)) == 10


def test_offerings_understand_patterns(server: AwsStandIn) -> None:
    offered = client(server, "ec2").describe_instance_type_offerings(
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": ["m5.*"]}, {"Name": "location", "Values": ["us-east-1a"]}],
    )["InstanceTypeOfferings"]
    assert {"m5.large", "m5.xlarge"} <= {one["InstanceType"] for one in offered}
    assert {one["Location"] for one in offered} == {"us-east-1a"}


def test_fifty_types_are_told_at_once(server: AwsStandIn) -> None:
    ec2 = client(server, "ec2")
    families = ("m5", "c5", "r5", "m6i", "c6i", "r6i", "m6g", "c6g", "r6g", "m7i")
    sizes = ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "medium")
    names = [f"{f}.{s}" for f in families for s in sizes if s != "medium" or f.endswith("g")]
    assert len(ec2.describe_instance_types(InstanceTypes=names)["InstanceTypes"]) == len(names) >= 50


@pytest.mark.parametrize("protocol", ["json", "query"])
def test_cloudwatch_answers_in_the_protocols_botocore_sends(
    server: AwsStandIn,
    protocol: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def resolved(model: ServiceModel) -> str:
        return protocol if model.service_name == "cloudwatch" else model.protocol

    monkeypatch.setattr(ServiceModel, "resolved_protocol", property(resolved))
    asked = query("CPUUtilization", stat="p99.5", period=86400)
    cloudwatch = client(server, "cloudwatch")
    [result] = cloudwatch.get_metric_data(**request(asked))["MetricDataResults"]
    [expected] = monitoring().get_metric_data((PROD, "us-east-1"), request(asked))["MetricDataResults"]
    assert result["Values"] == pytest.approx(expected["Values"])
    assert [moment.astimezone(UTC) for moment in result["Timestamps"]] == expected["Timestamps"]
    with pytest.raises(ClientError) as refusal:
        cloudwatch.get_metric_data(**request(query("CPUUtilization", stat="Median")))
    assert refusal.value.response["Error"]["Code"] in ("ValidationError", "ValidationException")
    listed = cloudwatch.list_metrics(Namespace="CWAgent", MetricName="mem_used_percent")["Metrics"]
    assert len(listed) > 20
    points = cloudwatch.get_metric_statistics(
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Period=86400,
        ExtendedStatistics=["p99.5"],
        Dimensions=[{"Name": "InstanceId", "Value": machine_id("payments-batch-1")}],
        StartTime=NOW - TWO_WEEKS,
        EndTime=NOW,
    )["Datapoints"]
    assert len(points) == 14


def test_cloudwatch_isolates_accounts_and_regions(server: AwsStandIn) -> None:
    asked = request(query("CPUUtilization", period=86400))
    for account_id, region in ((STAGING, "us-east-1"), (PROD, "eu-west-1")):
        [result] = client(server, "cloudwatch", account_id, region).get_metric_data(**asked)["MetricDataResults"]
        assert result["Values"] == []
    eu = request(query("CPUUtilization", machine_name="eu-payments-api", period=86400))
    [result] = client(server, "cloudwatch", PROD, "eu-west-1").get_metric_data(**eu)["MetricDataResults"]
    assert len(result["Values"]) == 14


def test_a_query_of_two_weeks_of_five_minutes_is_quick(server: AwsStandIn) -> None:
    asked = monitoring()
    asked.get_metric_data((PROD, "us-east-1"), request(query("CPUUtilization")))
    begun = time.process_time()
    [result] = asked.get_metric_data((PROD, "us-east-1"), request(query("CPUUtilization")))["MetricDataResults"]
    assert time.process_time() - begun < 0.05
    assert result["Timestamps"][1] - result["Timestamps"][0] == timedelta(minutes=5)
