"""More answers on databases, caches and tables that are hidden in the demo organisation; see `planted` for them.

Dollars are 730 hours at AWS's list prices of us-east-1, worked out by hand from what the organisation runs.
"""

from __future__ import annotations

from typing import Literal

from bot.demo.aws.resources_model import Kind

#: Name, verdict, dollars a month, what it is, what it would be, why.
Row = tuple[str, Literal["saves", "fine", "insufficient", "conflict"], float | None, str, str | None, str]

# A table reads by rows.
# fmt: off
DATABASE: tuple[tuple[str, Kind, tuple[Row, ...]], ...] = (
    (
        "rds.rightsizing", Kind.DATABASE, (
            ("payments", "saves", 259.88, "db.m5.xlarge", "db.m5.large",
             "a fifth of its CPU and 4.8 of 16 GiB, with its standby"),
            ("month-close", "fine", None, "db.m5.large", None, "three busy hours a week, and 5.2 of 8 GiB always full"),
            ("trial", "insufficient", None, "db.t3.medium", None, "created 5 days ago"),
        ),
    ),
    (
        "rds.extended_support", Kind.DATABASE, (
            ("search-meta", "saves", 146.0, "mysql 8.0.39", "mysql 8.4", "2 vCPU at $0.10 an hour since August"),
            ("crm-import", "fine", None, "mysql 8.4.3", None, "in standard support until 2029"),
            ("payments", "fine", None, "postgres 16.4", None, "in standard support until 2029"),
        ),
    ),
    (
        "rds.over_allocated_storage", Kind.DATABASE, (
            ("warehouse-meta", "saves", 24.61, "300 GiB", "86 GiB", "68 GiB are used at most"),
            ("payments", "fine", None, "500 GiB", None, "55 % full"),
        ),
    ),
    (
        "rds.storage_type", Kind.DATABASE, (
            ("payments", "fine", None, "gp3 500 GiB", None, "pays for no IOPS beyond the included"),
        ),
    ),
    (
        "rds.old_snapshot", Kind.DATABASE_SNAPSHOT, (
            ("search-meta-before-move", "saves", 19.0, "200 GiB", "deleted", "150 days old"),
            ("crm-2025-final", "saves", 5.7, "60 GiB", "deleted", "of a database that is gone, 210 days old"),
            ("payments-staging-before-test", "fine", None, "50 GiB", None, "3 days old"),
        ),
    ),
    (
        "elasticache.idle_cluster", Kind.CACHE, (
            ("checkout-sessions", "fine", None, "cache.r5.large", None, "180 connections"),
        ),
    ),
    (
        "elasticache.rightsizing", Kind.CACHE, (
            ("checkout-sessions", "fine", None, "cache.r5.large", None,
             "63 % of 13 GiB: cache.m5.large has 6.4"),
        ),
    ),
    (
        "elasticache.redis_to_valkey", Kind.CACHE, (
            ("checkout-sessions", "saves", 31.536, "redis 7.1", "valkey 8.0", "a fifth of $157.68"),
            ("search-results", "saves", 22.776, "redis 7.1", "valkey 8.0", "a fifth of $113.88"),
            ("growth-flags", "saves", 21.754, "redis 7.1", "valkey 8.0", "a fifth of $108.77"),
            ("staging-sessions", "saves", 9.928, "redis 7.1", "valkey 8.0", "a fifth of $49.64"),
            ("rate-limit-trial", "saves", 22.776, "redis 7.1", "valkey 8.0",
             "a fifth of $113.88; deleting it saves more"),
        ),
    ),
    (
        "dynamodb.unused_table", Kind.TABLE, (
            ("old-coupons", "saves", 17.235, "provisioned", "deleted", "25 + 25 units and 12 GiB, and no request"),
            ("prototype", "insufficient", None, "on demand", None, "created 6 days ago"),
            ("price-history", "fine", None, "provisioned", None, "in use"),
        ),
    ),
    (
        "dynamodb.over_provisioned", Kind.TABLE, (
            ("price-history", "saves", 70.5107, "provisioned", "auto scaling", "8 of 200 and 6 of 120 units are used"),
            ("order-events", "fine", None, "on demand", None, "nothing is provisioned"),
        ),
    ),
    (
        "dynamodb.on_demand_to_provisioned", Kind.TABLE, (
            ("order-events", "saves", 70.226, "on demand", "provisioned, auto scaling",
             "the same load all day and night"),
            ("flash-sale", "fine", None, "on demand", None,
             "all or nothing, minute by minute: capacity would cost more"),
        ),
    ),
)
# fmt: on
