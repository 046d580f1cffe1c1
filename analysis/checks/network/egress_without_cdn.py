"""`network.egress_without_cdn`: much traffic to the internet that CloudFront would deliver for less."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import DAY_S
from analysis.figures import written
from analysis.lambda_use import DAYS_A_MONTH
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

_PLACE = ["account_id", "region"]
#: CloudFront's tiers for the United States and Europe: GB up to which a price holds, and its item.
_TIERS = (
    (10_000.0, "cloudfront.internet.gb"),
    (50_000.0, "cloudfront.internet_next_40tb.gb"),
    (150_000.0, "cloudfront.internet_next_100tb.gb"),
)


@check(
    catalogue="N10",
    groups=(Group.NETWORK,),
    resource="traffic to the internet",
    action=Action.UPGRADE,
    effort=Effort.HIGH,
    risk=Risk.MEDIUM,
    reason="{gb:,.0f} GB a month go to the internet, {alb_gb:,.0f} of them through load balancers without CloudFront",
    source="AWS, Amazon CloudFront pricing: transfer from AWS origins is free",
    words=Words(
        current="{alb_gb:,.0f} GB direct",
        proposed="through CloudFront",
        how="{alb_gb:,.0f} GB × ${own_usd:.4f} as billed, less ${cdn_usd:,.2f} at CloudFront's tiers and "
        "{requests:,.0f} requests a month at ${million_usd:g} a million.",
        ignores="Viewers outside of the United States and Europe, for whom CloudFront costs more; what its cache takes "
        "off the origin; private prices: half of the figure either way.",
        risk="Answers that must not be cached need headers that say so, and clients' addresses come in a header.",
        effect="Viewers are served by CloudFront, which fetches from the load balancers free of charge.",
        steps="Make a CloudFront distribution with the load balancer as its origin and caching as the application's "
        "headers say; try it under its own name, then move the DNS records one by one; the way back is the old record.",
    ),
    evidence=(
        Fact("To the internet", "gb", "GB a month", "Bill, DataTransfer-Out-Bytes"),
        Fact("Mean answer", "answer_kb", "kB", "CloudWatch AWS/ApplicationELB ProcessedBytes ÷ RequestCount"),
    ),
)
def egress_without_cdn(
    internet_egress: DataFrame,
    load_balancers: DataFrame,
    load_balancer_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_gb: float = 10_000,
) -> Verdicts:
    """Traffic to the internet without a delivery network.

    CloudFront's gigabyte costs less than the internet's, and its way from the origin nothing; but it bills requests,
    so small answers cost more there. Traffic and requests of the internet-facing application load balancers tell
    which it is; what else sends to the internet is not judged.
    """
    egress = internet_egress
    served = _served(egress, load_balancers, load_balancer_metrics)
    alb_gb = served["gb"].clip(upper=egress["gb"])
    requests = served["requests"] * (alb_gb / served["gb"])
    own = egress["cost"] / egress["gb"]
    cdn = _tiered(egress, alb_gb, prices)
    million = prices.unit(egress, "cloudfront.https_requests.million")
    cost = alb_gb * own
    saving = cost - cdn - requests / 1e6 * million["usd"]
    answer = written(served["gb"] / served["requests"] * 1e6, ",.0f")
    much = egress["gb"].ge(min_gb)
    return verdicts(
        egress,
        saves=saving,
        fine=[
            (
                egress["gb"].lt(min_gb),
                written(egress["gb"], ",.0f") + f" GB a month, below {min_gb:,.0f}.",
            ),
            (
                saving.le(0),
                "Its mean answer has " + answer + " kB: CloudFront's requests would cost more than its traffic saves.",
            ),
        ],
        insufficient=[
            (~much, "How much goes to the internet: the bill by usage type."),
            (
                alb_gb.isna(),
                "What sends its " + written(egress["gb"], ",.0f") + " GB a month: no internet-facing application "
                "load balancer is known to; VPC flow logs tell.",
            ),
            unpriced(egress, cdn + million["usd"], "of CloudFront for viewers"),
        ],
        plus_minus=saving / 2.0,
        details=DataFrame(
            {
                "alb_gb": alb_gb,
                "requests": requests,
                "answer_kb": served["gb"] / served["requests"] * 1e6,
                "own_usd": own,
                "cdn_usd": cdn,
                "million_usd": million["usd"],
                "monthly_cost": cost,
                "price_source": million["price_source"],
                "price_date": million["price_date"],
            }
        ),
    )


def _served(egress: DataFrame, balancers: DataFrame, metrics: DataFrame) -> DataFrame:
    """A month of the internet-facing application load balancers of each row's place: `gb`, `requests`."""
    facing = balancers[balancers["kind"].eq("application") & balancers["scheme"].eq("internet-facing")]
    daily = metrics[metrics["period_s"].eq(DAY_S) & metrics["statistic"].eq("Sum")]
    daily = daily.merge(facing[[*_PLACE, "resource_id"]], on=[*_PLACE, "resource_id"])
    days = daily["time"].nunique()
    index = pd.MultiIndex.from_frame(egress[_PLACE])

    def month(metric: str) -> Series[float]:
        sums = daily[daily["metric"].eq(metric)].groupby(_PLACE)["value"].sum() * DAYS_A_MONTH / max(days, 1)
        return sums.reindex(index).set_axis(egress.index).astype("float64")

    return DataFrame({"gb": month("ProcessedBytes") / 1e9, "requests": month("RequestCount")})


def _tiered(rows: DataFrame, gb: Series[float], prices: PriceBook) -> Series[float]:
    """Dollars that CloudFront's tiers come to; missing beyond the last one."""
    total = pd.Series(0.0, index=rows.index)
    below = 0.0
    for limit, item in _TIERS:
        total = total + (gb.clip(upper=limit) - below).clip(lower=0.0) * prices.unit(rows, item)["usd"]
        below = limit
    return total.where(gb.le(below))
