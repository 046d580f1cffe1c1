"""`network.idle_load_balancer`: a load balancer that serves next to nobody, or has nothing to send them to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY, daily_charts, over_days
from analysis.figures import written
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: Everything that a balancer answers, by itself or through a target; each is silent where there was nothing.
_SERVED = ("RequestCount", "HTTP_Redirect_Count", "HTTP_Fixed_Response_Count", "NewFlowCount")
_HOSTS = ("HealthyHostCount", "UnHealthyHostCount")


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Requests": ("RequestCount", "Sum"), "Flows": ("NewFlowCount", "Sum")}
    return daily_charts(rows, tables["load_balancer_metrics"], lines, title="Served a day", unit="requests or flows")


@check(
    catalogue="N06",
    groups=(Group.NETWORK, Group.IDLE),
    resource="load balancer",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{kind} load balancer {has}: at most {peak:.0f} {what} a day in {min_idle_days:.0f} days",
    source="AWS Trusted Advisor, Idle Load Balancers",
    words=Words(
        current="{kind}",
        proposed="deleted",
        how="730 h × ${hour_usd:g} an hour.",
        ignores="Its capacity units, next to none, and its public addresses, one for each of {zones:.0f} zones.",
        risk="A DNS record may still point to it, and what it is kept for may come only once a quarter.",
        effect="The load balancer and its listeners are deleted; its target groups and their targets stay.",
        command=(
            "aws elbv2 describe-load-balancers --load-balancer-arns {resource_id}",
            "aws elbv2 describe-listeners --load-balancer-arn {resource_id}",
            "aws elbv2 delete-load-balancer --load-balancer-arn {resource_id}",
        ),
    ),
    evidence=(
        Fact("Busiest day", "peak", "requests or flows", "CloudWatch", "Sum"),
        Fact("Processed on the busiest day", "peak_bytes", "bytes", "CloudWatch ProcessedBytes", "Sum"),
        Fact("Targets", "targets", "registered", "CloudWatch HealthyHostCount, or DescribeTargetHealth"),
    ),
    chart=_charts,
)
def idle_load_balancer(
    load_balancers: DataFrame,
    load_balancer_metrics: DataFrame,
    balancer_targets: DataFrame,
    prices: PriceBook,
    *,
    min_idle_days: float = 14,
    max_requests_a_day: float = 10,
    max_mb_a_day: float = 1,
) -> Verdicts:
    """Load balancer that serves next to nobody.

    Requests, flows and bytes are published only where there were any, so their silence is zero once it is known that
    the balancer publishes at all: the number of its targets is there on every day that it has some. Where that is
    silent too, the targets themselves are asked for. Redirects and fixed answers count as requests, and a few long
    connections show in the bytes.
    """
    balancers, metrics = load_balancers, load_balancer_metrics
    hosts, host_days = _most(balancers, metrics, _HOSTS, "Maximum", "max"), _host_days(balancers, metrics)
    served = _most(balancers, metrics, _SERVED, "Sum", "max")
    moved = over_days(balancers, metrics, "ProcessedBytes", "Sum", "max")
    registered: Series[float] = (
        balancer_targets.drop_duplicates(KEY)
        .set_index(KEY)["targets"]
        .reindex(pd.MultiIndex.from_frame(balancers[KEY]))
        .set_axis(balancers.index)
    )
    busy = served.ge(max_requests_a_day) | moved.ge(max_mb_a_day * 1e6)
    judged = balancers["kind"].isin(["application", "network"])
    young = ~balancers["age_days"].ge(min_idle_days)
    publishes = host_days.ge(min_idle_days)
    no_targets = registered.eq(0)
    unknown = ~publishes & ~no_targets
    hour = prices.unit(balancers, "elb." + balancers["kind"] + ".hour")
    cost = hour["usd"] * HOURS_A_MONTH
    asks = judged & ~busy & ~young & unknown & registered.isna() & host_days.eq(0)
    flows = balancers["kind"].eq("network")
    requests, megabytes = written(served, ",.0f"), written(moved / 1e6, ",.0f")
    return verdicts(
        balancers,
        saves=cost,
        fine=[
            (balancers["kind"].eq("gateway"), "A gateway load balancer: judged by the appliances behind it, not here."),
            (busy, "Up to " + requests + " requests and " + megabytes + " MB on a day."),
            (
                balancers["age_days"].lt(min_idle_days),
                "Created " + written(balancers["age_days"]) + " days ago: too young to be called idle.",
            ),
        ],
        insufficient=[
            (~judged | young, "What it is and since when: DescribeLoadBalancers does not tell."),
            (
                unknown & registered.isna() & host_days.eq(0),
                "Whether it has targets: elasticloadbalancing:DescribeTargetHealth.",
            ),
            (
                unknown,
                f"{min_idle_days:.0f} days of HealthyHostCount, which shows that its other metrics would be there; "
                "CloudWatch has " + written(host_days) + ".",
            ),
            unpriced(balancers, cost, "of " + balancers["kind"] + " load balancers"),
        ],
        details=DataFrame(
            {
                "peak": served.fillna(0.0),
                "peak_bytes": moved.fillna(0.0),
                "targets": registered.where(registered.notna(), hosts),
                "has": no_targets.map({True: "without targets", False: "with targets"}),
                "what": flows.map({True: "flows", False: "requests"}),
                "hour_usd": hour["usd"],
                "monthly_cost": cost,
                "needs": asks.map({True: "targets", False: ""}),
            }
        ).join(hour[["price_source", "price_date"]]),
    )


def _most(rows: DataFrame, metrics: DataFrame, names: tuple[str, ...], statistic: str, how: str) -> Series[float]:
    """The highest day of all the names together; missing where none was published."""
    found = [over_days(rows, metrics, name, statistic, how) for name in names]
    total = pd.concat(found, axis=1).sum(axis=1, min_count=1)
    return total.astype("float64")


def _host_days(rows: DataFrame, metrics: DataFrame) -> Series[float]:
    """Days on which the number of targets was published."""
    counted = [over_days(rows, metrics, name, "Maximum", "count") for name in _HOSTS]
    return pd.concat(counted, axis=1).max(axis=1)
