"""The instance types there really are: what each has of everything, and which may replace which."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.rightsizing.families import counterparts

#: Columns of the table `instance_types` and their types.
INSTANCE_TYPES: dict[str, str] = {
    "instance_type": "str",
    "architecture": "str",  # x86_64 or arm64
    "vcpu": "float64",
    "memory_gib": "float64",
    "network_baseline_gbps": "float64",  # sum of the cards' baselines; missing where AWS gives none
    "ebs_baseline_mb_s": "float64",  # throughput to volumes that the type holds all day
    "ebs_baseline_iops": "float64",
    "hypervisor": "str",  # nitro, xen, or empty for bare metal
    "burstable": "bool",
    "accelerated": "bool",  # GPU, Inferentia, FPGA or media card
    "instance_store_gb": "float64",  # 0 where it has none
    "bare_metal": "bool",
    "current_generation": "bool",
}

#: Share of one vCPU that a burstable type may use for good, by size (AWS: "CPU credits and baseline utilization").
_BASELINE = {"nano": 0.05, "micro": 0.10, "small": 0.20, "medium": 0.20, "large": 0.30, "xlarge": 0.40, "2xlarge": 0.40}
_BASELINE_T2 = _BASELINE | {"micro": 0.10, "xlarge": 0.225, "2xlarge": 0.17}

#: c, m and r of one generation and one processor differ in memory per vCPU only.
_SIBLING_CLASSES = ("c", "m", "r")
_FAMILY = r"^(?P<letters>[a-z]+?)(?P<rest>\d+[a-z]*(?:-[a-z0-9]+)?)$"


def family_of(instance_types: Series[str]) -> Series[str]:
    """`m5.2xlarge` is of family `m5`."""
    return _each(instance_types, r"^([^.]+)\.")


def size_of(instance_types: Series[str]) -> Series[str]:
    """`m5.2xlarge` is of size `2xlarge`."""
    return _each(instance_types, r"\.(.+)$")


def _each(instance_types: Series[str], pattern: str) -> Series[str]:
    """The group of the pattern, looked for once in each type: a fleet of ten thousand has a handful."""
    names = pd.Series(instance_types.dropna().unique(), dtype="str")
    found = dict(zip(names, names.str.extract(pattern, expand=False), strict=True))
    return instance_types.map(found).astype("str")


def family_parts(families: Series[str]) -> DataFrame:
    """`letters` and `rest` (generation, vendor and extras) of each family: m5a is m and 5a."""
    return families.str.extract(_FAMILY)


def replacement_group(instance_types: Series[str]) -> Series[str]:
    """Types of one group may replace each other: the c, m and r of a generation and vendor, else the family alone."""
    families = family_of(instance_types)
    parts = family_parts(families)
    siblings = parts["letters"].isin(_SIBLING_CLASSES)
    return families.where(~siblings, "cmr" + parts["rest"].fillna(""))


def families_needed(instance_types: Series[str]) -> list[str]:
    """Families whose specifications right-sizing needs: those in use, what may replace them, and siblings of both."""
    in_use = set(family_of(instance_types).dropna())
    families = pd.Series(sorted(in_use | counterparts(in_use)), dtype="str")
    parts = family_parts(families)
    rests = parts.loc[parts["letters"].isin(_SIBLING_CLASSES), "rest"]
    siblings = {letter + rest for rest in rests for letter in _SIBLING_CLASSES}
    return sorted({*families, *siblings})


def sustained_vcpu(types: DataFrame) -> Series[float]:
    """vCPUs that each type gives for good: all of them, or the baseline of a burstable type."""
    size, is_t2 = size_of(types["instance_type"]), family_of(types["instance_type"]).eq("t2")
    share = size.map(_BASELINE).where(~is_t2, size.map(_BASELINE_T2)).astype("float64")
    return types["vcpu"].where(~types["burstable"], types["vcpu"] * share)


def empty_catalog() -> DataFrame:
    """The table `instance_types` without rows."""
    return DataFrame({name: pd.Series(dtype=dtype) for name, dtype in INSTANCE_TYPES.items()})
