"""The 66 instances of the demo organisation, the groups they belong to and the images they run."""

from __future__ import annotations

from bot.demo.aws import resources_covered
from bot.demo.aws.resources_model import (
    DATA_PLATFORM,
    EC2_COMPUTE,
    EC2_OTHER,
    PROD,
    SANDBOX,
    SHARED_SERVICES,
    STAGING,
    Kind,
    Resource,
    region_of,
    usage_in,
)
from bot.demo.aws.resources_rates import instance_hour

# A value no message may carry unescaped: Slack would ring a whole channel.
HOSTILE_TEAM = "<!channel> & <script>"

_A, _B, _C, _EU = "us-east-1a", "us-east-1b", "us-east-1c", "eu-west-1a"

# Tables read by rows.
# fmt: off

# account, zone, name, type, team, env, days since launch, profile
_RUNNING: tuple[tuple[str, str, str, str, str | None, str | None, int, str], ...] = (
    # Planted: each has one cheapest type that fits, see planted.py.
    (PROD, _A, "payments-batch-1", "m5.4xlarge", "payments", "prod", 310, "payments-batch"),
    (PROD, _B, "payments-api-1", "m5.2xlarge", "payments", "prod", 280, "payments-api"),
    (PROD, _A, "search-index-cache", "m5.2xlarge", "search", "prod", 240, "memory-heavy"),
    (DATA_PLATFORM, _A, "feature-builder", "r5.2xlarge", "data", "prod", 200, "cpu-heavy"),
    (DATA_PLATFORM, _B, "stream-worker-1", "m6i.4xlarge", "data", "prod", 170, "stream-worker"),
    (PROD, _C, "image-resizer", "c5.4xlarge", "growth", "prod", 330, "image-resizer"),
    (PROD, _A, "recommender", "m6g.2xlarge", "growth", "prod", 150, "recommender"),
    (DATA_PLATFORM, _A, "olap-node-1", "r6i.4xlarge", "data", "prod", 260, "olap-node"),
    (STAGING, _A, "platform-gateway-staging", "m7i.2xlarge", "platform", "staging", 120, "gateway-staging"),
    (PROD, _B, "session-store", "c5.2xlarge", "platform", "prod", 350, "session-store"),
    (SANDBOX, _A, "notebook-host", "m5.xlarge", None, "dev", 95, "notebook-host"),
    (SANDBOX, _B, "load-tests", "m5.xlarge", HOSTILE_TEAM, "dev", 80, "load-tests"),
    (SHARED_SERVICES, _A, "wiki", "t3.large", "platform", "prod", 390, "wiki"),
    # Traps: each looks idle or oversized at first sight and is not, or cannot be known.
    (PROD, _A, "ledger-cache", "r5.2xlarge", "payments", "prod", 300, "full-memory-r"),
    (PROD, _B, "token-vault", "m5.large", "payments", "prod", 210, "full-memory-m"),
    (PROD, _C, "legacy-reports", "m5.2xlarge", None, None, 395, "no-agent"),
    (STAGING, _B, "qa-runner", "c5.xlarge", "growth", "staging", 140, "no-agent"),
    (STAGING, _A, "cron-box", "t2.medium", "platform", "staging", 370, "drained-credits"),
    (DATA_PLATFORM, _C, "model-trainer", "g4dn.2xlarge", "data", "prod", 110, "graphics"),
    (DATA_PLATFORM, _C, "inference-1", "g4dn.xlarge", "data", "prod", 110, "graphics"),
    (PROD, _A, "invoice-renderer", "m5.2xlarge", "payments", "prod", 190, "bursty"),
    (PROD, _B, "checkout-canary", "m5.2xlarge", "payments", "prod", 6, "newborn"),
    (DATA_PLATFORM, _B, "replicator", "c5.2xlarge", "data", "prod", 230, "network-bound"),
    (DATA_PLATFORM, _A, "compactor", "c5.2xlarge", "data", "prod", 220, "volume-bound"),
    (PROD, _EU, "eu-payments-api", "m5.xlarge", "payments", "prod", 180, "notebook-host"),
    (PROD, _C, "fraud-rules", "m5zn.2xlarge", "payments", "prod", 160, "low-all"),
    (SHARED_SERVICES, _A, "build-cache", "m4.2xlarge", "platform", "prod", 398, "busy"),
    (PROD, _A, "edge-proxy", "c5.large", "platform", "prod", 250, "starved-cpu"),
    # Busy: the right size.
    (PROD, _A, "payments-api-2", "m5.xlarge", "payments", "prod", 280, "busy"),
    (PROD, _B, "payments-api-3", "m5.xlarge", "payments", "prod", 280, "busy"),
    (PROD, _A, "orders-1", "c5.xlarge", "payments", "prod", 260, "busy"),
    (PROD, _B, "orders-2", "c5.xlarge", "payments", "prod", 260, "busy"),
    (PROD, _A, "search-leader", "r5.xlarge", "search", "prod", 240, "busy"),
    (PROD, _B, "search-data-1", "r5.xlarge", "search", "prod", 240, "busy"),
    (PROD, _C, "search-data-2", "r5.xlarge", "search", "prod", 240, "busy"),
    (PROD, _C, "growth-events", "m6i.large", "growth", "prod", 130, "busy"),
    (DATA_PLATFORM, _A, "warehouse-loader", "r6i.2xlarge", "data", "prod", 200, "busy-volume"),
    (DATA_PLATFORM, _B, "stream-worker-2", "c6i.2xlarge", "data", "prod", 170, "busy-volume"),
    (DATA_PLATFORM, _C, "orchestrator", "m6i.xlarge", "data", "prod", 340, "busy"),
    (DATA_PLATFORM, _A, "catalogue", "m6g.large", "data", "prod", 125, "busy"),
    (STAGING, _A, "payments-api-staging", "m5.large", "payments", "staging", 280, "busy-by-day"),
    (STAGING, _B, "search-staging", "r5.large", "search", "staging", 240, "busy"),
    (STAGING, _C, "growth-staging", "t3.medium", "growth", "staging", 130, "busy-burstable"),
    (SANDBOX, _A, "ben-playground", "t3.small", None, None, 65, "forgotten"),
    (SANDBOX, _C, "prototype-api", "t3.medium", "growth", "dev", 75, "busy-burstable"),
    (SHARED_SERVICES, _B, "ci-runner-1", "c6i.xlarge", "platform", "prod", 300, "busy"),
    (SHARED_SERVICES, _C, "ci-runner-2", "c6i.xlarge", "platform", "prod", 300, "busy"),
    (SHARED_SERVICES, _A, "audit-collector", "t3.medium", "platform", "prod", 385, "busy-burstable"),
    (PROD, _EU, "eu-orders", "c5.xlarge", "payments", "prod", 180, "busy"),
    (PROD, _EU, "eu-search", "r5.large", "search", "prod", 180, "busy"),
)

