"""`network.idle_address`: an Elastic IP that belongs to nothing and is paid for by the hour."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="N07",
    groups=(Group.NETWORK, Group.IDLE),
    resource="Elastic IP",
    action=Action.DELETE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="Elastic IP {address} is associated with nothing",
    source="AWS Trusted Advisor, Unassociated Elastic IP Addresses",
    words=Words(
        current="idle",
        proposed="released",
        how="730 h × ${hour_usd:g} an hour.",
        ignores="Nothing.",
        risk="Once released, the address goes back to AWS; a partner's allow-list or a DNS record may still name it.",
        effect="The address is released.",
        command=("aws ec2 release-address --allocation-id {resource_id}",),
        undo=("aws ec2 allocate-address --domain vpc --address {address}",),
    ),
)
def idle_address(elastic_ips: DataFrame, prices: PriceBook, *, min_monthly_savings: float = 0.0) -> Verdicts:
    """Elastic IP associated with nothing.

    Public IPv4 addresses are billed by the hour, in use or idle. EC2 does not tell since when an address is idle.
    """
    hour = prices.unit(elastic_ips, "vpc.idle_ipv4.hour")
    cost = hour["usd"] * HOURS_A_MONTH
    return verdicts(
        elastic_ips,
        saves=cost.where(cost.ge(min_monthly_savings)),
        fine=(elastic_ips["associated"], "In use."),
        insufficient=unpriced(elastic_ips, cost, "of an idle public address"),
        details=DataFrame({"hour_usd": hour["usd"], "monthly_cost": cost}).join(hour[["price_source", "price_date"]]),
    )
