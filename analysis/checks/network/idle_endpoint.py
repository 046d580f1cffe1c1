"""`network.idle_endpoint`: an interface endpoint that carries nothing, or less than a NAT gateway would take for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import daily_charts, over_days
from analysis.figures import written
from analysis.lambda_use import DAYS_A_MONTH
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: Services of AWS are called like this, those of partners `com.amazonaws.vpce.…`.
_OF_AWS = r"^com\.amazonaws\.(?!vpce\.)"


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Processed": ("BytesProcessed", "Sum")}
    return daily_charts(rows, tables["endpoint_metrics"], lines, title="Processed a day", unit="MB", scale=1e-6)


@check(
    catalogue="N04",
    groups=(Group.NETWORK, Group.IDLE),
    resource="interface endpoint",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Endpoint for {service} processed {gb:.3g} GB a month in {zones:.0f} zones{instead}",
    source="AWS Trusted Advisor, Inactive VPC interface endpoints",
    words=Words(
        current="{zones:.0f} zones",
        proposed="deleted",
        how="{zones:.0f} zones × 730 h × ${hour_usd:g} + {gb:.3g} GB × ${gb_usd:g}{less_nat}.",
        ignores="That private networks may be meant to have no other way to the service.",
        risk="Its private DNS name goes with it: callers in subnets without a way to the internet no longer reach "
        "{service}; what runs only once a quarter may need it.",
        effect="The endpoint and its network interfaces are deleted.",
        command=(
            "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {resource_id}",
            "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {resource_id}",
        ),
        undo=(
            "aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --vpc-id {vpc_id} --service-name {service} "
            "--subnet-ids {subnet_ids:raw}",
        ),
    ),
    evidence=(Fact("BytesProcessed", "gb", "GB a month", "CloudWatch AWS/PrivateLinkEndpoints", "Sum"),),
    chart=_charts,
)
def idle_endpoint(
    vpc_endpoints: DataFrame,
    endpoint_metrics: DataFrame,
    nat_gateways: DataFrame,
    prices: PriceBook,
    *,
    min_idle_days: float = 30,
    max_break_even_percent: float = 25,
) -> Verdicts:
    """Interface endpoint that carries too little for its hours.

    An interface endpoint bills an hour in each of its zones. Beside a NAT gateway it pays only above its break-even,
    some 209 GB a month for each zone at list prices; one to a service of AWS far below that is told too. Its bytes are
    published only where there was traffic: silence is zero once another endpoint of the account is known to publish.
    """
    endpoints = vpc_endpoints
    own = over_days(endpoints, endpoint_metrics, "BytesProcessed", "Sum", "sum")
    publishes = pd.Series(endpoints["account_id"].isin(endpoint_metrics["account_id"].unique()), index=endpoints.index)
    old = endpoints["age_days"].ge(min_idle_days)
    gb = (own.fillna(0.0) / 1e9 * DAYS_A_MONTH / min_idle_days).where(publishes)
    hour = prices.unit(endpoints, "vpc.interface_endpoint.az_hour")
    gb_usd = prices.unit(endpoints, "vpc.interface_endpoint.gb")["usd"]
    nat_usd = prices.unit(endpoints, "vpc.nat_gateway.gb")["usd"]
    hours = hour["usd"] * HOURS_A_MONTH * endpoints["zones"]
    cost = hours + gb * gb_usd
    network = ["account_id", "region", "vpc_id"]
    has_nat = pd.Series(
        pd.MultiIndex.from_frame(endpoints[network]).isin(pd.MultiIndex.from_frame(nat_gateways[network])),
        index=endpoints.index,
    )
    silent = gb.eq(0)
    replaceable = has_nat & endpoints["service"].str.match(_OF_AWS)
    break_even = hours / (nat_usd - gb_usd).where(nat_usd.gt(gb_usd))
    little = replaceable & gb.lt(break_even * max_break_even_percent / 100.0)
    through_nat = gb * nat_usd
    interface = endpoints["kind"].eq("Interface")
    return verdicts(
        endpoints,
        saves=cost.where(silent, cost - through_nat),
        fine=[
            (endpoints["kind"].eq("Gateway"), "A gateway endpoint: free."),
            (endpoints["kind"].ne("") & ~interface, "No interface endpoint: judged by what is behind it."),
            (endpoints["managed"], "Made by a service of AWS, which needs it."),
            (endpoints["age_days"].lt(min_idle_days), f"Younger than {min_idle_days:.0f} days."),
            (
                gb.gt(0) & ~little & nat_usd.notna(),
                "It processes "
                + written(gb, ",.1f")
                + " GB a month; beside a NAT gateway it pays from "
                + written(break_even, ",.0f")
                + " GB on.",
            ),
        ],
        insufficient=[
            (~interface | ~old, "What it is and since when: ec2:DescribeVpcEndpoints."),
            (
                gb.isna(),
                "Whether anything passes it: no endpoint of the account publishes BytesProcessed, so silence says "
                "nothing; its network interfaces' flow logs tell.",
            ),
            unpriced(endpoints, cost, "of an interface endpoint"),
            unpriced(endpoints, nat_usd.where(~silent, 0.0), "of a GB through a NAT gateway"),
        ],
        details=DataFrame(
            {
                "gb": gb,
                "hour_usd": hour["usd"],
                "gb_usd": gb_usd,
                "instead": silent.map({True: "", False: "; its NAT gateway would carry that for less"}),
                "less_nat": (" less $" + written(through_nat, ".2f") + " for the NAT gateway").where(~silent, ""),
                "monthly_cost": cost,
            }
        ).join(hour[["price_source", "price_date"]]),
    )
