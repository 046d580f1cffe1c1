"""The same instance in another family: the smallest type there that gives no less, its price, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame, Series

from analysis.pricing import HOURS_A_MONTH, PriceBook
from analysis.rightsizing.catalog import family_of
from analysis.rightsizing.demand import traffic
from analysis.rightsizing.fit import TRAFFIC_CAPACITY
from analysis.verdicts import Because

#: What is left free of a new type's network and volume baselines where they are smaller than now.
_SHARE = 0.8
#: What still has to be known about a row before a check can say yes or no: daily maxima of its traffic, five-minute
#: series of everything, or five-minute means of its CPU.
NEEDS_MAXIMA, NEEDS_SERIES, NEEDS_MEANS = "maxima", "series", "cpu-means"
_NOWHERE = ": neither on your own bill nor on the public list costbot ships."


def with_price(current: DataFrame, prices: PriceBook) -> DataFrame:
    """The instances with what an hour costs; missing where that is not on demand, Linux, in shared tenancy."""
    priced = current.join(prices.ec2_hour(current))
    plain = priced["platform"].eq("Linux/UNIX") & priced["tenancy"].eq("default") & ~priced["spot"]
    return priced.assign(hourly_usd=priced["hourly_usd"].where(plain))


def counterparts(
    current: DataFrame,
    families: Mapping[str, str] | Mapping[str, tuple[str, ...]],
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    ec2_metrics: DataFrame,
    prices: PriceBook,
) -> DataFrame:
    """For each instance the cheapest type of its family's counterparts that gives no less CPU and memory.

    Args:
        current: instances with specification and price.
        families: family → its counterpart, or several.
    Returns:
        Same index: `target` (missing where its zone offers none), `target_hourly_usd`, `target_price_source`,
        `target_vcpu`, `target_memory_gib`, `saving` (dollars a month; missing where a price is), `untold` (it gives
        less network or volume traffic than now, and how much is needed is not known), `short` (it is known to be too
        little).
    """
    wanted = current.assign(row=current.index, other=family_of(current["instance_type"]).map(families))
    wanted = wanted[wanted["other"].notna()].explode("other").astype({"other": "str"})
    usable = instance_types[~instance_types["bare_metal"] & instance_types["instance_store_gb"].eq(0)]
    usable = usable.assign(other=family_of(usable["instance_type"]))
    kept = ["account_id", "region", "az", "row", "other", "instance_type", "hourly_usd", "list_usd", "vcpu"]
    capacities = [column for column, _ in TRAFFIC_CAPACITY.values()]
    offered = wanted[[*kept, "memory_gib", *capacities]].merge(
        instance_offerings.rename(columns={"instance_type": "offered"}), on=["account_id", "region", "az"]
    )
    pairs = offered.merge(
        usable, left_on=["other", "offered"], right_on=["other", "instance_type"], suffixes=("_now", "")
    )
    pairs = pairs.rename(columns={"hourly_usd": "hourly_usd_now", "list_usd": "list_usd_now"})
    enough = pairs["vcpu"].ge(pairs["vcpu_now"]) & pairs["memory_gib"].ge(pairs["memory_gib_now"])
    pairs = pairs[enough].reset_index(drop=True).astype({"instance_type": "str", "instance_type_now": "str"})
    pairs = pairs.join(prices.ec2_hour_instead(pairs)[["hourly_usd", "price_source"]])
    pairs = pairs.sort_values(["hourly_usd", "vcpu", "memory_gib", "instance_type"]).drop_duplicates("row")
    pairs = pairs.set_index("row").reindex(current.index)
    untold, short = _traffic(current, pairs, ec2_metrics)
    return DataFrame(
        {
            "target": pairs["instance_type"],
            "target_hourly_usd": pairs["hourly_usd"],
            "target_price_source": pairs["price_source"],
            "target_vcpu": pairs["vcpu"],
            "target_memory_gib": pairs["memory_gib"],
            "saving": (current["hourly_usd"] - pairs["hourly_usd"]) * HOURS_A_MONTH,
            "untold": untold,
            "short": short,
        }
    )


def _traffic(current: DataFrame, pairs: DataFrame, ec2_metrics: DataFrame) -> tuple[Series[bool], Series[bool]]:
    """Where a smaller baseline may be too small, and where it is."""
    # A family that is out of date may have no published baseline: its successor's is no smaller.
    less = DataFrame({name: pairs[name].lt(pairs[f"{name}_now"]) for name, _ in TRAFFIC_CAPACITY.values()})
    asked = current[less.any(axis=1)]
    untold, short = (pd.Series(False, index=current.index) for _ in range(2))
    if asked.empty:
        return untold, short
    demanded = traffic(asked, ec2_metrics).reindex(current.index)
    for capacity, need in TRAFFIC_CAPACITY.values():
        untold |= less[capacity] & demanded[need].isna()
        short |= less[capacity] & demanded[need].gt(_SHARE * pairs[capacity])
    return untold, short


def out_of_scope(current: DataFrame, no_counterpart: str) -> list[Because]:
    """Instances that a check on counterparts has nothing to say about."""
    return [
        (current["ignored"], "Left alone by its tag costbot:ignore."),
        (current["state"].ne("running"), "Not running: it pays for its volumes only."),
        (~current["has_counterpart"], no_counterpart),
        (current["bare_metal"].eq(True), "Bare metal: a virtual machine may not run the same software."),
        (current["spot"], "A Spot instance: its price follows the market."),
    ]


def conflicts(current: DataFrame) -> list[Because]:
    """Instances whose type is not theirs to change, or that would lose data."""
    group = current["asg_name"].fillna("")
    return [
        (group.ne(""), "In Auto Scaling group " + group + ": change the type in its launch template."),
        (
            current["instance_store_gb"].gt(0),
            "It has instance store: a change of type erases the data on it.",
        ),
        (
            current["short"],
            current["target"].fillna("") + " sustains less network or volume traffic than the instance has.",
        ),
    ]


def price_unknown(current: DataFrame) -> Because:
    """Instances whose own price is not known, as that of everything that is not on demand, Linux, in shared tenancy."""
    kind = current["platform"].where(current["platform"].ne("Linux/UNIX"), current["tenancy"] + " tenancy")
    kind = kind.where(~current["spot"], "Spot").str.replace("default tenancy", "Linux")
    named = "The price of " + current["instance_type"] + " (" + kind + ") in " + current["region"]
    return current["hourly_usd"].isna(), named + _NOWHERE


def unknown(current: DataFrame) -> list[Because]:
    """Instances of which a fact is missing."""
    target_unpriced = current["target"].notna() & current["target_hourly_usd"].isna()
    return [
        (
            current["vcpu"].isna(),
            "The specification of " + current["instance_type"] + ": DescribeInstanceTypes does not name it.",
        ),
        price_unknown(current),
        (target_unpriced, "The price of " + current["target"].fillna("") + " in " + current["region"] + _NOWHERE),
    ]


def untold(current: DataFrame) -> Because:
    """Instances whose traffic decides and was not measured."""
    return (
        current["untold"],
        "Network and volume traffic: "
        + current["target"].fillna("")
        + " sustains less than the type now, and NetworkIn/Out and EBSRead/WriteBytes and Ops of CloudWatch tell no "
        "demand.",
    )


def needs(current: DataFrame, promising: Series[bool]) -> Series[str]:
    """What a second round is asked for: traffic of running instances, where only that decides."""
    promising = promising & current["state"].eq("running") & current["asg_name"].eq("") & ~current["ignored"]
    empty = pd.Series("", index=current.index, dtype="str")
    return empty.mask((promising & current["untold"]).fillna(False).astype(bool), NEEDS_MAXIMA)
