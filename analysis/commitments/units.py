"""Normalised units: how much of a size-flexible reservation an hour of an instance takes.

Sources: AWS, "How Reserved Instance discounts are applied" (EC2, sizes and bare metal); "Reserved DB instances for
Amazon RDS" (Single-AZ, Multi-AZ, Multi-AZ cluster); "Reserved DB instances for Amazon Aurora" (I/O-Optimized);
"Reserved nodes" of ElastiCache and of MemoryDB (Valkey). Reserved nodes of OpenSearch and Redshift cover their own
type alone: these services have no units.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from pandas import DataFrame, Series

#: By size; the services that have units have the same ones.
SIZES: dict[str, float] = {
    "nano": 0.25, "micro": 0.5, "small": 1.0, "medium": 2.0, "large": 4.0, "xlarge": 8.0, "2xlarge": 16.0,
    "3xlarge": 24.0, "4xlarge": 32.0, "6xlarge": 48.0, "8xlarge": 64.0, "9xlarge": 72.0, "10xlarge": 80.0,
    "12xlarge": 96.0, "16xlarge": 128.0, "18xlarge": 144.0, "24xlarge": 192.0, "32xlarge": 256.0, "48xlarge": 384.0,
    "56xlarge": 448.0, "112xlarge": 896.0,
}  # fmt: skip
#: Of `<family>.metal`, which has no size of its own: that of the largest virtual one.
METAL: dict[str, float] = {
    **dict.fromkeys(("a1",), 32.0),
    **dict.fromkeys(("m5zn", "x2iezn", "z1d"), 96.0),
    **dict.fromkeys(("c6g", "c6gd", "i3", "m6g", "m6gd", "r6g", "r6gd", "x2gd"), 128.0),
    **dict.fromkeys(("c5n",), 144.0),
    **dict.fromkeys(
        ("c5", "c5d", "i3en", "m5", "m5d", "m5dn", "m5n", "r5", "r5b", "r5d", "r5dn", "r5n"), 192.0
    ),
    **dict.fromkeys(("c6i", "c6id", "m6i", "m6id", "r6id"), 256.0),
    **dict.fromkeys(("u-18tb1", "u-24tb1"), 448.0),
    **dict.fromkeys(("u-6tb1", "u-9tb1", "u-12tb1"), 896.0),
}  # fmt: skip
#: What a Valkey node takes of what one of Redis OSS or Memcached takes.
VALKEY: dict[str, float] = {"AmazonElastiCache": 0.8, "AmazonMemoryDB": 0.7}

_SERVICES = frozenset({"AmazonEC2", "AmazonRDS", *VALKEY})
_FLEXIBLE_ENGINES = frozenset({"mariadb", "mysql", "postgresql"})
_RIGID_FAMILIES = frozenset({"g4ad", "g4dn", "g5", "g5g"})
#: Kind of usage → instances that one hour of it stands for.
_DEPLOYMENTS = (("Multi-AZClusterUsage", 3.0), ("Multi-AZUsage", 2.0), ("InstanceUsageIOOptimized", 1.3))


def full_type(instance_type: str) -> str:
    """An instance type as the APIs spell it; bills write `db.r5.2xl`, and OpenSearch's types without their ending."""
    plain = re.sub(r"[.](search|elasticsearch)$", "", instance_type)
    return re.sub(r"[.](\d*)xl$", r".\1xlarge", plain)


def family(instance_type: str) -> str:
    """The part of a type that its sizes share: `m5` of `m5.large`, `db.r5` of `db.r5.large`; empty for none."""
    return full_type(instance_type).rpartition(".")[0]


def deployment_factor(usage_type: str) -> float:
    """How many instances of its class an hour of this usage stands for: 2 for Multi-AZ."""
    return next((factor for kind, factor in _DEPLOYMENTS if kind in usage_type), 1.0)


def units_of(service: str, instance_type: str, *, usage_type: str = "", platform: str = "") -> float:
    """Normalised units of one hour of an instance.

    Args:
        service: AWS's code.
        usage_type: tells deployments of more than one instance; one where it is not given.
        platform: the engine, as far as units depend on it.
    Returns:
        Missing (nan) where AWS documents none for this service or size.
    """
    if service not in _SERVICES:
        return math.nan
    engine = VALKEY.get(service, 1.0) if platform.lower() == "valkey" else 1.0
    return _size(full_type(instance_type)) * deployment_factor(usage_type) * engine


def line_units(lines: DataFrame) -> Series[float]:
    """`units_of` each row; needs `service`, `instance_type`, `usage_type`, `platform`."""
    names = lines[["service", "instance_type", "usage_type", "platform"]].itertuples(index=False, name=None)
    values = [
        units_of(service, kind, usage_type=usage_type, platform=platform)
        for service, kind, usage_type, platform in names
    ]
    return Series(values, index=lines.index, dtype="float64")


@lru_cache(maxsize=512)
def platform_key(platform: str) -> str:
    """A platform or engine in any of AWS's spellings: `oracle-se2(byol)` is `Oracle SE2 (BYOL)`."""
    return re.sub(r"[^a-z0-9]", "", platform.replace("(Amazon VPC)", "").lower())


def size_flexible(service: str, instance_type: str, platform: str, *, zone: str = "", tenancy: str = "default") -> bool:
    """Whether a reservation of this type covers other sizes of its family.

    False where AWS does not say so, as of Db2, on which its pages differ.
    """
    if service in VALKEY:
        return True
    engine = platform_key(platform)
    if service == "AmazonRDS":
        return (
            engine.startswith("aurora")
            or engine in _FLEXIBLE_ENGINES
            or (engine.startswith("oracle") and engine.endswith("byol"))
        )
    if service != "AmazonEC2" or zone or tenancy == "dedicated":
        return False
    return engine == "linuxunix" and family(instance_type) not in _RIGID_FAMILIES


def _size(instance_type: str) -> float:
    of_family, _, size = instance_type.rpartition(".")
    if size == "metal":
        return METAL.get(of_family, math.nan)
    # m7i.metal-24xl says of which virtual size it is the equivalent.
    return SIZES.get(re.sub(r"^metal-(\d+)xl$", r"\1xlarge", size), math.nan)
