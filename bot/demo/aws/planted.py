"""The answers hidden in the demo organisation, as literal values: what each check must say of each planted resource.

Nothing here is computed. Dollars are 730 hours of what the organisation pays, which is the list price. Right-sizing
holds with a demand of p99.5 of 5-minute CPU, memory, network and EBS traffic over 14 days, a fifth of the new instance
kept free, and as candidates the instance's own family and the m, c and r families of its generation and vendor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.demo.aws.planted_commitments import COMMITMENTS
from bot.demo.aws.planted_covered import COVERED
from bot.demo.aws.planted_database import DATABASE
from bot.demo.aws.planted_machines import MACHINES
from bot.demo.aws.planted_network import NETWORK
from bot.demo.aws.planted_platform import PLATFORM
from bot.demo.aws.planted_scaling import SCALING
from bot.demo.aws.planted_storage import STORAGE
from bot.demo.aws.resources_model import Kind

Expect = Literal["saves", "fine", "insufficient", "conflict"]


@dataclass(frozen=True, slots=True)
class Planted:
    """One expected verdict.

    Attributes:
        check: id of the check; only `ec2.rightsizing` exists from the start.
        monthly_savings: dollars; None unless `expect` is "saves".
        current, proposed: types, or what stands for them; `proposed` None where nothing is to change.
        why: what makes the answer right, or the trap.
    """

    check: str
    resource_key: str
    expect: Expect
    monthly_savings: float | None
    current: str
    proposed: str | None
    why: str


_Row = tuple[str, Expect, float | None, str, str | None, str]


def _of(check: str, kind: Kind, *rows: _Row) -> tuple[Planted, ...]:
    return tuple(
        Planted(check, f"{kind}/{name}", expect, monthly, current, proposed, why)
        for name, expect, monthly, current, proposed, why in rows
    )


# A table reads by rows.
# fmt: off
_RIGHTSIZING: tuple[Planted, ...] = (
    *_of(
        "ec2.rightsizing", Kind.INSTANCE,
        ("payments-batch-1", "saves", 420.48, "m5.4xlarge", "m5.xlarge",
         "two sizes down: 2.9 vCPU and 10.9 GiB at the peak"),
        ("payments-api-1", "saves", 140.16, "m5.2xlarge", "m5.xlarge",
         "one size down: 2.4 vCPU and 9.6 GiB at the peak"),
        ("search-index-cache", "saves", 96.36, "m5.2xlarge", "r5.xlarge",
         "memory 72 %, CPU 9 %: half the vCPUs, same memory"),
        ("feature-builder", "saves", 119.72, "r5.2xlarge", "c5.2xlarge",
         "CPU 60 %, memory 12 %: same vCPUs, less memory"),
        ("stream-worker-1", "saves", 312.44, "m6i.4xlarge", "c6i.2xlarge",
         "half the vCPUs and a quarter of the memory do"),
        ("image-resizer", "saves", 248.2, "c5.4xlarge", "c5.2xlarge",
         "one size down: 5.3 vCPU and 9.6 GiB at the peak"),
        ("recommender", "saves", 112.42, "m6g.2xlarge", "m6g.xlarge", "one size down, and it stays on arm64"),
        ("olap-node-1", "saves", 551.88, "r6i.4xlarge", "r6i.xlarge",
         "two sizes down: 2.2 vCPU and 21.8 GiB at the peak"),
        ("platform-gateway-staging", "saves", 220.752, "m7i.2xlarge", "m7i.large",
         "two sizes down: 0.9 vCPU and 4.8 GiB"),
        ("session-store", "saves", 156.22, "c5.2xlarge", "r5.large",
         "CPU 12 %, memory 70 %: the memory family is cheaper"),
        ("notebook-host", "saves", 70.08, "m5.xlarge", "m5.large", "one size down, untagged"),
        ("load-tests", "saves", 16.06, "m5.xlarge", "c5.xlarge",
         "needs its vCPUs, not its memory; its team tag is hostile"),
        ("wiki", "saves", 30.368, "t3.large", "t3.medium",
         "below the baseline of the smaller one, credits always full"),
        ("ledger-cache", "fine", None, "r5.2xlarge", None,
         "CPU 6 %, but 78 % of 64 GiB in use: nothing cheaper holds that"),
        ("token-vault", "fine", None, "m5.large", None,
         "CPU 8 %, but 76 % of 8 GiB in use: r5.large holds it and costs more"),
        ("legacy-reports", "insufficient", None, "m5.2xlarge", None,
         "CPU 4 %, no CloudWatch agent: memory is unknown, not zero"),
        ("qa-runner", "insufficient", None, "c5.xlarge", None,
         "CPU 4 %, no CloudWatch agent: memory is unknown, not zero"),
        ("cron-box", "fine", None, "t2.medium", None,
         "CPU stands at its baseline of 20 % only because the burst credits are gone"),
        ("model-trainer", "insufficient", None, "g4dn.2xlarge", None,
         "a GPU instance: nothing says how busy the GPU is"),
        ("inference-1", "insufficient", None, "g4dn.xlarge", None,
         "a GPU instance: nothing says how busy the GPU is"),
        ("invoice-renderer", "fine", None, "m5.2xlarge", None,
         "CPU 7 % on average and 76 % in bursts: p99.5 sees them"),
        ("checkout-canary", "insufficient", None, "m5.2xlarge", None,
         "launched 6 days ago, less than the 14 days looked at"),
        ("replicator", "fine", None, "c5.2xlarge", None, "CPU 10 %, but 1.7 Gbit/s: c5.xlarge sustains 1.25"),
        ("compactor", "fine", None, "c5.2xlarge", None,
         "CPU 15 %, but 200 MB/s of EBS traffic: c5.xlarge sustains 144"),
        ("eu-payments-api", "saves", 78.11, "m5.xlarge", "m5.large",
         "by the European rates of its own bill; those of us-east-1 would say 70.08"),
        ("fraud-rules", "insufficient", None, "m5zn.2xlarge", None,
         "on dedicated hardware, which no known price is for: unknown is not zero"),
        ("directory-controller", "insufficient", None, "m5.xlarge", None,
         "runs Windows: Linux prices say nothing about it"),
        ("build-cache", "fine", None, "m4.2xlarge", None,
         "the right size; that it is an old generation is another check's answer"),
        ("edge-proxy", "fine", None, "c5.large", None, "starved at 96 % CPU: too small, nothing to save"),
        ("old-benchmark", "fine", None, "m5.4xlarge", None,
         "stopped 45 days ago: costs nothing an hour, has no metrics"),
        ("migration-test", "fine", None, "m5.2xlarge", None,
         "stopped 12 days ago: idle metrics of before say nothing"),
        ("payments-api-2", "fine", None, "m5.xlarge", None, "62 % of CPU and memory: the right size"),
        ("checkout-web-1", "conflict", None, "m5.large", None,
         "in an Auto Scaling group: its launch template decides"),
        ("search-api-1", "conflict", None, "c5.xlarge", None,
         "in an Auto Scaling group: its launch template decides"),
        ("batch-workers-1", "conflict", None, "m6i.xlarge", None,
         "in an Auto Scaling group: its launch template decides"),
        ("storefront-staging-1", "conflict", None, "m5.large", None,
         "in an Auto Scaling group: its launch template decides"),
    ),
)

_OTHER_MACHINES: tuple[Planted, ...] = (
    *_of(
        "ec2.previous_generation", Kind.INSTANCE,
        ("build-cache", "saves", 11.68, "m4.2xlarge", "m5.2xlarge", "m4 costs 4 % more"),
    ),
    *_of(
        "ec2.stopped_instance", Kind.INSTANCE,
        ("old-benchmark", "saves", 31.28, "stopped 45 days", "terminated",
         "only its volumes cost: 300 GiB gp2 and 16 GiB gp3"),
        ("migration-test", "fine", None, "stopped 12 days", None, "stopped less than 30 days ago"),
    ),
    *_of(
        "ec2.idle_instance", Kind.INSTANCE,
        ("legacy-reports", "fine", None, "m5.2xlarge", None, "CPU below 5 %, but 5 MB/s of traffic"),
    ),
    *_of(
        "autoscaling.floor_too_high", Kind.AUTO_SCALING_GROUP,
        ("search-api", "saves", 124.1, "min 3", "min 2", "three always on at 12 % CPU; two remain, in two zones"),
        ("checkout-web", "fine", None, "min 2", None, "above its floor"),
    ),
)

_STORAGE: tuple[Planted, ...] = (
    *_of(
        "ebs.unattached_volume", Kind.VOLUME,
        ("mysql-before-rds", "saves", 50.0, "gp2 500 GiB", "deleted", "detached 210 days ago"),
        ("spark-trial", "saves", 80.0, "gp3 1000 GiB", "deleted", "detached 120 days ago"),
        ("old-kafka-log", "saves", 90.0, "st1 2000 GiB", "deleted", "detached 75 days ago"),
        ("load-test-data", "saves", 20.0, "gp3 250 GiB", "deleted", "detached 40 days ago"),
        ("course-material", "saves", 10.0, "gp2 100 GiB", "deleted", "detached 190 days ago"),
        ("restore-drill-today", "fine", None, "gp3 500 GiB", None, "created 2 days ago"),
        ("new-build-cache", "fine", None, "gp3 400 GiB", None, "created 1 day ago"),
        ("blue-green-swap", "fine", None, "gp3 200 GiB", None, "old, but detached 3 days ago"),
    ),
    *_of(
        "ebs.gp2_to_gp3", Kind.VOLUME,
        ("payments-batch-scratch", "saves", 10.0, "gp2", "gp3", "300 IOPS, 8 MiB/s: gp3 includes more"),
        ("warehouse-spill", "saves", 40.0, "gp2", "gp3", "300 IOPS used of its 6,000: gp3 includes more"),
        ("warehouse-journal", "fine", None, "gp2 200 GiB", None,
         "needs 240 MiB/s: gp3 with that throughput costs more than gp2"),
    ),
    *_of(
        "ebs.provisioned_iops", Kind.VOLUME,
        ("ledger-journal", "saves", 347.5, "io1 5000 IOPS", "gp3", "1,200 IOPS are used"),
    ),
    *_of(
        "ebs.unused_gp3_performance", Kind.VOLUME,
        ("olap-data", "saves", 45.0, "9000 IOPS, 500 MiB/s", "3000 IOPS, 125 MiB/s",
         "1,000 IOPS and 50 MiB/s are used"),
        ("stream-state", "fine", None, "9000 IOPS, 250 MiB/s", None, "8,000 IOPS are used"),
    ),
    *_of(
        "ebs.idle_volume", Kind.VOLUME,
        ("wiki-attachments-old", "saves", 64.0, "gp3 800 GiB", "deleted", "attached, never read"),
    ),
    *_of(
        "ebs.on_stopped_instance", Kind.VOLUME,
        ("old-benchmark-data", "saves", 30.0, "gp2 300 GiB", "deleted", "stopped 45 days"),
        ("migration-test-data", "fine", None, "gp2 100 GiB", None, "stopped 12 days ago"),
    ),
    *_of(
        "ebs.orphan_snapshot", Kind.SNAPSHOT,
        ("mysql-5-final", "saves", 20.0, "400 GiB", "deleted", "its volume is gone, 320 days"),
        ("hadoop-namenode", "saves", 40.0, "800 GiB", "deleted", "its volume is gone, 365 days"),
        ("hackathon-2", "saves", 7.5, "150 GiB", "deleted", "its volume is gone, 250 days"),
        ("pre-upgrade", "fine", None, "120 GiB", None, "its volume is gone, but it is 20 days old"),
        ("checkout-web-image", "fine", None, "15 GiB", None, "an image in use is made of it"),
        ("batch-workers-image", "fine", None, "15 GiB", None, "an image in use is made of it"),
    ),
    *_of(
        "ebs.old_snapshot", Kind.SNAPSHOT,
        ("wiki-attachments-old-300d", "saves", 40.0, "800 GiB", "deleted", "300 days old"),
        ("build-cache-data-210d", "saves", 20.0, "400 GiB", "deleted", "210 days old"),
        ("orders-1-data-1d", "fine", None, "100 GiB", None, "yesterday's"),
    ),
)

_NETWORK: tuple[Planted, ...] = (
    *_of(
        "network.idle_nat_gateway", Kind.NAT_GATEWAY,
        ("sandbox-nat", "saves", 32.85, "public", "deleted", "0 bytes in 14 days"),
        ("staging-nat", "fine", None, "public", None, "little traffic, but some"),
    ),
    *_of(
        "network.idle_load_balancer", Kind.LOAD_BALANCER,
        ("spring-campaign", "saves", 16.425, "application", "deleted", "no targets, no requests"),
        ("staging-public", "fine", None, "application", None, "3 requests a second"),
    ),
    *_of(
        "network.idle_address", Kind.ELASTIC_IP,
        ("old-partner-whitelist", "saves", 3.65, "idle", "released", "on nothing"),
        ("demo-day", "saves", 3.65, "idle", "released", "on nothing"),
        ("switch-over", "fine", None, "idle", None, "allocated today"),
        ("edge-address", "fine", None, "in use", None, "on a running instance"),
    ),
)

_DATA: tuple[Planted, ...] = (
    *_of(
        "rds.idle_instance", Kind.DATABASE,
        ("crm-import", "saves", 110.78, "db.t3.large", "deleted", "0 connections in 14 days"),
        ("month-close", "fine", None, "db.m5.large", None, "used three hours every Monday"),
        ("trial", "insufficient", None, "db.t3.medium", None, "created 5 days ago"),
    ),
    *_of(
        "rds.multi_az_outside_prod", Kind.DATABASE,
        ("payments-staging", "saves", 135.69, "Multi-AZ", "single AZ", "staging can wait for a restart"),
        ("payments", "fine", None, "Multi-AZ", None, "prod keeps its second zone"),
    ),
    *_of(
        "elasticache.idle_cluster", Kind.CACHE,
        ("rate-limit-trial", "saves", 113.88, "cache.m5.large", "deleted", "0 connections in 14 days"),
    ),
    *_of(
        "s3.incomplete_uploads", Kind.BUCKET,
        ("example-upload-landing", "saves", 18.4, "800 GB", "aborted", "unfinished uploads"),
    ),
    *_of(
        "s3.infrequent_access", Kind.BUCKET,
        ("example-payments-receipts", "fine", None, "STANDARD", None,
         "96 million objects of 19 KB: moving them costs $960, and each is billed as 128 KB"),
        ("example-access-logs", "insufficient", None, "STANDARD", None,
         "9 TB in objects of 4 MB, but nothing says how often they are read"),
    ),
    *_of(
        "logs.no_retention", Kind.LOG_GROUP,
        ("/app/checkout", "saves", 55.3846, "for ever", "90 days", "2.4 TB of 390 days"),
        ("/app/search", "saves", 24.973, "for ever", "90 days", "1.1 TB of 370 days"),
        ("/data/ingest", "saves", 13.2353, "for ever", "90 days", "0.6 TB of 340 days"),
        ("/app/fraud-rules", "fine", None, "for ever", None, "stores nothing"),
        ("/app/payments-api", "fine", None, "30 days", None, "has a retention"),
    ),
)

# fmt: on
PARTS = (STORAGE, DATABASE, SCALING, MACHINES, NETWORK, PLATFORM, COMMITMENTS, COVERED)

PLANTED: tuple[Planted, ...] = (
    *_RIGHTSIZING,
    *_OTHER_MACHINES,
    *_STORAGE,
    *_NETWORK,
    *_DATA,
    *(answer for part in PARTS for check, kind, rows in part for answer in _of(check, kind, *rows)),
)
