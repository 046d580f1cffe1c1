"""`ec2.rightsizing`: an instance that a cheaper type of the same kind would hold with headroom."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import check
from analysis.commitments.after_discount_usage import instance_hours
from analysis.models import Action, Effort, Group
from analysis.pricing import PriceBook
from analysis.rightsizing.choice import choice
from analysis.rightsizing.counterpart import NEEDS_MAXIMA, NEEDS_SERIES
from analysis.rightsizing.demand import demand
from analysis.rightsizing.fit import candidates, limits, specified
from analysis.rightsizing.recommendation import recommendations
from analysis.verdicts import Because, Verdicts, verdicts

_NO_TRAFFIC = (
    "Network and volume traffic: NetworkIn/Out and EBSRead/WriteBytes and Ops of CloudWatch have no data; older (Xen) "
    "types publish none for volumes."
)


@check(
    catalogue="E02, E03",
    groups=(Group.RIGHTSIZING,),
    resource="EC2 instance",
    action=Action.RIGHTSIZE,
    effort=Effort.MEDIUM,
    reason="{instance_type} uses {cpu_percent:.0f} % of its CPU and {memory_percent:.0f} % of its memory at p99.5",
    source="AWS Compute Optimizer, rightsizing preferences: p99.5 and 20 % headroom",
    recommend=recommendations,
    moves=instance_hours("proposed", "target_hourly_usd"),
)
def rightsizing(
    ec2_instances: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    headroom_percent: float = 20.0,
    min_days: int = 14,
    min_data_days: int = 7,
    min_monthly_savings: float = 5.0,
    min_drained_days: int = 1,
) -> Verdicts:
    """EC2 instance larger than its load.

    The demand is the p99.5 of CPU, memory, network and volume traffic over `min_days` days. The proposal is the
    cheapest type that keeps `headroom_percent` of everything free: of the same family, or of the c, m and r families of
    the same generation, vendor and architecture, offered in the instance's zone. Burst credits of a smaller type must
    last under the load as it was recorded. Without memory data nothing is
    proposed: what is not measured is not idle.
    """
    current = specified(ec2_instances, instance_types)
    current = current.join(demand(ec2_instances, ec2_metrics)).join(prices.ec2_hour(ec2_instances))
    on_demand_linux = current["platform"].eq("Linux/UNIX") & current["tenancy"].eq("default") & ~current["spot"]
    current["hourly_usd"] = current["hourly_usd"].where(on_demand_linux)

    pairs = candidates(current, instance_types, instance_offerings, prices)
    chosen = choice(current, pairs, ec2_metrics, headroom_percent=headroom_percent)
    saving, traffic_known = chosen.saving, chosen.traffic_known
    promising = chosen.but_for_traffic.ge(min_monthly_savings)
    enough = saving.ge(min_monthly_savings)

    out_of_scope = _out_of_scope(current, min_drained_days)
    conflict = _conflicts(current)
    unknown = _unknown(current, min_days, min_data_days)
    decided = pd.concat([condition for condition, _ in (*out_of_scope, *conflict, *unknown)], axis=1).any(axis=1)
    unknown.append((promising & ~traffic_known, _NO_TRAFFIC))
    undecided = chosen.at_best.gt(saving.fillna(0) + 0.005) & ~current["has_series"]
    needs = pd.Series("", index=current.index, dtype="str")
    needs = needs.mask(~decided & traffic_known & undecided, NEEDS_SERIES)
    needs = needs.mask(~decided & ~traffic_known & promising, NEEDS_MAXIMA)

    asked = chosen.held.where(pairs["row"].map(traffic_known), chosen.held_but_for_traffic)
    why_not = _why_fine(limits(pairs, asked, current.index), saving, headroom_percent)
    return verdicts(
        current,
        saves=saving.where(enough),
        fine=[*out_of_scope, (~decided & ~enough & (traffic_known | ~promising), why_not)],
        conflict=conflict,
        insufficient=unknown,
        details=_details(current, chosen.best).assign(needs=needs, current=current["instance_type"]),
    )


def _out_of_scope(current: DataFrame, min_drained_days: int) -> list[Because]:
    stopped = current["state"].ne("running")
    drained = current["burstable"].eq(True) & current["drained_days"].ge(min_drained_days)
    surplus = current["burstable"].eq(True) & current["surplus_credits"].gt(0)
    drained_why = (
        "Burst credits ran out on "
        + current["drained_days"].fillna(0).astype("int64").astype("str")
        + " days: its CPU was held back, so a smaller type is no saving."
    )
    surplus_why = "It paid for surplus burst credits: it needs more CPU than its type gives for good, not less."
    return [
        (current["ignored"], "Left alone by its tag costbot:ignore."),
        (stopped, "Not running: it pays for its volumes only, which other checks look at."),
        (current["bare_metal"].eq(True), "Bare metal: no smaller type runs the same software."),
        (drained, drained_why),
        (surplus, surplus_why),
    ]


def _conflicts(current: DataFrame) -> list[Because]:
    group = current["asg_name"].fillna("")
    store = current["instance_store_gb"].gt(0) & ~current["accelerated"].eq(True)
    return [
        (
            group.ne(""),
            "In Auto Scaling group " + group + ": change the type in its launch template, or the group "
            "replaces the instance.",
        ),
        (store, "It has instance store: a change of type erases the data on it."),
    ]


def _unknown(current: DataFrame, min_days: int, min_data_days: int) -> list[Because]:
    known_type = current["vcpu"].notna()
    credits_known = ~current["burstable"].eq(True) | current["drained_days"].notna()
    cpu_mean_known = ~current["burstable"].eq(True) | current["cpu_mean_percent"].notna()
    kind = current["platform"].where(current["platform"].ne("Linux/UNIX"), current["tenancy"] + " tenancy")
    kind = kind.where(~current["spot"], "Spot")
    unpriced = (
        "The price of "
        + current["instance_type"]
        + " ("
        + kind.str.replace("default tenancy", "Linux")
        + ") in "
        + current["region"]
        + ": neither on your own bill nor on the public list costbot ships."
    )
    return [
        (~known_type, "The specification of " + current["instance_type"] + ": DescribeInstanceTypes does not name it."),
        (
            current["accelerated"].eq(True),
            "How busy its GPU or accelerator is: have the CloudWatch agent publish it "
            "(nvidia_gpu); CPU says nothing about it.",
        ),
        (current["hourly_usd"].isna(), unpriced),
        (
            current["age_days"].lt(min_days),
            # A start may have changed its type, and what was measured before is per cent of another one.
            f"{min_days} days of metrics since its last start, which was "
            + current["age_days"].fillna(0).astype("int64").astype("str")
            + " days ago; it is looked at again when they are there.",
        ),
        (
            current["cpu_days"].lt(min_data_days),
            f"CPU of at least {min_data_days} days: CPUUtilization of CloudWatch has "
            + current["cpu_days"].astype("int64").astype("str")
            + " days.",
        ),
        (
            current["memory_days"].lt(min_data_days),
            f"Memory of at least {min_data_days} days: install the CloudWatch agent "
            "with mem_used_percent; without it low CPU may hide full memory.",
        ),
        (
            ~(credits_known & cpu_mean_known),
            "Burst credits: CPUCreditBalance and the mean CPUUtilization of CloudWatch.",
        ),
    ]


def _why_fine(limited: Series[str], saving: Series[float], headroom_percent: float) -> Series[str]:
    why = "Right size: " + limited + f" would have less than {headroom_percent:.0f} % free on every cheaper type."
    why = why.where(limited.ne(""), "Right size: no cheaper type of its kind is offered in its zone.")
    return why.where(~saving.gt(0), "The saving is below the minimum.")


def _details(current: DataFrame, best: DataFrame) -> DataFrame:
    columns = {
        "instance_type": "proposed",
        "hourly_usd": "target_hourly_usd",
        "vcpu": "target_vcpu",
        "memory_gib": "target_memory_gib",
        "network_baseline_gbps": "target_network_gbps",
        "ebs_baseline_mb_s": "target_ebs_mb_s",
        "ebs_baseline_iops": "target_ebs_iops",
        "price_source": "target_price_source",
    }
    return best[list(columns)].rename(columns=columns).reindex(current.index)
