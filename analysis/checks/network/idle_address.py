"""`network.idle_address`: an Elastic IP that belongs to nothing and is paid for by the hour."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Words, check
from analysis.daily_metrics import KEY
from analysis.figures import written
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
    reason="Elastic IP {address} is associated with nothing, for {idle}",
    source="AWS Trusted Advisor, Unassociated Elastic IP Addresses",
    words=Words(
        current="idle",
        proposed="released",
        how="730 h × ${hour_usd:g} an hour.",
        ignores="That its instance may have ended today: CloudTrail tells of addresses that were allocated or "
        "disassociated, not of those that an ended instance left behind.",
        risk="Once released, the address goes back to AWS; a partner's allow-list or a DNS record may still name it.",
        effect="The address is released.",
        command=("aws ec2 release-address --allocation-id {resource_id}",),
        undo=("aws ec2 allocate-address --domain vpc --address {address}",),
    ),
)
def idle_address(
    elastic_ips: DataFrame, address_events: DataFrame, prices: PriceBook, *, min_idle_days: float = 1
) -> Verdicts:
    """Elastic IP associated with nothing.

    Public IPv4 addresses are billed by the hour, in use or idle. EC2 does not tell since when an address is idle;
    CloudTrail tells whether it was allocated or disassociated in the last seven days. Without CloudTrail an address
    of today looks like one that was forgotten, so nothing is said of either.
    """
    told = address_events.drop_duplicates(KEY).set_index(KEY).reindex(pd.MultiIndex.from_frame(elastic_ips[KEY]))
    days_ago: Series[float] = told["days_ago"].set_axis(elastic_ips.index)
    looked = told["looked_days"].set_axis(elastic_ips.index).fillna(0.0)
    event = told["event"].set_axis(elastic_ips.index).fillna("").astype("str")
    lately = days_ago.lt(min_idle_days)
    hour = prices.unit(elastic_ips, "vpc.idle_ipv4.hour")
    cost = hour["usd"] * HOURS_A_MONTH
    return verdicts(
        elastic_ips,
        saves=cost.where(~elastic_ips["associated"]),
        fine=[
            (elastic_ips["associated"], "In use."),
            (lately, "It may be idle for " + written(days_ago * 24) + " h only: " + event + " then."),
        ],
        insufficient=[
            (
                looked.lt(min_idle_days),
                "Since when it is idle: CloudTrail's AllocateAddress and DisassociateAddress; allow "
                "cloudtrail:LookupEvents and leave COSTBOT_CLOUDTRAIL on.",
            ),
            unpriced(elastic_ips, cost, "of an idle public address"),
        ],
        details=DataFrame(
            {
                "hour_usd": hour["usd"],
                "idle": (written(days_ago.fillna(looked)) + " days").where(
                    days_ago.notna(), "at least " + written(looked) + " days"
                ),
                "monthly_cost": cost,
            }
        ).join(hour[["price_source", "price_date"]]),
    )
