"""Idle resources of the demo organisation whose hours a commitment pays.

Their hours are a part of what `ledger_commitments` books as covered, so they add nothing to the bill but what no
commitment covers, such as a database's storage.
"""

from __future__ import annotations

from typing import Any

from bot.demo.aws.commitments import COMPUTE_PLAN, DATABASE_RESERVATION, ENDING_PLAN, Commitment
from bot.demo.aws.resources_model import EC2_COMPUTE, Kind, Resource
from bot.demo.aws.resources_rates import DATABASE_STORAGE, database_storage_hour

_ARCHIVE_GIB = 800
#: All are older than the ledger: nothing ran in their place before.
_DAYS_OLD = 420


def machines() -> tuple[Resource, ...]:
    """Instances that do nothing."""
    return (
        _machine("eu-reindexer", "c5n.2xlarge", "eu-west-1a", "search", ENDING_PLAN),
        _machine("quote-cache", "m6a.xlarge", "us-east-1b", "growth", COMPUTE_PLAN),
    )


def databases() -> tuple[Resource, ...]:
    """A database that nobody connects to; its own rate is that of its storage."""
    return (
        Resource(
            kind=Kind.DATABASE,
            key=f"{Kind.DATABASE}/orders-archive",
            zone="us-east-1a",
            type=DATABASE_RESERVATION.kind,
            team="payments",
            profile="database-idle",
            attributes={"engine": "postgres", "size_gib": _ARCHIVE_GIB, "multi_az": False},
            service=DATABASE_RESERVATION.service,
            usage_type=DATABASE_STORAGE[False],
            hourly_rate=database_storage_hour(_ARCHIVE_GIB, multi_az=False),
            **_paid_by(DATABASE_RESERVATION),
        ),
    )


def _machine(name: str, instance_type: str, zone: str, team: str, plan: Commitment) -> Resource:
    return Resource(
        kind=Kind.INSTANCE,
        key=f"{Kind.INSTANCE}/{name}",
        zone=zone,
        type=instance_type,
        team=team,
        profile="forgotten-no-agent",
        attributes={
            "architecture": "x86_64",
            "platform": "Linux/UNIX",
            "tenancy": "default",
            "group": None,
            "root_gib": 16,
        },
        service=EC2_COMPUTE,
        usage_type=plan.usage_type,
        hourly_rate=0.0,
        **_paid_by(plan),
    )


def _paid_by(commitment: Commitment) -> dict[str, Any]:
    return {
        "account_id": commitment.user_id,
        "region": commitment.region,
        "env": "prod",
        "created_days_ago": _DAYS_OLD,
        "stopped_days_ago": None,
        "commitment": commitment.arn,
        "committed_hourly": commitment.on_demand_rate * commitment.rate_share,
    }
