"""Rows and metrics of databases for the tests of their checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from tests.analysis.checks.check_factories import END, no_points, points, table, together


def database(**changed: Any) -> dict[str, Any]:
    """A Single-AZ PostgreSQL database in use for a long time."""
    values = {
        "resource_id": "db-1",
        "name": "db-1",
        "arn": "arn:aws:rds:us-east-1:111122223333:db:db-1",
        "instance_class": "db.m5.large",
        "engine": "postgres",
        "engine_version": "16.4",
        "license_model": "postgresql-license",
        "status": "available",
        "storage_type": "gp3",
        "size_gib": 100.0,
        "age_days": 300.0,
        "cluster_members": 0.0,
        "seen_at": END,
    }
    return values | changed


def databases(*rows: dict[str, Any]) -> DataFrame:
    return table("rds_instances", *rows)


def named(rows: Mapping[str, dict[str, Any]]) -> DataFrame:
    """Databases under names that say what each is for."""
    return databases(*(row | {"resource_id": name, "name": name} for name, row in rows.items()))


def loads(levels: Mapping[str, Mapping[str, float]], days: int = 32) -> DataFrame:
    """The figures of several databases, by name."""
    return together(no_points(), *(load(name, days, **level) for name, level in levels.items() if level))


def load(resource_id: str = "db-1", days: int = 32, **level: float) -> DataFrame:
    """The same figures on each of the last days: `connections`, `cpu` (%), `free_memory` and `free_storage` (GiB) …"""
    known = {
        "connections": ("DatabaseConnections", "Maximum", 1.0),
        "cpu": ("CPUUtilization", "p99.5", 1.0),
        "cpu_mean": ("CPUUtilization", "Average", 1.0),
        "credits": ("CPUCreditBalance", "Minimum", 1.0),
        "free_memory": ("FreeableMemory", "Minimum", 2.0**30),
        "free_storage": ("FreeStorageSpace", "Minimum", 2.0**30),
        "read_iops": ("ReadIOPS", "p99.9", 1.0),
        "write_iops": ("WriteIOPS", "p99.9", 1.0),
        "read_mib_s": ("ReadThroughput", "p99.9", 2.0**20),
        "write_mib_s": ("WriteThroughput", "p99.9", 2.0**20),
    }
    return together(
        *(
            points(known[name][0], [value * known[name][2]] * days, resource_id=resource_id, statistic=known[name][1])
            for name, value in level.items()
        )
    )
