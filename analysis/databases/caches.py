"""Cache clusters as they are decided on: a replication group as a whole, told at its first node."""

from __future__ import annotations

import shlex

import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import over_days

_PLACE = ["account_id", "region"]


def groups(clusters: DataFrame) -> DataFrame:
    """Which clusters belong together.

    Returns:
        Same index: `group` (the replication group, or the cluster itself), `first` (it speaks for the group),
        `spokesman` (who does), `covers` (the other clusters of its group, for the first one only), `all_nodes` of it.
    """
    group = clusters["group_id"].where(clusters["group_id"].ne(""), clusters["resource_id"])
    keyed = clusters[_PLACE].assign(group=group, id=clusters["resource_id"], nodes=clusters["nodes"])
    by_group = keyed.groupby([*_PLACE, "group"])
    first = by_group.cumcount().eq(0)
    ids = by_group["id"].agg(list).to_dict()
    keys = list(keyed[[*_PLACE, "group"]].itertuples(index=False, name=None))
    covers = [ids[key][1:] if speaks else [] for key, speaks in zip(keys, first, strict=True)]
    return DataFrame(
        {
            "group": group,
            "first": first,
            "spokesman": by_group["id"].transform("first"),
            "covers": pd.Series(covers, index=clusters.index, dtype="object"),
            "all_nodes": by_group["nodes"].transform("sum"),
        },
        index=clusters.index,
    )


def busiest(clusters: DataFrame, members: DataFrame, values: Series[float]) -> Series[float]:
    """The highest value within each group; missing where it is not known of all its clusters.

    Args:
        members: what `groups` returns.
    """
    grouped = clusters[_PLACE].assign(group=members["group"], value=values).groupby([*_PLACE, "group"])["value"]
    complete = grouped.transform("count").eq(grouped.transform("size"))
    return grouped.transform("max").where(complete)


def commands(clusters: DataFrame, metrics: DataFrame) -> Series[float]:
    """Commands of readers and writers in the days looked at; missing where they were not measured."""
    read = over_days(clusters, metrics, "GetTypeCmds", "Sum", "sum")
    written = over_days(clusters, metrics, "SetTypeCmds", "Sum", "sum")
    got = over_days(clusters, metrics, "CmdGet", "Sum", "sum")
    put = over_days(clusters, metrics, "CmdSet", "Sum", "sum")
    memcached = clusters["engine"].eq("memcached")
    return (read + written).where(~memcached, got + put)


def aws_line(
    operation: Series[str] | str, clusters: DataFrame, members: DataFrame, rest: Series[str] | str = ""
) -> Series[str]:
    """`aws elasticache <operation>-replication-group …` or `-cache-cluster …` of each row, quoted for a shell."""
    grouped = clusters["group_id"].ne("")
    kind = grouped.map(
        {True: "-replication-group --replication-group-id ", False: "-cache-cluster --cache-cluster-id "}
    )
    return "aws elasticache " + operation + kind + members["group"].map(shlex.quote) + rest
