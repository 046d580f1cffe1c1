"""The table `elastic_ips`: every Elastic IP address, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("ec2:DescribeAddresses",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {  # the age is never told
    "address": "str",
    "associated": "bool",  # with an instance or a network interface
    "instance_id": "str",
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All addresses of an account in a region, as EC2 describes them.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    with reading("ec2:DescribeAddresses", account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        return list(client.describe_addresses()["Addresses"])


def parse(addresses: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The addresses as a table with `COLUMNS`."""
    return typed([_row(address, here) for address in addresses], COLUMNS)


def _row(address: Mapping[str, Any], here: Here) -> dict[str, object]:
    return {
        **here.head(address.get("AllocationId") or address["PublicIp"], tags_of(address.get("Tags"))),
        "address": address["PublicIp"],
        "associated": bool(address.get("AssociationId") or address.get("InstanceId")),
        "instance_id": address.get("InstanceId") or "",
    }
