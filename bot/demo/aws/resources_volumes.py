"""The volumes and snapshots of the demo organisation: 40 data volumes, one root volume an instance, 40 snapshots."""

from __future__ import annotations

from typing import Any

from bot.demo.aws.resources_ec2 import images, instances
from bot.demo.aws.resources_model import (
    DATA_PLATFORM,
    EC2_OTHER,
    HOURS_A_MONTH,
    MAIN_REGION,
    PROD,
    SANDBOX,
    SHARED_SERVICES,
    STAGING,
    Kind,
    Resource,
    usage_in,
)
from bot.demo.aws.resources_rates import SNAPSHOT_GB_MONTH, volume_hour

_USAGE = {
    "gp2": "EBS:VolumeUsage.gp2",
    "gp3": "EBS:VolumeUsage.gp3",
    "io1": "EBS:VolumeUsage.piops",
    "st1": "EBS:VolumeUsage.st1",
    "sc1": "EBS:VolumeUsage.sc1",
}

# Tables read by rows.
# fmt: off

# name, type, GiB, instance it hangs on, profile, provisioned IOPS, provisioned MiB/s
_ATTACHED: tuple[tuple[str, str, int, str, str, int | None, int | None], ...] = (
    ("payments-batch-scratch", "gp2", 500, "payments-batch-1", "volume-quiet", None, None),
    ("warehouse-spill", "gp2", 2000, "orchestrator", "volume-quiet", None, None),
    ("warehouse-journal", "gp2", 200, "warehouse-loader", "volume-250", None, None),
    ("compactor-input", "gp3", 200, "compactor", "volume-180", None, 300),
    ("ledger-journal", "io1", 500, "ledger-cache", "volume-1200-iops", 5000, None),
    ("olap-data", "gp3", 400, "olap-node-1", "volume-1000-iops", 9000, 500),
    ("stream-state", "gp3", 600, "stream-worker-2", "volume-8000-iops", 9000, 250),
    ("wiki-attachments-old", "gp3", 800, "wiki", "volume-idle", None, None),
    ("old-benchmark-data", "gp2", 300, "old-benchmark", "volume-quiet", None, None),
    ("migration-test-data", "gp2", 100, "migration-test", "volume-quiet", None, None),
    ("ci-cache-1", "gp3", 200, "ci-runner-1", "volume-busy", None, None),
    ("ci-cache-2", "gp3", 200, "ci-runner-2", "volume-busy", None, None),
    ("search-leader-data", "gp3", 300, "search-leader", "volume-busy", None, None),
    ("search-data-1", "gp3", 500, "search-data-1", "volume-busy", None, None),
    ("search-data-2", "gp3", 500, "search-data-2", "volume-busy", None, None),
    ("orders-1-data", "gp3", 100, "orders-1", "volume-busy", None, None),
    ("orders-2-data", "gp3", 100, "orders-2", "volume-busy", None, None),
    ("payments-api-1-data", "gp3", 80, "payments-api-1", "volume-busy", None, None),
    ("payments-api-2-data", "gp3", 80, "payments-api-2", "volume-busy", None, None),
    ("payments-api-3-data", "gp3", 80, "payments-api-3", "volume-busy", None, None),
    ("orchestrator-data", "gp3", 150, "orchestrator", "volume-busy", None, None),
    ("catalogue-data", "gp3", 120, "catalogue", "volume-busy", None, None),
    ("feature-builder-data", "gp3", 250, "feature-builder", "volume-busy", None, None),
    ("stream-worker-1-data", "gp3", 250, "stream-worker-1", "volume-busy", None, None),
    ("model-trainer-data", "gp3", 500, "model-trainer", "volume-busy", None, None),
    ("inference-models", "gp3", 100, "inference-1", "volume-busy", None, None),
    ("image-resizer-temp", "gp3", 100, "image-resizer", "volume-busy", None, None),
    ("recommender-data", "gp3", 200, "recommender", "volume-busy", None, None),
    ("session-store-data", "gp3", 60, "session-store", "volume-busy", None, None),
    ("build-cache-data", "gp3", 400, "build-cache", "volume-busy", None, None),
    ("growth-events-data", "gp3", 200, "growth-events", "volume-busy", None, None),
    ("audit-archive", "st1", 500, "audit-collector", "volume-busy", None, None),
)

# account, name, type, GiB, team, env, days since creation, days since it was detached
_UNATTACHED: tuple[tuple[str, str, str, int, str | None, str | None, int, int], ...] = (
    (PROD, "mysql-before-rds", "gp2", 500, "payments", "prod", 380, 210),
    (SANDBOX, "spark-trial", "gp3", 1000, None, None, 160, 120),
    (DATA_PLATFORM, "old-kafka-log", "st1", 2000, "data", "prod", 300, 75),
    (STAGING, "load-test-data", "gp3", 250, "growth", "staging", 90, 40),
    (PROD, "restore-drill-today", "gp3", 500, "payments", "prod", 2, 1),
    (STAGING, "blue-green-swap", "gp3", 200, "search", "staging", 150, 3),
    (SHARED_SERVICES, "new-build-cache", "gp3", 400, "platform", "prod", 1, 1),
    (SANDBOX, "course-material", "gp2", 100, None, "dev", 220, 190),
)

