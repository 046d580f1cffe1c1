"""`ec2.surplus_credits`: an unlimited burstable instance that pays for credits what a fixed one gives for less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import instance_hours
from analysis.daily_metrics import DAY_S, KEY, daily_charts, over_days
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing.catalog import family_of
from analysis.rightsizing.change_words import ADDRESS_CHANGES, CHANGE, CHANGE_BACK, EFFECT
from analysis.rightsizing.counterpart import conflicts, counterparts, untold, with_price
from analysis.rightsizing.credits import CREDITS_A_VCPU_HOUR
from analysis.rightsizing.demand import Metric
from analysis.rightsizing.families import FIXED
from analysis.rightsizing.fit import specified
from analysis.verdicts import Verdicts, verdicts

_HOURS_A_DAY = 24


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Surplus credits": (Metric.SURPLUS_CREDITS.value, "Sum")}
    return daily_charts(rows, tables["ec2_metrics"], lines, title="Surplus credits charged a day", unit="credits")


@check(
    catalogue="E05",
    groups=(Group.RIGHTSIZING,),
    resource="EC2 instance",
    action=Action.RIGHTSIZE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="{instance_type} paid for surplus credits on {charged_days:.0f} days, ${surplus_usd:.2f} a month on top of "
    "its price; {target} gives its CPU for good",
    source="AWS, Burstable performance instances: when to use unlimited mode versus fixed CPU",
    words=Words(
        current="{instance_type} and surplus credits",
        proposed="{target}",
        how="730 h × (${hourly_usd:.4f} + ${surplus_hour_usd:.4f} for surplus credits − ${target_hourly_usd:.4f}) an "
        "hour; {credits:.0f} credits in {days:.0f} days, 60 of them a vCPU-hour at ${credit_usd:g}.",
        ignores="A quieter month: without surplus credits {instance_type} is the cheaper of the two.",
        risk="The new type has as many vCPUs and no less memory; nothing becomes slower.",
        effect=EFFECT,
        command=CHANGE,
        undo=CHANGE_BACK,
    ),
    evidence=(
        Fact("Surplus credits", "credits", "credits charged", "CloudWatch CPUSurplusCreditsCharged", "sum"),
        Fact("Days", "charged_days", "days with a charge", "CloudWatch CPUSurplusCreditsCharged"),
    ),
    chart=_charts,
    moves=instance_hours("target", "target_hourly_usd"),
)
def surplus_credits(
    ec2_instances: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_charged_days: int = 7,
    min_monthly_savings: float = 1.0,
) -> Verdicts:
    """Burstable instance that pays for surplus credits.

    An unlimited instance that works above its baseline is billed for each vCPU-hour beyond. Where that is
    charged on `min_charged_days` of the days looked at and comes to more than the difference to a type of fixed
    performance with as many vCPUs and as much memory, the latter is cheaper.
    """
    current = with_price(specified(ec2_instances, instance_types), prices)
    current = current.join(counterparts(current, FIXED, instance_types, instance_offerings, ec2_metrics, prices))
    burstable = current["burstable"].eq(True)
    credits = over_days(current, ec2_metrics, Metric.SURPLUS_CREDITS.value, "Sum", "sum")
    days = over_days(current, ec2_metrics, Metric.SURPLUS_CREDITS.value, "Sum", "count")
    charged_days = _charged_days(current, ec2_metrics).where(days.gt(0))
    # Graviton's credits have a price of their own.
    item = (
        family_of(current["instance_type"])
        .eq("t4g")
        .map({True: "ec2.surplus_credits_t4g.vcpu_hour", False: "ec2.surplus_credits.vcpu_hour"})
    )
    credit = prices.unit(current, item)
    surplus_hour = credits / CREDITS_A_VCPU_HOUR * credit["usd"] / (days * _HOURS_A_DAY)
    saving = (current["hourly_usd"] + surplus_hour - current["target_hourly_usd"]) * HOURS_A_MONTH
    group_conflict, store_conflict, short_conflict = conflicts(current)
    nowhere = ": neither on your own bill nor on the public list costbot ships."
    return verdicts(
        current,
        saves=saving.where(saving.ge(min_monthly_savings)),
        fine=[
            (current["ignored"], "Left alone by its tag costbot:ignore."),
            (current["state"].ne("running"), "Not running."),
            (current["vcpu"].notna() & ~burstable, "Of fixed performance: it has no burst credits."),
            (charged_days.lt(min_charged_days), f"Charged for surplus credits on less than {min_charged_days} days."),
            (saving.lt(min_monthly_savings), "Surplus credits cost less than a type of fixed performance would."),
        ],
        conflict=[group_conflict, store_conflict, short_conflict],
        insufficient=[
            (
                current["vcpu"].isna(),
                "The specification of " + current["instance_type"] + ": DescribeInstanceTypes does not name it.",
            ),
            (charged_days.isna(), "Surplus credits: CPUSurplusCreditsCharged of CloudWatch has no data."),
            (
                current["hourly_usd"].isna() | current["target_hourly_usd"].isna() | credit["usd"].isna(),
                "The price of "
                + current["instance_type"]
                + ", of its surplus credits or of a type of fixed performance "
                "in " + current["region"] + nowhere,
            ),
            untold(current),
        ],
        details=DataFrame(
            {
                "credits": credits,
                "days": days,
                "charged_days": charged_days,
                "credit_usd": credit["usd"],
                "surplus_hour_usd": surplus_hour,
                "surplus_usd": surplus_hour * HOURS_A_MONTH,
                "monthly_cost": (current["hourly_usd"] + surplus_hour) * HOURS_A_MONTH,
                "address": current["public_ip_changes"].map({True: ADDRESS_CHANGES, False: ""}),
            }
        ),
    )


def _charged_days(instances: DataFrame, ec2_metrics: DataFrame) -> pd.Series[float]:
    """Days with a charge; 0 where none is recorded."""
    rows = ec2_metrics[
        ec2_metrics["metric"].eq(Metric.SURPLUS_CREDITS.value)
        & ec2_metrics["statistic"].eq("Sum")
        & ec2_metrics["period_s"].eq(DAY_S)
        & ec2_metrics["value"].gt(0)
    ]
    found = rows.groupby(KEY)["value"].size().reindex(pd.MultiIndex.from_frame(instances[KEY]))
    return pd.Series(found.fillna(0).to_numpy(dtype="float64"), index=instances.index)
