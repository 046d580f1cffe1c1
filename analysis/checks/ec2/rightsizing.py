"""`ec2.rightsizing`: an instance that a cheaper type of the same kind would hold with headroom."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import check
from analysis.models import Action, Effort
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing.demand import demand
from analysis.rightsizing.fit import candidates, cheapest, limits, specified
from analysis.verdicts import Because, Verdicts, verdicts

#: What right-sizing still has to know about a row before it can say yes or no.
NEEDS_MAXIMA = "maxima"
NEEDS_SERIES = "series"


@check(
    catalogue="E02, E03",
    action=Action.RIGHTSIZE,
    effort=Effort.MEDIUM,
    reason="{instance_type} uses {cpu_percent:.0f} % of its CPU and {memory_percent:.0f} % of its memory at p99.5",
    source="AWS Compute Optimizer, rightsizing preferences: p99.5 and 20 % headroom",
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
    the same generation, vendor and architecture, offered in the instance's zone. Without memory data nothing is
    proposed: what is not measured is not idle.
    """
    current = specified(ec2_instances, instance_types)
    current = current.join(demand(ec2_instances, ec2_metrics)).join(prices.ec2_hour(ec2_instances))
    on_demand_linux = current["platform"].eq("Linux/UNIX") & current["tenancy"].eq("default") & ~current["spot"]
    current["hourly_usd"] = current["hourly_usd"].where(on_demand_linux)

    pairs = candidates(current, instance_types, instance_offerings, prices, headroom_percent=headroom_percent)
    hoped = candidates(
        current, instance_types, instance_offerings, prices, headroom_percent=headroom_percent, traffic=False
    )
    best, hope = cheapest(pairs), cheapest(hoped)
    hours = HOURS_A_MONTH * current["running_share"]
    target_hourly = best["hourly_usd"].reindex(current.index)
    saving = (current["hourly_usd"] - target_hourly) * hours
    hoped_saving = (current["hourly_usd"] - hope["hourly_usd"].reindex(current.index)) * hours

    traffic_known = current[["network_gbps", "ebs_mb_s", "ebs_iops"]].notna().all(axis=1)
    promising = hoped_saving.ge(min_monthly_savings)
    better_hoped = hoped_saving.gt(saving.fillna(0) + 0.005)
    out_of_scope = _out_of_scope(current, min_drained_days)
    conflict = _conflicts(current)
    unknown = _unknown(current, min_days, min_data_days)
    unknown.append(
        (
            promising & ~traffic_known,
            "Network and volume traffic: NetworkIn/Out and EBSRead/WriteBytes "
            "and Ops of CloudWatch have no data; older (Xen) types publish none for volumes.",
        )
    )
    decided = pd.concat([holds for holds, _ in (*out_of_scope, *conflict, *unknown[:-1])], axis=1).any(axis=1)
    typical_would_change = _typical_differs(current, instance_types, instance_offerings, prices, headroom_percent, best)

    needs = pd.Series("", index=current.index, dtype="object")
    open_question = promising & better_hoped | typical_would_change & traffic_known
    needs[~decided & open_question & ~current["has_series"]] = NEEDS_SERIES
    needs[~decided & promising & ~traffic_known] = NEEDS_MAXIMA

    enough = saving.ge(min_monthly_savings)
    why_not = _why_fine(current, pairs, saving, headroom_percent)
    return verdicts(
        current,
        saves=saving.where(enough),
        fine=[*out_of_scope, (~decided & ~enough & (traffic_known | ~promising), why_not)],
        conflict=conflict,
        insufficient=unknown,
        details=_details(current, best).assign(needs=needs.astype("str")),
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
    young = current["age_days"].lt(min_days)
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
            young & current["cpu_days"].lt(min_days),
            f"{min_days} days of metrics: it was launched "
            + current["age_days"].fillna(0).astype("int64").astype("str")
            + " days ago; it is looked at again when they are there.",
        ),
        (
            current["cpu_days"].lt(min_data_days),
            f"CPU of at least {min_data_days} days: CPUUtilization of CloudWatch has "
            + current["cpu_days"].astype("str")
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


def _why_fine(current: DataFrame, pairs: DataFrame, saving: Series[float], headroom_percent: float) -> Series[str]:
    limited = limits(pairs, current.index)
    small = saving.gt(0)
    why = "Right size: " + limited + f" would have less than {headroom_percent:.0f} % free on every cheaper type."
    why = why.where(limited.ne(""), "Right size: no cheaper type of its kind is offered in its zone.")
    return why.where(~small, "The saving is below the minimum.")


def _typical_differs(
    current: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    prices: PriceBook,
    headroom_percent: float,
    best: DataFrame,
) -> Series[bool]:
    """Whether the p99.5 of a typical day would allow a cheaper type than the busiest day does."""
    typical = current.assign(
        cpu_percent=current["cpu_typical_percent"], memory_percent=current["memory_typical_percent"]
    )
    allowed = cheapest(
        candidates(typical, instance_types, instance_offerings, prices, headroom_percent=headroom_percent)
    )
    dearer = best["hourly_usd"].reindex(current.index).fillna(float("inf"))
    return allowed["hourly_usd"].reindex(current.index).lt(dearer - 1e-9)


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
