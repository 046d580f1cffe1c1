"""Which metrics AWS publishes for a resource, and the signal behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.demo.aws.profiles import INSTANCE_LOADS, SLOT_SECONDS, VOLUME_LOADS, Shape, Signal
from bot.demo.aws.resources import Kind, Resource, resources
from bot.demo.aws.resources_times import (
    balancer_path,
    detached_at,
    ids_of,
    image_of,
    launched_at,
    stopped_at,
    target_group_path,
)

Dimensions = tuple[tuple[str, str], ...]

_MB = 1e6
_MIB = 2.0**20
_GB = 1e9
_BYTES_AN_OPERATION = 32 * 1024
# Credits a T instance can hold: what it earns in 24 hours.
_CREDIT_LIMITS = {"t2.medium": 576.0, "t3.small": 576.0, "t3.medium": 576.0, "t3.large": 864.0}
_XEN_FAMILIES = frozenset({"m4", "c4", "r4", "t2"})
_SLOTS_A_DAY = 288


@dataclass(frozen=True, slots=True)
class Metric:
    """One series of CloudWatch.

    Attributes:
        dimensions: sorted (name, value) pairs; together they are the metric's identity.
        signal: a value per 5-minute slot; None where AWS publishes nothing without traffic.
        stream, burst_stream: names of its noise.
        begins, ends: no data outside; `ends` None is still running.
        every: slots between two values.
    """

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str
    signal: Signal
    stream: str
    burst_stream: str
    begins: datetime
    ends: datetime | None
    every: int = 1


@dataclass(frozen=True, slots=True)
class _Known:
    """What the functions below need to know of a resource."""

    resource: Resource
    ids: dict[str, str]
    seed: int
    today: date

    @property
    def id(self) -> str:
        return self.ids[self.resource.key]

    def metric(
        self, namespace: str, name: str, unit: str, signal: Signal, *dimensions: tuple[str, str],
        ends: datetime | None = None, every: int = 1,
    ) -> Metric:
        stream = f"{self.seed}/{self.resource.key}"
        return Metric(
            namespace, name, tuple(sorted(dimensions)), unit, signal, f"{stream}/{namespace}/{name}", stream,
            launched_at(self.resource, self.today), ends, every,
        )


def metrics_by_place(seed: int, today: date) -> dict[tuple[str, str], list[Metric]]:
    """All metrics of the organisation by (account id, region)."""
    ids = ids_of(seed)
    by_key = {resource.key: resource for resource in resources(seed)}
    places: dict[tuple[str, str], list[Metric]] = {}
    for resource in by_key.values():
        found = places.setdefault((resource.account_id, resource.region), [])
        known = _Known(resource, ids, seed, today)
        if resource.kind is Kind.VOLUME:
            found += _volume(known, by_key)
        elif resource.kind in _METRICS:
            found += _METRICS[resource.kind](known)
    return places


def _per_slot(mb_s: float, shape: Shape = Shape.OFFICE, *, floor: float = 0.1, unit: float = _MB) -> Signal:
    """Bytes in five minutes, for a rate at p99.5; at its low it still carries `floor` of that."""
    high = mb_s * unit * SLOT_SECONDS
    return Signal(high * floor, high, shape, spread=0.04, whole=True)


def _instance(known: _Known) -> Iterator[Metric]:
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
    incoming = _per_slot(load.network_mb_s * (0.02 if bursty else 0.25))
    outgoing = _per_slot(load.network_mb_s * (0.98 if bursty else 0.75), load.network_shape, floor=0.02)
    yield known.metric("AWS/EC2", "NetworkIn", "Bytes", incoming, of, ends=ends)
    yield known.metric("AWS/EC2", "NetworkOut", "Bytes", outgoing, of, ends=ends)
    yield known.metric("AWS/EC2", "StatusCheckFailed", "Count", Signal(0, 0, Shape.FLAT), of, ends=ends)
    if family not in _XEN_FAMILIES:
        for name, share in (("Read", 0.4), ("Write", 0.6)):
            size = _per_slot(load.volume_mb_s * share)
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


def _memory(known: _Known, percent: float, ends: datetime | None) -> Metric:
    """The agent's memory metric; where its configuration appends dimensions they are part of its identity."""
    resource = known.resource
    used = Signal(percent * 0.9, min(percent * 1.002, 100.0), Shape.OFFICE, spread=0.02)
    of = ("InstanceId", known.id)
    if resource.attributes["platform"] == "Windows":
        return known.metric(
            "CWAgent", "Memory % Committed Bytes In Use", "Percent", used, of, ("objectname", "Memory"), ends=ends)
    extra: list[tuple[str, str]] = []
    group = resource.attributes["group"]
    if group is not None or len(resource.name) % 2:
        extra = [("ImageId", image_of(resource, known.ids)), ("InstanceType", resource.type)]
    if group is not None:
        extra.append(("AutoScalingGroupName", group))
    return known.metric("CWAgent", "mem_used_percent", "Percent", used, of, *extra, ends=ends)


