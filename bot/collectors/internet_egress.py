"""The table `internet_egress`: what each account sends to the internet from a region, read from the stored costs."""

from __future__ import annotations

from collections.abc import Mapping

from pandas import DataFrame

from bot.collectors import usage_totals
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL

#: Usage type of traffic to the internet, CloudFront's apart.
EGRESS = "DataTransfer-Out-Bytes"
COLUMNS: dict[str, str] = HEAD | {  # resource_id is the usage type; nobody owns a region's traffic
    "gb": "float64",  # a month of 730 hours
    "cost": "float64",  # a month of 730 hours, dollars
}


def read(context: Context) -> DataFrame:
    """One row per account and region that sends anything, with `COLUMNS`."""
    return parse(usage_totals.read(context), context.costs.account_names())


def parse(totals: DataFrame, names: Mapping[str, str]) -> DataFrame:
    """The traffic with `COLUMNS`.

    Args:
        totals: columns of `usage_totals`. names: of accounts, by id.
    """
    rows = totals[totals["usage_type"].eq(EGRESS)]
    return typed(
        [
            {
                "account_id": row["account_id"],
                "account_name": names.get(row["account_id"], ""),
                "region": row["region"],
                "resource_id": EGRESS,
                "name": f"internet traffic of {row['region']}",
                "owner": "",
                "env": "",
                "ignored": False,
                "gb": row["quantity"],
                "cost": row["cost"],
            }
            for row in rows.to_dict("records")
        ],
        COLUMNS,
    )
