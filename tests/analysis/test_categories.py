"""Kinds of cost: what is not known is other, never compute."""

from __future__ import annotations

import pytest

from analysis.categories import Category, category

COMPUTE_LINE = "Amazon Elastic Compute Cloud - Compute"


@pytest.mark.parametrize(
    "service",
    ["Tax", "AWS Support (Business)", "AWS Key Management Service", "Some New Service", "AWS Glue", "", None],
)
def test_an_unknown_service_is_other(service: str | None) -> None:
    assert category(service) is Category.OTHER


def test_ec2_other_without_a_usage_type_is_not_compute() -> None:
    assert category("EC2 - Other") is Category.OTHER
    assert category("Amazon Elastic Compute Cloud", "$0.05 per something") is Category.OTHER


@pytest.mark.parametrize(
    ("service", "usage_type", "kind"),
    [
        ("EC2 - Other", "USE1-NatGateway-Bytes", Category.NETWORK),
        ("EC2 - Other", "EBS:VolumeUsage.gp3", Category.STORAGE),
        ("EC2 - Other", "EUW1-DataTransfer-Regional-Bytes", Category.NETWORK),
        ("EC2 - Other", "CPUCredits:t3", Category.COMPUTE),
        (COMPUTE_LINE, "BoxUsage:m5.large", Category.COMPUTE),
        (COMPUTE_LINE, "DataTransfer-Out-Bytes", Category.NETWORK),
        (COMPUTE_LINE, None, Category.COMPUTE),
        ("Amazon Simple Storage Service", "TimedStorage-ByteHrs", Category.STORAGE),
        ("Amazon Relational Database Service", "InstanceUsage:db.m5.large", Category.DATABASE),
        ("Amazon ElastiCache", "NodeUsage:cache.m5.large", Category.CACHE),
        ("AmazonCloudWatch", "DataProcessing-Bytes", Category.MONITORING),
        ("Storage Accounts", None, Category.STORAGE),
        ("COMPUTE", None, Category.OTHER),
    ],
)
def test_a_charge_has_its_kind(service: str, usage_type: str | None, kind: Category) -> None:
    assert category(service, usage_type) is kind
