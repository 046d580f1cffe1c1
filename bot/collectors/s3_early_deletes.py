"""The table `s3_early_deletes`: what each account was charged for deleting objects before their minimum was over.

It is on the bill and nowhere else: no bucket tells it.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from pandas import DataFrame

from analysis.costs import Cut
from analysis.usage_types import usage_region
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.cost_files.database import cursor
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
BILL_DAYS = 30

COLUMNS: dict[str, str] = HEAD | {  # `resource_id` is the usage type; age, owner and environment are not on the bill
    "cost": "float64",  # dollars of the last 30 days
    "gb_months": "float64",  # that were paid for and not used; missing where the source has no quantities
}

_SQL = """
SELECT sub_account_id AS account_id, usage_type, sum(coalesce(effective_cost, billed_cost)) AS cost,
       sum(quantity) AS gb_months
FROM read_parquet($paths, union_by_name = true)
WHERE list_contains($cuts, cut) AND date >= $start AND date < $end AND charge_category = 'Usage' AND currency = 'USD'
  AND usage_type LIKE '%EarlyDelete%' AND sub_account_id IS NOT NULL
GROUP BY 1, 2 HAVING sum(coalesce(effective_cost, billed_cost)) > 0 ORDER BY 1, 2
"""
#: Those that tell the account as well as the usage type; a cost file holds one of them.
_CUTS = [Cut.ACCOUNT_USAGE_TYPE.value, Cut.FULL.value]


def read(context: Context) -> DataFrame:
    """The fees of the last 30 days with `COLUMNS`, a row for each account and usage type."""
    today: date = context.clock.today()
    start = today - timedelta(days=BILL_DAYS)
    recent = [str(path) for path in context.costs.months.files() if path.stem >= f"{start:%Y-%m}"]
    if not recent:
        return typed([], COLUMNS)
    with cursor() as own:
        bill: DataFrame = own.execute(_SQL, {"paths": recent, "cuts": _CUTS, "start": start, "end": today}).df()
    return parse(bill, context.costs.account_names())


def parse(bill: DataFrame, names: dict[str, str]) -> DataFrame:
    """The fees with `COLUMNS`.

    Args:
        bill: account_id, usage_type, cost, gb_months. names: of the accounts, by id.
    """
    return DataFrame(
        {
            "account_id": bill["account_id"],
            "account_name": [names.get(account, account) for account in bill["account_id"]],
            "region": [usage_region(kind) or "us-east-1" for kind in bill["usage_type"]],
            "resource_id": bill["usage_type"],
            "name": bill["usage_type"],
            "owner": "",
            "env": "",
            "ignored": False,
            "age_days": pd.Series(float("nan"), index=bill.index),
            "cost": bill["cost"],
            "gb_months": bill["gb_months"],
        }
    ).astype(COLUMNS)
