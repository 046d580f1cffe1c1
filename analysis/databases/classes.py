"""What a database class or a cache node has: `db.m5.large` runs on the same machine as the EC2 type `m5.large`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
from pandas import DataFrame, Series

#: Columns of a specification; a baseline is what the type holds all day, and missing where AWS publishes none.
SPECIFICATION = ("vcpu", "memory_gib", "ebs_baseline_iops", "ebs_baseline_mb_s", "network_baseline_gbps")

#: EC2's DescribeInstanceTypes, November 2026, of the families that databases and caches are offered on.
_FILE = Path(__file__).parents[1] / "data" / "instance_sizes.csv"
_SIZE = r"^(?:db|cache)\.(?P<type>[a-z]+\d+[a-z]*\.\d*[a-z]+)$"

#: Share of a vCPU that a burstable size may use for good (AWS: "CPU credits and baseline utilization").
_BASELINE = {"micro": 0.10, "small": 0.20, "medium": 0.20, "large": 0.30, "xlarge": 0.40, "2xlarge": 0.40}

_M = {"large": 6.38, "xlarge": 12.93, "2xlarge": 26.04, "4xlarge": 52.26, "8xlarge": 103.68, "12xlarge": 157.12,
      "16xlarge": 209.55, "24xlarge": 314.32}  # fmt: skip
_R = {"large": 13.07, "xlarge": 26.32, "2xlarge": 52.82, "4xlarge": 105.81, "8xlarge": 209.55, "12xlarge": 317.77,
      "16xlarge": 419.09, "24xlarge": 635.61}  # fmt: skip
_T = {"micro": 0.5, "small": 1.37, "medium": 3.09}
#: GiB that a node gives to data, by family and size (AWS: "Supported node types" of ElastiCache).
_CACHE_GIB: dict[str, dict[str, float]] = {
    "m4": {"large": 6.42, "xlarge": 14.28, "2xlarge": 29.70, "4xlarge": 60.78, "10xlarge": 154.64},
    "r4": {"large": 12.3, "xlarge": 25.05, "2xlarge": 50.47, "4xlarge": 101.38, "8xlarge": 203.26, "16xlarge": 407.0},
    "t2": {"micro": 0.555, "small": 1.55, "medium": 3.22},
    **dict.fromkeys(("m5", "m6g", "m7g"), _M),
    **dict.fromkeys(("r5", "r6g", "r7g"), _R),
    **dict.fromkeys(("t3", "t4g"), _T),
}


def type_of(classes: Series[str]) -> Series[str]:
    """`db.m5.large` and `cache.m5.large` are machines of type `m5.large`; missing where there is none (serverless)."""
    return classes.str.extract(_SIZE, expand=False)


def family_of(classes: Series[str]) -> Series[str]:
    """`db.m5.large` is of family `m5`."""
    return classes.str.extract(r"^(?:db|cache)\.([a-z]+\d+[a-z]*)\.", expand=False)


def specification(classes: Series[str]) -> DataFrame:
    """What each class has (`SPECIFICATION`), `sustained_vcpu` and `burstable`; missing where the type is not known.

    The vCPU of a `t` class that it may use for good is its baseline; of other classes all of them.
    """
    types = type_of(classes)
    found = _machines().reindex(types.to_numpy()).set_axis(classes.index)
    burstable = types.str.startswith("t").fillna(False).astype(bool)
    share = types.str.extract(r"\.(.+)$", expand=False).map(_BASELINE).astype("float64")
    return found.assign(
        sustained_vcpu=found["vcpu"].where(~burstable, found["vcpu"] * share),
        burstable=burstable,
    )


def cache_memory_gib(node_types: Series[str]) -> Series[float]:
    """GiB that a cache node gives to data; missing where its type is not known."""
    known = {f"cache.{family}.{size}": gib for family, sizes in _CACHE_GIB.items() for size, gib in sizes.items()}
    return node_types.map(known).astype("float64")


def known_types() -> list[str]:
    """All types whose specification is known, as `m5.large`."""
    return list(_machines().index)


def known_nodes() -> list[str]:
    """All cache nodes whose memory is known, as `cache.m5.large`."""
    return [f"cache.{family}.{size}" for family, sizes in _CACHE_GIB.items() for size in sizes]


@cache
def _machines() -> DataFrame:
    return pd.read_csv(_FILE).set_index("instance_type")
