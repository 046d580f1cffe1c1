"""The cheapest instance type that holds the demand with headroom, and what stands in the way where none does."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.pricing import PriceBook
from analysis.rightsizing.catalog import replacement_group, sustained_vcpu

#: What has to hold, in the order a person asks, with the words for it.
DIMENSIONS = {
    "cpu": "CPU",
    "memory": "memory",
    "network": "network",
    "ebs_throughput": "volume throughput",
    "ebs_iops": "volume IOPS",
}


def specified(instances: DataFrame, instance_types: DataFrame) -> DataFrame:
    """The instances with the specification of their type; missing where the type is unknown."""
    types = instance_types.assign(sustained_vcpu=sustained_vcpu(instance_types))
    specs = types.drop(columns=["architecture"]).drop_duplicates("instance_type").set_index("instance_type")
    return instances.join(specs, on="instance_type")


def needs_of(current: DataFrame) -> DataFrame:
    """Absolute demand from per cent of the current type: vCPUs, GiB, Gbit/s, MB/s and operations a second."""
    return DataFrame(
        {
            "cpu_need": current["cpu_percent"] / 100 * current["vcpu"],
            "cpu_mean_need": current["cpu_mean_percent"] / 100 * current["vcpu"],
            "memory_need": current["memory_percent"] / 100 * current["memory_gib"],
            "network_need": current["network_gbps"],
            "ebs_throughput_need": current["ebs_mb_s"],
            "ebs_iops_need": current["ebs_iops"],
        }
    )


def candidates(
    current: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    prices: PriceBook,
    *,
    headroom_percent: float,
    traffic: bool = True,
) -> DataFrame:
    """Every cheaper type for each instance, with a column `<dimension>_holds` for each dimension.

    A candidate has the same architecture and hypervisor, is of the same family or of the c, m and r families of its
    generation and vendor, has published baselines, keeps no data on instance store and is offered in the zone.

    Args:
        current: instances with specification, demand and price (`hourly_usd`, `list_usd`).
        headroom_percent: of the candidate's capacity, to stay free above the demand.
        traffic: False leaves network and volumes out, to see who is worth measuring.
    Returns:
        One row per instance and candidate: `row` (the instance's index) and the candidate's columns.
    """
    usable = ~instance_types["bare_metal"] & ~instance_types["accelerated"] & instance_types["instance_store_gb"].eq(0)
    types = instance_types[usable].assign(
        sustained_vcpu=sustained_vcpu(instance_types[usable]), group=replacement_group(instance_types["instance_type"])
    )
    left = current.assign(row=current.index, group=replacement_group(current["instance_type"])).join(needs_of(current))
    left = left.drop(columns=["price_source", "price_date"]).rename(
        columns={"hourly_usd": "hourly_usd_now", "list_usd": "list_usd_now"}
    )
    offered = left.merge(
        instance_offerings.rename(columns={"instance_type": "offered"}), on=["account_id", "region", "az"]
    )
    pairs = offered.merge(
        types,
        left_on=["group", "offered", "architecture", "hypervisor"],
        right_on=["group", "instance_type", "architecture", "hypervisor"],
        suffixes=("_now", ""),
    )
    pairs = pairs[pairs["instance_type"].ne(pairs["instance_type_now"])].reset_index(drop=True)
    pairs = pairs.join(prices.ec2_hour_instead(pairs))
    pairs = pairs[pairs["hourly_usd"].lt(pairs["hourly_usd_now"] - 1e-9)].copy()
    share = 1 - headroom_percent / 100
    burstable = pairs["burstable"].astype(bool)
    mean_holds = pairs["cpu_mean_need"].le(share * pairs["sustained_vcpu"]) | ~burstable
    pairs["cpu_holds"] = pairs["cpu_need"].le(share * pairs["vcpu"]) & mean_holds
    pairs["memory_holds"] = pairs["memory_need"].le(share * pairs["memory_gib"])
    for name, capacity in (
        ("network", "network_baseline_gbps"),
        ("ebs_throughput", "ebs_baseline_mb_s"),
        ("ebs_iops", "ebs_baseline_iops"),
    ):
        measured = pairs[f"{name}_need"].le(share * pairs[capacity])
        no_less = pairs[capacity].ge(pairs[f"{capacity}_now"])
        pairs[f"{name}_holds"] = measured | no_less if traffic else pairs[capacity].notna()
    return pairs


def cheapest(pairs: DataFrame) -> DataFrame:
    """The cheapest candidate that holds everything, per instance (index `row`); of equals the one with more memory."""
    fits = pairs[_all_hold(pairs)]
    ranked = fits.sort_values(["hourly_usd", "memory_gib", "instance_type"], ascending=[True, False, True])
    return ranked.drop_duplicates("row").set_index("row")


def limits(pairs: DataFrame, rows: pd.Index) -> Series[str]:
    """What keeps each instance from a cheaper type, in words; empty where no cheaper type exists.

    A dimension is named when it alone rules out a candidate that everything else would allow.
    """
    holds = pairs[[f"{name}_holds" for name in DIMENSIONS]].to_numpy(dtype=bool)
    named = pd.Series("", index=rows, dtype="object")
    missing = (~holds).sum(axis=1)
    least = pd.Series(missing, index=pairs["row"]).groupby(level=0).min()
    closest = missing == pairs["row"].map(least).to_numpy()
    for column, words in enumerate(DIMENSIONS.values()):
        blocked = pairs.loc[closest & ~holds[:, column], "row"].unique()
        named.loc[blocked] = named.loc[blocked].map(
            lambda before, words=words: f"{before} and {words}" if before else words
        )
    return named.astype("str")


def _all_hold(pairs: DataFrame) -> Series[bool]:
    return pairs[[f"{name}_holds" for name in DIMENSIONS]].all(axis=1)
