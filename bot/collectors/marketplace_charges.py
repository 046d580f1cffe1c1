"""The table `marketplace_charges`: what other vendors bill through AWS Marketplace, and since which month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame

from bot.aws import reading
from bot.collectors.asked_weekly import asked_weekly
from bot.collectors.daily_costs import pages
from bot.collectors.scopes import Scope
from bot.complete_days import payer
from bot.context import Context
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS = ("ce:GetCostAndUsage",)
#: Of the whole organisation, a cent a page: asked once a week.
SCOPE = Scope.BILL
FACT = "savings.marketplace"
#: Full months before this one that are looked at.
MONTHS = 6
#: What stands for all of them where they could not be read.
ALL = "AWS Marketplace"

COLUMNS: dict[str, str] = HEAD | {  # `resource_id` and `name` are the product, as the bill spells it
    "first_month": "datetime64[us]",  # that it was billed in, of those looked at
    "months_ago": "float64",  # 0: this month
    "newest_cost": "float64",  # dollars of the last month that is billed, this one included
    "cost": "float64",  # of all months looked at
    "problem": "str",  # why they are not known
}


def read(context: Context) -> DataFrame:
    """One row per product and account, with `COLUMNS`; one row for all where Cost Explorer could not be asked."""
    own_id, own_name = payer(context)
    if not own_id:
        return typed([], COLUMNS)
    today = context.clock.today()
    answer = asked_weekly(context, FACT, lambda: _fetch(context, today))
    usual = {"region": "", "owner": "", "env": "", "ignored": False, "problem": answer.problem}
    if answer.problem:
        told = {"account_id": own_id, "account_name": own_name, "resource_id": ALL, "name": ALL}
        return typed([usual | told], COLUMNS)
    costs = DataFrame(list(answer.rows), columns=["month", "service", "account", "cost"])
    names = context.costs.account_names()
    rows = []
    for (service, account), months in costs.groupby(["service", "account"]):
        ordered = months.sort_values("month")
        first = date.fromisoformat(ordered["month"].iloc[0])
        rows.append(
            usual
            | {
                "account_id": account,
                "account_name": names.get(str(account), str(account)),
                "resource_id": service,
                "name": service,
                "first_month": pd.Timestamp(first),
                "months_ago": (today.year - first.year) * 12 + today.month - first.month,
                "newest_cost": ordered["cost"].iloc[-1],
                "cost": ordered["cost"].sum(),
            }
        )
    return typed(rows, COLUMNS)


def _fetch(context: Context, today: date) -> list[dict[str, Any]]:
    """Dollars by month, product and account; tax, credits and refunds left out."""
    start = today.replace(day=1)
    for _ in range(MONTHS):
        start = (start - timedelta(days=1)).replace(day=1)
    left_out = {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Tax", "Credit", "Refund"]}}}
    asked: dict[str, Any] = {
        "TimePeriod": {"Start": start.isoformat(), "End": (today + timedelta(days=1)).isoformat()},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}, {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}],
        "Filter": {"And": [{"Dimensions": {"Key": "BILLING_ENTITY", "Values": ["AWS Marketplace"]}}, left_out]},
    }
    with reading(ACTIONS[0]):
        results = [result for page in pages(context.aws.client("ce"), asked) for result in page["ResultsByTime"]]
    return [
        {"month": result["TimePeriod"]["Start"], "service": group["Keys"][0], "account": group["Keys"][1], "cost": usd}
        for result in results
        for group in result["Groups"]
        if (usd := float(group["Metrics"]["UnblendedCost"]["Amount"])) > 0
    ]