def _volume(known: _Known, by_key: dict[str, Resource]) -> Iterator[Metric]:
    resource = known.resource
    load = VOLUME_LOADS[resource.profile]
    owner = by_key.get(resource.attributes["attached_to"] or "")
    ends = stopped_at(owner, known.today) if owner else detached_at(resource, known.today)
    of = ("VolumeId", known.id)
    for name, share in (("Read", 0.4), ("Write", 0.6)):
        operations = Signal(0.1 * load.iops * share * SLOT_SECONDS, load.iops * share * SLOT_SECONDS, whole=True)
        size = _per_slot(load.mib_s * share, unit=_MIB)
        yield known.metric("AWS/EBS", f"Volume{name}Ops", "Count", operations, of, ends=ends)
        yield known.metric("AWS/EBS", f"Volume{name}Bytes", "Bytes", size, of, ends=ends)
    if resource.type == "gp2":
        yield known.metric("AWS/EBS", "BurstBalance", "Percent", Signal(99, 100, Shape.FLAT, 0.0), of, ends=ends)


def _group(known: _Known) -> Iterator[Metric]:
    attributes = known.resource.attributes
    of = ("AutoScalingGroupName", known.resource.name)
    for name, size in (
        ("GroupMinSize", attributes["min"]), ("GroupMaxSize", attributes["max"]),
        ("GroupDesiredCapacity", attributes["desired"]), ("GroupInServiceInstances", attributes["desired"]),
    ):
        yield known.metric("AWS/AutoScaling", name, "None", Signal(size, size, Shape.FLAT, 0.0), of)


def _nat_gateway(known: _Known) -> Iterator[Metric]:
    mb_s = {"nat-busy": 6.0, "nat-light": 0.2, "nat-idle": 0.0}[known.resource.profile]
    of = ("NatGatewayId", known.id)
    for name, share in (
        ("BytesOutToDestination", 0.3), ("BytesInFromSource", 0.3),
        ("BytesOutToSource", 0.7), ("BytesInFromDestination", 0.7),
    ):
        yield known.metric("AWS/NATGateway", name, "Bytes", _per_slot(mb_s * share), of)
    connections = Signal(0, mb_s * 40, whole=True)
    yield known.metric("AWS/NATGateway", "ActiveConnectionCount", "Count", connections, of)


def _load_balancer(known: _Known) -> Iterator[Metric]:
    resource = known.resource
    requests = {"balancer-busy": 60_000.0, "balancer-light": 900.0, "balancer-idle": 0.0}[resource.profile]
    of = ("LoadBalancer", balancer_path(resource, known.seed))
    namespace = "AWS/NetworkELB" if resource.type == "network" else "AWS/ApplicationELB"
    targets = resource.attributes["targets"]
    healthy = Signal(targets, targets, Shape.FLAT, 0.0)
    if targets:
        group = ("TargetGroup", target_group_path(resource, known.seed))
        yield known.metric(namespace, "HealthyHostCount", "Count", healthy, group, of)
    # AWS publishes these only where there is traffic.
    if requests:
        name = "NewFlowCount" if resource.type == "network" else "RequestCount"
        yield known.metric(namespace, name, "Count", Signal(requests * 0.1, requests, whole=True), of)
        yield known.metric(namespace, "ProcessedBytes", "Bytes", _per_slot(requests / SLOT_SECONDS * 0.02), of)
        yield known.metric(namespace, "ConsumedLCUs", "Count", Signal(0.1, max(0.2, requests / 30_000)), of)


_DATABASE_MEMORY_GIB = {"db.m5.large": 8, "db.m5.xlarge": 16, "db.r5.large": 16, "db.t3.large": 8, "db.t3.medium": 4}


