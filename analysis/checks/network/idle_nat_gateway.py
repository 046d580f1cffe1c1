"""`network.idle_nat_gateway`: a NAT gateway through which nothing passes, or to which no route leads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY, daily_charts, over_days
from analysis.figures import written
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: Of both directions, what clients send: replies alone are no use.
_SENT = ("BytesOutToDestination", "BytesInFromSource")


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Sent on": ("BytesOutToDestination", "Sum"), "Came in": ("BytesInFromSource", "Sum")}
    return daily_charts(rows, tables["nat_metrics"], lines, title="Bytes a day", unit="bytes")


@check(
    catalogue="N01",
    groups=(Group.NETWORK, Group.IDLE),
    resource="NAT gateway",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="NAT gateway passed on nothing in {quiet_days:.0f} days{no_route}",
    source="AWS Compute Optimizer, Idle NAT gateways",
    words=Words(
        current="{connectivity}",
        proposed="deleted",
        how="730 h × ${hour_usd:g} an hour; it has processed no data to pay for.",
        ignores="Its public address, which is billed on its own until it is released.",
        risk="What starts only once a quarter or after a failover loses its way out; {routes_left}.",
        effect="The gateway is deleted; routes to it become black holes; its Elastic IP address stays yours.",
        command=("aws ec2 delete-nat-gateway --nat-gateway-id {resource_id}",),
        undo=(
            "allocation=$(aws ec2 describe-nat-gateways --nat-gateway-ids {resource_id} "
            "--query 'NatGateways[0].NatGatewayAddresses[0].AllocationId' --output text --region {region})",
            'aws ec2 create-nat-gateway --subnet-id {subnet_id} --allocation-id "$allocation"',
        ),
    ),
    evidence=(
        Fact("Bytes sent", "sent_bytes", "bytes in {quiet_days:.0f} days", "CloudWatch AWS/NATGateway", "Sum"),
        Fact("Routes to it", "routes", "route tables", "EC2 DescribeRouteTables"),
    ),
    chart=_charts,
)
def idle_nat_gateway(
    nat_gateways: DataFrame,
    nat_metrics: DataFrame,
    nat_routes: DataFrame,
    prices: PriceBook,
    *,
    min_idle_days: float = 14,
    min_unrouted_days: float = 3,
) -> Verdicts:
    """NAT gateway that nothing uses.

    A NAT gateway bills by the hour whether or not anything passes. Its byte counts are published also when they are
    zero, so a day without one was not measured. One without any route needs to be quiet for a few days only.
    """
    gateways = nat_gateways
    routes = nat_routes[nat_routes["route_table_id"].ne("")].groupby(KEY)["route_table_id"].nunique()
    known = pd.MultiIndex.from_frame(gateways[KEY]).isin(pd.MultiIndex.from_frame(nat_routes[KEY]))
    leading = pd.Series(routes.reindex(pd.MultiIndex.from_frame(gateways[KEY])).to_numpy(), index=gateways.index)
    leading = leading.fillna(0.0).where(known)
    unrouted = leading.eq(0)
    lately = nat_metrics[nat_metrics["time"].ge(_since(nat_metrics, min_unrouted_days))]
    sent, days = _sent(gateways, nat_metrics)
    sent_lately, days_lately = _sent(gateways, lately)
    quiet = sent.eq(0) & days.ge(min_idle_days)
    quiet_unrouted = unrouted & sent_lately.eq(0) & days_lately.ge(min_unrouted_days)
    hour = prices.unit(gateways, "vpc.nat_gateway.hour")
    cost = hour["usd"] * HOURS_A_MONTH
    in_use = sent.gt(0) & ~quiet_unrouted
    gb = written(sent / 1e9, ",.1f")
    return verdicts(
        gateways,
        saves=cost.where(quiet | quiet_unrouted),
        fine=(in_use, "Passed on " + gb + " GB in " + written(days) + " days."),
        insufficient=[
            (
                gateways["availability"].ne("zonal"),
                "What it costs: a regional gateway is billed for each zone it is in; see NatGateway-Hours on the bill.",
            ),
            (
                ~(quiet | quiet_unrouted),
                f"{min_idle_days:.0f} days of BytesOutToDestination; CloudWatch has "
                + written(days)
                + ": wait, or allow cloudwatch:GetMetricData.",
            ),
            unpriced(gateways, cost, "of a NAT gateway"),
        ],
        details=DataFrame(
            {
                "quiet_days": days.where(quiet, days_lately),
                "sent_bytes": sent.where(quiet, sent_lately),
                "routes": leading,
                "no_route": unrouted.map({True: ", and no route leads to it", False: ""}),
                "routes_left": unrouted.map({True: "no route leads to it now", False: "remove the routes to it first"}),
                "hour_usd": hour["usd"],
                "monthly_cost": cost,
            }
        ).join(hour[["price_source", "price_date"]]),
    )


def _since(metrics: DataFrame, days: float) -> Any:
    last = metrics["time"].max()
    return last - timedelta(days=days - 1) if len(metrics) else last


def _sent(gateways: DataFrame, metrics: DataFrame) -> tuple[Series[float], Series[float]]:
    """Bytes that clients sent, missing where one side was not measured; days on which both sides were."""
    sides = [over_days(gateways, metrics, name, "Sum", "sum") for name in _SENT]
    days = [over_days(gateways, metrics, name, "Sum", "count") for name in _SENT]
    return sides[0] + sides[1], days[0].where(days[0].le(days[1]), days[1])
