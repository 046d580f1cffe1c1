"""The table `usage_totals`: how much of each usage type each account used in a month, read from the stored costs."""

from __future__ import annotations

from datetime import date, timedelta

from pandas import DataFrame

from analysis.costs import Cut
from analysis.lambda_use import DAYS_A_MONTH
from analysis.usage_types import REGIONS, usage_region
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.cost_files.database import cursor
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
#: One row per account, region and usage type; an account without a row has no bill that tells usage types.
COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "usage_type": "str",  # without its region's prefix
    "quantity": "float64",  # a month of 730 hours, in the bill's unit
    "cost": "float64",  # a month of 730 hours, dollars
}
TOTAL_DAYS = 30
#: The newest days are not all in; a month stays marked as estimated until its invoice, which is good enough here.
UNFINISHED_DAYS = 2

# Several sources may tell of the same usage: the export, which knows more, comes before Cost Explorer.
_SQL = """
WITH told AS (
    SELECT source, sub_account_id AS account_id, usage_type, date, quantity,
           coalesce(effective_cost, billed_cost) AS cost
    FROM read_parquet($paths, union_by_name = true)
    WHERE list_contains($cuts, cut) AND date >= $start AND date < $end AND charge_category = 'Usage'
      AND usage_type IS NOT NULL AND sub_account_id IS NOT NULL AND currency = 'USD'
      AND quantity IS NOT NULL
), days AS (
    SELECT source, count(DISTINCT date) AS days FROM told GROUP BY 1
), sums AS (
    SELECT source, account_id, usage_type, sum(quantity) AS quantity, sum(cost) AS cost FROM told GROUP BY 1, 2, 3
)
SELECT account_id, usage_type, quantity / days AS quantity, cost / days AS cost
FROM sums JOIN days USING (source)
QUALIFY row_number() OVER (PARTITION BY account_id, usage_type ORDER BY source = 'cost_explorer', source) = 1
"""
_CUTS = [Cut.ACCOUNT_USAGE_TYPE.value, Cut.FULL.value]


def read(context: Context) -> DataFrame:
    """What the bill of the last 30 days, without the newest two, says of a month, with `COLUMNS`."""
    today: date = context.clock.today()
    start, end = today - timedelta(days=TOTAL_DAYS), today - timedelta(days=UNFINISHED_DAYS)
    recent = [str(path) for path in context.costs.months.files() if path.stem >= f"{start:%Y-%m}"]
    if not recent:
        return typed([], COLUMNS)
    with cursor() as own:
        bill: DataFrame = own.execute(_SQL, {"paths": recent, "cuts": _CUTS, "start": start, "end": end}).df()
    return parse(bill)


def parse(bill: DataFrame) -> DataFrame:
    """A month of what is used a day, with `COLUMNS`.

    Args:
        bill: account_id, usage_type as the bill spells it, quantity and cost a day.
    """
    if bill.empty:
        return typed([], COLUMNS)
    prefix, rest = (bill["usage_type"].str.partition("-")[part] for part in (0, 2))
    has_prefix = prefix.isin(REGIONS) & rest.ne("")
    months = DataFrame(
        {
            "account_id": bill["account_id"],
            "region": bill["usage_type"].map(usage_region).fillna("us-east-1"),
            "usage_type": rest.where(has_prefix, bill["usage_type"]),
            "quantity": bill["quantity"] * DAYS_A_MONTH,
            "cost": bill["cost"] * DAYS_A_MONTH,
        }
    )
    # One region's usage may be spelled with its prefix and without.
    return months.groupby(["account_id", "region", "usage_type"], as_index=False).sum().astype(COLUMNS)
