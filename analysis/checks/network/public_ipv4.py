"""`network.public_ipv4`: a public address of an instance whose callers come through a load balancer."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Words, check
from analysis.daily_metrics import KEY
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="N08",
    groups=(Group.NETWORK,),
    resource="public IPv4 address",
    action=Action.DELETE,
    effort=Effort.MEDIUM,
    risk=Risk.MEDIUM,
    reason="{instance_id} has the public address {public_ip}, and its callers come through {balancers}",
    source="AWS, Public IPv4 Address Charge and Public IP Insights",
    words=Words(
        current="public address",
        proposed="private only",
        how="730 h × ${hour_usd:g} an hour.",
        ignores="What it calls itself would pass the NAT gateway at ${nat_gb_usd:g} a GB: more than {even_gb:.0f} GB a "
        "month of that eat the saving up.",
        risk="Whoever calls the address directly no longer reaches it, and without a route to a NAT gateway it reaches "
        "nothing outside.",
        effect="The instance keeps its private address, and the load balancer goes on sending to that.",
        steps="Make sure that nobody calls {public_ip} directly (VPC flow logs of {resource_id}). Then launch its "
        "successor in a subnet that routes through a NAT gateway and gives no public addresses; for a member of an "
        "Auto Scaling group set its subnets, and AssociatePublicIpAddress=false in its launch template.",
    ),
)
def public_ipv4(
    network_interfaces: DataFrame,
    ec2_instances: DataFrame,
    interface_targets: DataFrame,
    nat_gateways: DataFrame,
    prices: PriceBook,
    *,
    min_monthly_savings: float = 0.0,
) -> Verdicts:
    """Public address that a load balancer makes needless.

    Every public IPv4 address is billed by the hour. A load balancer reaches its targets by their private ones, so a
    target needs its own only for what it calls itself, for which a network with a NAT gateway has another way out.
    """
    interfaces = _named(network_interfaces, ec2_instances)
    told = interface_targets.drop_duplicates(KEY).set_index(KEY)["balancers"]
    balancers = told.reindex(pd.MultiIndex.from_frame(interfaces[KEY])).set_axis(interfaces.index)
    place = ["account_id", "region", "vpc_id"]
    has_nat = pd.Series(
        pd.MultiIndex.from_frame(interfaces[place]).isin(pd.MultiIndex.from_frame(nat_gateways[place])),
        index=interfaces.index,
    )
    elastic = interfaces["allocation_id"].ne("")
    hour = prices.unit(interfaces, "vpc.public_ipv4.hour")
    nat_gb = prices.unit(interfaces, "vpc.nat_gateway.gb")["usd"]
    cost = hour["usd"] * HOURS_A_MONTH
    return verdicts(
        interfaces,
        saves=cost.where(cost.gt(min_monthly_savings)),
        fine=[
            (~has_nat, "Its network has no NAT gateway: the address is its way out, and a gateway costs more."),
            (balancers.eq(""), "No load balancer sends to it: the address may be how it is called."),
        ],
        insufficient=[
            (balancers.isna(), "Whether a load balancer sends to it: elasticloadbalancing:DescribeTargetHealth."),
            (elastic, "Whether somebody calls its Elastic IP address directly: VPC flow logs tell."),
            unpriced(interfaces, cost, "of a public address"),
        ],
        details=DataFrame(
            {
                "balancers": balancers,
                "hour_usd": hour["usd"],
                "nat_gb_usd": nat_gb,
                "even_gb": cost / nat_gb,
                "monthly_cost": cost,
                "needs": (has_nat & balancers.isna()).map({True: "balancers", False: ""}),
            }
        ).join(hour[["price_source", "price_date"]]),
    )


def _named(interfaces: DataFrame, instances: DataFrame) -> DataFrame:
    """The interfaces with name, owner and environment of their instances where they have none of their own;
    what is to leave an instance alone leaves its interfaces alone."""
    key = ["account_id", "region"]
    known = instances.drop_duplicates([*key, "resource_id"]).set_index([*key, "resource_id"])
    index = pd.MultiIndex.from_frame(interfaces[[*key, "instance_id"]])
    borrowed: dict[str, Series[str]] = {
        name: known[name].reindex(index).set_axis(interfaces.index).fillna("") for name in ("name", "owner", "env")
    }
    spared = known["ignored"].reindex(index).set_axis(interfaces.index).eq(True)
    return interfaces.assign(
        ignored=interfaces["ignored"] | spared,
        **{name: interfaces[name].where(interfaces[name].ne(""), values) for name, values in borrowed.items()},
    )
