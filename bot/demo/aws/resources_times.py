"""Ids and dates of the inventory: the same for the same seed and day, whoever asks first."""

from __future__ import annotations

import hashlib
import zlib
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from bot.demo.aws.resources import Kind, Resource, resources

_ID_PREFIXES = {
    Kind.INSTANCE: "i-0",
    Kind.VOLUME: "vol-0",
    Kind.SNAPSHOT: "snap-0",
    Kind.IMAGE: "ami-0",
    Kind.NAT_GATEWAY: "nat-0",
    Kind.ELASTIC_IP: "eipalloc-0",
}


@lru_cache(maxsize=4)
def ids_of(seed: int) -> dict[str, str]:
    """What AWS calls each resource, by its key: an id, or the name where names are ids."""
    return {resource.key: id_of(resource, seed) for resource in resources(seed)}


def id_of(resource: Resource, seed: int) -> str:
    """What AWS calls a resource."""
    prefix = _ID_PREFIXES.get(resource.kind)
    if prefix is None:
        return resource.name
    return prefix + digest(f"{seed}/{resource.key}")


def digest(text: str, length: int = 16) -> str:
    """Hexadecimal digits that follow from `text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


# The images Amazon publishes, by what runs on them.
PUBLIC_IMAGES = {
    name: f"ami-0{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    for name in ("linux-x86_64", "linux-arm64", "windows-x86_64")
}


def image_of(instance: Resource, ids: dict[str, str]) -> str:
    """The image an instance was launched from: its group's, or the public one of its system."""
    group = instance.attributes["group"]
    if group is not None:
        return ids[f"{Kind.IMAGE}/{group}-image"]
    system = "windows" if instance.attributes["platform"] == "Windows" else "linux"
    return PUBLIC_IMAGES[f"{system}-{instance.attributes['architecture']}"]


def balancer_path(resource: Resource, seed: int) -> str:
    """The value of a load balancer's `LoadBalancer` dimension: the end of its ARN."""
    kind = "net" if resource.type == "network" else "app"
    return f"{kind}/{resource.name}/{digest(f'{seed}/{resource.key}')}"


def target_group_path(resource: Resource, seed: int) -> str:
    """The value of its `TargetGroup` dimension: the end of the target group's ARN."""
    return f"targetgroup/{resource.name}/{digest(f'{seed}/{resource.key}/targets')}"


def launched_at(resource: Resource, today: date) -> datetime:
    """When it was created: some minute of that day that follows from its key; a volume with its instance."""
    with_owner = resource.attributes.get("attached_to") or resource.key
    return _moment(with_owner, today, resource.created_days_ago)


def stopped_at(resource: Resource, today: date) -> datetime | None:
    """When it was stopped; None while it runs."""
    if resource.stopped_days_ago is None:
        return None
    return _moment(f"{resource.key}/stop", today, resource.stopped_days_ago)


def detached_at(volume: Resource, today: date) -> datetime | None:
    """When a volume lost its instance; None while it hangs on one."""
    days = volume.attributes["detached_days_ago"]
    return None if days is None else _moment(f"{volume.key}/detach", today, days)


def _moment(text: str, today: date, days_ago: int) -> datetime:
    """Before 09:00 UTC, so that even today's is over at the demo's ten o'clock."""
    seconds = zlib.crc32(text.encode()) % (9 * 3600)
    return datetime.combine(today, time(0), UTC) + timedelta(days=-days_ago, seconds=seconds)
