"""`ec2.burstable`: an instance of fixed performance whose steady low load a burstable type would carry for less."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import instance_hours
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing import counterpart, credits
from analysis.rightsizing.catalog import family_of
from analysis.rightsizing.change_words import ADDRESS_CHANGES, CHANGE_BACK, EFFECT, HOW
from analysis.rightsizing.choice import TRAFFIC, choice
from analysis.rightsizing.counterpart import NEEDS_MAXIMA, NEEDS_MEANS
from analysis.rightsizing.demand import demand
from analysis.rightsizing.families import BURSTABLE
from analysis.rightsizing.fit import candidates, cheapest, holds, needs_of, specified
from analysis.rightsizing.recommendation import PROJECTED
from analysis.verdicts import Because, Verdicts, verdicts

_CENT = 0.005
_CHANGE = (
    "aws ec2 stop-instances --instance-ids {resource_id}",
    "aws ec2 wait instance-stopped --instance-ids {resource_id}",
    "aws ec2 modify-instance-attribute --instance-id {resource_id} --instance-type Value={target}",
    "aws ec2 modify-instance-credit-specification "
    "--instance-credit-specifications InstanceId={resource_id},CpuCredits=unlimited",
    "aws ec2 start-instances --instance-ids {resource_id}",
    "aws ec2 wait instance-status-ok --instance-ids {resource_id}",
)


@check(
    catalogue="E03b",
    groups=(Group.RIGHTSIZING,),
    resource="EC2 instance",
    action=Action.RIGHTSIZE,
    effort=Effort.MEDIUM,
    risk=Risk.MEDIUM,
    reason="{instance_type} uses {busiest_vcpu:.2g} vCPU on its busiest day; {target} gives {baseline_vcpu:.2g} for "
    "good and costs {percent_less:.0f} % less",
    source="AWS, Burstable performance instances: CPU credits and baseline utilization",
    words=Words(
        current="{instance_type}",
        proposed="{target}, unlimited",
        how=HOW + " Its credits were simulated on the CPU of {days:.0f} days, five minutes by five minutes.",
        ignores="Surplus credits of a load that grows: they cost ${credit_usd:g} a vCPU-hour.",
        risk="{target} gives {baseline_vcpu:.2g} vCPU for good and more out of credits, which under the recorded load "
        "never fell below {lowest_percent:.0f} %. A load that grows beyond is not held back but billed: at most "
        "${worst_usd:.2f} a month, all its vCPUs busy day and night. It sustains {network_gbps_then:g} Gbit/s.",
        effect=EFFECT,
        command=_CHANGE,
        undo=CHANGE_BACK,
    ),
    evidence=(
        Fact("CPU", "cpu_percent", "% of {instance_type}", "CloudWatch CPUUtilization", "p99.5"),
        Fact("CPU", "busiest_vcpu", "vCPU on the busiest day", "CloudWatch CPUUtilization", "mean"),
        Fact("Burst credits", "lowest_percent", "% left of what {target} holds, at the worst moment", PROJECTED),
        Fact("Memory", "memory_percent", "% of {instance_type}", "CloudWatch agent", "p99.5"),
        Fact("Memory", "memory_then", "% of {target}", PROJECTED, "p99.5"),
    ),
    moves=instance_hours("target", "target_hourly_usd"),
)
def burstable(
    ec2_instances: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
    *,
    headroom_percent: float = 20.0,
    min_days: float = 14.0,
    min_data_days: float = 7.0,
    min_monthly_savings: float = 5.0,
) -> Verdicts:
    """Steady low load on an instance of fixed performance.

    Offered is the cheapest burstable type of the same maker, architecture and core that keeps `headroom_percent` of
    everything free at p99.5, as right-sizing does, and costs less than what the instance's own family could shrink to.
    Two things must hold besides: a type that starts without credits must earn what each single day uses, with that
    headroom; and the credits, simulated on five-minute means of the whole window, must never fall below it, so that
    no surplus is billed. In unlimited mode a busier time is billed and not held back.
    """
    current = counterpart.with_price(specified(ec2_instances, instance_types), prices)
    current = current.join(demand(ec2_instances, ec2_metrics))
    current["has_counterpart"] = family_of(current["instance_type"]).isin(BURSTABLE)
    pairs = candidates(current, instance_types, instance_offerings, prices, BURSTABLE)
    own_pairs = candidates(current, instance_types, instance_offerings, prices)
    own = choice(current, own_pairs, ec2_metrics, headroom_percent=headroom_percent)
    at_least = own.saving.fillna(0).clip(lower=min_monthly_savings - _CENT) + _CENT

    told = credits.lowest(pairs, current, ec2_metrics)
    share = 1 - headroom_percent / 100
    steady = (
        told["surplus_credits"].eq(0)
        & told["lowest_share"].ge(headroom_percent / 100)
        & told["busiest_vcpu"].le(share * pairs["sustained_vcpu"].reindex(told.index))
        & told["days"].ge(min_data_days)
    )
    would = pd.Series(True, index=pairs.index)
    busiest = needs_of(current)
    held = holds(pairs, busiest, headroom_percent=headroom_percent, credits_last=would)
    but_for_traffic = holds(pairs, busiest, headroom_percent=headroom_percent, credits_last=would, traffic=False)
    lasting = held.assign(cpu=held["cpu"] & steady.reindex(pairs.index, fill_value=False))

    best = cheapest(pairs, lasting)
    saving = _saving(current, best)
    traffic_known = current[TRAFFIC].notna().all(axis=1)
    means_known = pd.Series(current.index.isin(pairs.loc[told.index, "row"]), index=current.index)
    hoped = _saving(current, cheapest(pairs, held)).where(
        traffic_known, _saving(current, cheapest(pairs, but_for_traffic))
    )
    promising = hoped.gt(at_least)

    unknown = _unknown(current, min_days, min_data_days)
    known = ~pd.concat([holds_ for holds_, _ in unknown], axis=1).fillna(False).any(axis=1)
    open_ = promising & known & current["state"].eq("running") & current["asg_name"].eq("") & ~current["ignored"]
    open_ &= ~current["bare_metal"].eq(True)
    needs = pd.Series("", index=current.index, dtype="str")
    needs = needs.mask(open_ & traffic_known & ~means_known, NEEDS_MEANS).mask(open_ & ~traffic_known, NEEDS_MAXIMA)
    target = best.reindex(current.index)
    lowest = told.join(pairs[["row", "instance_type"]]).merge(
        target[["instance_type"]].rename_axis("row").reset_index(), on=["row", "instance_type"]
    )
    credit = _credit_price(current, prices)
    group_conflict, store_conflict = counterpart.conflicts(current.assign(short=False, target=""))[:2]
    return verdicts(
        current,
        saves=saving.where(saving.gt(at_least)),
        fine=[
            *counterpart.out_of_scope(current, "Of no family that has a burstable counterpart with as fast a core."),
            (known & ~promising, "No burstable type that holds its load is worth a change."),
            (known & traffic_known & means_known & ~saving.gt(at_least), "Its CPU is too busy to live on credits."),
        ],
        conflict=[group_conflict, store_conflict],
        insufficient=[
            *unknown,
            (~traffic_known, "Network and volume traffic: a burstable type sustains less, and CloudWatch has none."),
            (~means_known, "Five-minute means of CPUUtilization, on which burst credits are simulated."),
            (credit["usd"].isna(), "What surplus credits cost in " + current["region"] + ": no known price list says."),
        ],
        details=DataFrame(
            {
                "target": target["instance_type"],
                "target_hourly_usd": target["hourly_usd"],
                "baseline_vcpu": target["sustained_vcpu"],
                "network_gbps_then": target["network_baseline_gbps"],
                "memory_then": current["memory_percent"] * current["memory_gib"] / target["memory_gib"],
                "percent_less": 100 * (1 - target["hourly_usd"] / current["hourly_usd"]),
                "worst_usd": (target["vcpu"] - target["sustained_vcpu"]) * credit["usd"] * HOURS_A_MONTH,
                "credit_usd": credit["usd"],
                "monthly_cost": current["hourly_usd"] * HOURS_A_MONTH,
                "address": current["public_ip_changes"].map({True: ADDRESS_CHANGES, False: ""}),
                "needs": needs,
            }
        ).join(_of_targets(lowest)),
    )


def _saving(current: DataFrame, chosen: DataFrame) -> Series[float]:
    return (current["hourly_usd"] - chosen["hourly_usd"].reindex(current.index)) * HOURS_A_MONTH


def _of_targets(lowest: DataFrame) -> DataFrame:
    """What the simulation says of each instance's target, by the instance's index."""
    told = lowest.set_index("row")
    return DataFrame(
        {
            "lowest_percent": 100 * told["lowest_share"],
            "busiest_vcpu": told["busiest_vcpu"],
            "days": told["days"],
        }
    )


def _credit_price(current: DataFrame, prices: PriceBook) -> DataFrame:
    """What a vCPU-hour of surplus credits costs; Graviton's has a price of its own."""
    is_graviton = current["architecture"].eq("arm64")
    items = is_graviton.map({True: "ec2.surplus_credits_t4g.vcpu_hour", False: "ec2.surplus_credits.vcpu_hour"})
    return prices.unit(current, items.astype("str"))


def _unknown(current: DataFrame, min_days: float, min_data_days: float) -> list[Because]:
    """Instances of which a fact is missing that no further question brings."""
    return [
        (
            current["vcpu"].isna(),
            "The specification of " + current["instance_type"] + ": DescribeInstanceTypes does not name it.",
        ),
        counterpart.price_unknown(current),
        (
            current["age_days"].isna() | current["age_days"].lt(min_days),
            f"{min_days:.0f} days of metrics since its last start: before, it may have been of another type.",
        ),
        (current["cpu_days"].lt(min_data_days), f"CPU of at least {min_data_days:.0f} days: CloudWatch has fewer."),
        (
            current["memory_days"].lt(min_data_days),
            f"Memory of at least {min_data_days:.0f} days: install the CloudWatch agent with mem_used_percent.",
        ),
    ]
