"""Filesystems of volumes: a disk that could be another volume's is left out."""

from __future__ import annotations

import pytest
from pandas import DataFrame

from bot.collectors.ebs_filesystems import Dimensions, matched
from tests.analysis.checks.check_factories import table

ROOT = {"resource_id": "vol-root", "instance_id": "i-1", "device": "/dev/xvda"}
DATA = {"resource_id": "vol-data", "instance_id": "i-1", "device": "/dev/sdf"}
MORE = {"resource_id": "vol-more", "instance_id": "i-1", "device": "/dev/sdg"}


def rows(*volumes: dict[str, str]) -> DataFrame:
    return table("ebs_volumes", *volumes)


def disk(device: str, path: str = "/data", fstype: str = "xfs", instance_id: str = "i-1") -> Dimensions:
    of = {"ImageId": "ami-1", "InstanceId": instance_id, "device": device, "fstype": fstype, "path": path}
    return tuple(of.items())


def found(volumes: DataFrame, *disks: Dimensions) -> dict[str, str]:
    return {volume: dict(dimensions)["device"] for volume, dimensions in matched(volumes, disks).items()}


@pytest.mark.parametrize("device", ["xvdf", "xvdf1", "sdf", "/dev/sdf1", "nvme1n1", "nvme1n1p1"])
def test_knows_a_single_data_disk_by_any_of_its_names(device: str) -> None:
    assert found(rows(ROOT, DATA), disk(device)) == {"vol-data": device}


def test_the_path_tells_the_root() -> None:
    assert found(rows(ROOT, DATA), disk("nvme0n1p1", "/"), disk("nvme1n1")) == {
        "vol-root": "nvme0n1p1",
        "vol-data": "nvme1n1",
    }


def test_numbered_disks_are_not_guessed_where_there_are_several() -> None:
    assert found(rows(ROOT, DATA, MORE), disk("nvme1n1"), disk("nvme2n1")) == {}
    assert found(rows(ROOT, DATA, MORE), disk("nvme1n1")) == {}


def test_lettered_disks_are_told_apart() -> None:
    assert found(rows(ROOT, DATA, MORE), disk("xvdf"), disk("sdg")) == {"vol-data": "xvdf", "vol-more": "sdg"}


def test_several_partitions_are_not_added_up() -> None:
    assert found(rows(ROOT, DATA), disk("xvdf1", "/a"), disk("xvdf2", "/b")) == {}


@pytest.mark.parametrize(
    "other", [disk("tmpfs", "/run", "tmpfs"), disk("loop0", "/snap", "squashfs"), disk("xvdf", instance_id="i-9")]
)
def test_what_is_no_disk_of_the_instance_is_left_out(other: Dimensions) -> None:
    assert found(rows(ROOT, DATA), other) == {}
