"""Which smaller class or node holds what a database or cache needs, and what stands in the way where none does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import over_days
from analysis.databases.classes import known_types, specification, type_of
from analysis.databases.prices import LISTED_ENGINES, is_aurora, list_hour
from analysis.pricing import PriceBook, size_factor
from analysis.rightsizing.catalog import family_of, replacement_group

#: What has to hold, in the order a person asks, with the words for it.
DIMENSIONS = {
    "cpu": "CPU",
    "memory": "memory",
    "connections": "connections",
    "iops": "IOPS",
    "throughput": "throughput to its storage",
    "network": "network",
}
#: Of the memory of a class, what is left for the database (AWS: `DBInstanceClassMemory` is less than the machine's).
_LEFT = 0.9
_MIB = 2.0**20


def io_demand(databases: DataFrame, metrics: DataFrame) -> DataFrame:
    """`iops` and `mib_s` of each database: its busiest day's p99.9 of reads and of writes, as if both came at once.

    Missing where one of them was not measured.
    """
    read, write = (over_days(databases, metrics, name, "p99.9", "max") for name in ("ReadIOPS", "WriteIOPS"))
    got, put = (over_days(databases, metrics, name, "p99.9", "max") for name in ("ReadThroughput", "WriteThroughput"))
    return DataFrame({"iops": read + write, "mib_s": (got + put) / _MIB})


def default_connections(engine: Series[str], memory_gib: Series[float]) -> Series[float]:
    """`max_connections` of the default parameter groups (AWS: "Maximum number of database connections").

    Missing for engines whose limit does not follow from memory alone.
    """
    left = memory_gib * _LEFT * 2.0**30
    postgres = (left / 9_531_392).clip(upper=5_000)
    aurora = pd.Series(
        DataFrame({"a": _log2(left / 805_306_368) * 45, "b": _log2(left / 8_187_281_408) * 1_000}).max(axis=1),
        index=engine.index,
    )
    found = (left / 12_582_880).where(engine.isin(["mysql", "mariadb"]))
    found = found.mask(engine.isin(["postgres", "aurora-postgresql"]), postgres)
    return found.mask(engine.eq("aurora-mysql"), aurora)


def smaller_classes(current: DataFrame, prices: PriceBook) -> DataFrame:
    """Every cheaper class for each database, whether or not it is large enough.

    Of the same family, or of the m and r families of its generation and processor. What it costs is on the footing of
    what is paid now: the list's price less the same discount, else in proportion to the size within the family.

    Args:
        current: databases with `hour_usd` and `list_usd` of now and the specification of their class.
    Returns:
        One row per database and class: `row` (the database's index), what the class has, `usd`.
    """
    types = DataFrame({"type": known_types()}, dtype="str")
    types = types[~types["type"].str.startswith("c")].assign(group=replacement_group(types["type"]))
    own = type_of(current["instance_class"])
    kept = ["account_id", "region", "engine", "cluster_id", "multi_az", "multi", "hour_usd", "list_usd"]
    left = current[kept].assign(row=current.index, type_now=own, group=replacement_group(own))
    pairs = left.merge(types, on="group").assign(instance_class=lambda found: "db." + found["type"])
    pairs = pairs[pairs["type"].ne(pairs["type_now"])].reset_index(drop=True)
    listed = list_hour(pairs, prices, multi=pairs["multi"])["usd"] * pairs["hour_usd"] / pairs["list_usd"]
    scaled = pairs["hour_usd"] * size_factor(pairs["type"]) / size_factor(pairs["type_now"])
    scaled = scaled.where(family_of(pairs["type"]).eq(family_of(pairs["type_now"])))
    pairs["usd"] = listed.fillna(scaled)
    pairs = pairs[pairs["usd"].lt(pairs["hour_usd"] - 1e-9)].reset_index(drop=True)
    return pairs.join(specification(pairs["instance_class"]))


def holds(pairs: DataFrame, current: DataFrame, *, headroom_percent: float) -> DataFrame:
    """Whether each class holds each need with headroom; one column per dimension, on the index of `pairs`.

    Storage traffic may instead have no less than it has now; for Aurora, whose storage is apart, it does not count.
    """
    share = 1 - headroom_percent / 100
    need = current.loc[pairs["row"]].set_axis(pairs.index)
    within = need["cpu_mean_vcpu"].le(share * pairs["sustained_vcpu"]) | ~pairs["burstable"].astype(bool)
    limit = default_connections(pairs["engine"], pairs["memory_gib"])
    apart = is_aurora(pairs)
    found = {
        "cpu": need["cpu_vcpu"].le(share * pairs["vcpu"]) & within,
        "memory": need["used_gib"].le(share * pairs["memory_gib"]),
        "connections": need["connections"].le(share * limit) | ~pairs["engine"].isin(LISTED_ENGINES),
    }
    for name, needed, capacity in (
        ("iops", "iops_need", "ebs_baseline_iops"),
        ("throughput", "mib_s_need", "ebs_baseline_mb_s"),
    ):
        no_worse = pairs[capacity].ge(need[capacity]) & need[needed].notna()
        found[name] = need[needed].le(share * pairs[capacity]) | no_worse | apart
    return DataFrame(found)


def cheapest(pairs: DataFrame, held: DataFrame) -> DataFrame:
    """The cheapest that holds everything, by `row`; of equals the one with more memory."""
    fits = pairs[held.all(axis=1)].sort_values(["usd", "memory_gib"], ascending=[True, False])
    return fits.drop_duplicates("row").set_index("row")


def limits(pairs: DataFrame, held: DataFrame, rows: pd.Index) -> Series[str]:
    """What keeps each from anything cheaper, in words: of the ones that come closest; empty where there is none."""
    failing = (~held).sum(axis=1)
    closest = failing.eq(failing.groupby(pairs["row"]).transform("min"))
    blocked = (~held).mul(closest, axis=0).groupby(pairs["row"]).any()
    names = [str(name) for name in held.columns]
    named = {row: " and ".join(DIMENSIONS[name] for name in names if flags[name]) for row, flags in blocked.iterrows()}
    return pd.Series([named.get(row, "") for row in rows], index=rows, dtype="str")


def _log2(values: Series[float]) -> Series[float]:
    return pd.Series(np.log2(values.to_numpy(dtype="float64")), index=values.index)
