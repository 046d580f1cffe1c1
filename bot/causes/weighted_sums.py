"""Sums over stored months in which each day counts with its weight: a cost a day, now and before, in one pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from pandas import DataFrame

from analysis.causes import Comparison
from analysis.costs import Cut
from bot.cost_files.database import cursor
from bot.settings import CostView

_COST = {CostView.BILLED: "billed_cost", CostView.EFFECTIVE: "coalesce(effective_cost, billed_cost)"}


def weighted_sums(
    paths: Collection[Path],
    columns: Mapping[str, str],
    comparison: Comparison,
    view: CostView,
    *,
    cut: Cut | None = None,
    provider: str | None = None,
    usage_only: bool = False,
    quantity: bool = False,
) -> DataFrame:
    """Dollars a day by some columns.

    Args:
        columns: name of each result column and the SQL it is; a NULL becomes "".
        cut, provider: the only rows that count; None where the files have no such column.
        quantity: sum quantities too; one is NaN where any row of its side has none.
    Returns:
        The columns, cost_before, cost_now and, with `quantity`, quantity_before, quantity_now, units (how many differ).
    """
    names = ", ".join(f"coalesce({text}, '') AS {name}" for name, text in columns.items())
    sides = ("now", "before")
    sums = [f"fsum({_COST[view]} * days.{side}) AS cost_{side}" for side in sides]
    if quantity:
        sums += [f"{_quantity(side)} AS quantity_{side}" for side in sides]
        sums.append("count(DISTINCT unit) AS units")
    conditions = ["true"]
    values: list[object] = [[str(path) for path in paths]]
    if cut is not None:
        conditions.append("cut = ?")
        values.append(cut.value)
    if provider is not None:
        conditions.append("coalesce(provider, 'unknown') = ?")
        values.append(provider)
    if usage_only:
        conditions.append("charge_category = 'Usage'")
    query = f"""
        WITH days(day, now, before) AS (VALUES {_days(comparison)})
        SELECT {", ".join(filter(None, (names, *sums)))}
        FROM read_parquet(?, union_by_name = true) AS bill JOIN days ON bill.date = days.day
        WHERE {" AND ".join(conditions)}
        GROUP BY {", ".join(str(number + 1) for number in range(len(columns)))} ORDER BY ALL
    """  # noqa: S608 - columns come from the callers of this folder, values as parameters
    with cursor() as own:
        frame: DataFrame = own.execute(query, values).df()
    measures = [name for name in frame.columns if name.startswith(("cost_", "quantity_"))]
    return frame.astype({**dict.fromkeys(columns, "str"), **dict.fromkeys(measures, float)})


def _quantity(side: str) -> str:
    """A sum of quantities; a side without a row has none, one with a row that lacks it is unknown."""
    lacking = f"bool_or(days.{side} > 0 AND quantity IS NULL)"
    return f"CASE WHEN {lacking} THEN NULL ELSE coalesce(fsum(quantity * days.{side}), 0) END"


def _days(comparison: Comparison) -> str:
    days = sorted({*comparison.now, *comparison.before})
    rows = (
        f"(DATE '{day.isoformat()}', CAST({comparison.now.get(day, 0.0)!r} AS DOUBLE), "
        f"CAST({comparison.before.get(day, 0.0)!r} AS DOUBLE))"
        for day in days
    )
    return ", ".join(rows)
