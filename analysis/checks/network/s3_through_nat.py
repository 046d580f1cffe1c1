"""`network.s3_through_nat`: traffic to S3 that pays for a NAT gateway, though a free endpoint would take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY, daily_charts
from analysis.figures import written
from analysis.models import Action, Chart, Effort, Group
from analysis.nat_traffic import billed, monthly_traffic, route_tables
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: What S3 and EC2 of one region sent each other, as the bill spells it; it is free, and so often not shown.
_S3_BYTES = ("C3DataTransfer-In-Bytes", "C3DataTransfer-Out-Bytes")
_PLACE = ["account_id", "region"]


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"From clients": ("BytesInFromSource", "Sum"), "From outside": ("BytesInFromDestination", "Sum")}
    return daily_charts(rows, tables["nat_metrics"], lines, title="Processed a day", unit="GB", scale=1e-9)


@check(
    catalogue="N02",
    groups=(Group.NETWORK,),
    resource="NAT gateway",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    reason="Up to {s3_gb:,.0f} of its {gb:,.0f} GB a month are traffic with S3, and its network has no S3 endpoint",
    source="AWS, Gateway endpoints for Amazon S3",
    words=Words(
        current="S3 through NAT",
        proposed="S3 gateway endpoint",
        how="Between nothing and {s3_gb:,.0f} GB × ${gb_usd:g} a GB: the half of it, give or take the half. The bill "
        "shows {billed_gb:,.0f} GB a month between S3 and EC2 of the region, shared among its gateways by traffic.",
        ignores="DynamoDB, whose gateway endpoint is free too; buckets of other regions, which the endpoint does not "
        "serve.",
        risk="Open connections to S3 break once; a bucket policy that allows the gateway's address (aws:SourceIp) must "
        "allow the endpoint or the network instead.",
        effect="Traffic to S3 of the region leaves by the endpoint, free of charge.",
        command=(
            "aws ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id {vpc_id} "
            "--service-name com.amazonaws.{region:raw}.s3 --route-table-ids {open_tables:raw}",
        ),
        undo=(
            "endpoint=$(aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={vpc_id} "
            "Name=service-name,Values=com.amazonaws.{region:raw}.s3 Name=vpc-endpoint-type,Values=Gateway "
            "--query 'VpcEndpoints[0].VpcEndpointId' --output text --region {region})",
            'aws ec2 delete-vpc-endpoints --vpc-endpoint-ids "$endpoint"',
        ),
    ),
    evidence=(
        Fact("Processed", "gb", "GB a month", "CloudWatch AWS/NATGateway bytes in on both sides", "Sum"),
        Fact("S3 and EC2", "billed_gb", "GB a month in the region", "Bill, C3DataTransfer"),
    ),
    chart=_charts,
)
def s3_through_nat(
    nat_gateways: DataFrame,
    nat_metrics: DataFrame,
    nat_routes: DataFrame,
    vpc_endpoints: DataFrame,
    network_interfaces: DataFrame,
    usage_totals: DataFrame,
    prices: PriceBook,
    *,
    min_gb: float = 50,
    min_days: float = 7,
) -> Verdicts:
    """NAT gateway that carries traffic to S3.

    A gateway endpoint for S3 is free; a NAT gateway bills every gigabyte. Which share of its traffic goes to S3 no
    metric tells. The bill tells how much S3 and EC2 of the region exchanged: a bound, and a fair one only where there
    is no other way between them, such as an endpoint elsewhere or an instance with an address of its own.
    """
    gateways = nat_gateways
    traffic = monthly_traffic(gateways, nat_metrics)
    leading = route_tables(gateways, nat_routes)
    left = _open_tables(gateways, leading, vpc_endpoints)
    known = pd.MultiIndex.from_frame(gateways[KEY]).isin(pd.MultiIndex.from_frame(nat_routes[KEY]))
    routed = pd.Series(known, index=gateways.index)
    public = gateways["connectivity"].eq("public")
    exchanged = billed(gateways, usage_totals, _S3_BYTES)
    whole = traffic["gb"].groupby([gateways[name] for name in _PLACE]).transform("sum")
    s3_gb = (exchanged * traffic["gb"] / whole).clip(upper=traffic["gb"])
    price = prices.unit(gateways, "vpc.nat_gateway.gb")
    measured = traffic["days"].ge(min_days)
    other_ways = _has_other_ways(gateways, vpc_endpoints, network_interfaces)
    volume = written(traffic["gb"], ",.0f")
    return verdicts(
        gateways,
        saves=s3_gb * price["usd"] / 2.0,
        fine=[
            (gateways["connectivity"].eq("private"), "A private gateway: it does not lead to S3."),
            (routed & leading.eq(""), "No route leads to it."),
            (routed & leading.ne("") & left.eq(""), "A gateway endpoint takes the traffic to S3 from all its routes."),
            (measured & traffic["gb"].lt(min_gb), "It processes " + volume + " GB a month."),
            (
                s3_gb.lt(min_gb),
                "At most " + written(s3_gb, ",.0f") + " of its " + volume + " GB a month are traffic with S3.",
            ),
        ],
        insufficient=[
            (~public | ~routed, "Its routes and whether it is public: ec2:DescribeRouteTables."),
            (~measured, f"{min_days:.0f} days of its bytes: wait, or allow cloudwatch:GetMetricData."),
            (
                exchanged.isna() | other_ways,
                "How much of its " + volume + " GB a month goes to S3: VPC flow logs with the field "
                "pkt-dst-aws-service tell. The endpoint is free and may be made without knowing: aws ec2 "
                "create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id " + gateways["vpc_id"] + ".",
            ),
            unpriced(gateways, price["usd"], "of a GB through a NAT gateway"),
        ],
        plus_minus=s3_gb * price["usd"] / 2.0,
        details=traffic.assign(
            s3_gb=s3_gb,
            billed_gb=exchanged,
            open_tables=left,
            gb_usd=price["usd"],
            monthly_cost=traffic["gb"] * price["usd"],
            price_source=price["price_source"],
            price_date=price["price_date"],
        ),
    )


def _open_tables(gateways: DataFrame, leading: Series[str], endpoints: DataFrame) -> Series[str]:
    """The route tables of each gateway in which no endpoint takes the traffic to S3, with a space between."""
    served = set(" ".join(_of_s3(endpoints)["route_table_ids"]).split())
    return pd.Series(
        [" ".join(name for name in names.split() if name not in served) for names in leading],
        index=gateways.index,
        dtype="str",
    )


def _of_s3(endpoints: DataFrame) -> DataFrame:
    return endpoints[endpoints["service"].str.endswith(".s3")]


def _has_other_ways(gateways: DataFrame, endpoints: DataFrame, interfaces: DataFrame) -> Series[bool]:
    """Whether something else of the account and region may carry traffic with S3."""
    others = pd.concat([_of_s3(endpoints)[_PLACE], interfaces[_PLACE]])
    found = pd.MultiIndex.from_frame(gateways[_PLACE]).isin(pd.MultiIndex.from_frame(others))
    return pd.Series(found, index=gateways.index)
