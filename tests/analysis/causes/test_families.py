"""Which usage types can stand in for each other."""

from __future__ import annotations

import pytest

from analysis.causes.families import usage_family


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NatGateway-Bytes", "NatGateway-Hours"),
        ("EBS:VolumeUsage.gp3", "EBS:SnapshotUsage"),
        ("Requests-Tier1", "Requests-Tier2"),
        ("BoxUsage:m5.large", "InstanceUsage:db.m5.large"),
    ],
)
def test_different_things_are_different_families(one: str, other: str) -> None:
    assert usage_family(one) != usage_family(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BoxUsage:m5.large", "EUW1-SpotUsage:c5.4xlarge"),
        ("EBS:VolumeUsage.gp2", "EUC1-EBS:VolumeUsage.gp3"),
        ("TimedStorage-ByteHrs", "USE1-TimedStorage-SIA-ByteHrs"),
        ("EUW1-NatGateway-Bytes", "NatGateway-Bytes"),
    ],
)
def test_sizes_classes_and_regions_are_one_family(one: str, other: str) -> None:
    assert usage_family(one) == usage_family(other)
