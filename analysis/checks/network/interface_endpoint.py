"""`network.interface_endpoint`: a NAT gateway with enough log traffic that an endpoint for it would cost less."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.nat_traffic import billed, monthly_traffic
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: What CloudWatch Logs took in, as the bill spells it: the one service whose bytes the bill tells.
_LOGGED = ("DataProcessing-Bytes",)
_PLACE = ["account_id", "region"]
_NETWORK = [*_PLACE, "vpc_id"]


@check(
    catalogue="N03",
    groups=(Group.NETWORK,),
    resource="NAT gateway",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Up to {logs_gb:,.0f} of its {gb:,.0f} GB a month are logs; an endpoint pays from {even_gb:,.0f} on",
    source="AWS PrivateLink pricing",
    words=Words(
        current="logs through NAT",
        proposed="interface endpoint",
        how="{logs_gb:,.0f} GB × (${nat_usd:g} − ${endpoint_usd:g}) − {zones:.0f} zones × 730 h × ${hour_usd:g}, if "
        "all of its account's logs pass here; the same for {min_share_percent:.0f} % of them; and of both the middle.",
        ignores="Logs of services that do not pass the network, such as Lambda outside of it; other services.",
        risk="The endpoint's security group must let the clients in on port 443, else their logs stop.",
        effect="Traffic to CloudWatch Logs takes the endpoint by its private name.",
        command=(
            "aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --vpc-id {vpc_id} "
            "--service-name com.amazonaws.{region:raw}.logs --private-dns-enabled --subnet-ids {subnets:raw}",
        ),
        undo=(
            "endpoint=$(aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={vpc_id} "
            "Name=service-name,Values=com.amazonaws.{region:raw}.logs --query 'VpcEndpoints[0].VpcEndpointId' "
            "--output text --region {region})",
            'aws ec2 delete-vpc-endpoints --vpc-endpoint-ids "$endpoint"',
        ),
    ),
    evidence=(
        Fact("Processed", "gb", "GB a month", "CloudWatch AWS/NATGateway bytes in on both sides", "Sum"),
        Fact("Logs of the region", "logged_gb", "GB a month", "Bill, DataProcessing-Bytes"),
    ),
)
def interface_endpoint(
    nat_gateways: DataFrame,
    nat_metrics: DataFrame,
    nat_routes: DataFrame,
    vpc_endpoints: DataFrame,
    usage_totals: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 7,
    min_share_percent: float = 25,
) -> Verdicts:
    """NAT gateway beside which an interface endpoint pays.

    An endpoint bills an hour in each zone and less for a gigabyte: it pays above its break-even, some 209 GB a month
    for each zone at list prices. No metric tells to which services a gateway's traffic goes. One whose whole traffic
    is below the break-even is fine; of the others the bill tells one bound, the logs of its account and region, and
    it is a saving only where it would be one if just a quarter of them passed here.
    """
    gateways = nat_gateways
    traffic = monthly_traffic(gateways, nat_metrics)
    clients = _clients(gateways, nat_routes)
    zones = clients["zones"]
    hour = prices.unit(gateways, "vpc.interface_endpoint.az_hour")
    nat_usd = prices.unit(gateways, "vpc.nat_gateway.gb")["usd"]
    endpoint_usd = prices.unit(gateways, "vpc.interface_endpoint.gb")["usd"]
    gain = (nat_usd - endpoint_usd).where(nat_usd.gt(endpoint_usd))
    hours = hour["usd"] * HOURS_A_MONTH * zones
    even = hours / gain
    logged = billed(gateways, usage_totals, _LOGGED)
    whole = traffic["gb"].groupby([gateways[name] for name in _PLACE]).transform("sum")
    logs = (logged * traffic["gb"] / whole).clip(upper=traffic["gb"])
    best = logs * gain - hours
    least = logs * gain * min_share_percent / 100.0 - hours
    middle = (best + least) / 2.0
    has_logs = _has_endpoint(gateways, vpc_endpoints, ".logs")
    measured = traffic["days"].ge(min_days)
    volume, needed = written(traffic["gb"], ",.0f"), written(even, ",.0f")
    return verdicts(
        gateways,
        saves=middle.where(least.gt(0) & ~has_logs),
        fine=[
            (gateways["connectivity"].eq("private"), "A private gateway: it does not lead to AWS's services."),
            (zones.eq(0), "No subnet sends to it."),
            (
                measured & traffic["gb"].lt(even),
                "It processes " + volume + " GB a month; one endpoint in its zones pays from " + needed + " GB on.",
            ),
        ],
        insufficient=[
            (zones.isna(), "Which subnets send to it: ec2:DescribeRouteTables."),
            (~measured, f"{min_days:.0f} days of its bytes: wait, or allow cloudwatch:GetMetricData."),
            unpriced(gateways, even, "of interface endpoints and NAT gateways"),
            (
                has_logs | ~least.gt(0),
                "To which services its " + volume + " GB a month go: VPC flow logs with the field pkt-dst-aws-service "
                "tell; from " + needed + " GB to one service on, an endpoint for it costs less.",
            ),
        ],
        plus_minus=best - middle,
        details=traffic.assign(
            zones=zones,
            subnets=clients["subnets"],
            logs_gb=logs,
            logged_gb=logged,
            even_gb=even,
            hour_usd=hour["usd"],
            nat_usd=nat_usd,
            endpoint_usd=endpoint_usd,
            monthly_cost=traffic["gb"] * nat_usd,
            price_source=hour["price_source"],
            price_date=hour["price_date"],
        ),
    )


def _clients(gateways: DataFrame, nat_routes: DataFrame) -> DataFrame:
    """For each gateway: `zones` from which subnets send to it (missing where that is not known), one subnet of each."""
    sending = nat_routes[nat_routes["subnet_id"].ne("")]
    one = sending.sort_values("subnet_id").drop_duplicates([*KEY, "subnet_zone"])
    index = pd.MultiIndex.from_frame(gateways[KEY])
    known = index.isin(pd.MultiIndex.from_frame(nat_routes[KEY]))
    by = one.groupby(KEY)
    zones = by["subnet_zone"].nunique().reindex(index).set_axis(gateways.index).fillna(0.0).where(known)
    subnets = by["subnet_id"].agg(" ".join).reindex(index).set_axis(gateways.index).fillna("")
    return DataFrame({"zones": zones.astype("float64"), "subnets": subnets.astype("str")})


def _has_endpoint(gateways: DataFrame, endpoints: DataFrame, service: str) -> Series[bool]:
    of_service = endpoints[endpoints["service"].str.endswith(service)]
    found = pd.MultiIndex.from_frame(gateways[_NETWORK]).isin(pd.MultiIndex.from_frame(of_service[_NETWORK]))
    return pd.Series(found, index=gateways.index)
