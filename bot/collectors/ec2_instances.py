"""The table `ec2_instances`: every instance that is not terminated, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pandas import DataFrame

from bot.aws import AccountRef, Aws, reading
from bot.tables import typed

ACTIONS = ("ec2:DescribeInstances",)

COLUMNS: dict[str, str] = {
    "account_id": "str",
    "account_name": "str",
    "region": "str",
    "az": "str",
    "instance_id": "str",
    "name": "str",  # tag Name; empty where there is none
    "instance_type": "str",
    "architecture": "str",
    "platform": "str",  # PlatformDetails: Linux/UNIX, Windows, Red Hat Enterprise Linux ...
    "tenancy": "str",  # default, dedicated, host
    "spot": "bool",
    "state": "str",
    "launched_at": "datetime64[us]",  # the last start, UTC
    "age_days": "float64",  # since the last start
    "asg_name": "str",  # empty outside Auto Scaling groups
    "owner": "str",  # value of the owner tag; empty where there is none
    "ignored": "bool",  # tag costbot:ignore
    "public_ip_changes": "bool",  # it has a public address that is not an Elastic IP
}

IGNORE_TAG = "costbot:ignore"
_GROUP_TAG = "aws:autoscaling:groupName"


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All instances of an account in a region, as EC2 describes them.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    with reading("ec2:DescribeInstances", account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        pages = client.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 1000})
        return [
            instance for page in pages for reservation in page["Reservations"] for instance in reservation["Instances"]
        ]


def parse(
    instances: Iterable[Mapping[str, Any]],
    account: AccountRef,
    region: str,
    *,
    owner_tag: str,
    now: datetime,
) -> DataFrame:
    """The instances as a table with `COLUMNS`; terminated ones are left out."""
    rows = [
        _row(instance, account, region, owner_tag, now)
        for instance in instances
        if instance["State"]["Name"] not in ("terminated", "shutting-down")
    ]
    return typed(rows, COLUMNS)


def is_ignored(value: str | None, today: date) -> bool:
    """Whether a tag `costbot:ignore` is in force.

    A date ends it on that day; any other value, also an unreadable one, has no end. `false` and `no` switch it off.
    """
    if value is None or value.strip().lower() in ("false", "no"):
        return False
    try:
        return today < date.fromisoformat(value.strip())
    except ValueError:
        return True


def _row(
    instance: Mapping[str, Any],
    account: AccountRef,
    region: str,
    owner_tag: str,
    now: datetime,
) -> dict[str, object]:
    tags = {tag["Key"]: tag["Value"] for tag in instance.get("Tags", ())}
    launched_at = instance["LaunchTime"].astimezone(UTC)
    return {
        "account_id": account.id,
        "account_name": account.name,
        "region": region,
        "az": instance["Placement"]["AvailabilityZone"],
        "instance_id": instance["InstanceId"],
        "name": tags.get("Name", ""),
        "instance_type": instance["InstanceType"],
        "architecture": instance["Architecture"],
        "platform": instance.get("PlatformDetails") or ("Windows" if instance.get("Platform") else "Linux/UNIX"),
        "tenancy": instance["Placement"].get("Tenancy", "default"),
        "spot": instance.get("InstanceLifecycle") == "spot",
        "state": instance["State"]["Name"],
        "launched_at": launched_at.replace(tzinfo=None),
        "age_days": (now - launched_at) / timedelta(days=1),
        "asg_name": tags.get(_GROUP_TAG, ""),
        "owner": tags.get(owner_tag, ""),
        "ignored": is_ignored(tags.get(IGNORE_TAG), now.date()),
        "public_ip_changes": _public_ip_changes(instance),
    }


def _public_ip_changes(instance: Mapping[str, Any]) -> bool:
    owners = [card.get("Association", {}).get("IpOwnerId") for card in instance.get("NetworkInterfaces", ())]
    known = [owner for owner in owners if owner]
    if known:
        return "amazon" in known
    return bool(instance.get("PublicIpAddress"))
