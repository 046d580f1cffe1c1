"""The metrics of everything that is not EC2 compute or storage."""

from __future__ import annotations

from collections.abc import Iterator

from bot.demo.aws.bucket_requests import ENTIRE_BUCKET, REQUESTS
from bot.demo.aws.cloudwatch_metric import Known, Metric, per_slot
from bot.demo.aws.profiles import SLOT_SECONDS, Shape, Signal
from bot.demo.aws.resources_times import balancer_path, target_group_path

_GB = 1e9
_GIB = 2.0**30  # what S3 bills as a gigabyte
_SLOTS_A_DAY = 288


def nat_gateway_metrics(known: Known) -> Iterator[Metric]:
    mb_s = {"nat-busy": 6.0, "nat-light": 0.2, "nat-idle": 0.0}[known.resource.profile]
    of = ("NatGatewayId", known.id)
    for name, share in (
        ("BytesOutToDestination", 0.3),
        ("BytesInFromSource", 0.3),
        ("BytesOutToSource", 0.7),
        ("BytesInFromDestination", 0.7),
    ):
        yield known.metric("AWS/NATGateway", name, "Bytes", per_slot(mb_s * share), of)
    connections = Signal(0, mb_s * 40, whole=True)
    yield known.metric("AWS/NATGateway", "ActiveConnectionCount", "Count", connections, of)


def load_balancer_metrics(known: Known) -> Iterator[Metric]:
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
        yield known.metric(namespace, "ProcessedBytes", "Bytes", per_slot(requests / SLOT_SECONDS * 0.02), of)
        yield known.metric(namespace, "ConsumedLCUs", "Count", Signal(0.1, max(0.2, requests / 30_000)), of)


_DATABASE_MEMORY_GIB = {
    "db.m5.large": 8,
    "db.m5.xlarge": 16,
    "db.r5.large": 16,
    "db.r6g.large": 16,
    "db.t3.large": 8,
    "db.t3.medium": 4,
}


def database_metrics(known: Known) -> Iterator[Metric]:
    resource = known.resource
    idle = resource.profile == "database-idle"
    light = resource.profile == "database-light"
    roomy = resource.profile == "database-roomy"
    shape = Shape.WEEKLY if resource.profile == "database-weekly" else Shape.OFFICE
    of = ("DBInstanceIdentifier", known.id)
    memory = _DATABASE_MEMORY_GIB[resource.type] * 2.0**30 * (0.72 if light else 0.35)
    free = resource.attributes["size_gib"] * 2.0**30 * (0.78 if roomy else 0.45)
    for name, unit, signal in (
        ("CPUUtilization", "Percent", Signal(2, 3 if idle else 20 if light else 48, shape)),
        ("DatabaseConnections", "Count", Signal(0, 0 if idle else 60, shape, whole=True)),
        ("FreeableMemory", "Bytes", Signal(memory * 0.7, memory, Shape.FLAT, whole=True)),
        ("FreeStorageSpace", "Bytes", Signal(free * 0.9, free, Shape.FLAT, 0.01, whole=True)),
        ("ReadIOPS", "Count/Second", Signal(0, 0 if idle else 400, shape)),
        ("WriteIOPS", "Count/Second", Signal(0.2, 0.3 if idle else 250, shape)),
        ("ReadThroughput", "Bytes/Second", Signal(0, 0 if idle else 12e6, shape)),
        ("WriteThroughput", "Bytes/Second", Signal(2e3, 3e3 if idle else 6e6, shape)),
    ):
        yield known.metric("AWS/RDS", name, unit, signal, of)


