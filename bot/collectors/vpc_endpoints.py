"""The table `vpc_endpoints`: every VPC endpoint in service, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("ec2:DescribeVpcEndpoints",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "kind": "str",  # Interface, Gateway, GatewayLoadBalancer, Resource, ServiceNetwork
    "vpc_id": "str",
    "service": "str",  # as com.amazonaws.us-east-1.logs; of a partner com.amazonaws.vpce…
    "subnet_ids": "str",  # with a space between; each is billed by the hour
    "zones": "float64",  # subnets it is in
    "route_table_ids": "str",  # of a gateway endpoint, with a space between
    "managed": "bool",  # made by a service of AWS, which would make it again
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All endpoints of an account in a region, as EC2 describes them.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    with reading(ACTIONS[0], account_id, region):
        client = aws.client("ec2", account_id=account_id, region=region)
        return [
            one for page in client.get_paginator("describe_vpc_endpoints").paginate() for one in page["VpcEndpoints"]
        ]


def parse(endpoints: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The endpoints as a table with `COLUMNS`; those that are not in service are left out."""
    return typed([_row(one, here) for one in endpoints if one["State"].lower() == "available"], COLUMNS)


def _row(endpoint: Mapping[str, Any], here: Here) -> dict[str, object]:
    subnets = list(endpoint.get("SubnetIds", ()))
    return {
        **here.head(endpoint["VpcEndpointId"], tags_of(endpoint.get("Tags")), endpoint.get("CreationTimestamp")),
        "kind": endpoint.get("VpcEndpointType") or "",
        "vpc_id": endpoint.get("VpcId") or "",
        "service": endpoint.get("ServiceName") or "",
        "subnet_ids": " ".join(subnets),
        "zones": len(subnets),
        "route_table_ids": " ".join(endpoint.get("RouteTableIds", ())),
        "managed": bool(endpoint.get("RequesterManaged")),
    }