def _database(known: _Known) -> Iterator[Metric]:
    resource = known.resource
    idle = resource.profile == "database-idle"
    shape = Shape.WEEKLY if resource.profile == "database-weekly" else Shape.OFFICE
    of = ("DBInstanceIdentifier", known.id)
    memory = _DATABASE_MEMORY_GIB[resource.type] * 2.0**30
    size = resource.attributes["size_gib"] * 2.0**30
    for name, unit, signal in (
        ("CPUUtilization", "Percent", Signal(2, 3 if idle else 48, shape)),
        ("DatabaseConnections", "Count", Signal(0, 0 if idle else 60, shape, whole=True)),
        ("FreeableMemory", "Bytes", Signal(memory * 0.25, memory * 0.35, Shape.FLAT, whole=True)),
        ("FreeStorageSpace", "Bytes", Signal(size * 0.4, size * 0.45, Shape.FLAT, 0.01, whole=True)),
        ("ReadIOPS", "Count/Second", Signal(0, 0 if idle else 400, shape)),
        ("WriteIOPS", "Count/Second", Signal(0.2, 0.3 if idle else 250, shape)),
    ):
        yield known.metric("AWS/RDS", name, unit, signal, of)


def _cache(known: _Known) -> Iterator[Metric]:
    idle = known.resource.profile == "cache-idle"
    of = ("CacheClusterId", known.id)
    for name, unit, signal in (
        ("CPUUtilization", "Percent", Signal(1, 2 if idle else 35)),
        ("EngineCPUUtilization", "Percent", Signal(0.5, 1 if idle else 40)),
        ("CurrConnections", "Count", Signal(0, 0 if idle else 180, whole=True)),
        ("DatabaseMemoryUsagePercentage", "Percent", Signal(0.5, 1 if idle else 63)),
        ("NetworkBytesIn", "Bytes", _per_slot(0.0 if idle else 4.0)),
        ("NetworkBytesOut", "Bytes", _per_slot(0.0 if idle else 9.0)),
    ):
        yield known.metric("AWS/ElastiCache", name, unit, signal, of)


_STORAGE_TYPES = {"STANDARD": "StandardStorage", "STANDARD_IA": "StandardIAStorage",
                  "GLACIER_IR": "GlacierInstantRetrievalStorage"}


def _bucket(known: _Known) -> Iterator[Metric]:
    attributes = known.resource.attributes
    of = ("BucketName", known.id)
    kind = ("StorageType", _STORAGE_TYPES[known.resource.type])
    size = Signal(0, (attributes["size_gb"] + attributes["unfinished_gb"]) * _GB, Shape.FLAT, 0.0)
    count = Signal(0, attributes["objects"], Shape.FLAT, 0.0)
    every = _SLOTS_A_DAY
    yield known.metric("AWS/S3", "BucketSizeBytes", "Bytes", size, of, kind, every=every)
    yield known.metric("AWS/S3", "NumberOfObjects", "Count", count, of, ("StorageType", "AllStorageTypes"), every=every)


def _function(known: _Known) -> Iterator[Metric]:
    attributes = known.resource.attributes
    of = ("FunctionName", known.id)
    calls = attributes["calls_a_day"] / _SLOTS_A_DAY
    errors = 0.22 if known.resource.profile == "function-failing" else 0.001
    duration = float(attributes["mean_ms"])
    for name, unit, signal in (
        ("Invocations", "Count", Signal(calls * 0.5, calls * 1.9, whole=True)),
        ("Errors", "Count", Signal(calls * 0.5 * errors, calls * 1.9 * errors, whole=True)),
        ("Throttles", "Count", Signal(0, 0, Shape.FLAT)),
        ("Duration", "Milliseconds", Signal(duration * 0.9, duration * 1.15, Shape.FLAT, 0.1)),
    ):
        yield known.metric("AWS/Lambda", name, unit, signal, of)


def _log_group(known: _Known) -> Iterator[Metric]:
    stored = known.resource.attributes["stored_gb"]
    if not stored:
        return
    kept = known.resource.attributes["retention_days"] or known.resource.created_days_ago
    # What is stored compressed came in at about five times the size.
    gb_a_day = 5.0 * stored / max(1, min(kept, known.resource.created_days_ago))
    incoming = gb_a_day * _GB / _SLOTS_A_DAY
    signal = Signal(incoming * 0.4, incoming * 2.2, whole=True)
    yield known.metric("AWS/Logs", "IncomingBytes", "Bytes", signal, ("LogGroupName", known.id))


_METRICS: dict[Kind, Callable[[_Known], Iterator[Metric]]] = {
    Kind.INSTANCE: _instance, Kind.AUTO_SCALING_GROUP: _group, Kind.NAT_GATEWAY: _nat_gateway,
    Kind.LOAD_BALANCER: _load_balancer, Kind.DATABASE: _database, Kind.CACHE: _cache, Kind.BUCKET: _bucket,
    Kind.FUNCTION: _function, Kind.LOG_GROUP: _log_group,
}
