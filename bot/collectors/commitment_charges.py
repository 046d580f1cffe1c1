"""Charges of commitments and of usage they could cover, by day and by hour, from stored billing exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from pandas import DataFrame

from analysis.commitments.daily_charges import CHARGES, family_of
from analysis.commitments.holdings import RESERVED, SAVINGS_PLAN
from analysis.costs import Cut
from analysis.rollups import Rollup
from analysis.rollups.words import ELIGIBLE_USAGE
from analysis.services import service_key
from bot.complete_days import PROVIDER, complete_days
from bot.context import Context
from bot.cost_files.database import asked_again, cursor
from bot.cost_files.detail import detail_path

ACTIONS: tuple[str, ...] = ()  # it reads what billing exports told

# Usage that a Savings Plan takes off again has no cost of its own; purchases are amortised over what they cover.
_DAILY = """
SELECT date, coalesce(commitment_type, '') AS told, coalesce(commitment_id, '') AS commitment_id, service_name,
    coalesce(region_id, '') AS region, coalesce(sub_account_id, '') AS account, coalesce(usage_type, '') AS usage_type,
    charge_category = 'UnusedCommitment' AS is_unused,
    fsum(effective_cost) AS cost, count(effective_cost) < count(*) AS lacks_cost,
    fsum(list_cost) AS on_demand, count(list_cost) < count(*) AS lacks_list
FROM read_parquet($paths, union_by_name = true)
WHERE cut = $cut AND date >= $start AND date < $end
    AND provider = 'AWS' AND charge_category IN ('Usage', 'UnusedCommitment') AND (
        commitment_id IS NOT NULL OR (
            charge_category = 'Usage' AND coalesce(pricing_category, 'Standard') = 'Standard'
            AND regexp_matches(usage_type, $eligible)))
GROUP BY ALL ORDER BY ALL
"""
_HOURLY = """
SELECT hour, service_name, coalesce(region_id, '') AS region, commitment_id IS NOT NULL AS is_covered,
    fsum(list_cost) AS on_demand, count(list_cost) < count(*) AS lacks_list
FROM read_parquet($paths, union_by_name = true)
WHERE provider = 'AWS' AND charge_category = 'Usage' AND hour >= $start AND hour < $end AND (
    commitment_id IS NOT NULL OR (
        coalesce(pricing_category, 'Standard') = 'Standard' AND regexp_matches(usage_type, $eligible)))
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Charged:
    """Charges of the complete days [start, end): columns `CHARGES`, or those of `hourly_usage`."""

    charges: DataFrame
    start: date
    end: date


@asked_again
def daily_charges(context: Context, days: int) -> Charged | None:
    """Charges of the newest complete days that an export tells; None where no export does."""
    complete = complete_days(context)
    if complete is None:
        return None
    wanted = complete.last(days)
    months = [item for item in context.costs.stored(wanted.start, wanted.end) if item.provider == PROVIDER]
    by_export = [item for item in months if (Cut.FULL.value, "") in item.cuts]
    # What Cost Explorer tells of the time before an export began says nothing of single commitments.
    others = [item.last + timedelta(days=1) for item in months if item not in by_export]
    start = max([wanted.start, *others, *([min(item.first for item in by_export)] if by_export else [])])
    if not by_export or start >= wanted.end:
        return None
    paths = [str(item.path) for item in by_export]
    with cursor() as own:
        rows: DataFrame = own.execute(
            _DAILY,
            {"paths": paths, "cut": Cut.FULL.value, "start": start, "end": wanted.end, "eligible": ELIGIBLE_USAGE},
        ).df()
    return Charged(_typed(rows), start, wanted.end)


def _typed(rows: DataFrame) -> DataFrame:
    families = {name: family_of(name) for name in rows["usage_type"].unique()}
    services = {name: service_key(name) for name in rows["service_name"].unique()}
    is_unused = rows["is_unused"].astype(bool)
    return DataFrame(
        {
            "date": pd.to_datetime(rows["date"]),
            "kind": _kinds(rows["told"], rows["commitment_id"]),
            "commitment_id": rows["commitment_id"],
            "service": rows["service_name"].map(services),
            "region": rows["region"],
            "account": rows["account"],
            "family": rows["usage_type"].map(families),
            "is_unused": is_unused,
            "cost": rows["cost"].mask(rows["lacks_cost"].astype(bool)),
            "on_demand": rows["on_demand"].mask(rows["lacks_list"].astype(bool)).mask(is_unused, 0.0),
        }
    ).astype(CHARGES)


def _kinds(told: pd.Series[str], ids: pd.Series[str]) -> pd.Series[str]:
    """Savings Plan or Reserved; what an export calls otherwise goes by its ARN."""
    is_plan = told.str.contains("savings", case=False) | ids.str.contains(":savingsplan/")
    return pd.Series(RESERVED, index=ids.index).mask(is_plan, SAVINGS_PLAN).mask(ids.eq(""), "")


@asked_again
def hourly_usage(context: Context, days: int) -> Charged | None:
    """Eligible usage of the newest complete days by hour, service, region and is_covered: `on_demand`.

    None where one of those days is not kept by the hour.
    """
    complete = complete_days(context)
    if complete is None:
        return None
    wanted = complete.last(days)
    months = [item for item in context.costs.stored(wanted.start, wanted.end) if item.provider == PROVIDER]
    paths = [detail_path(item.path, Rollup.HOURLY) for item in months]
    if not paths or not all(path.exists() for path in paths):
        return None
    with cursor() as own:
        rows: DataFrame = own.execute(
            _HOURLY, {"paths": _texts(paths), "start": wanted.start, "end": wanted.end, "eligible": ELIGIBLE_USAGE}
        ).df()
    services = {name: service_key(name) for name in rows["service_name"].unique()}
    told = rows.assign(
        service=rows["service_name"].map(services),
        is_covered=rows["is_covered"].astype(bool),
        on_demand=rows["on_demand"].mask(rows["lacks_list"].astype(bool)),
    )
    return Charged(told, wanted.start, wanted.end)


def _texts(paths: Sequence[Path]) -> list[str]:
    return [str(path) for path in dict.fromkeys(paths)]
