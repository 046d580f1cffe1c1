"""The table `ebs_volumes`: every volume, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("ec2:DescribeVolumes",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "az": "str",
    "volume_type": "str",  # gp2, gp3, io1, io2, st1, sc1, standard
    "size_gib": "float64",
    "iops": "float64",  # provisioned, or gp2's baseline; missing where the type has none
    "throughput_mib_s": "float64",  # gp3: provisioned; missing for other types
    "state": "str",  # available: attached to nothing; in-use
    "instance_id": "str",  # the one it is attached to; empty where it is available
    "device": "str",  # its name there, as /dev/sdf; empty where it is available
    "multi_attach": "bool",
    "encrypted": "bool",
    "snapshot_id": "str",  # it was made of; empty where of none
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All volumes of an account in a region, as EC2 describes them.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    with reading("ec2:DescribeVolumes", account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        pages = client.get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 500})
        return [volume for page in pages for volume in page["Volumes"]]


def parse(volumes: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The volumes as a table with `COLUMNS`; those that are being deleted or created are left out."""
    return typed([_row(volume, here) for volume in volumes if volume["State"] in ("available", "in-use")], COLUMNS)


def _row(volume: Mapping[str, Any], here: Here) -> dict[str, object]:
    attached = [one for one in volume.get("Attachments", ()) if one.get("InstanceId")]
    return {
        **here.head(volume["VolumeId"], tags_of(volume.get("Tags")), volume.get("CreateTime")),
        "az": volume["AvailabilityZone"],
        "volume_type": volume["VolumeType"],
        "size_gib": volume["Size"],
        "iops": volume.get("Iops"),
        "throughput_mib_s": volume.get("Throughput"),
        "state": volume["State"],
        "instance_id": attached[0]["InstanceId"] if attached else "",
        "device": attached[0].get("Device") or "" if attached else "",
        "multi_attach": bool(volume.get("MultiAttachEnabled")),
        "encrypted": bool(volume.get("Encrypted")),
        "snapshot_id": volume.get("SnapshotId") or "",
    }
