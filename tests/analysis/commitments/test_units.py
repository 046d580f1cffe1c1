"""Normalised units as AWS's tables have them; what they do not have is missing."""

from __future__ import annotations

import math

import pytest
from pandas import DataFrame

from analysis.commitments.units import deployment_factor, family, full_type, line_units, size_flexible, units_of


@pytest.mark.parametrize(
    ("instance_type", "units"),
    [
        ("t3.nano", 0.25),
        ("t3.micro", 0.5),
        ("t3.small", 1),
        ("t3.medium", 2),
        ("m5.large", 4),
        ("m5.xlarge", 8),
        ("m5zn.3xlarge", 24),
        ("c5.9xlarge", 72),
        ("c5.18xlarge", 144),
        ("m5.24xlarge", 192),
        ("u-6tb1.112xlarge", 896),
        ("a1.metal", 32),
        ("z1d.metal", 96),
        ("i3.metal", 128),
        ("c5n.metal", 144),
        ("r5.metal", 192),
        ("m6i.metal", 256),
        ("u-24tb1.metal", 448),
        ("u-12tb1.metal", 896),
        ("m7i.metal-24xl", 192),
        ("m7i.metal-48xl", 384),
    ],
)
def test_units_of_ec2(instance_type: str, units: float) -> None:
    assert units_of("AmazonEC2", instance_type) == units


@pytest.mark.parametrize("instance_type", ["", "m5", "m9x.metal", "m5.7xlarge", "m5.metal-x", "ra3.xlplus", "m5."])
def test_an_unknown_size_is_missing(instance_type: str) -> None:
    assert math.isnan(units_of("AmazonEC2", instance_type))


@pytest.mark.parametrize(
    ("service", "instance_type"),
    [("AmazonES", "r6g.large.search"), ("AmazonRedshift", "ra3.4xlarge"), ("AmazonSageMaker", "ml.m5.large")],
)
def test_services_without_size_flexibility_have_no_units(service: str, instance_type: str) -> None:
    assert math.isnan(units_of(service, instance_type))


@pytest.mark.parametrize(
    ("usage_type", "units"),
    [
        ("InstanceUsage:db.r5.large", 4),
        ("EUW1-Multi-AZUsage:db.r5.large", 8),
        ("Multi-AZClusterUsage:db.r5.large", 12),
        ("InstanceUsageIOOptimized:db.r5.large", 5.2),
    ],
)
def test_units_of_databases_by_their_deployment(usage_type: str, units: float) -> None:
    assert units_of("AmazonRDS", "db.r5.large", usage_type=usage_type) == pytest.approx(units)


@pytest.mark.parametrize(
    ("service", "node", "platform", "units"),
    [
        ("AmazonElastiCache", "cache.r6g.4xlarge", "Redis", 32),
        ("AmazonElastiCache", "cache.r6g.4xlarge", "Valkey", 25.6),
        ("AmazonElastiCache", "cache.t4g.micro", "Valkey", 0.4),
        ("AmazonMemoryDB", "db.r6g.xlarge", "Valkey", 5.6),
    ],
)
def test_units_of_cache_nodes_by_their_engine(service: str, node: str, platform: str, units: float) -> None:
    assert units_of(service, node, platform=platform) == pytest.approx(units)


def test_types_as_the_apis_spell_them() -> None:
    assert full_type("db.r5.2xl") == "db.r5.2xlarge"
    assert full_type("db.r5.xl") == "db.r5.xlarge"
    assert full_type("r6g.large.search") == "r6g.large"
    assert full_type("m7i.metal-24xl") == "m7i.metal-24xl"
    assert [family(kind) for kind in ("m5.large", "db.r5.2xl", "r6g.large.search", "")] == ["m5", "db.r5", "r6g", ""]


def test_plain_usage_is_one_instance() -> None:
    assert deployment_factor("BoxUsage:m5.large") == 1.0


def test_units_of_a_table_of_lines() -> None:
    lines = DataFrame(
        {
            "service": ["AmazonEC2", "AmazonRDS", "AWSLambda"],
            "instance_type": ["m5.xlarge", "db.r5.large", ""],
            "usage_type": ["BoxUsage:m5.xlarge", "Multi-AZUsage:db.r5.large", "Lambda-GB-Second"],
            "platform": ["Linux/UNIX", "MySQL", ""],
        },
        index=[7, 8, 9],
    )

    found = line_units(lines)

    assert found.index.tolist() == [7, 8, 9]
    assert found[[7, 8]].tolist() == [8.0, 8.0]
    assert math.isnan(found[9])


@pytest.mark.parametrize(
    ("service", "instance_type", "platform", "flexible"),
    [
        ("AmazonEC2", "m5.large", "Linux/UNIX", True),
        ("AmazonEC2", "m5.large", "Linux/UNIX (Amazon VPC)", True),
        ("AmazonEC2", "m5.large", "Windows", False),
        ("AmazonEC2", "m5.large", "Red Hat Enterprise Linux", False),
        ("AmazonEC2", "m5.large", "", False),
        ("AmazonEC2", "g4dn.xlarge", "Linux/UNIX", False),
        ("AmazonRDS", "db.r5.large", "postgresql", True),
        ("AmazonRDS", "db.r5.large", "aurora-mysql", True),
        ("AmazonRDS", "db.r5.large", "oracle-se2(byol)", True),
        ("AmazonRDS", "db.r5.large", "oracle-se2(li)", False),
        ("AmazonRDS", "db.r5.large", "sqlserver-se(li)", False),
        ("AmazonRDS", "db.r5.large", "db2-se(byol)", False),
        ("AmazonElastiCache", "cache.r6g.large", "redis", True),
        ("AmazonES", "r6g.large.search", "", False),
        ("AmazonRedshift", "ra3.4xlarge", "", False),
    ],
)
def test_which_reservations_cover_other_sizes(service: str, instance_type: str, platform: str, flexible: bool) -> None:
    assert size_flexible(service, instance_type, platform) == flexible


def test_a_zonal_or_dedicated_reservation_covers_its_own_size() -> None:
    assert not size_flexible("AmazonEC2", "m5.large", "Linux/UNIX", zone="us-east-1a")
    assert not size_flexible("AmazonEC2", "m5.large", "Linux/UNIX", tenancy="dedicated")
