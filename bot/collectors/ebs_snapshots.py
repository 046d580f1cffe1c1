"""The table `ebs_snapshots`: every snapshot that an account owns, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("ec2:DescribeSnapshots",)
SCOPE = Scope.PLACE

#: Tags by which AWS's own services mark the snapshots that they make and delete.
_MANAGERS = {
    "aws:backup:source-resource": "AWS Backup",
    "aws:dlm:lifecycle-policy-id": "Data Lifecycle Manager",
}
_GIB = 2**30

COLUMNS: dict[str, str] = HEAD | {
    "volume_id": "str",  # it was made of, whether or not that still exists; empty where EC2 does not tell
    "size_gib": "float64",  # of the volume: more than the snapshot can hold
    "full_gib": "float64",  # of all blocks a restore reads, those of earlier snapshots too; missing where not told
    "state": "str",  # completed, pending, error, recoverable, recovering
    "tier": "str",  # standard, archive
    "managed_by": "str",  # the service of AWS whose policy deletes it; empty where none does
    "description": "str",
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All snapshots that the account owns in a region, as EC2 describes them.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    with reading("ec2:DescribeSnapshots", account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        pages = client.get_paginator("describe_snapshots").paginate(
            OwnerIds=["self"], PaginationConfig={"PageSize": 1000}
        )
        return [snapshot for page in pages for snapshot in page["Snapshots"]]


def parse(snapshots: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The snapshots as a table with `COLUMNS`."""
    return typed([_row(snapshot, here) for snapshot in snapshots], COLUMNS)


def _row(snapshot: Mapping[str, Any], here: Here) -> dict[str, object]:
    tags = tags_of(snapshot.get("Tags"))
    full = snapshot.get("FullSnapshotSizeInBytes")
    return {
        **here.head(snapshot["SnapshotId"], tags, snapshot.get("StartTime")),
        "volume_id": snapshot.get("VolumeId") or "",
        "size_gib": snapshot.get("VolumeSize"),
        "full_gib": full / _GIB if full else None,
        "state": snapshot.get("State") or "",
        "tier": snapshot.get("StorageTier") or "standard",
        "managed_by": next((service for tag, service in _MANAGERS.items() if tag in tags), ""),
        "description": snapshot.get("Description") or "",
    }
