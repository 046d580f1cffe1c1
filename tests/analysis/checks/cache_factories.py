"""Rows and metrics of caches for the tests of their checks."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from tests.analysis.checks.check_factories import points, table, together


def cache(**changed: Any) -> dict[str, Any]:
    """A Redis cluster of one node, there for a long time."""
    values = {
        "resource_id": "c-1",
        "name": "c-1",
        "node_type": "cache.m5.large",
        "engine": "redis",
        "engine_version": "7.1.0",
        "nodes": 1.0,
        "status": "available",
        "parameter_group": "default.redis7",
        "snapshot_days": 0.0,
        "age_days": 300.0,
    }
    return values | changed


def caches(*rows: dict[str, Any]) -> DataFrame:
    return table("elasticache_clusters", *rows)


def load(resource_id: str = "c-1", days: int = 14, **level: float) -> DataFrame:
    """The same figures on each of the last days."""
    known = {
        "connections": ("CurrConnections", "Maximum"),
        "reads": ("GetTypeCmds", "Sum"),
        "writes": ("SetTypeCmds", "Sum"),
        "gets": ("CmdGet", "Sum"),
        "sets": ("CmdSet", "Sum"),
        "memory": ("DatabaseMemoryUsagePercentage", "p99.5"),
        "engine": ("EngineCPUUtilization", "p99.5"),
        "cpu": ("CPUUtilization", "p99.5"),
        "cpu_mean": ("CPUUtilization", "Average"),
        "credits": ("CPUCreditBalance", "Minimum"),
        "evictions": ("Evictions", "Sum"),
        "bytes_in": ("NetworkBytesIn", "Maximum"),
        "bytes_out": ("NetworkBytesOut", "Maximum"),
    }
    return together(
        *(
            points(known[name][0], [value] * days, resource_id=resource_id, statistic=known[name][1])
            for name, value in level.items()
        )
    )
