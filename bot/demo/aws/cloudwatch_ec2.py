"""The metrics of instances, volumes and groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.demo.aws.cloudwatch_metric import Known, Metric, per_slot
from bot.demo.aws.profiles import INSTANCE_LOADS, SLOT_SECONDS, VOLUME_LOADS, Shape, Signal
from bot.demo.aws.resources import Resource
from bot.demo.aws.resources_times import detached_at, image_of, stopped_at

_MIB = 2.0**20
_BYTES_AN_OPERATION = 32 * 1024
# Credits a T instance can hold: what it earns in 24 hours.
_CREDIT_LIMITS = {"t2.medium": 576.0, "t3.small": 576.0, "t3.medium": 576.0, "t3.large": 864.0}
#: How full data volumes are, by name: the agents of their instances are told to say so, those of others are not.
FILESYSTEMS = {"search-data-1": 64.0, "search-data-2": 12.0, "orders-1-data": 55.0}
# They publish no EBS metrics of their own.
_XEN_FAMILIES = frozenset({"m4", "c4", "r4", "t2"})


def instance_metrics(known: Known) -> Iterator[Metric]:
    resource = known.resource
    load = INSTANCE_LOADS[resource.profile]
    family = resource.type.partition(".")[0]
    ends = stopped_at(resource, known.today)
    of = ("InstanceId", known.id)
    low = 0.05 if load.cpu_shape is Shape.BURSTY else 0.3
    # The noise takes its few per mille from the top; give them back, so that p99.5 is what the load says.
    cpu = Signal(load.cpu_percent * low, min(load.cpu_percent * 1.002, 100.0), load.cpu_shape, spread=0.03)
    yield known.metric("AWS/EC2", "CPUUtilization", "Percent", cpu, of, ends=ends)
    bursty = load.network_shape is Shape.BURSTY
    incoming = per_slot(load.network_mb_s * (0.02 if bursty else 0.25))
    outgoing = per_slot(load.network_mb_s * (0.98 if bursty else 0.75), load.network_shape, floor=0.02)
    yield known.metric("AWS/EC2", "NetworkIn", "Bytes", incoming, of, ends=ends)
    yield known.metric("AWS/EC2", "NetworkOut", "Bytes", outgoing, of, ends=ends)
    yield known.metric("AWS/EC2", "StatusCheckFailed", "Count", Signal(0, 0, Shape.FLAT), of, ends=ends)
    if family not in _XEN_FAMILIES:
        for name, share in (("Read", 0.4), ("Write", 0.6)):
            size = per_slot(load.volume_mb_s * share)
            count = Signal(size.low / _BYTES_AN_OPERATION, size.high / _BYTES_AN_OPERATION, whole=True)
            yield known.metric("AWS/EC2", f"EBS{name}Bytes", "Bytes", size, of, ends=ends)
            yield known.metric("AWS/EC2", f"EBS{name}Ops", "Count", count, of, ends=ends)
    if family.startswith("t"):
        limit = _CREDIT_LIMITS[resource.type]
        worst, best = load.credits
        balance = Signal(limit * worst, limit * best, Shape.FLAT, spread=0.01)
        yield known.metric("AWS/EC2", "CPUCreditBalance", "Count", balance, of, ends=ends)
        yield known.metric("AWS/EC2", "CPUSurplusCreditBalance", "Count", Signal(0, 0, Shape.FLAT), of, ends=ends)
        yield known.metric("AWS/EC2", "CPUSurplusCreditsCharged", "Count", Signal(0, 0, Shape.FLAT), of, ends=ends)
    if load.memory_percent is not None:
        yield _memory(known, load.memory_percent, ends)


def _memory(known: Known, percent: float, ends: datetime | None) -> Metric:
    """The agent's memory metric; where its configuration appends dimensions they are part of its identity."""
    resource = known.resource
    used = Signal(percent * 0.9, min(percent * 1.002, 100.0), Shape.OFFICE, spread=0.02)
    of = ("InstanceId", known.id)
    if resource.attributes["platform"] == "Windows":
        return known.metric(
            "CWAgent", "Memory % Committed Bytes In Use", "Percent", used, of, ("objectname", "Memory"), ends=ends
        )
    extra: list[tuple[str, str]] = []
    group = resource.attributes["group"]
    if group is not None or len(resource.name) % 2:
        extra = [("ImageId", image_of(resource, known.ids)), ("InstanceType", resource.type)]
    if group is not None:
        extra.append(("AutoScalingGroupName", group))
    return known.metric("CWAgent", "mem_used_percent", "Percent", used, of, *extra, ends=ends)


def volume_metrics(known: Known, by_key: dict[str, Resource]) -> Iterator[Metric]:
    resource = known.resource
    load = VOLUME_LOADS[resource.profile]
    owner = by_key.get(resource.attributes["attached_to"] or "")
    ends = stopped_at(owner, known.today) if owner else detached_at(resource, known.today)
    of = ("VolumeId", known.id)
    for name, share in (("Read", 0.4), ("Write", 0.6)):
        operations = Signal(0.1 * load.iops * share * SLOT_SECONDS, load.iops * share * SLOT_SECONDS, whole=True)
        size = per_slot(load.mib_s * share, unit=_MIB)
        yield known.metric("AWS/EBS", f"Volume{name}Ops", "Count", operations, of, ends=ends)
        yield known.metric("AWS/EBS", f"Volume{name}Bytes", "Bytes", size, of, ends=ends)
    if resource.type == "gp2":
        yield known.metric("AWS/EBS", "BurstBalance", "Percent", Signal(99, 100, Shape.FLAT, 0.0), of, ends=ends)
    if owner is not None and resource.name in FILESYSTEMS:
        percent = FILESYSTEMS[resource.name]
        used = Signal(percent * 0.9, percent, Shape.OFFICE, spread=0.0)
        disk = (("path", "/data"), ("device", "nvme1n1"), ("fstype", "xfs"))
        of_instance = ("InstanceId", known.ids[owner.key])
        yield known.metric("CWAgent", "disk_used_percent", "Percent", used, of_instance, *disk, ends=ends)


def group_metrics(known: Known) -> Iterator[Metric]:
    attributes = known.resource.attributes
    of = ("AutoScalingGroupName", known.resource.name)
    for name, size in (
        ("GroupMinSize", attributes["min"]),
        ("GroupMaxSize", attributes["max"]),
        ("GroupDesiredCapacity", attributes["desired"]),
        ("GroupInServiceInstances", attributes["desired"]),
    ):
        yield known.metric("AWS/AutoScaling", name, "None", Signal(size, size, Shape.FLAT, 0.0), of)
