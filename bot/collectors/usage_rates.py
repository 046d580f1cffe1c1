"""The table `usage_rates`: what a unit of each usage type really cost each account, read from the stored costs."""

from __future__ import annotations

from datetime import date, timedelta

from pandas import DataFrame

from analysis.costs import Cut
from analysis.list_prices import OWN_UNITS
from analysis.usage_types import REGIONS, usage_region
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.cost_files.database import cursor

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
COLUMNS = OWN_UNITS
RATE_DAYS = 30

_SQL = """
SELECT coalesce(sub_account_id, '') AS account_id, coalesce(service_name, '') AS service, usage_type,
       sum(coalesce(effective_cost, billed_cost)) AS cost, sum(quantity) AS quantity
FROM read_parquet($paths, union_by_name = true)
WHERE list_contains($cuts, cut) AND date >= $start AND date < $end AND charge_category = 'Usage'
  AND usage_type IS NOT NULL AND currency = 'USD' AND quantity IS NOT NULL AND NOT coalesce(estimated, false)
GROUP BY 1, 2, 3 HAVING sum(quantity) > 0 AND sum(coalesce(effective_cost, billed_cost)) > 0
"""
_TYPES = """
SELECT DISTINCT sub_account_id AS account_id, usage_type FROM read_parquet($paths, union_by_name = true)
WHERE list_contains($cuts, cut) AND date >= $start AND date < $end AND charge_category = 'Usage'
  AND usage_type IS NOT NULL AND sub_account_id IS NOT NULL
"""
_CUTS = [Cut.USAGE_TYPE.value, Cut.ACCOUNT_USAGE_TYPE.value, Cut.FULL.value]


def read(context: Context) -> DataFrame:
    """Dollars a unit of the last 30 days, with `COLUMNS`; usage types without their region's prefix.

    A mean over tiers and free units: exact where a unit has one price, below the list where some units were free.
    """
    bill = _asked(context, _SQL)
    if bill.empty:
        return DataFrame({name: [] for name in COLUMNS}).astype(COLUMNS)
    prefix, rest = (bill["usage_type"].str.partition("-")[part] for part in (0, 2))
    has_prefix = prefix.isin(REGIONS) & rest.ne("")
    return DataFrame(
        {
            "account_id": bill["account_id"],
            "region": bill["usage_type"].map(usage_region).fillna("us-east-1"),
            "service": bill["service"],
            "usage_type": rest.where(has_prefix, bill["usage_type"]),
            "usd": bill["cost"] / bill["quantity"],
        }
    ).astype(COLUMNS)


def read_types(context: Context) -> DataFrame:
    """Which usage types each account was billed for in the last 30 days: account_id, usage_type."""
    return _asked(context, _TYPES)


def _asked(context: Context, sql: str) -> DataFrame:
    """The answer over the months that hold the last 30 days; no rows where nothing is stored."""
    today: date = context.clock.today()
    start = today - timedelta(days=RATE_DAYS)
    recent = [str(path) for path in context.costs.months.files() if path.stem >= f"{start:%Y-%m}"]
    if not recent:
        return DataFrame({"account_id": [], "usage_type": []}, dtype="str")
    with cursor() as own:
        found: DataFrame = own.execute(sql, {"paths": recent, "cuts": _CUTS, "start": start, "end": today}).df()
    return found
