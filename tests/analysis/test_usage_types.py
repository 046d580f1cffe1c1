"""Usage types in words."""

from __future__ import annotations

import pytest

from analysis.usage_types import usage_region, usage_words


@pytest.mark.parametrize("usage_type", ["DNS-Queries", "Global-Thing", "", "XXX1-BoxUsage:m5.large"])
def test_no_region_is_made_up(usage_type: str) -> None:
    assert usage_region(usage_type) is None


def test_what_is_not_known_stays_as_it_is() -> None:
    assert usage_words("Something-New") == "Something-New"


@pytest.mark.parametrize(
    ("usage_type", "words"),
    [
        ("NatGateway-Bytes", "us-east-1 NAT gateway traffic"),
        ("EUW1-NatGateway-Hours", "eu-west-1 NAT gateway hours"),
        ("EU-BoxUsage:m5.large", "eu-west-1 m5.large instances"),
        ("CPT-TimedStorage-ByteHrs", "af-south-1 storage"),
        ("USE1-EUW1-AWS-Out-Bytes", "us-east-1 traffic between regions"),
        ("EBS:VolumeUsage.gp3", "us-east-1 gp3 volumes"),
        ("USW2-Something-New", "us-west-2 Something-New"),
        ("$0.096 per On Demand Linux m5.large Instance Hour", "On Demand Linux m5.large Instance Hour"),
    ],
)
def test_known_usage_reads_as_words(usage_type: str, words: str) -> None:
    assert usage_words(usage_type) == words
