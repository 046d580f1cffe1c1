"""The cost of each single resource of the inventory: the hours it ran times its rate.

A company's bill does not jump with every launch: a new resource took over from one like it, and one that was stopped
had been used less and less before. So what the inventory holds today has a calm past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import numpy as np

from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.ledger_noise import Days, Floats
from bot.demo.aws.resources_model import Kind, Resource
from bot.demo.aws.resources_rates import DATABASE_GB_MONTH, DATABASE_STORAGE, LAMBDA_GB_SECOND, database_storage_hour

#: Days over which the use of a resource fades before it is stopped.
FADE_DAYS = 90

#: What runs by the hour → its operation, by platform or engine.
_OPERATIONS: dict[str, dict[str, str]] = {
    "BoxUsage": {"Linux/UNIX": "RunInstances", "Windows": "RunInstances:0002"},
    "InstanceUsage": {"postgres": "CreateDBInstance:0014", "mysql": "CreateDBInstance:0002"},
    "NodeUsage": {"redis": "CreateCacheCluster:0002"},
}


def resource_charges(resources: Sequence[Resource], days: Days, now: datetime) -> Block:
    """The charges of all resources and of those they replaced, one line per usage type and owner.

    Quantity is in hours, of functions in gigabyte-seconds, of a database's storage in gigabyte-months. What a
    commitment pays of a resource is not here: `ledger_commitments` books it.

    Args:
        now: start of the clock, from which the resources count their age.
    """
    quantity: dict[Line, Floats] = {}
    cost: dict[Line, Floats] = {}
    for resource in billed_parts(resources):
        if resource.hourly_rate > 0:
            line = line_of(resource)
            ran = hours_run(resource, days, now) + hours_before(resource, days, now)
            quantity[line] = quantity.get(line, np.zeros(days.size)) + ran * units_an_hour(resource)
            cost[line] = cost.get(line, np.zeros(days.size)) + ran * resource.hourly_rate
    return Block.of([(line, quantity[line], cost[line], cost[line]) for line in quantity], days.size)


def billed_parts(resources: Sequence[Resource]) -> list[Resource]:
    """The resources as they are charged: a database's storage has a line of its own, beside that of its hours."""
    return [part for resource in resources for part in _parts(resource)]


def _parts(resource: Resource) -> tuple[Resource, ...]:
    if resource.kind is not Kind.DATABASE or resource.usage_type in DATABASE_GB_MONTH:
        return (resource,)
    is_multi_az = bool(resource.attributes["multi_az"])
    storage = database_storage_hour(resource.attributes["size_gib"], multi_az=is_multi_az)
    return (
        replace(resource, hourly_rate=resource.hourly_rate - storage),
        replace(resource, usage_type=DATABASE_STORAGE[is_multi_az], hourly_rate=storage),
    )


def units_an_hour(resource: Resource) -> float:
    """Quantity of its line that an hour of the resource takes."""
    return resource.hourly_rate / unit_price(resource)


def unit_price(resource: Resource) -> float:
    """Dollars a unit of its line's quantity."""
    if resource.usage_type in DATABASE_GB_MONTH:
        return DATABASE_GB_MONTH[resource.usage_type]
    if resource.kind is Kind.FUNCTION:
        return LAMBDA_GB_SECOND["arm64" if resource.usage_type.endswith("-ARM") else "x86_64"]
    return resource.hourly_rate


def hours_run(resource: Resource, days: Days, now: datetime) -> Floats:
    """Hours of each day on which the resource ran."""
    since = np.maximum(_hours_after(days, _created(resource, now)), 0.0)
    if resource.stopped_days_ago is None:
        return np.maximum(24.0 - since, 0.0)
    stopped = _hours_after(days, now - timedelta(days=resource.stopped_days_ago))
    fading = np.clip(stopped / (24.0 * FADE_DAYS), 0.0, 1.0)
    ran: Floats = np.maximum(np.minimum(stopped, 24.0) - since, 0.0) * fading
    return ran


def hours_before(resource: Resource, days: Days, now: datetime) -> Floats:
    """Hours of each day on which the one ran that the resource replaced."""
    before: Floats = np.clip(_hours_after(days, _created(resource, now)), 0.0, 24.0)
    return before


def _created(resource: Resource, now: datetime) -> datetime:
    return now - timedelta(days=resource.created_days_ago)


def _hours_after(days: Days, moment: datetime) -> Floats:
    """Hours from the start of each day to the moment; negative when it was before."""
    midnight = datetime.combine(moment.date(), time(), UTC)
    days_later = np.asarray(moment.date().toordinal() - days, dtype=np.float64)
    return days_later * 24.0 + (moment - midnight) / timedelta(hours=1)


def line_of(resource: Resource) -> Line:
    """The line on which a resource is charged; resources of one usage type and owner share it."""
    bare = resource.usage_type.split(":")[0].rpartition("-")[2]
    is_storage = resource.usage_type in DATABASE_GB_MONTH
    operations = _OPERATIONS.get("InstanceUsage" if is_storage else bare, {})
    what = resource.attributes.get("platform") or resource.attributes.get("engine")
    is_function = resource.kind is Kind.FUNCTION
    return Line(
        account_id=resource.account_id,
        region=resource.region,
        service=resource.service,
        usage_type=resource.usage_type,
        operation=operations.get(str(what), next(iter(operations.values()), "")),
        unit="Lambda-GB-Second" if is_function else "GB-Mo" if is_storage else "Hrs",
        team=resource.team or "",
        env=resource.env or "",
        hourly=bare in _OPERATIONS or is_function,
    )
