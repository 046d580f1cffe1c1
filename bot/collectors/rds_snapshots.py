"""The table `rds_snapshots`: snapshots of databases that people or their tools took, and that stay until deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("rds:DescribeDBSnapshots",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "source_id": "str",  # the database it is of, which may be gone
    "engine": "str",
    "size_gib": "float64",  # allocated to the database then; what the snapshot stores is at most that
    "status": "str",
}
#: Engines that answer to the same call and are not RDS.
_OTHERS = frozenset({"docdb", "neptune"})


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All manual snapshots of an account in a region: automated ones, and those of AWS Backup, end by themselves.

    Raises:
        SourceUnavailable: RDS gave no answer.
    """
    with reading("rds:DescribeDBSnapshots", account_id, region):
        client = aws.client("rds", account_id=account_id, region=region)
        pages = client.get_paginator("describe_db_snapshots").paginate(
            SnapshotType="manual", PaginationConfig={"PageSize": 100}
        )
        return [snapshot for page in pages for snapshot in page["DBSnapshots"]]


def parse(snapshots: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The snapshots as a table with `COLUMNS`."""
    return typed([_row(snapshot, here) for snapshot in snapshots if snapshot.get("Engine") not in _OTHERS], COLUMNS)


def _row(snapshot: Mapping[str, Any], here: Here) -> dict[str, object]:
    id_ = snapshot["DBSnapshotIdentifier"]
    return {
        **here.head(id_, tags_of(snapshot.get("TagList")), snapshot.get("SnapshotCreateTime"), name=id_),
        "source_id": snapshot.get("DBInstanceIdentifier") or "",
        "engine": snapshot.get("Engine") or "",
        "size_gib": snapshot.get("AllocatedStorage"),
        "status": snapshot.get("Status") or "",
    }
