"""The table `nat_routes`: which subnets send their traffic to which NAT gateway, and across which zones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = ("ec2:DescribeRouteTables", "ec2:DescribeSubnets")
SCOPE = Scope.PLACE
OF = "nat_gateways"

#: One row per gateway and subnet that sends to it; one without a subnet where nothing does.
COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",  # of the NAT gateway
    "zone": "str",  # of the NAT gateway; empty where it is in several
    "route_table_id": "str",  # empty where no route leads to the gateway
    "subnet_id": "str",  # empty where no subnet uses the route table
    "subnet_zone": "str",
}


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """The routes to the gateways of `rows`; two listings of their networks.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    filters = [{"Name": "vpc-id", "Values": sorted(set(rows["vpc_id"]))}]
    client = aws.client("ec2", account_id=here.account.id, region=here.region)
    with reading("ec2:DescribeRouteTables", here.account.id, here.region):
        pages = client.get_paginator("describe_route_tables").paginate(Filters=filters)
        tables = [table for page in pages for table in page["RouteTables"]]
    with reading("ec2:DescribeSubnets", here.account.id, here.region):
        pages = client.get_paginator("describe_subnets").paginate(Filters=filters)
        subnets = [subnet for page in pages for subnet in page["Subnets"]]
    return parse(rows, tables, subnets, here)


def parse(
    gateways: DataFrame, tables: Iterable[Mapping[str, Any]], subnets: Sequence[Mapping[str, Any]], here: Here
) -> DataFrame:
    """The routes with `COLUMNS`.

    A subnet without a route table of its own uses the main one of its network.

    Args:
        gateways: columns of `nat_gateways`.
    """
    zones = {str(subnet["SubnetId"]): str(subnet["AvailabilityZone"]) for subnet in subnets}
    users = _users(tables := list(tables), subnets)
    found: list[dict[str, object]] = []
    for gateway_id, own_subnet in gateways[["resource_id", "subnet_id"]].itertuples(index=False):
        leading = [table for table in tables if _leads_to(table, gateway_id)]
        head = {"account_id": here.account.id, "region": here.region, "resource_id": gateway_id}
        head |= {"zone": zones.get(own_subnet, "")}
        used = [(table["RouteTableId"], subnet) for table in leading for subnet in users[table["RouteTableId"]] or [""]]
        for route_table, subnet in used or [("", "")]:
            found.append(
                {**head, "route_table_id": route_table, "subnet_id": subnet, "subnet_zone": zones.get(subnet, "")}
            )
    return typed(found, COLUMNS)


def _leads_to(table: Mapping[str, Any], gateway_id: str) -> bool:
    return any(route.get("NatGatewayId") == gateway_id for route in table.get("Routes", ()))


def _users(tables: Iterable[Mapping[str, Any]], subnets: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The subnets of each route table."""
    users: dict[str, list[str]] = {}
    main: dict[str, str] = {}
    taken: set[str] = set()
    for table in tables:
        own = [one["SubnetId"] for one in table.get("Associations", ()) if one.get("SubnetId")]
        users[table["RouteTableId"]] = own
        taken |= set(own)
        if any(one.get("Main") for one in table.get("Associations", ())):
            main[table["VpcId"]] = table["RouteTableId"]
    for subnet in subnets:
        if subnet["SubnetId"] not in taken and subnet["VpcId"] in main:
            users[main[subnet["VpcId"]]].append(subnet["SubnetId"])
    return users
