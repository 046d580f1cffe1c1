"""DynamoDB tables and database snapshots of the demo organisation: the ledger bills them with its ordinary days."""

from __future__ import annotations

from bot.demo.aws.resources_model import MAIN_REGION, PROD, SANDBOX, STAGING, Kind, Resource

# Tables read by rows.
# fmt: off

# account, name, read units, write units (0: on demand), GiB, team, env, age, profile
_TABLES: tuple[tuple[str, str, int, int, int, str | None, str, int, str], ...] = (
    (PROD, "order-events", 0, 0, 21, "payments", "prod", 300, "table-steady"),
    (PROD, "flash-sale", 0, 0, 2, "growth", "prod", 260, "table-bursts"),
    (PROD, "price-history", 200, 120, 8, "search", "prod", 280, "table-quiet"),
    (PROD, "old-coupons", 25, 25, 12, "growth", "prod", 240, ""),
    (SANDBOX, "prototype", 0, 0, 1, None, "dev", 6, ""),
)

# account, name, the database it is of, engine, GiB, team, env, age
_SNAPSHOTS: tuple[tuple[str, str, str, str, int, str, str, int], ...] = (
    (PROD, "search-meta-before-move", "search-meta", "mysql", 200, "search", "prod", 150),
    (PROD, "crm-2025-final", "crm-2025", "mysql", 60, "growth", "prod", 210),
    (STAGING, "payments-staging-before-test", "payments-staging", "postgres", 50, "payments", "staging", 3),
)
# fmt: on


def tables() -> tuple[Resource, ...]:
    """DynamoDB tables without indexes."""
    return tuple(
        Resource(
            kind=Kind.TABLE,
            key=f"{Kind.TABLE}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone=None,
            type="PROVISIONED" if writes else "PAY_PER_REQUEST",
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile=profile,
            attributes={"read_units": reads, "write_units": writes, "size_gib": size},
            service="Amazon DynamoDB",
            usage_type="WriteCapacityUnit-Hrs" if writes else "WriteRequestUnits",
            hourly_rate=0.0,
        )
        for account, name, reads, writes, size, team, env, age, profile in _TABLES
    )


def database_snapshots() -> tuple[Resource, ...]:
    """Manual snapshots of databases, one of which is gone."""
    return tuple(
        Resource(
            kind=Kind.DATABASE_SNAPSHOT,
            key=f"{Kind.DATABASE_SNAPSHOT}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone=None,
            type="",
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile="",
            attributes={"database": database, "engine": engine, "size_gib": size},
            service="Amazon Relational Database Service",
            usage_type="RDS:ChargedBackupUsage",
            hourly_rate=0.0,
        )
        for account, name, database, engine, size, team, env, age in _SNAPSHOTS
    )
