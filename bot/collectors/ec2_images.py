"""The table `ec2_images`: every image that an account owns, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("ec2:DescribeImages",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "snapshot_ids": "str",  # its snapshots, with a space between them; empty where it has none
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All images that the account owns in a region, as EC2 describes them; deprecated and disabled ones too.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    with reading("ec2:DescribeImages", account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        pages = client.get_paginator("describe_images").paginate(
            Owners=["self"], IncludeDeprecated=True, IncludeDisabled=True, PaginationConfig={"PageSize": 1000}
        )
        return [image for page in pages for image in page["Images"]]


def parse(images: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The images as a table with `COLUMNS`."""
    return typed([_row(image, here) for image in images], COLUMNS)


def _row(image: Mapping[str, Any], here: Here) -> dict[str, object]:
    disks = [disk.get("Ebs", {}).get("SnapshotId") for disk in image.get("BlockDeviceMappings", ())]
    told = image.get("CreationDate")
    created_at = datetime.fromisoformat(told) if told else None
    return {
        **here.head(image["ImageId"], tags_of(image.get("Tags")), created_at, name=image.get("Name")),
        "snapshot_ids": " ".join(disk for disk in disks if disk),
    }
