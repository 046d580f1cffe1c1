"""The cheapest instance type that holds the demand with headroom, and what stands in the way where none does."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from pandas import DataFrame, Series

from analysis.pricing import PriceBook
from analysis.rightsizing.catalog import family_of, replacement_group, sustained_vcpu

#: What has to hold, in the order a person asks, with the words for it.
DIMENSIONS = {
    "cpu": "CPU",
    "memory": "memory",
    "network": "network",
    "ebs_throughput": "volume throughput",
    "ebs_iops": "volume IOPS",
}

#: The demand's columns that have a typical twin.
DEMANDS = ("cpu_percent", "cpu_mean_percent", "memory_percent", "network_gbps", "ebs_mb_s", "ebs_iops")
#: Traffic dimensions: the column of the type that carries them, and the column of the demand.
TRAFFIC_CAPACITY = {
    "network": ("network_baseline_gbps", "network_gbps"),
    "ebs_throughput": ("ebs_baseline_mb_s", "ebs_mb_s"),
    "ebs_iops": ("ebs_baseline_iops", "ebs_iops"),
}


def specified(instances: DataFrame, instance_types: DataFrame) -> DataFrame:
    """The instances with the specification of their type; missing where the type is unknown."""
    types = instance_types.assign(sustained_vcpu=sustained_vcpu(instance_types))
    specs = types.drop(columns=["architecture"]).drop_duplicates("instance_type").set_index("instance_type")
    return instances.join(specs, on="instance_type")


def needs_of(current: DataFrame, *, typical: bool = False) -> DataFrame:
    """What must fit, on the same index, from per cent of the current type.

    Args:
        typical: of a typical day instead of the busiest, as the least that a closer look could find.
    Returns:
        `cpu` and `cpu_mean` (vCPUs), `memory` (GiB), `network` (Gbit/s), `ebs_throughput` (MB/s), `ebs_iops`.
    """
    form = "typical_{}" if typical else "{}"
    of = {name: current[form.format(name)] for name in DEMANDS}
    return DataFrame(
        {
            "cpu": of["cpu_percent"] / 100 * current["vcpu"],
            "cpu_mean": of["cpu_mean_percent"] / 100 * current["vcpu"],
            "memory": of["memory_percent"] / 100 * current["memory_gib"],
            "network": of["network_gbps"],
            "ebs_throughput": of["ebs_mb_s"],
            "ebs_iops": of["ebs_iops"],
        }
    )


def candidates(
    current: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    prices: PriceBook,
    families: Mapping[str, str] | None = None,
) -> DataFrame:
    """Every cheaper type for each instance, whether or not it is large enough.

    A candidate has the same architecture and hypervisor, is of the same family or of the c, m and r families of its
    generation and vendor, is no bare metal, has no accelerator, and is offered in the instance's zone. One without a
    published baseline never holds; one with instance store is only for an instance that keeps nothing there.

    Args:
        current: instances with specification, demand and price (`hourly_usd`, `list_usd`).
        families: family → another one, whose group takes the place of its own, of whatever architecture and
            hypervisor; an instance of a family that is not in it has no candidate.
    Returns:
        One row per instance and candidate: `row` (the instance's index), what the instance has (`*_now`) and what the
        candidate has.
    """
    usable = ~instance_types["bare_metal"] & ~instance_types["accelerated"] & instance_types["instance_store_gb"].eq(0)
    types = instance_types[usable].assign(
        sustained_vcpu=sustained_vcpu(instance_types[usable]), group=replacement_group(instance_types["instance_type"])
    )
    kept = ["account_id", "region", "az", "architecture", "hypervisor", "instance_type", "hourly_usd", "list_usd"]
    left = current[[*kept, *(column for column, _ in TRAFFIC_CAPACITY.values())]].assign(
        row=current.index, group=_groups(current["instance_type"], families)
    )
    left = left.rename(columns={"hourly_usd": "hourly_usd_now", "list_usd": "list_usd_now"})
    alike = ["architecture", "hypervisor"] if families is None else []
    offered = left.merge(
        instance_offerings.rename(columns={"instance_type": "offered"}), on=["account_id", "region", "az"]
    )
    pairs = offered.merge(
        types,
        left_on=["group", "offered", *alike],
        right_on=["group", "instance_type", *alike],
        suffixes=("_now", ""),
    )
    pairs = pairs[pairs["instance_type"].ne(pairs["instance_type_now"])].reset_index(drop=True)
    pairs = pairs.join(prices.ec2_hour_instead(pairs))
    return pairs[pairs["hourly_usd"].lt(pairs["hourly_usd_now"] - 1e-9)].reset_index(drop=True)


def _groups(instance_types: Series[str], families: Mapping[str, str] | None) -> Series[str]:
    """The group whose types may take each one's place."""
    if families is None:
        return replacement_group(instance_types)
    others = family_of(instance_types).map(families)
    return replacement_group(others.fillna("") + ".any").where(others.notna(), "")


def holds(
    pairs: DataFrame,
    needs: DataFrame,
    *,
    headroom_percent: float,
    traffic: bool = True,
    credits_last: Series[bool] | None = None,
) -> DataFrame:
    """Whether each candidate holds each need with headroom: one column per dimension, on the index of `pairs`.

    CPU and memory must keep the headroom free. A burstable type must also carry the mean CPU within its baseline, each
    day by itself, unless a simulation on the recorded load says how its credits fare. Network and volumes may instead
    be no worse than they are now.

    Args:
        needs: what `needs_of` returns.
        headroom_percent: of the candidate's capacity, to stay free above the need.
        traffic: False leaves network and volumes out, to see who is worth measuring.
        credits_last: what a simulation of the burst credits says instead, for the pairs (its index) that have one.
    """
    share = 1 - headroom_percent / 100
    need = needs.loc[pairs["row"]].set_axis(pairs.index)
    within_baseline = need["cpu_mean"].le(share * pairs["sustained_vcpu"]) | ~pairs["burstable"].astype(bool)
    if credits_last is not None:
        within_baseline = within_baseline.mask(pairs.index.isin(credits_last.index), credits_last.reindex(pairs.index))
        within_baseline = within_baseline.astype(bool)
    found = {
        "cpu": need["cpu"].le(share * pairs["vcpu"]) & within_baseline,
        "memory": need["memory"].le(share * pairs["memory_gib"]),
    }
    for name, (capacity, _) in TRAFFIC_CAPACITY.items():
        no_worse = pairs[capacity].ge(pairs[f"{capacity}_now"])
        carried = (need[name].le(share * pairs[capacity]) | no_worse) & need[name].notna()
        found[name] = carried if traffic else pairs[capacity].notna()
    return DataFrame(found)


def cheapest(pairs: DataFrame, held: DataFrame) -> DataFrame:
    """The cheapest candidate that holds everything, per instance (index `row`); of equals the one with more memory."""
    fits = pairs[held.all(axis=1)]
    ranked = fits.sort_values(["hourly_usd", "memory_gib", "instance_type"], ascending=[True, False, True])
    return ranked.drop_duplicates("row").set_index("row")


def limits(pairs: DataFrame, held: DataFrame, rows: pd.Index) -> Series[str]:
    """What keeps each instance from a cheaper type, in words; empty where no cheaper type exists.

    Only the candidates that come closest count: what rules those out is what stands in the way.
    """
    failing = (~held).sum(axis=1)
    closest = failing.eq(failing.groupby(pairs["row"]).transform("min"))
    blocked = (~held).mul(closest, axis=0).groupby(pairs["row"]).any()
    # There are 32 ways to be ruled out and any number of instances.
    ways = blocked.drop_duplicates()
    words = [_listed([DIMENSIONS[name] for name in held.columns if flags[name]]) for flags in ways.to_dict("records")]
    of_way = pd.Series(words, index=pd.MultiIndex.from_frame(ways), dtype="str")
    found = pd.Series(of_way.reindex(pd.MultiIndex.from_frame(blocked)).to_numpy(), index=blocked.index, dtype="str")
    return found.reindex(rows).fillna("")


def _listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def _all_hold(pairs: DataFrame) -> Series[bool]:
    return pairs[[f"{name}_holds" for name in DIMENSIONS]].all(axis=1)
