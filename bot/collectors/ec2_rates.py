"""The table `ec2_rates`: what an hour of each instance type really cost each account, read from the stored costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from pandas import DataFrame, Series

from analysis.costs import Cut
from analysis.pricing import OWN_RATES, no_own_rates
from analysis.usage_types import REGIONS
from bot.cost_files.database import cursor

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored

COLUMNS = {name: "float64" if name == "hourly_usd" else "str" for name in OWN_RATES}
RATE_DAYS = 30

# Other services (EMR) sell hours of the same usage types: only where the service is known is it EC2's price. Days at no
# cost are free hours, or hours that a commitment pays for elsewhere.
_SQL = """
SELECT coalesce(sub_account_id, '') AS account_id, usage_type,
       sum(coalesce(effective_cost, billed_cost)) FILTER (is_priced) AS cost, sum(quantity) FILTER (is_priced) AS hours
FROM (
    SELECT *, quantity > 0 AND currency = 'USD' AND coalesce(effective_cost, billed_cost) > 0
             AND (service_name LIKE 'Amazon Elastic Compute Cloud%' OR service_name = 'AmazonEC2')
             AND lower(coalesce(unit, 'hrs')) IN ('hrs', 'hours', 'hour') AS is_priced
    FROM read_parquet($paths, union_by_name = true)
    WHERE list_contains($cuts, cut) AND date >= $start AND date < $end AND charge_category = 'Usage'
      AND usage_type LIKE '%BoxUsage:%'
)
GROUP BY 1, 2
"""
_CUTS = [Cut.USAGE_TYPE.value, Cut.ACCOUNT_USAGE_TYPE.value, Cut.FULL.value]


def fetch(paths: Sequence[Path], today: date) -> DataFrame:
    """Instance hours on the bill of the last 30 days, on demand or covered by a commitment.

    Several sources may tell of the same hours; what an hour costs stays the same.

    Returns:
        account_id ("" for the whole organisation), usage_type, cost and hours; both are missing where the source
        does not tell hours and service together.
    """
    start = today - timedelta(days=RATE_DAYS)
    recent = [str(path) for path in paths if path.stem >= f"{start:%Y-%m}"]
    if not recent:
        return DataFrame(
            {name: Series(dtype="object") for name in ("account_id", "usage_type", "last_day", "cost", "hours")}
        )
    with cursor() as own:
        bill: DataFrame = own.execute(_SQL, {"paths": recent, "cuts": _CUTS, "start": start, "end": today}).df()
        return bill


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
