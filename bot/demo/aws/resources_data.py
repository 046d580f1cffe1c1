"""Databases, caches and buckets of the demo organisation."""

from __future__ import annotations

from bot.demo.aws.resources_model import (
    DATA_PLATFORM,
    HOURS_A_MONTH,
    MAIN_REGION,
    MANAGEMENT,
    PROD,
    SANDBOX,
    SHARED_SERVICES,
    STAGING,
    Kind,
    Resource,
)
from bot.demo.aws.resources_rates import BUCKET_GB_MONTH, CACHE, database_hour

# Tables read by rows.
# fmt: off

# account, name, class, engine, GiB, Multi-AZ, team, env, age, profile
_DATABASES: tuple[tuple[str, str, str, str, int, bool, str | None, str, int, str], ...] = (
    (PROD, "payments", "db.m5.xlarge", "postgres", 500, True, "payments", "prod", 390, "database-light"),
    (PROD, "search-meta", "db.m5.large", "mysql", 200, False, "search", "prod", 350, "database-busy"),
    (PROD, "month-close", "db.m5.large", "postgres", 100, False, "payments", "prod", 300, "database-weekly"),
    (PROD, "crm-import", "db.t3.large", "mysql", 100, False, "growth", "prod", 260, "database-idle"),
    (STAGING, "payments-staging", "db.m5.large", "postgres", 50, True, "payments", "staging", 280, "database-busy"),
    (DATA_PLATFORM, "warehouse-meta", "db.r5.large", "postgres", 300, False, "data", "prod", 340, "database-roomy"),
    (SANDBOX, "trial", "db.t3.medium", "postgres", 20, False, None, "dev", 5, "database-idle"),
    (SHARED_SERVICES, "wiki", "db.t3.medium", "postgres", 40, False, "platform", "prod", 390, "database-busy"),
)

# account, name, type, engine, team, env, age, profile
_CACHES: tuple[tuple[str, str, str, str, str | None, str, int, str], ...] = (
    (PROD, "checkout-sessions", "cache.r5.large", "redis", "payments", "prod", 330, "cache-busy"),
    (PROD, "search-results", "cache.m5.large", "redis", "search", "prod", 300, "cache-busy"),
    (PROD, "growth-flags", "cache.m6g.large", "redis", "growth", "prod", 200, "cache-busy"),
    (STAGING, "staging-sessions", "cache.t3.medium", "redis", "payments", "staging", 280, "cache-busy"),
    (SANDBOX, "rate-limit-trial", "cache.m5.large", "redis", None, "dev", 150, "cache-idle"),
)

# account, name, class, GB, objects, team, env, age, has a lifecycle rule, GB in unfinished uploads
_BUCKETS: tuple[tuple[str, str, str, int, int, str | None, str | None, int, bool, int], ...] = (
    (PROD, "example-payments-receipts", "STANDARD", 1800, 96_000_000, "payments", "prod", 390, False, 0),
    (PROD, "example-access-logs", "STANDARD", 9000, 2_250_000, "platform", "prod", 390, False, 0),
    (PROD, "example-product-images", "STANDARD", 3500, 7_000_000, "growth", "prod", 380, True, 0),
    (PROD, "example-search-dumps", "STANDARD", 2200, 4400, "search", "prod", 340, True, 0),
    (DATA_PLATFORM, "example-lake-raw", "STANDARD", 26000, 1_300_000, "data", "prod", 390, True, 0),
    (DATA_PLATFORM, "example-lake-curated", "STANDARD", 11000, 275_000, "data", "prod", 390, True, 0),
    (DATA_PLATFORM, "example-upload-landing", "STANDARD", 600, 12_000, "data", "prod", 310, False, 800),
    (DATA_PLATFORM, "example-model-archive", "GLACIER_IR", 5000, 20_000, "data", "prod", 290, True, 0),
    (STAGING, "example-staging-fixtures", "STANDARD", 120, 40_000, "platform", "staging", 300, True, 0),
    (SANDBOX, "example-sandbox-scratch", "STANDARD", 700, 35_000, None, None, 180, False, 0),
    (SHARED_SERVICES, "example-build-artifacts", "STANDARD_IA", 2600, 130_000, "platform", "prod", 370, True, 0),
    (MANAGEMENT, "example-org-trail", "STANDARD", 900, 3_600_000, "platform", "prod", 400, True, 0),
)
# fmt: on


def databases() -> tuple[Resource, ...]:
    """RDS instances; the rate holds the instance and its gp3 storage, doubled by Multi-AZ, which are billed apart."""
    return tuple(
        Resource(
            kind=Kind.DATABASE,
            key=f"{Kind.DATABASE}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone="us-east-1a",
            type=instance_class,
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile=profile,
            attributes={"engine": engine, "size_gib": size, "multi_az": multi_az},
            service="Amazon Relational Database Service",
            usage_type=f"{'Multi-AZUsage' if multi_az else 'InstanceUsage'}:{instance_class}",
            hourly_rate=database_hour(instance_class, engine, size, multi_az=multi_az),
        )
        for account, name, instance_class, engine, size, multi_az, team, env, age, profile in _DATABASES
    )


def caches() -> tuple[Resource, ...]:
    """ElastiCache clusters of one node each."""
    return tuple(
        Resource(
            kind=Kind.CACHE,
            key=f"{Kind.CACHE}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone="us-east-1a",
            type=node_type,
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile=profile,
            attributes={"engine": engine},
            service="Amazon ElastiCache",
            usage_type=f"NodeUsage:{node_type}",
            hourly_rate=CACHE[node_type],
        )
        for account, name, node_type, engine, team, env, age, profile in _CACHES
    )


_BUCKET_USAGE = {
    "STANDARD": "TimedStorage-ByteHrs",
    "STANDARD_IA": "TimedStorage-SIA-ByteHrs",
    "GLACIER_IR": "TimedStorage-GIR-ByteHrs",
}


def buckets() -> tuple[Resource, ...]:
    """S3 buckets by what they store today, unfinished uploads included; requests are not in `hourly_rate`."""
    return tuple(
        Resource(
            kind=Kind.BUCKET,
            key=f"{Kind.BUCKET}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone=None,
            type=storage_class,
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile="bucket",
            attributes={"size_gb": size, "objects": objects, "lifecycle": lifecycle, "unfinished_gb": unfinished},
            service="Amazon Simple Storage Service",
            usage_type=_BUCKET_USAGE[storage_class],
            hourly_rate=(size + unfinished) * BUCKET_GB_MONTH[storage_class] / HOURS_A_MONTH,
        )
        for account, name, storage_class, size, objects, team, env, age, lifecycle, unfinished in _BUCKETS
    )
