"""The table `network_interfaces`: the instances' network interfaces that have a public IPv4 address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("ec2:DescribeNetworkInterfaces",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "instance_id": "str",
    "vpc_id": "str",
    "subnet_id": "str",
    "private_ip": "str",
    "public_ip": "str",
    "allocation_id": "str",  # of an Elastic IP address; empty where EC2 gave it an address of its own
    "has_ipv6": "bool",
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """The interfaces of an account in a region that instances use, as EC2 describes them.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    with reading(ACTIONS[0], account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        attached = [{"Name": "attachment.instance-owner-id", "Values": [account_id]}]
        pages = client.get_paginator("describe_network_interfaces").paginate(
            Filters=attached, PaginationConfig={"PageSize": 1000}
        )
        return [interface for page in pages for interface in page["NetworkInterfaces"]]


def parse(interfaces: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """Those with a public address, as a table with `COLUMNS`."""
    return typed([_row(one, here) for one in interfaces if _is_public(one)], COLUMNS)


def _is_public(interface: Mapping[str, Any]) -> bool:
    has_instance = bool(interface.get("Attachment", {}).get("InstanceId"))
    return has_instance and bool(interface.get("Association", {}).get("PublicIp"))


def _row(interface: Mapping[str, Any], here: Here) -> dict[str, object]:
    association, attachment = interface["Association"], interface["Attachment"]
    return {
        **here.head(interface["NetworkInterfaceId"], tags_of(interface.get("TagSet")), attachment.get("AttachTime")),
        "instance_id": attachment["InstanceId"],
        "vpc_id": interface.get("VpcId") or "",
        "subnet_id": interface.get("SubnetId") or "",
        "private_ip": interface.get("PrivateIpAddress") or "",
        "public_ip": association["PublicIp"],
        "allocation_id": association.get("AllocationId") or "",
        "has_ipv6": bool(interface.get("Ipv6Addresses")),
    }
