"""Costs by resource, asked: of the newest months of a billing export, in which each resource's days are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import duckdb
import pandas as pd
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression
from pandas import DataFrame

from analysis.rollups import Rollup
from analysis.services import service_key
from bot.cost_files.database import cursor
from bot.cost_files.detail import detail_path
from bot.cost_files.summary import Stored
from bot.errors import NotEnoughData
from bot.settings import CostView

COLUMNS = ("resource_id", "service_name", "account", "region", "cost")
#: Names a question may filter by, and the columns behind them.
_WHERE = {"account": "sub_account_id", "region": "region_id", "service_name": "service_name", "provider": "provider"}


def resource_costs(
    months: Sequence[Stored],
    *,
    start: date,
    end: date,
    view: CostView,
    where: Mapping[str, str | Collection[str]] | None = None,
) -> DataFrame:
    """What each resource's usage cost over the days [start, end), dearest first.

    Args:
        months: what answers for these days.
        where: any of `service` (canonical key), `service_name`, `account`, `region`, `provider`, and what is wanted.
    Returns:
        Columns `COLUMNS`; usage without a resource is not in it.
    Raises:
        NotEnoughData: of some of these days costs are not kept by resource.
    """
    paths = [path for item in months if (path := detail_path(item.path, Rollup.RESOURCES)).exists()]
    lacking = [item for item in months if not detail_path(item.path, Rollup.RESOURCES).exists()]
    if not paths:
        raise NotEnoughData(
            "Costs by resource are not stored for these days.",
            "They come with the newest months of a billing export; COSTBOT_DETAIL_MONTHS sets how many.",
        )
    if lacking:
        first = min(item.month for item in months if item not in lacking)
        raise NotEnoughData(
            f"Costs by resource are stored from {first:%B %Y} on.",
            "Ask for fewer days, or set COSTBOT_DETAIL_MONTHS and ingest again with --all.",
        )
    billed = ColumnExpression("billed_cost")
    cost = billed if view is CostView.BILLED else CoalesceOperator(ColumnExpression("effective_cost"), billed)
    condition = (ColumnExpression("date") >= ConstantExpression(start)) & (
        ColumnExpression("date") < ConstantExpression(end)
    )
    services: Collection[str] | None = None
    for name, value in (where or {}).items():
        values = {value} if isinstance(value, str) else set(value)
        if name == "service":
            services = values
            continue
        wanted = [ConstantExpression(text) for text in sorted(values)]
        condition &= ColumnExpression(_WHERE[name]).isin(*wanted) if wanted else ConstantExpression(False)
    with cursor() as own:
        rows: duckdb.DuckDBPyRelation = own.read_parquet(
            [str(path) for path in dict.fromkeys(paths)], union_by_name=True
        )
        chosen = rows.filter(condition).select(
            ColumnExpression("resource_id"),
            ColumnExpression("service_name"),
            CoalesceOperator(ColumnExpression("sub_account_id"), ConstantExpression("unknown")).alias("account"),
            ColumnExpression("region_id").alias("region"),
            cost.alias("cost"),
        )
        sums: DataFrame = chosen.aggregate("resource_id, service_name, account, region, fsum(cost) AS cost").df()
    if services is not None:
        sums = sums[[service_key(name) in services for name in sums["service_name"]]]
    ordered = sums.sort_values(["cost", "resource_id"], ascending=[False, True], ignore_index=True)
    return ordered.astype({"cost": float}) if len(ordered) else DataFrame({n: pd.Series(dtype=object) for n in COLUMNS})
