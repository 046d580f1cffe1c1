"""Usage, reservations and plans for tests of the simulation of commitments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.commitments.units import line_units
from analysis.commitments.usage import Floats, HourlyUsage, Plan, Reservation

OWNER, OTHER, THIRD = "111111111111", "222222222222", "333333333333"
VIRGINIA = "us-east-1"


def line(instance_type: str, hours: float, on_demand: float = 1.0, **changed: Any) -> dict[str, Any]:
    """A line of EC2 Linux instances of the owner, and its quantity in every hour."""
    known = {
        "account_id": OWNER,
        "region": VIRGINIA,
        "service": "AmazonEC2",
        "usage_type": f"BoxUsage:{instance_type}",
        "instance_type": instance_type,
        "platform": "Linux/UNIX",
        "zone": "",
        "on_demand": on_demand,
        "quantity": hours,
    }
    return known | changed


def database(instance_class: str, hours: float, on_demand: float = 1.0, **changed: Any) -> dict[str, Any]:
    """A line of Single-AZ MySQL databases."""
    known = {"service": "AmazonRDS", "usage_type": f"InstanceUsage:{instance_class}", "platform": "MySQL"}
    return line(instance_class, hours, on_demand, **(known | changed))


def usage(*lines: dict[str, Any], hours: int = 1, quantity: Floats | None = None) -> HourlyUsage:
    """Usage that is the same in every hour, or `quantity` (hours, lines) where it is given."""
    table = DataFrame(list(lines))
    same = np.tile(table["quantity"].to_numpy(np.float64), (hours, 1))
    quantity = same if quantity is None else quantity
    axis = pd.date_range("2026-10-01", periods=len(quantity), freq="h", tz="UTC")
    return HourlyUsage(axis, table.drop(columns="quantity").assign(units=line_units(table)), quantity)


def reservation(instance_type: str, count: int = 1, **changed: Any) -> Reservation:
    """Regional Linux reservations of the owner, at 10 cents an hour each."""
    known: dict[str, Any] = {
        "id": f"ri-{instance_type}",
        "owner_id": OWNER,
        "service": "AmazonEC2",
        "region": VIRGINIA,
        "instance_type": instance_type,
        "platform": "Linux/UNIX",
        "count": count,
        "hourly": 0.1 * count,
        "is_flexible": not changed.get("zone"),
    }
    return Reservation(**(known | changed))


def plan(hourly: float, *rates: float, **changed: Any) -> Plan:
    """A Compute plan of the owner with a rate for each line; nan where it covers nothing."""
    known: dict[str, Any] = {"id": "sp", "kind": "Compute", "owner_id": OWNER, "hourly": hourly}
    return Plan(**(known | {"rates": np.array(rates)} | changed))