# account, zone, name, type, team, env, days since launch, days since stop
_STOPPED: tuple[tuple[str, str, str, str, str, str, int, int], ...] = (
    (SANDBOX, _A, "old-benchmark", "m5.4xlarge", "search", "dev", 210, 45),
    (STAGING, _B, "migration-test", "m5.2xlarge", "payments", "staging", 100, 12),
)

# account, group, type, team, env, days since launch, profile, min, desired, max
_GROUPS: tuple[tuple[str, str, str, str, str, int, str, int, int, int], ...] = (
    (PROD, "checkout-web", "m5.large", "payments", "prod", 60, "group-low", 2, 3, 6),
    (PROD, "search-api", "c5.xlarge", "search", "prod", 45, "group-low", 3, 3, 3),
    (DATA_PLATFORM, "batch-workers", "m6i.xlarge", "data", "prod", 33, "group-low", 1, 3, 8),
    (STAGING, "storefront-staging", "m5.large", "growth", "staging", 50, "group-office", 1, 2, 4),
)
# fmt: on

_ZONES = (_A, _B, _C)
_WINDOWS_HOST = "directory-controller"
_DEDICATED = frozenset({"fraud-rules"})


def instances() -> tuple[Resource, ...]:
    """All 66 instances: running, stopped, members of groups, the one that runs Windows, and those on commitments."""
    running = [
        _instance(account, zone, name, kind, team, env, age, profile)
        for account, zone, name, kind, team, env, age, profile in _RUNNING
    ]
    windows = _instance(
        SHARED_SERVICES, _B, _WINDOWS_HOST, "m5.xlarge", "platform", "prod", 345, "low-all", windows=True
    )
    stopped = [
        _instance(account, zone, name, kind, team, env, age, "low-all", stopped_days_ago=days)
        for account, zone, name, kind, team, env, age, days in _STOPPED
    ]
    members = [
        _instance(account, _ZONES[n % 3], f"{group}-{n + 1}", kind, team, env, age, profile, group=group)
        for account, group, kind, team, env, age, profile, _, desired, _ in _GROUPS
        for n in range(desired)
    ]
    return (*running, windows, *stopped, *members, *resources_covered.machines())