def cache_metrics(known: Known) -> Iterator[Metric]:
    idle = known.resource.profile == "cache-idle"
    of = ("CacheClusterId", known.id)
    for name, unit, signal in (
        ("CPUUtilization", "Percent", Signal(1, 2 if idle else 35)),
        ("EngineCPUUtilization", "Percent", Signal(0.5, 1 if idle else 40)),
        ("CurrConnections", "Count", Signal(0, 0 if idle else 180, whole=True)),
        ("DatabaseMemoryUsagePercentage", "Percent", Signal(0.5, 1 if idle else 63)),
        ("GetTypeCmds", "Count", Signal(0, 0 if idle else 40_000, whole=True)),
        ("SetTypeCmds", "Count", Signal(0, 0 if idle else 9_000, whole=True)),
        ("Evictions", "Count", Signal(0, 0, Shape.FLAT)),
        ("NetworkBytesIn", "Bytes", per_slot(0.0 if idle else 4.0)),
        ("NetworkBytesOut", "Bytes", per_slot(0.0 if idle else 9.0)),
    ):
        yield known.metric("AWS/ElastiCache", name, unit, signal, of)


_STORAGE_TYPES = {
    "STANDARD": "StandardStorage",
    "STANDARD_IA": "StandardIAStorage",
    "GLACIER_IR": "GlacierInstantRetrievalStorage",
}


def bucket_metrics(known: Known) -> Iterator[Metric]:
    attributes = known.resource.attributes
    of = ("BucketName", known.id)
    kind = ("StorageType", _STORAGE_TYPES[known.resource.type])
    size = Signal(0, (attributes["size_gb"] + attributes["unfinished_gb"]) * _GIB, Shape.FLAT, 0.0)
    count = Signal(0, attributes["objects"], Shape.FLAT, 0.0)
    every = _SLOTS_A_DAY
    yield known.metric("AWS/S3", "BucketSizeBytes", "Bytes", size, of, kind, every=every)
    yield known.metric("AWS/S3", "NumberOfObjects", "Count", count, of, ("StorageType", "AllStorageTypes"), every=every)
    counted = REQUESTS.get(known.resource.name)
    if counted is None:
        return
    filtered = ("FilterId", ENTIRE_BUCKET)
    for name, unit, a_slot in (
        ("AllRequests", "Count", counted.requests_a_slot),
        ("GetRequests", "Count", counted.reads_a_slot),
        ("BytesDownloaded", "Bytes", counted.read_gb_a_day * _GIB / _SLOTS_A_DAY),
    ):
        # S3 sends nothing where there is nothing to count.
        if a_slot:
            yield known.metric("AWS/S3", name, unit, Signal(0, a_slot, Shape.FLAT, 0.0), of, filtered)


def function_metrics(known: Known) -> Iterator[Metric]:
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
    yield from insight_metrics(known)


#: Functions with the layer of Lambda Insights: megabytes that their biggest run fills, processor time of a run in ms.
_INSIGHTS = {"thumbnailer": (900, 250), "fraud-scorer": (1500, 60), "file-splitter": (500, 4700)}


def insight_metrics(known: Known) -> Iterator[Metric]:
    """What Lambda Insights adds, for the functions that have its layer."""
    if known.resource.name not in _INSIGHTS:
        return
    memory, processor = _INSIGHTS[known.resource.name]
    duration = known.resource.attributes["mean_ms"]
    of = ("function_name", known.id)
    for name, unit, signal in (
        ("used_memory_max", "Megabytes", Signal(memory * 0.8, memory)),
        ("cpu_total_time", "Milliseconds", Signal(processor * 0.7, processor, Shape.FLAT, 0.1)),
        ("duration", "Milliseconds", Signal(duration * 0.9, duration * 1.15, Shape.FLAT, 0.1)),
    ):
        yield known.metric("LambdaInsights", name, unit, signal, of)


def log_group_metrics(known: Known) -> Iterator[Metric]:
    stored = known.resource.attributes["stored_gb"]
    if not stored:
        return
    kept = known.resource.attributes["retention_days"] or known.resource.created_days_ago
    # What is stored compressed came in at about five times the size.
    gb_a_day = 5.0 * stored / max(1, min(kept, known.resource.created_days_ago))
    incoming = gb_a_day * _GB / _SLOTS_A_DAY
    signal = Signal(incoming * 0.4, incoming * 2.2, whole=True)
    yield known.metric("AWS/Logs", "IncomingBytes", "Bytes", signal, ("LogGroupName", known.id))
