"""`ec2.drained_credits`: a burstable instance that is held back because its credits ran out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import daily_charts, over_days
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing.change_words import ADDRESS_CHANGES, CHANGE, CHANGE_BACK, EFFECT
from analysis.rightsizing.counterpart import price_unknown, with_price
from analysis.rightsizing.demand import Metric, credits, loads
from analysis.rightsizing.fit import specified
from analysis.rightsizing.larger import larger
from analysis.verdicts import Verdicts, verdicts


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Credits": (Metric.CREDIT_BALANCE.value, "Minimum")}
    return daily_charts(rows, tables["ec2_metrics"], lines, title="Fewest burst credits a day", unit="credits")


@check(
    catalogue="E06",
    groups=(Group.RIGHTSIZING,),
    resource="EC2 instance",
    action=Action.RIGHTSIZE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="{instance_type} had no burst credits left on {drained_days:.0f} days: its CPU is held at its baseline of "
    "{baseline_percent:.0f} %",
    source="AWS, Burstable performance instances: CPU credits and baseline utilization",
    words=Words(
        current="{instance_type}, held back",
        proposed="{target}",
        how="{target} costs ${more_usd:.2f} a month more; this is no saving, and it rules out a smaller type.",
        ignores="Unlimited mode, which bills surplus credits by the hour instead of holding it back.",
        risk="It is slow now whenever it has work to do; a larger type takes that away.",
        effect=EFFECT,
        command=CHANGE,
        undo=CHANGE_BACK,
    ),
    evidence=(
        Fact("Days without credits", "drained_days", "days", "CloudWatch CPUCreditBalance, daily minimum"),
        Fact("CPU", "cpu_percent", "% of {instance_type}", "CloudWatch CPUUtilization", "p99.5"),
    ),
    chart=_charts,
)
def drained_credits(
    ec2_instances: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_drained_days: int = 3,
) -> Verdicts:
    """Burstable instance that ran out of credits.

    Its low CPU is not a lack of work: without credits it gets its baseline and no more, so right-sizing never proposes
    a smaller type. One that borrowed surplus credits is unlimited and was not held back; `ec2.surplus_credits` looks at
    what that costs.
    """
    current = with_price(specified(ec2_instances, instance_types), prices)
    current = current.join(credits(current, ec2_metrics)).join(loads(current, ec2_metrics)[["cpu_percent"]])
    current = current.join(larger(current, instance_types, instance_offerings, prices, cpu=True))
    burstable, running = current["burstable"].eq(True), current["state"].eq("running")
    borrowed = over_days(current, ec2_metrics, Metric.SURPLUS_BALANCE.value, "Maximum", "max").gt(0)
    drained = current["drained_days"].ge(min_drained_days)
    group = current["asg_name"].fillna("")
    return verdicts(
        current,
        saves=current["hourly_usd"] * float("nan"),
        fine=[
            (current["ignored"], "Left alone by its tag costbot:ignore."),
            (~running, "Not running."),
            (current["vcpu"].notna() & ~burstable, "Of fixed performance: it has no burst credits."),
            (current["drained_days"].lt(min_drained_days), "Its burst credits last."),
            (borrowed | current["surplus_credits"].gt(0), "Unlimited: it borrowed credits and was not held back."),
        ],
        conflict=(group.ne(""), "In Auto Scaling group " + group + ": change the type in its launch template."),
        insufficient=[
            price_unknown(current),
            (
                current["vcpu"].isna(),
                "The specification of " + current["instance_type"] + ": DescribeInstanceTypes does not name it.",
            ),
            (current["drained_days"].isna(), "Burst credits: CPUCreditBalance of CloudWatch has no data."),
            (
                current["target_hourly_usd"].isna(),
                "A larger type and its price: no offer in its zone is known with a price.",
            ),
        ],
        notice=(drained, "Its burst credits ran out: it is held back, and no smaller type is a saving."),
        details=DataFrame(
            {
                "baseline_percent": 100 * current["sustained_vcpu"] / current["vcpu"],
                "monthly_cost": current["hourly_usd"] * HOURS_A_MONTH,
                "more_usd": (current["target_hourly_usd"] - current["hourly_usd"]) * HOURS_A_MONTH,
                "address": current["public_ip_changes"].map({True: ADDRESS_CHANGES, False: ""}),
            }
        ),
    )