# account, name, GiB, team, days since start, volume it was made from (gone from the account)
_ORPHANS: tuple[tuple[str, str, int, str | None, int], ...] = (
    (PROD, "mysql-5-final", 400, "payments", 320),
    (DATA_PLATFORM, "hadoop-namenode", 800, "data", 365),
    (SANDBOX, "hackathon-2", 150, None, 250),
    (STAGING, "pre-upgrade", 120, "search", 20),
)

# name, days since start: snapshots of a volume that still exists
_OF_VOLUMES: tuple[tuple[str, int], ...] = (
    ("wiki-attachments-old", 300), ("build-cache-data", 210), ("olap-data", 150),
    *((name, days) for name in ("search-leader-data", "search-data-1", "search-data-2", "orders-1-data",
                                "orders-2-data", "payments-api-1-data", "orchestrator-data") for days in (1, 2, 3)),
    *((name, 7) for name in ("payments-api-2-data", "payments-api-3-data", "catalogue-data", "recommender-data",
                             "stream-state", "ledger-journal", "session-store-data", "growth-events-data")),
)
# fmt: on


def volumes() -> tuple[Resource, ...]:
    """All volumes: attached and unattached data volumes, then the root volumes."""
    owners = {instance.name: instance for instance in instances()}
    attached = [
        _volume(owners[owner], name, kind, size, profile, iops, throughput)
        for name, kind, size, owner, profile, iops, throughput in _ATTACHED
    ]
    unattached = [_unattached(*row) for row in _UNATTACHED]
    roots = [
        _volume(owner, f"{owner.name}-root", "gp3", owner.attributes["root_gib"], "volume-root", None, None, root=True)
        for owner in owners.values()
    ]
    return (*attached, *unattached, *roots)


def _volume(
    owner: Resource,
    name: str,
    volume_type: str,
    size_gib: int,
    profile: str,
    iops: int | None,
    throughput_mibps: int | None,
    *,
    root: bool = False,
) -> Resource:
    return Resource(
        kind=Kind.VOLUME,
        key=f"{Kind.VOLUME}/{name}",
        account_id=owner.account_id,
        region=owner.region,
        zone=owner.zone,
        type=volume_type,
        team=owner.team,
        env=owner.env,
        created_days_ago=owner.created_days_ago,
        stopped_days_ago=None,
        profile=profile,
        attributes={
            "size_gib": size_gib,
            "iops": iops,
            "throughput_mibps": throughput_mibps,
            "attached_to": owner.key,
            "root": root,
            "detached_days_ago": None,
        },
        service=EC2_OTHER,
        usage_type=usage_in(owner.region, _USAGE[volume_type]),
        hourly_rate=volume_hour(volume_type, size_gib, owner.region, iops=iops, throughput_mibps=throughput_mibps),
    )


def _unattached(
    account_id: str,
    name: str,
    volume_type: str,
    size_gib: int,
    team: str | None,
    env: str | None,
    created_days_ago: int,
    detached_days_ago: int,
) -> Resource:
    return Resource(
        kind=Kind.VOLUME,
        key=f"{Kind.VOLUME}/{name}",
        account_id=account_id,
        region=MAIN_REGION,
        zone="us-east-1a",
        type=volume_type,
        team=team,
        env=env,
        created_days_ago=created_days_ago,
        stopped_days_ago=None,
        profile="volume-quiet",
        attributes={
            "size_gib": size_gib,
            "iops": None,
            "throughput_mibps": None,
            "attached_to": None,
            "root": False,
            "detached_days_ago": detached_days_ago,
        },
        service=EC2_OTHER,
        usage_type=_USAGE[volume_type],
        hourly_rate=volume_hour(volume_type, size_gib),
    )


def snapshots() -> tuple[Resource, ...]:
    """40 snapshots: of images in use, orphans, old ones and the daily copies of volumes that exist."""
    volume_of = {volume.name: volume for volume in volumes()}
    of_images = [
        _snapshot(
            image.account_id,
            image.name,
            15,
            image.team,
            image.env,
            image.created_days_ago,
            {"volume": None, "image": image.key},
        )
        for image in images()
    ]
    orphans = [
        _snapshot(account, name, size, team, None, days, {"volume": None, "image": None})
        for account, name, size, team, days in _ORPHANS
    ]
    copies = [
        _snapshot(
            volume.account_id,
            f"{name}-{days}d",
            volume.attributes["size_gib"],
            volume.team,
            volume.env,
            days,
            {"volume": volume.key, "image": None},
        )
        for name, days in _OF_VOLUMES
        for volume in (volume_of[name],)
    ]
    return (*of_images, *orphans, *copies)


def _snapshot(
    account_id: str,
    name: str,
    size_gib: int,
    team: str | None,
    env: str | None,
    days: int,
    made_from: dict[str, Any],
) -> Resource:
    return Resource(
        kind=Kind.SNAPSHOT,
        key=f"{Kind.SNAPSHOT}/{name}",
        account_id=account_id,
        region=MAIN_REGION,
        zone=None,
        type="",
        team=team,
        env=env,
        created_days_ago=days,
        stopped_days_ago=None,
        profile="",
        attributes={"size_gib": size_gib, **made_from},
        service=EC2_OTHER,
        usage_type="EBS:SnapshotUsage",
        hourly_rate=size_gib * SNAPSHOT_GB_MONTH / HOURS_A_MONTH,
    )
