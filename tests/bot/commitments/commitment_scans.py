"""A bot whose last scan found a plan that ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from bot.collectors import reservations, savings_plans, savings_plans_use
from bot.commitments.kept import keep_commitments
from bot.context import Context
from bot.tables import typed, write_table
from tests.bot.decisions_factories import context as faked


def scanned(folder: Path, settings: dict[str, Any] | None = None, **changed: Any) -> Context:
    """The ending plan, and a list of reservations that was refused; `changed` is of the plan and its use."""
    context = faked(folder, settings=settings or {})
    now = context.clock.now().replace(tzinfo=None)
    plan = {
        "account_id": "111122223333",
        "account_name": "prod",
        "resource_id": "p-1",
        "name": "EC2 Instance Savings Plan c5 $1.60/h",
        "kind": "Savings Plan",
        "commitment_id": "arn:aws:savingsplans::111122223333:savingsplan/p-1",
        "scope_region": "eu-west-1",
        "hourly_usd": 1.6,
        "years": 1.0,
        "payment": "No Upfront",
        "state": "active",
        "ends_at": now + pd.Timedelta(days=20),
        "seen_at": now,
    } | changed
    use = {**plan, "used": 252.0, "unused": 16.8, "days": 7.0, "on_demand": 7 * 24 * 2.0} | changed
    tables = {
        "savings_plans": (savings_plans.COLUMNS, plan),
        "savings_plans_use": (savings_plans_use.COLUMNS, use),
        "reservations": (reservations.COLUMNS, {**plan, "kind": "Reserved", "problem": "AWS refuses it."}),
    }
    scan = folder / "scan-1"
    scan.mkdir(parents=True)
    for name, (columns, row) in tables.items():
        unknown = {column: "" for column, dtype in columns.items() if dtype == "str"} | {"ignored": False}
        write_table(scan / f"{name}.parquet", typed([{**unknown, **{k: row[k] for k in row if k in columns}}], columns))
    keep_commitments(scan, context.settings.data_dir)
    return context
