"""The table `ec2_rates`: what an hour of each instance type really cost each account, read from the stored costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from pandas import DataFrame, Series

from analysis.costs import Cut
from analysis.pricing import OWN_RATES, no_own_rates
from analysis.usage_types import REGIONS
from bot.cost_months import cursor

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored

COLUMNS = {name: "float64" if name == "hourly_usd" else "str" for name in OWN_RATES}
RATE_DAYS = 30

_SQL = """
SELECT sub_account_id AS account_id, usage_type, max(date) AS last_day,
       sum(coalesce(effective_cost, billed_cost)) AS cost, sum(quantity) AS hours
FROM read_parquet($paths, union_by_name = true)
WHERE cut IN ($by_type, $full) AND date >= $start AND date < $end AND charge_category = 'Usage'
  AND usage_type LIKE '%BoxUsage:%' AND currency = 'USD'
GROUP BY sub_account_id, usage_type
"""


def fetch(paths: Sequence[Path], today: date) -> DataFrame:
    """Cost and hours of on-demand and committed instance hours per account and usage type, of the last 30 days.

    Several sources may tell of the same hours; what an hour costs stays the same.
    """
    start = today - timedelta(days=RATE_DAYS)
    recent = [str(path) for path in paths if path.stem >= f"{start:%Y-%m}"]
    if not recent:
        return DataFrame(
            {name: Series(dtype="object") for name in ("account_id", "usage_type", "last_day", "cost", "hours")}
        )
    with cursor() as own:
        return own.execute(
            _SQL,
            {
                "paths": recent,
                "by_type": Cut.ACCOUNT_USAGE_TYPE.value,
                "full": Cut.FULL.value,
                "start": start,
                "end": today,
            },
        ).df()


def parse(bill: DataFrame) -> DataFrame:
    """Dollars an hour, with `COLUMNS`; hours without a cost or a region that is not known are left out."""
    places = split(bill["usage_type"])
    rates = DataFrame(
        {
            "account_id": bill["account_id"],
            "region": places["region"],
            "instance_type": places["instance_type"],
            "hourly_usd": (bill["cost"] / bill["hours"]).where(bill["hours"].gt(0) & bill["cost"].gt(0)),
        }
    ).dropna()
    return rates.astype(COLUMNS).reset_index(drop=True) if len(rates) else no_own_rates()


def split(usage_types: Series[str]) -> DataFrame:
    """`EUW1-BoxUsage:m5.large` is of region eu-west-1 and type m5.large; an unknown prefix has no region."""
    parts = usage_types.astype("str").str.extract(r"^(?:([A-Z]+\d*)-)?BoxUsage:([a-z0-9.-]+)$")
    prefix, instance_type = parts[0].fillna("USE1"), parts[1]
    return DataFrame({"region": prefix.map(REGIONS).where(instance_type.notna()), "instance_type": instance_type})