def _instance(
    account_id: str,
    zone: str,
    name: str,
    instance_type: str,
    team: str | None,
    env: str | None,
    created_days_ago: int,
    profile: str,
    *,
    stopped_days_ago: int | None = None,
    group: str | None = None,
    windows: bool = False,
) -> Resource:
    region = region_of(zone)
    arm = instance_type.partition(".")[0].endswith("g")
    dedicated = name in _DEDICATED
    return Resource(
        kind=Kind.INSTANCE,
        key=f"{Kind.INSTANCE}/{name}",
        account_id=account_id,
        region=region,
        zone=zone,
        type=instance_type,
        team=team,
        env=env,
        created_days_ago=created_days_ago,
        stopped_days_ago=stopped_days_ago,
        profile=profile,
        attributes={
            "architecture": "arm64" if arm else "x86_64",
            "platform": "Windows" if windows else "Linux/UNIX",
            "tenancy": "dedicated" if dedicated else "default",
            "group": group,
            "root_gib": 30 if windows else 16,
        },
        service=EC2_COMPUTE,
        usage_type=usage_in(region, f"{'DedicatedUsage' if dedicated else 'BoxUsage'}:{instance_type}"),
        hourly_rate=instance_hour(instance_type, region, windows=windows),
    )


def groups() -> tuple[Resource, ...]:
    """The four Auto Scaling groups; they cost nothing themselves."""
    return tuple(
        Resource(
            kind=Kind.AUTO_SCALING_GROUP,
            key=f"{Kind.AUTO_SCALING_GROUP}/{group}",
            account_id=account,
            region="us-east-1",
            zone=None,
            type=instance_type,
            team=team,
            env=env,
            created_days_ago=age + 200,
            stopped_days_ago=None,
            profile=profile,
            attributes={
                "min": low,
                "desired": desired,
                "max": high,
                "image": f"{Kind.IMAGE}/{group}-image",
                "members": tuple(f"{Kind.INSTANCE}/{group}-{n + 1}" for n in range(desired)),
            },
            service=EC2_COMPUTE,
            usage_type="",
            hourly_rate=0.0,
        )
        for account, group, instance_type, team, env, age, profile, low, desired, high in _GROUPS
    )


def images() -> tuple[Resource, ...]:
    """One image per group; its snapshot is billed, the image is not."""
    return tuple(
        Resource(
            kind=Kind.IMAGE,
            key=f"{Kind.IMAGE}/{group.name}-image",
            account_id=group.account_id,
            region=group.region,
            zone=None,
            type="",
            team=group.team,
            env=group.env,
            created_days_ago=group.created_days_ago,
            stopped_days_ago=None,
            profile="",
            attributes={"snapshot": f"{Kind.SNAPSHOT}/{group.name}-image", "architecture": "x86_64"},
            service=EC2_OTHER,
            usage_type="",
            hourly_rate=0.0,
        )
        for group in groups()
    )
