"""Rows of what may be bought, for the tests of the checks on purchases."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from pandas import DataFrame

from tests.analysis.checks.check_factories import table

ODDS: dict[str, Any] = {
    "hourly": 10.0,
    "saving": 1460.0,
    "saving_low": 1260.0,
    "saving_high": 1560.0,
    "utilisation": 0.99,
    "chance_low": 0.08,
    "chance_loss": 0.01,
    "worst_month": -120.0,
    "worst_quarter": 0.2,
    "break_even": 1.0,
    "regret_nothing": 3.0,
    "regret_aws": 40.0,
    "beyond_aws": 55.0,
}
_HEAD: dict[str, Any] = {"region": "", "name": "Commitments", "owner": "", "env": ""}


def mix(**changed: Any) -> dict[str, Any]:
    """A mix of one year without upfront payment, $10 an hour that saves $2 an hour."""
    usual = {
        "resource_id": "purchase 1 year No Upfront",
        "years": 1.0,
        "payment": "No Upfront",
        "basis": "hours",
        "on_demand": 20.0,
        "upfront_usd": 0.0,
        "first_hourly": 2.5,
        "first_saving": 400.0,
        "months": json.dumps([[1460.0, 1260.0, 1560.0]] * 12),
        "aws_hourly": 12.0,
        "scenarios": 200.0,
        "days": 90.0,
    }
    return _HEAD | ODDS | usual | changed


def blocked(reason: str, **changed: Any) -> dict[str, Any]:
    """A row without a proposal."""
    return mix(**dict.fromkeys(ODDS), years=None, payment="", months="[]", blocked=reason, **changed)


def compute(hourly: float = 8.0, **changed: Any) -> dict[str, Any]:
    """A share: a Compute plan, a quarter of it now."""
    usual = {
        "resource_id": "Compute",
        "years": 1.0,
        "payment": "No Upfront",
        "kind": "Compute",
        "label": "Compute Savings Plan",
        "hourly": hourly,
        "rungs": json.dumps([[0, hourly / 4, None], [1, hourly / 4, None], [2, hourly / 2, None]]),
    }
    return _HEAD | usual | changed


def reserved(**changed: Any) -> dict[str, Any]:
    """An offer alone: ten PostgreSQL databases reserved for a year, $2 an hour that saves $0.80 an hour."""
    usual = {
        "resource_id": "Reserved rds db.r6g PostgreSQL us-east-1",
        "years": 1.0,
        "payment": "No Upfront",
        "kind": "Reserved",
        "label": "db.r6g PostgreSQL reservation in us-east-1",
        "service": "AmazonRDS",
        "family": "db.r6g",
        "platform": "PostgreSQL",
        "place": "us-east-1",
        "instance_type": "db.r6g.large",
        "count": 10.0,
        "hourly": 2.0,
        "saving": 584.0,
        "saving_low": 484.0,
        "saving_high": 634.0,
        "basis": "hours",
        "on_demand": 4.0,
        "in_database_plan": False,
    }
    row = _HEAD | ODDS | usual | changed
    return {"savings": futures(row["saving_low"], row["saving_high"])} | row


def futures(low: float, high: float) -> str:
    """Savings of eleven scenarios, the worst first: eight in ten lie between."""
    return json.dumps([low, *np.linspace(low, high, 9), high])


def database_plan(**changed: Any) -> dict[str, Any]:
    """An offer alone: a Database plan of $3 an hour that saves $0.50 an hour."""
    usual = {
        "resource_id": "Database",
        "kind": "Database",
        "label": "Database Savings Plan",
        "service": "",
        "family": "",
        "platform": "",
        "place": "",
        "instance_type": "",
        "count": None,
        "hourly": 3.0,
        "saving": 365.0,
        "saving_low": 300.0,
        "saving_high": 400.0,
        "on_demand": 5.0,
    }
    return reserved(**(usual | changed))


def of_aws(kind: str, saving: float, **changed: Any) -> dict[str, Any]:
    """What AWS proposes of a kind."""
    usual = {
        "resource_id": f"AWS {kind}",
        "kind": kind,
        "label": f"{kind} Savings Plan",
        "years": 1.0,
        "payment": "No Upfront",
        "hourly": 5.0,
        "saving": saving,
        "on_demand": 9.0,
    }
    return _HEAD | usual | changed


def tables(
    mixes: list[dict[str, Any]] | None = None,
    shares: list[dict[str, Any]] | None = None,
    offers: list[dict[str, Any]] | None = None,
    aws: list[dict[str, Any]] | None = None,
) -> dict[str, DataFrame]:
    """The tables that the checks read."""
    given = {
        "commitment_proposals": mixes,
        "commitment_shares": shares,
        "commitment_offers": offers,
        "purchase_recommendations": aws,
    }
    return {name: table(name, *(rows or [])) for name, rows in given.items()}
