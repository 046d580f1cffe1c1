"""A stored month's usage by day and provider: what is held against the same month before it was replaced."""

from __future__ import annotations

from datetime import date

from duckdb import ColumnExpression, ConstantExpression
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from bot.cost_files.database import cursor
from bot.cost_files.months import CostMonths
from bot.cost_files.rollup_months import summed_path

COLUMNS = ("date", "provider", "billed_cost", "effective_cost", "currency", "estimated", "hours_seen")

_SUMS = (
    "date, provider, fsum(billed_cost) AS billed_cost, fsum(coalesce(effective_cost, billed_cost)) AS effective_cost, "
    "max(currency) AS currency, bool_or(estimated) AS estimated, CAST(max(hours_seen) AS INTEGER) AS hours_seen"
)


def day_totals(months: CostMonths, source: str, month: date) -> DataFrame:
    """The usage of each day and provider in a source's month.

    Returns:
        Columns `COLUMNS`; `effective_cost` as it is shown, billed where a row has none; `hours_seen` NULL where
        unknown. Empty when the month is not stored; a day without usage has no row.
    """
    path = months.path(source, month)
    if not path.exists():
        return DataFrame({name: [] for name in COLUMNS})
    with cursor() as own:
        small = summed_path(path)
        rows = own.read_parquet([str(small if small.exists() else path)])
        whole = ColumnExpression("cut").isin(ConstantExpression(Cut.FULL.value), ConstantExpression(Cut.CHARGE.value))
        usage = ColumnExpression("charge_category") == ConstantExpression(ChargeCategory.USAGE.value)
        hours = "hours_seen" if "hours_seen" in rows.columns else "CAST(NULL AS SMALLINT) AS hours_seen"
        provider = "coalesce(provider, 'unknown') AS provider"
        known = rows.filter(whole & usage).project(
            f"date, {provider}, billed_cost, effective_cost, currency, estimated, {hours}"
        )
        frame: DataFrame = known.aggregate(_SUMS, "date, provider").order("provider, date").df()
    return frame
