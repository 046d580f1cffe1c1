"""The table `usage_rates`: what a unit of each usage type really cost each account, read from the stored costs."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pandas import DataFrame, Series

from analysis.costs import Cut
from analysis.prices.price_list import bare_usage_type
from analysis.prices.units import LIST_REGION, OWN_UNITS, billed_units, unit_key
from analysis.services import SERVICES, service_key
from analysis.usage_types import REGIONS
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.cost_files.database import cursor

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
COLUMNS = OWN_UNITS
RATE_DAYS = 30

EC2_COMPUTE, EC2_OTHER = "Amazon Elastic Compute Cloud - Compute", "EC2 - Other"
_COMPUTE = re.compile(r"(?:^|-)(?:BoxUsage|SpotUsage|DedicatedUsage|HostUsage|HeavyUsage|UnusedBox|UnusedDed)(?::|$)")
_NAMED_REGION = r"^([a-z]{2}(?:-[a-z]+)+-\d)-."

# Days at no cost are free units, or hours that a commitment pays for elsewhere: no price of what is paid. Credits,
# refunds and tax are no usage. A day that is not final yet has costs and quantity alike.
_SQL = """
SELECT coalesce(sub_account_id, '') AS account_id, coalesce(service_name, '') AS service, usage_type,
       coalesce(region_id, '') AS region_id, coalesce(unit, '') AS unit,
       sum(coalesce(effective_cost, billed_cost)) AS cost, sum(quantity) AS quantity
FROM read_parquet($paths, union_by_name = true)
WHERE list_contains($cuts, cut) AND date >= $start AND date < $end AND charge_category = 'Usage'
  AND usage_type IS NOT NULL AND currency = 'USD' AND provider = 'AWS'
  AND quantity > 0 AND coalesce(effective_cost, billed_cost) > 0
GROUP BY 1, 2, 3, 4, 5
"""
_TYPES = """
SELECT DISTINCT sub_account_id AS account_id, usage_type FROM read_parquet($paths, union_by_name = true)
WHERE list_contains($cuts, cut) AND date >= $start AND date < $end AND charge_category = 'Usage'
  AND usage_type IS NOT NULL AND sub_account_id IS NOT NULL
"""
_CUTS = [Cut.USAGE_TYPE.value, Cut.ACCOUNT_USAGE_TYPE.value, Cut.FULL.value]


def read(context: Context) -> DataFrame:
    """Dollars a unit of the last 30 days, with `COLUMNS`; usage types without their region's prefix.

    What was paid, commitments and discounts included, over the units that were paid for. Where a unit has tiers it is a
    mean over them, which `analysis.prices.units` does not take for a price. Usage whose unit is not the one that its
    price is known in is left out. Services are named as in Cost Explorer, whatever the source calls them.
    """
    bill = _asked(context, _SQL)
    if bill.empty:
        return DataFrame({name: [] for name in COLUMNS}).astype(COLUMNS)
    rows = DataFrame(
        {
            "account_id": bill["account_id"],
            "region": _regions(bill),
            "service": [_service(*pair) for pair in zip(bill["service"], bill["usage_type"], strict=True)],
            "usage_type": bill["usage_type"].map(bare_usage_type),
            "cost": bill["cost"],
            "quantity": bill["quantity"],
        }
    )
    known = billed_units()
    told = zip(rows["service"], rows["usage_type"], bill["unit"].map(unit_key), strict=True)
    rows = rows[[unit in known.get((service, usage), {unit}) for service, usage, unit in told]]
    sums = rows.groupby(["account_id", "region", "service", "usage_type"], as_index=False)[["cost", "quantity"]].sum()
    return sums.assign(usd=sums["cost"] / sums["quantity"])[list(COLUMNS)].astype(COLUMNS)


def _regions(bill: DataFrame) -> Series[str]:
    """The region in the usage type; else the one that the source tells; else us-east-1, whose usage mostly has none."""
    by_name = bill["usage_type"].str.extract(_NAMED_REGION, expand=False)
    told = bill["region_id"].where(~bill["region_id"].isin(["", "global"]))
    prefix = bill["usage_type"].str.partition("-")[0]
    return by_name.fillna(prefix.map(REGIONS)).fillna(told).fillna(LIST_REGION)


def _service(name: str, usage_type: str) -> str:
    """A service as Cost Explorer names it, which splits EC2 in two."""
    key = service_key(name)
    if key == "ec2":
        return EC2_COMPUTE if _COMPUTE.search(usage_type) else EC2_OTHER
    return SERVICES[key][1][0] if key in SERVICES else name


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
