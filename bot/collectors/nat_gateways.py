"""The table `nat_gateways`: every NAT gateway that is billed, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("ec2:DescribeNatGateways",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "vpc_id": "str",
    "subnet_id": "str",  # empty for a regional one
    "connectivity": "str",  # public or private
    "availability": "str",  # zonal: one hour is billed an hour; regional: one for each zone it is in
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All NAT gateways of an account in a region that are available, as EC2 describes them.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    with reading("ec2:DescribeNatGateways", account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        available = [{"Name": "state", "Values": ["available"]}]
        pages = client.get_paginator("describe_nat_gateways").paginate(Filter=available)
        return [gateway for page in pages for gateway in page["NatGateways"]]


def parse(gateways: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The gateways as a table with `COLUMNS`; those that come or go are left out."""
    return typed([_row(gateway, here) for gateway in gateways if gateway["State"] == "available"], COLUMNS)


def _row(gateway: Mapping[str, Any], here: Here) -> dict[str, object]:
    return {
        **here.head(gateway["NatGatewayId"], tags_of(gateway.get("Tags")), gateway.get("CreateTime")),
        "vpc_id": gateway.get("VpcId") or "",
        "subnet_id": gateway.get("SubnetId") or "",
        "connectivity": gateway.get("ConnectivityType") or "public",
        "availability": gateway.get("AvailabilityMode") or "zonal",
    }
