"""The table `ec2_instances`: every instance that is not terminated, one account and region at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("ec2:DescribeInstances",)

SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {  # the age is since the last start
    "az": "str",
    "instance_type": "str",
    "architecture": "str",
    "platform": "str",  # PlatformDetails: Linux/UNIX, Windows, Red Hat Enterprise Linux ...
    "tenancy": "str",  # default, dedicated, host
    "spot": "bool",
    "state": "str",
    "launched_at": "datetime64[us]",  # the last start, UTC
    "stopped_days": "float64",  # since it was stopped; missing while it runs, and where EC2 does not tell
    "asg_name": "str",  # empty outside Auto Scaling groups
    "public_ip_changes": "bool",  # it has a public address that is not an Elastic IP
}

_STOPPED_AT = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)")
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
    here: Here,
) -> DataFrame:
    """The instances as a table with `COLUMNS`; terminated ones are left out."""
    rows = [
        _row(instance, here)
        for instance in instances
        if instance["State"]["Name"] not in ("terminated", "shutting-down")
    ]
    return typed(rows, COLUMNS)


def _row(instance: Mapping[str, Any], here: Here) -> dict[str, object]:
    tags = tags_of(instance.get("Tags"))
    launched_at = instance["LaunchTime"].astimezone(UTC)
    return {
        **here.head(instance["InstanceId"], tags, launched_at),
        "az": instance["Placement"]["AvailabilityZone"],
        "instance_type": instance["InstanceType"],
        "architecture": instance["Architecture"],
        "platform": instance.get("PlatformDetails") or ("Windows" if instance.get("Platform") else "Linux/UNIX"),
        "tenancy": instance["Placement"].get("Tenancy", "default"),
        "spot": instance.get("InstanceLifecycle") == "spot",
        "state": instance["State"]["Name"],
        "launched_at": launched_at.replace(tzinfo=None),
        "stopped_days": here.days_since(_stopped_at(instance)),
        "asg_name": tags.get(_GROUP_TAG, ""),
        "public_ip_changes": _public_ip_changes(instance),
    }


def _stopped_at(instance: Mapping[str, Any]) -> datetime | None:
    """When it was stopped: EC2 tells it only in words, as "User initiated (2026-10-01 08:30:00 GMT)"."""
    told = _STOPPED_AT.search(instance.get("StateTransitionReason") or "")
    if told is None or instance["State"]["Name"] != "stopped":
        return None
    return datetime.fromisoformat(told[1]).replace(tzinfo=UTC)


def _public_ip_changes(instance: Mapping[str, Any]) -> bool:
    owners = [card.get("Association", {}).get("IpOwnerId") for card in instance.get("NetworkInterfaces", ())]
    known = [owner for owner in owners if owner]
    if known:
        return "amazon" in known
    return bool(instance.get("PublicIpAddress"))
