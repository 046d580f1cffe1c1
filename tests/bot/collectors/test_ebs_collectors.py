"""The tables of volumes, snapshots and images: parsed from answers that fit EC2's own model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from bot.aws import AccountRef
from bot.collectors import ebs_snapshots, ebs_volumes, ec2_images, ec2_instances
from bot.demo.aws.shapes import checked
from bot.inventory import Here
from tests.bot.collectors.fake_clients import FakeAws

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
HERE = Here(AccountRef("111122223333", "prod"), "us-east-1", "team", NOW)
TAGS = [{"Key": "Name", "Value": "before-upgrade"}, {"Key": "team", "Value": "payments"}]


def snapshot(**changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "SnapshotId": "snap-1",
        "VolumeId": "vol-1",
        "VolumeSize": 400,
        "State": "completed",
        "StorageTier": "standard",
        "StartTime": NOW - timedelta(days=40),
        "Description": "by hand",
        "Tags": TAGS,
    }
    return values | changed


def snapshot_row(**changed: Any) -> pd.Series[Any]:
    answer = checked("ec2", "DescribeSnapshots", {"Snapshots": [snapshot(**changed)]})
    return ebs_snapshots.parse(answer["Snapshots"], HERE).iloc[0]


def test_a_snapshot_without_anything_told_is_unknown_not_zero() -> None:
    answer = checked("ec2", "DescribeSnapshots", {"Snapshots": [{"SnapshotId": "snap-1"}]})
    found = ebs_snapshots.parse(answer["Snapshots"], HERE).iloc[0]

    assert (found["volume_id"], found["managed_by"]) == ("", "")
    assert found[["size_gib", "full_gib", "age_days"]].isna().all()


def test_reads_what_a_snapshot_is() -> None:
    found = snapshot_row(FullSnapshotSizeInBytes=120 * 2**30)

    assert found[["name", "owner", "volume_id", "size_gib", "full_gib", "age_days", "tier"]].tolist() == [
        "before-upgrade", "payments", "vol-1", 400.0, 120.0, 40.0, "standard",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "service"),
    [("aws:backup:source-resource", "AWS Backup"), ("aws:dlm:lifecycle-policy-id", "Data Lifecycle Manager")],
)
def test_knows_who_deletes_it(tag: str, service: str) -> None:
    assert snapshot_row(Tags=[{"Key": tag, "Value": "x"}])["managed_by"] == service


def test_asks_for_all_pages_of_the_accounts_own_snapshots() -> None:
    aws = FakeAws({"describe_snapshots": [{"Snapshots": [snapshot()]}, {"Snapshots": [snapshot(SnapshotId="snap-2")]}]})

    found = ebs_snapshots.fetch(aws.as_aws(), "111122223333", "us-east-1")

    assert [one["SnapshotId"] for one in found] == ["snap-1", "snap-2"]
    assert aws.asked[0][1]["OwnerIds"] == ["self"]


def test_an_image_names_all_of_its_snapshots() -> None:
    disks = [{"Ebs": {"SnapshotId": "snap-1"}}, {"VirtualName": "ephemeral0"}, {"Ebs": {"SnapshotId": "snap-2"}}]
    image = {
        "ImageId": "ami-1",
        "Name": "web",
        "CreationDate": "2026-11-10T10:00:00.000Z",
        "BlockDeviceMappings": disks,
    }
    answer = checked("ec2", "DescribeImages", {"Images": [image]})

    found = ec2_images.parse(answer["Images"], HERE).iloc[0]

    assert found[["resource_id", "name", "age_days", "snapshot_ids"]].tolist() == [
        "ami-1",
        "web",
        10.0,
        "snap-1 snap-2",
    ]


def test_disabled_images_are_asked_for_too() -> None:
    aws = FakeAws({"describe_images": [{"Images": []}]})

    assert ec2_images.fetch(aws.as_aws(), "111122223333", "us-east-1") == []
    assert aws.asked[0][1]["IncludeDisabled"] is True
    assert aws.asked[0][1]["Owners"] == ["self"]


def test_a_volume_tells_its_device() -> None:
    attached = [{"InstanceId": "i-1", "Device": "/dev/sdf", "State": "attached"}]
    volume = {"VolumeId": "vol-1", "AvailabilityZone": "us-east-1a", "VolumeType": "gp3", "Size": 8, "State": "in-use"}
    answer = checked("ec2", "DescribeVolumes", {"Volumes": [volume | {"Attachments": attached}, volume]})

    found = ebs_volumes.parse(answer["Volumes"], HERE)

    assert found["device"].tolist() == ["/dev/sdf", ""]
    assert found["instance_id"].tolist() == ["i-1", ""]


@pytest.mark.parametrize(
    ("state", "reason", "days"),
    [
        ("stopped", "User initiated (2026-10-06 10:00:00 GMT)", 45.0),
        ("stopped", "User initiated", None),
        ("stopped", "", None),
        ("running", "User initiated (2026-10-06 10:00:00 GMT)", None),
    ],
)
def test_since_when_an_instance_is_stopped_stands_in_words(state: str, reason: str, days: float | None) -> None:
    described = {
        "InstanceId": "i-1",
        "InstanceType": "m5.large",
        "Architecture": "x86_64",
        "LaunchTime": NOW - timedelta(days=90),
        "Placement": {"AvailabilityZone": "us-east-1a"},
        "State": {"Name": state},
        "StateTransitionReason": reason,
    }
    found = ec2_instances.parse([described], HERE).iloc[0]["stopped_days"]

    assert pd.isna(found) if days is None else found == days
