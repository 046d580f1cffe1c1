"""Usage types that can stand in for each other: sizes of a machine, classes of a volume, in any region."""

from __future__ import annotations

import re
from functools import cache

from analysis.usage_types import REGIONS

#: What is bought in several sizes or classes, by the usage type without its region.
_FAMILIES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), family)
    for pattern, family in (
        (r"^(?:BoxUsage|SpotUsage|HeavyUsage|DedicatedUsage|HostBoxUsage)(?::|$)", "instances"),
        (r"^EBS:VolumeUsage(?:\.|$)", "volumes"),
        (r"^EBS:VolumeP-IOPS\.", "volume IOPS"),
        (r"^EBS:VolumeP-Throughput\.", "volume throughput"),
        (r"^(?:InstanceUsage|Multi-AZUsage|ServerlessUsage):", "databases"),
        (r"^NodeUsage:", "cache nodes"),
        (r"^TimedStorage-(?:[A-Za-z0-9_]+-)?ByteHrs$", "stored bytes"),
        (r"^Lambda-GB-Second", "function run time"),
        (r"^Node:", "warehouse nodes"),
    )
)


@cache
def usage_family(usage_type: str) -> str:
    """The family of a usage type; itself, without its region, where nothing can stand in for it."""
    prefix, dash, rest = usage_type.partition("-")
    kind = rest if dash and prefix in REGIONS else usage_type
    return next((family for pattern, family in _FAMILIES if pattern.search(kind)), kind)
