"""Usage by the hour that commitments may cover, from stored billing exports: which files, and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pandas import DataFrame

from analysis.rollups import Rollup
from analysis.rollups.words import ELIGIBLE_USAGE
from bot.collectors.complete_days import PROVIDER, complete_days
from bot.context import Context
from bot.cost_files.database import asked_again, cursor
from bot.cost_files.detail import detail_path

ACTIONS: tuple[str, ...] = ()  # it reads what billing exports told
#: Whole weeks: nights and weekends count as often as they come.
DAYS = 28
LEAST_DAYS = 7

_COLUMNS = (
    "hour", "charge_category", "provider", "sub_account_id", "region_id", "service_name", "usage_type", "operation",
    "unit", "pricing_category", "commitment_id", "billed_cost", "effective_cost", "list_cost", "quantity",
)  # fmt: skip
_SQL = """
SELECT COLUMNS($columns) FROM read_parquet($paths, union_by_name = true)
WHERE provider = 'AWS' AND charge_category = 'Usage' AND hour >= $start AND hour < $end AND currency = 'USD'
    AND (commitment_id IS NOT NULL OR (
        coalesce(pricing_category, 'Standard') = 'Standard' AND regexp_matches(usage_type, $eligible)))
"""


@dataclass(frozen=True, slots=True)
class StoredHours:
    """Files that hold the hours of the complete days [start, end)."""

    paths: tuple[str, ...]
    start: date
    end: date


def stored_hours(context: Context, days: int = DAYS) -> StoredHours | None:
    """Where the newest complete days lie by the hour; None where fewer than `LEAST_DAYS` do."""
    complete = complete_days(context)
    if complete is None:
        return None
    wanted = complete.last(days)
    start, paths = wanted.end, []
    for item in sorted(context.costs.stored(wanted.start, wanted.end), key=lambda one: one.first, reverse=True):
        if item.provider != PROVIDER:
            continue
        path = detail_path(item.path, Rollup.HOURLY)
        if not path.exists():
            break
        paths.append(str(path))
        start = max(wanted.start, min(start, item.first))
    if (wanted.end - start).days < LEAST_DAYS:
        return None
    return StoredHours(tuple(dict.fromkeys(paths)), start, wanted.end)


@asked_again
def read(hours: StoredHours) -> DataFrame:
    """The rows of these hours, as `analysis.commitments.hourly.hourly_usage` takes them; USD only."""
    asked = {
        "columns": f"^({'|'.join(_COLUMNS)})$",
        "paths": list(hours.paths),
        "start": hours.start,
        "end": hours.end,
        "eligible": ELIGIBLE_USAGE,
    }
    with cursor() as own:
        rows: DataFrame = own.execute(_SQL, asked).df()
    return rows if "operation" in rows else rows.assign(operation=None)
