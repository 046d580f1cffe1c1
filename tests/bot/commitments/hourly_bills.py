"""A bot whose stored billing export tells hours: machines in us-east-1 that run on demand, day and night."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from analysis.rollups import Rollup
from bot.context import Context
from bot.cost_files.detail import detail_path
from bot.tables import write_table
from tests.bot.collectors.bill_factories import ACCOUNT, END, OwnAccount
from tests.bot.decisions_factories import context as faked

EC2 = "Amazon Elastic Compute Cloud"
FIRST = date(2026, 10, 1)


def hours(
    first: date = FIRST, until: date = END + timedelta(days=2), quantity: float = 10.0, **told: Any
) -> list[dict[str, Any]]:
    """So many m5.large in every hour of [first, until)."""
    usual = {
        "billing_month": None,
        "provider": "AWS",
        "billing_account_id": ACCOUNT,
        "charge_category": "Usage",
        "service_name": EC2,
        "sub_account_id": ACCOUNT,
        "region_id": "us-east-1",
        "usage_type": "BoxUsage:m5.large",
        "operation": "RunInstances",
        "pricing_category": "Standard",
        "commitment_type": None,
        "commitment_id": None,
        "unit": "Hrs",
        "currency": "USD",
        "billed_cost": quantity * 0.1,
        "effective_cost": quantity * 0.1,
        "list_cost": quantity * 0.1,
        "quantity": quantity,
    }
    every = pd.date_range(first, until, freq="h", inclusive="left")
    return [usual | {"hour": hour, "billing_month": hour.date().replace(day=1)} | told for hour in every]


def exported(
    folder: Path, rows: list[dict[str, Any]], *, without: tuple[date, ...] = (), currency: str = "USD", **parts: Any
) -> Context:
    """The bot; `without` are months that are stored by the day only."""
    context = faked(folder, **({"aws": PlanRates()} | parts))
    days = pd.date_range(FIRST, END + timedelta(days=2), inclusive="left")
    usage = {
        "cut": Cut.FULL.value,
        "provider": "AWS",
        "charge_category": ChargeCategory.USAGE.value,
        "service_name": EC2,
        "billed_cost": 24.0,
        "effective_cost": 24.0,
        "currency": currency,
    }
    daily = DataFrame([usage | {"date": day.date(), "estimated": day.date() >= END} for day in days])
    for month in sorted({day.date().replace(day=1) for day in days}):
        context.costs.replace_month("focus", month, daily[daily["date"].map(lambda day: day.replace(day=1)).eq(month)])
        own = [row for row in rows if row["billing_month"] == month]
        path = detail_path(context.costs.months.path("focus", month), Rollup.HOURLY)
        path.parent.mkdir(parents=True, exist_ok=True)
        if own and month not in without:
            write_table(path, DataFrame(own))
    return context


class PlanRates(OwnAccount):
    """AWS's offers: a Compute plan at 70 % and an EC2 Instance plan at 60 % of on demand, for m5.large in us-east-1."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def client(self, service: str, **where: Any) -> Any:
        return self

    def describe_savings_plans_offering_rates(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked["usageTypes"])
        rates = [("Compute", "0.07"), ("EC2Instance", "0.06")]
        if "BoxUsage:m5.large" not in asked["usageTypes"]:
            return {"searchResults": []}
        return {"searchResults": [_rate(kind, rate) for kind, rate in rates if kind in asked["savingsPlanTypes"]]}

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        self.asked.append([asked["ServiceCode"]])
        return []


def _rate(kind: str, rate: str) -> dict[str, Any]:
    about = {"region": "us-east-1", "instanceType": "m5.large", "productDescription": "Linux/UNIX", "tenancy": "shared"}
    return {
        "savingsPlanOffering": {
            "planType": kind,
            "paymentOption": "No Upfront",
            "durationSeconds": 365 * 86400,
            "currency": "USD",
        },
        "rate": rate,
        "unit": "Hrs",
        "usageType": "BoxUsage:m5.large",
        "operation": "RunInstances",
        "properties": [{"name": name, "value": value} for name, value in about.items()],
    }
