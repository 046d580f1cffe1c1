"""The next size up: the cheapest type that gives more of what an instance is short of, and no less of the rest."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.pricing import PriceBook
from analysis.rightsizing.catalog import replacement_group, sustained_vcpu


def larger(
    current: DataFrame,
    instance_types: DataFrame,
    instance_offerings: DataFrame,
    prices: PriceBook,
    *,
    cpu: Series[bool] | bool,
    memory: Series[bool] | bool = False,
) -> DataFrame:
    """The cheapest larger type for each instance, of those that may replace it and that its zone offers.

    Args:
        current: instances with specification and price.
        cpu, memory: what each is short of: more vCPUs that last (a baseline counts), more GiB.
    Returns:
        Same index: `target`, `target_hourly_usd`; missing where there is none, or none with a price.
    """
    usable = instance_types[~instance_types["bare_metal"] & instance_types["instance_store_gb"].eq(0)]
    usable = usable.assign(sustained_vcpu=sustained_vcpu(usable), group=replacement_group(usable["instance_type"]))[
        ["instance_type", "architecture", "hypervisor", "sustained_vcpu", "memory_gib", "group"]
    ]
    kept = ["account_id", "region", "az", "architecture", "hypervisor", "instance_type", "hourly_usd", "list_usd"]
    left = current[[*kept, "sustained_vcpu", "memory_gib"]].assign(
        row=current.index, group=replacement_group(current["instance_type"]), more_cpu=cpu, more_memory=memory
    )
    left = left[left["more_cpu"] | left["more_memory"]]
    offered = left.merge(
        instance_offerings.rename(columns={"instance_type": "offered"}), on=["account_id", "region", "az"]
    )
    pairs = offered.merge(
        usable,
        left_on=["group", "offered", "architecture", "hypervisor"],
        right_on=["group", "instance_type", "architecture", "hypervisor"],
        suffixes=("_now", ""),
    ).rename(columns={"hourly_usd": "hourly_usd_now", "list_usd": "list_usd_now"})
    vcpu, gib = pairs["sustained_vcpu"], pairs["memory_gib"]
    more_cpu = vcpu.gt(pairs["sustained_vcpu_now"]) | (~pairs["more_cpu"] & vcpu.ge(pairs["sustained_vcpu_now"]))
    more_memory = gib.gt(pairs["memory_gib_now"]) | (~pairs["more_memory"] & gib.ge(pairs["memory_gib_now"]))
    fits = pairs[more_cpu & more_memory].reset_index(drop=True)
    fits = fits.astype({"instance_type": "str", "instance_type_now": "str"})
    fits = fits.join(prices.ec2_hour_instead(fits)["hourly_usd"]).sort_values(["hourly_usd", "instance_type"])
    best = fits[fits["hourly_usd"].notna()].drop_duplicates("row").set_index("row").reindex(current.index)
    return pd.DataFrame({"target": best["instance_type"], "target_hourly_usd": best["hourly_usd"]})
