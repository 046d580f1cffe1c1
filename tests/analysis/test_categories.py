"""Kinds of cost: what is not known is other, never compute."""

from __future__ import annotations

import pytest

from analysis.categories import Category, category

COMPUTE_LINE = "Amazon Elastic Compute Cloud - Compute"
#: How a FOCUS export calls all of EC2; without usage types it has sentences.
EXPORTED = "Amazon Elastic Compute Cloud"


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
        ("EC2 - Other", "USE2-EBSOptimized:m4.xlarge", Category.COMPUTE),
        ("EC2 - Other", "EUC1-EBS:SnapshotUsage", Category.STORAGE),
        ("EC2 - Other", "ElasticIP:IdleAddress", Category.NETWORK),
        ("EC2 - Other", "USE2-Something-New", Category.OTHER),
        (EXPORTED, "HeavyUsage:m5.large", Category.COMPUTE),
        (EXPORTED, "$0.111 per On Demand Linux m5.large Instance Hour", Category.COMPUTE),
        (EXPORTED, "$0.08 per GB-month of General Purpose (gp3) provisioned storage - US East", Category.STORAGE),
        (EXPORTED, "$0.05 per GB-Month of snapshot data stored - EU (London)", Category.STORAGE),
        (EXPORTED, "$0.045 per NAT Gateway Hour", Category.NETWORK),
        (EXPORTED, "$0.085 per GB - next 40 TB / month data transfer out", Category.NETWORK),
        ("Amazon Relational Database Service", "USD 0.023 per db.t3.micro Single-AZ instance hour", Category.DATABASE),
        ("Amazon Relational Database Service", "HeavyUsage:db.r5.large", Category.DATABASE),
        ("Virtual Machines", "Premium SSD Managed Disks - P4 LRS - US East", Category.STORAGE),
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
