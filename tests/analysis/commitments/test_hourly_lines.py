"""Instance types, platforms, services and regions in the names that bills have for them."""

from __future__ import annotations

import pytest

from analysis.commitments.hourly_lines import can_be_committed, instance_type, platform, region, service_code


@pytest.mark.parametrize(
    ("usage_type", "expected"),
    [
        ("BoxUsage:m5.large", "m5.large"),
        ("EUW1-BoxUsage:m7i-flex.2xlarge", "m7i-flex.2xlarge"),
        ("BoxUsage", "m1.small"),
        ("USW2-BoxUsage", "m1.small"),
        ("DedicatedUsage:m5zn.2xlarge", "m5zn.2xlarge"),
        ("UnusedBox:m5.metal", "m5.metal"),
        ("UnusedDed:c5.xlarge", "c5.xlarge"),
        ("InstanceUsage:db.r5.2xl", "db.r5.2xlarge"),
        ("EUW1-InstanceUsageIOOptimized:db.r6g.large", "db.r6g.large"),
        ("Multi-AZUsage:db.m5.xlarge", "db.m5.xlarge"),
        ("APN2-Multi-AZClusterUsage:db.m6gd.large", "db.m6gd.large"),
        ("NodeUsage:cache.r5.large", "cache.r5.large"),
        ("ESInstance:r6g.large.search", "r6g.large"),
        ("EUC1-ESInstance:r6g.large", "r6g.large"),
        ("Node:ra3.xlplus", "ra3.xlplus"),
        ("USE1-Host:ml.m5.xlarge", "ml.m5.xlarge"),
        ("USE1-Studio:KernelGateway-ml.t3.medium", "ml.t3.medium"),
        ("HostUsage:m5", ""),
        ("SpotUsage:m5.large", ""),
        ("HeavyUsage:m5.large", ""),
        ("Lambda-GB-Second", ""),
        ("USE1-Fargate-vCPU-Hours:perCPU", ""),
        ("", ""),
    ],
)
def test_instance_types(usage_type: str, expected: str) -> None:
    assert instance_type(usage_type) == expected


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("RunInstances", "Linux/UNIX"),
        ("RunInstances:0002", "Windows"),
        ("RunInstances:0010", "Red Hat Enterprise Linux"),
        ("CreateDBInstance:0014", "PostgreSQL"),
        ("CreateDBInstance:0020", "Oracle SE2 (LI)"),
        ("CreateCacheCluster:Valkey", "Valkey"),
        ("RunInstances:9999", ""),
        ("", ""),
    ],
)
def test_platforms(operation: str, expected: str) -> None:
    assert platform(operation) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Amazon Elastic Compute Cloud - Compute", "AmazonEC2"),
        ("Amazon Elastic Compute Cloud", "AmazonEC2"),
        ("AmazonRDS", "AmazonRDS"),
        ("AWS Lambda", "AWSLambda"),
        ("Amazon OpenSearch Service", "AmazonES"),
        ("Amazon MemoryDB", "AmazonMemoryDB"),
        ("Amazon DocumentDB (with MongoDB compatibility)", "AmazonDocDB"),
        ("Some Service", "Some Service"),
    ],
)
def test_services(name: str, expected: str) -> None:
    assert service_code(name) == expected


def test_regions() -> None:
    assert region("eu-west-1", "BoxUsage:m5.large") == "eu-west-1"
    assert region("global", "EUC1-BoxUsage:m5.large") == "eu-central-1"
    assert region("", "Lambda-GB-Second") == ""


def test_extended_support_is_not_committed_to() -> None:
    assert can_be_committed("NodeUsage:cache.t3.medium")
    assert not can_be_committed("USW2-ExtendedSupportYr3-NodeUsage:cache.t3.medium")
