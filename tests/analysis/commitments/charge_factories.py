"""Days of charges for the tests of coverage, utilization and the effective savings rate."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.commitments.daily_charges import CHARGES

DAY = pd.Timestamp("2026-11-19")
PLAN = "arn:aws:savingsplans::111122223333:savingsplan/p-1"


def covered(cost: float, on_demand: float | None, **told: Any) -> dict[str, Any]:
    """Usage that a plan covered."""
    return {"kind": "Savings Plan", "commitment_id": PLAN, "cost": cost, "on_demand": on_demand, **told}


def unused(cost: float, **told: Any) -> dict[str, Any]:
    """What a plan left unused."""
    return {
        "kind": "Savings Plan",
        "commitment_id": PLAN,
        "cost": cost,
        "on_demand": 0.0,
        "is_unused": True,
        "service": "savingsplans",
        **told,
    }


def uncovered(on_demand: float | None, **told: Any) -> dict[str, Any]:
    """Usage on demand that a commitment could cover."""
    return {"kind": "", "commitment_id": "", "cost": on_demand, "on_demand": on_demand, **told}


def charges(*rows: dict[str, Any]) -> DataFrame:
    """A table with `CHARGES`: EC2 in us-east-1 on one day, unless a row says otherwise."""
    usual = {
        "date": DAY,
        "service": "ec2",
        "region": "us-east-1",
        "account": "111122223333",
        "family": "m5",
        "is_unused": False,
    }
    return DataFrame([usual | row for row in rows], columns=list(CHARGES)).astype(CHARGES)
