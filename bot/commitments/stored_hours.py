"""Usage by the hour that commitments pay for or could, from stored billing exports: which files, what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from pandas import DataFrame

from analysis.costs import Cut
from analysis.rollups import Rollup
from analysis.rollups.words import ELIGIBLE_USAGE
from bot.complete_days import PROVIDER, Days, complete_days
from bot.context import Context
from bot.cost_files.database import asked_again, cursor
from bot.cost_files.detail import detail_path

#: Whole weeks: nights and weekends count as often as they come.
DAYS = 28
LEAST_DAYS = 7

_TEXTS = (
    "charge_category", "sub_account_id", "region_id", "service_name", "usage_type", "operation", "unit",
    "commitment_id",
)  # fmt: skip
_NUMBERS = ("billed_cost", "effective_cost", "list_cost", "quantity")
_CHOSEN = """
SELECT hour, {texts}, {numbers} FROM read_parquet($paths, union_by_name = true)
WHERE provider = 'AWS' AND currency = 'USD' AND charge_category IN ('Usage', 'UnusedCommitment')
    AND usage_type IS NOT NULL AND hour >= $start AND hour < $end AND (commitment_id IS NOT NULL OR (
        charge_category = 'Usage' AND coalesce(pricing_category, 'Standard') = 'Standard'
        AND regexp_matches(usage_type, $eligible)))
"""
_COLUMNS = "SELECT * FROM read_parquet($paths, union_by_name = true) LIMIT 0"
_KINDS = "SELECT {texts} FROM (SELECT DISTINCT {texts} FROM ({chosen})) ORDER BY {texts}"
_FACTS = "SELECT hour, kind, {numbers} FROM ({chosen}) JOIN kinds USING ({texts})"


@dataclass(frozen=True, slots=True)
class StoredHours:
    """Files that hold the hours of the complete days [start, end)."""

    paths: tuple[str, ...]
    start: date
    end: date


def newest_hours(context: Context, wanted: Days) -> StoredHours | None:
    """Where these days lie by the hour; those before a month without hours are left out. None where none does."""
    start, paths = wanted.end, []
    months = [one for one in context.costs.stored(wanted.start, wanted.end) if one.provider == PROVIDER]
    for item in sorted(months, key=lambda one: one.month, reverse=True):
        path = detail_path(item.path, Rollup.HOURLY)
        if (Cut.FULL.value, "") not in item.cuts or not path.exists():
            break
        start = max(wanted.start, min(start, item.first))
        paths.append(str(path))
    return StoredHours(tuple(dict.fromkeys(paths)), start, wanted.end) if start < wanted.end else None


def stored_hours(context: Context, days: int = DAYS) -> StoredHours | None:
    """Where the newest complete days lie by the hour; None where fewer than `LEAST_DAYS` do."""
    complete = complete_days(context)
    found = newest_hours(context, complete.last(days)) if complete is not None else None
    return found if found is not None and (found.end - found.start).days >= LEAST_DAYS else None


@asked_again
def read_hours(hours: StoredHours) -> DataFrame:
    """Rows as `analysis.commitments.hourly.hourly_usage` takes them, with the unused part of commitments; USD only.

    Naive UTC hours; texts are categories, as millions of rows repeat some hundreds, and "" where nothing is told.
    """
    told = {"paths": list(hours.paths), "start": hours.start, "end": hours.end, "eligible": ELIGIBLE_USAGE}
    with cursor() as own:
        has = {str(name) for name in own.execute(_COLUMNS, {"paths": told["paths"]}).df().columns}
        # Hours of a bill that was read before there were operations have no column of them.
        known = ", ".join(f"coalesce({name}, '') AS {name}" if name in has else f"'' AS {name}" for name in _TEXTS)
        names = {"texts": ", ".join(_TEXTS), "numbers": ", ".join(_NUMBERS)}
        names["chosen"] = _CHOSEN.format(texts=known, numbers=names["numbers"])
        kinds: DataFrame = own.execute(_KINDS.format(**names), told).df()
        kinds["kind"] = range(len(kinds))
        own.register("kinds", kinds)
        facts: DataFrame = own.execute(_FACTS.format(**names), told).df()
        own.unregister("kinds")
    return _repeated(facts, kinds, _TEXTS)


def _repeated(facts: DataFrame, kinds: DataFrame, names: Sequence[str]) -> DataFrame:
    of_row = facts["kind"].to_numpy()
    columns = {}
    for name in names:
        codes, values = pd.factorize(kinds[name], sort=True)
        columns[name] = pd.Categorical.from_codes(codes[of_row], categories=values)
    return facts[["hour", *_NUMBERS]].assign(**columns)
