"""NAT gateways with their traffic and routes, for the tests of checks on what passes them."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from tests.analysis.checks.check_factories import points, table, together

#: A month of 730 hours in days.
MONTH = 730 / 24


def gateway(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "nat-1", "vpc_id": "vpc-1", "connectivity": "public", "availability": "zonal"}
    return values | {"age_days": 200.0} | changed


def way(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "nat-1", "zone": "us-east-1a", "route_table_id": "rtb-1", "subnet_id": "subnet-1"}
    return values | {"subnet_zone": "us-east-1a"} | changed


def passed(gb_a_day: float, days: int = 14, resource_id: str = "nat-1") -> DataFrame:
    """A third from clients, two thirds back to them: `gb_a_day` is processed, and as much crosses to the clients."""
    sent, back = [gb_a_day / 3 * 1e9] * days, [gb_a_day * 2 / 3 * 1e9] * days
    return together(
        points("BytesInFromSource", sent, resource_id=resource_id),
        points("BytesOutToDestination", sent, resource_id=resource_id),
        points("BytesInFromDestination", back, resource_id=resource_id),
        points("BytesOutToSource", back, resource_id=resource_id),
    )


def tables(metrics: DataFrame, *ways: dict[str, Any], gateways: list[dict[str, Any]] | None = None) -> Any:
    return {
        "nat_gateways": table("nat_gateways", *(gateways or [gateway()])),
        "nat_metrics": metrics,
        "nat_routes": table("nat_routes", *(ways or [way()])),
    }


def used(usage_type: str, quantity: float, **changed: Any) -> DataFrame:
    """A month on the bill."""
    return table("usage_totals", {"usage_type": usage_type, "quantity": quantity} | changed)
