"""Everything the demo organisation runs, as one tuple: the ledger bills it, the stand-in shows it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from bot.demo.aws import (
    resources_covered,
    resources_data,
    resources_ec2,
    resources_network,
    resources_platform,
    resources_tables,
    resources_volumes,
)
from bot.demo.aws.resources_model import HOURS_A_MONTH, Kind, Resource

__all__ = ["HOURS_A_MONTH", "Kind", "Resource", "resources"]

# Their planted dollars follow from their age.
_UNMOVED = frozenset({Kind.SNAPSHOT, Kind.LOG_GROUP})
# From this age on a few days more or less change no check's answer.
_OLD_DAYS = 120


@lru_cache(maxsize=4)
def resources(seed: int) -> tuple[Resource, ...]:
    """The inventory in order of importance, EC2 first.

    Args:
        seed: moves the launch of everything old by up to nine days; no planted answer depends on it.
    """
    everything = (
        *resources_ec2.instances(),
        *resources_ec2.groups(),
        *resources_ec2.images(),
        *resources_volumes.volumes(),
        *resources_volumes.snapshots(),
        *resources_network.nat_gateways(),
        *resources_network.addresses(),
        *resources_network.load_balancers(),
        *resources_data.databases(),
        *resources_covered.databases(),
        *resources_data.caches(),
        *resources_data.buckets(),
        *resources_platform.log_groups(),
        *resources_platform.functions(),
        *resources_tables.tables(),
        *resources_tables.database_snapshots(),
    )
    return tuple(_moved(resource, seed % 10) for resource in everything)


def _moved(resource: Resource, days: int) -> Resource:
    if resource.kind in _UNMOVED or resource.created_days_ago < _OLD_DAYS:
        return resource
    return replace(resource, created_days_ago=resource.created_days_ago + days)
