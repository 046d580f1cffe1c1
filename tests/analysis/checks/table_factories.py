"""Rows and metrics of DynamoDB tables for the tests of their checks."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from analysis.daily_metrics import DAY_S, HOUR_S
from tests.analysis.checks.check_factories import points, table, together


def dynamo(name: str = "t-1", **changed: Any) -> dict[str, Any]:
    """A provisioned table, there for a long time."""
    values = {
        "resource_id": name,
        "name": name,
        "table_name": name,
        "billing_mode": "PROVISIONED",
        "read_units": 100.0,
        "write_units": 100.0,
        "size_gib": 10.0,
        "table_class": "STANDARD",
        "status": "ACTIVE",
        "replicas": 0.0,
        "age_days": 300.0,
    }
    return values | changed


def index(name: str = "t-1", **changed: Any) -> dict[str, Any]:
    """An index of a table, half as large."""
    id_ = f"{name}/index/by-day"
    own = {"resource_id": id_, "name": id_, "index_name": "by-day", "read_units": 50.0, "write_units": 50.0}
    return dynamo(name) | own | {"size_gib": 5.0} | changed


def on_demand(name: str = "t-1", **changed: Any) -> dict[str, Any]:
    """A table that is billed by the request."""
    return dynamo(name) | {"billing_mode": "PAY_PER_REQUEST", "read_units": 0.0, "write_units": 0.0} | changed


def dynamos(*rows: dict[str, Any]) -> DataFrame:
    return table("dynamodb_tables", *rows)


def by_day(name: str = "t-1", days: int = 30, *, reads: float = 0, writes: float = 0) -> DataFrame:
    """The same units a second on each day; none is no point, as in CloudWatch."""
    return _series(name, DAY_S, days, reads, writes)


def by_hour(name: str = "t-1", *, reads: float = 0, writes: float = 0, hours: int = 336) -> DataFrame:
    """The same units a second in each hour of two weeks, beside the days that they add up to."""
    return together(by_day(name, reads=reads, writes=writes), _series(name, HOUR_S, hours, reads, writes))


def _series(name: str, period_s: int, count: int, reads: float, writes: float) -> DataFrame:
    consumed = {"ConsumedReadCapacityUnits": reads, "ConsumedWriteCapacityUnits": writes}
    return together(
        points("Other", [], resource_id=name),
        *(
            points(metric, [units * period_s] * count, resource_id=name, period_s=period_s)
            for metric, units in consumed.items()
            if units
        ),
    )
