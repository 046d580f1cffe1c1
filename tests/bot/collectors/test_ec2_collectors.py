"""The tables of instances, types and offerings: parsed from what EC2 answers, without asking it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from bot.aws import AccountRef
from bot.collectors import ec2_instances, instance_offerings, instance_types
from bot.inventory import Here, is_ignored

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
PROD = AccountRef("111122223333", "prod")
HERE = Here(PROD, "us-east-1", "team", NOW)


def described(**changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "InstanceId": "i-0aaa",
        "InstanceType": "m5.large",
        "Architecture": "x86_64",
        "PlatformDetails": "Linux/UNIX",
        "LaunchTime": NOW - timedelta(days=20),
        "Placement": {"AvailabilityZone": "us-east-1a", "Tenancy": "default"},
        "State": {"Name": "running"},
        "Tags": [{"Key": "Name", "Value": "api"}, {"Key": "team", "Value": "payments"}],
    }
    return values | changed


def row(**changed: Any) -> pd.Series[Any]:
    return ec2_instances.parse([described(**changed)], HERE).iloc[0]


def tagged(**tags: str) -> list[dict[str, str]]:
    return [{"Key": key.replace("__", ":"), "Value": value} for key, value in tags.items()]


@pytest.mark.parametrize("state", ["terminated", "shutting-down"])
def test_leaves_out_what_is_gone(state: str) -> None:
    assert ec2_instances.parse([described(State={"Name": state})], HERE).empty


def test_an_instance_without_tags_has_no_name_and_no_owner() -> None:
    found = row(Tags=[])

    assert (found["name"], found["owner"], found["asg_name"], found["ignored"]) == ("", "", "", False)


def test_reads_what_right_sizing_needs() -> None:
    found = row()

    assert found[["name", "owner", "platform", "tenancy", "az", "account_name"]].tolist() == [
        "api", "payments", "Linux/UNIX", "default", "us-east-1a", "prod",
    ]  # fmt: skip
    assert (found["age_days"], found["spot"], found["public_ip_changes"]) == (20.0, False, False)


@pytest.mark.parametrize(
    ("changed", "column", "expected"),
    [
        ({"PlatformDetails": "Windows"}, "platform", "Windows"),
        ({"PlatformDetails": None, "Platform": "windows"}, "platform", "Windows"),
        ({"PlatformDetails": "Red Hat Enterprise Linux"}, "platform", "Red Hat Enterprise Linux"),
        ({"InstanceLifecycle": "spot"}, "spot", True),
        ({"Tags": tagged(aws__autoscaling__groupName="web")}, "asg_name", "web"),
        ({"Tags": tagged(costbot__ignore="")}, "ignored", True),
        ({"PublicIpAddress": "198.51.100.7"}, "public_ip_changes", True),
        ({"NetworkInterfaces": [{"Association": {"IpOwnerId": "amazon"}}]}, "public_ip_changes", True),
        (
            {"PublicIpAddress": "198.51.100.7", "NetworkInterfaces": [{"Association": {"IpOwnerId": "111122223333"}}]},
            "public_ip_changes",
            False,
        ),
    ],
)
def test_tells_what_makes_an_instance_special(changed: dict[str, Any], column: str, expected: Any) -> None:
    assert row(**changed)[column] == expected


@pytest.mark.parametrize(
    ("value", "ignored"),
    [(None, False), ("false", False), ("No", False), ("2026-11-20", False), ("2026-11-19", False),
     ("", True), ("true", True), ("2026-11-21", True), ("until spring", True)],
)  # fmt: skip
def test_the_ignore_tag_may_carry_the_day_it_ends(value: str | None, ignored: bool) -> None:
    assert is_ignored(value, date(2026, 11, 20)) is ignored


def spec(**changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "InstanceType": "m5.large",
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "VCpuInfo": {"DefaultVCpus": 2},
        "MemoryInfo": {"SizeInMiB": 8192},
        "NetworkInfo": {"NetworkCards": [{"BaselineBandwidthInGbps": 0.75}]},
        "EbsInfo": {"EbsOptimizedInfo": {"BaselineThroughputInMBps": 81.25, "BaselineIops": 3600}},
        "Hypervisor": "nitro",
        "BurstablePerformanceSupported": False,
        "BareMetal": False,
        "CurrentGeneration": True,
    }
    return values | changed


def test_a_baseline_that_aws_does_not_publish_is_missing() -> None:
    found = instance_types.parse([spec(EbsInfo={}, NetworkInfo={"NetworkCards": [{}]})]).iloc[0]

    assert found[["network_baseline_gbps", "ebs_baseline_mb_s", "ebs_baseline_iops"]].isna().all()


def test_reads_capacities_in_units_people_compare() -> None:
    found = instance_types.parse([spec()]).iloc[0]

    columns = ["vcpu", "memory_gib", "network_baseline_gbps", "ebs_baseline_mb_s", "ebs_baseline_iops"]
    assert found[columns].tolist() == [2, 8, 0.75, 81.25, 3600]
    assert (found["accelerated"], found["instance_store_gb"]) == (False, 0)


def test_network_cards_add_up_and_accelerators_are_seen() -> None:
    cards = [{"BaselineBandwidthInGbps": 100.0}, {"BaselineBandwidthInGbps": 100.0}]
    found = instance_types.parse(
        [spec(NetworkInfo={"NetworkCards": cards}, GpuInfo={}, InstanceStorageInfo={"TotalSizeInGB": 900})]
    ).iloc[0]

    assert (found["network_baseline_gbps"], found["accelerated"], found["instance_store_gb"]) == (200.0, True, 900.0)


def test_every_table_has_its_columns_even_without_rows() -> None:
    assert list(instance_types.parse([]).columns) == list(instance_types.COLUMNS)
    assert list(instance_offerings.parse([], "1", "us-east-1").columns) == list(instance_offerings.COLUMNS)
    empty = ec2_instances.parse([], HERE)
    assert list(empty.columns) == list(ec2_instances.COLUMNS)


def test_an_offer_holds_for_its_account_and_zone() -> None:
    found = instance_offerings.parse([{"InstanceType": "m5.large", "Location": "us-east-1a"}], "1", "us-east-1")

    assert found.to_dict("records") == [
        {"account_id": "1", "region": "us-east-1", "az": "us-east-1a", "instance_type": "m5.large"}
    ]
