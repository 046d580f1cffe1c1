"""Which days of usage a stored month has, and what its source says of how complete they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression

from analysis.costs import ChargeCategory


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A day with usage; `hours_seen` are the hours of it that have charges, 24 for daily data, None where unknown."""

    day: date
    estimated: bool
    hours_seen: int | None


def stored_days(own: duckdb.DuckDBPyConnection, path: Path) -> dict[str, tuple[StoredDay, ...]]:
    """The days of each provider in a month's file, in order. A day without a row is not there, which is not zero."""
    rows = own.read_parquet([str(path)])
    hours = "max(hours_seen)" if "hours_seen" in rows.columns else "CAST(NULL AS SMALLINT)"
    usage = rows.filter(ColumnExpression("charge_category") == ConstantExpression(ChargeCategory.USAGE.value))
    provider = CoalesceOperator(ColumnExpression("provider"), ConstantExpression("unknown")).alias("provider")
    named = usage.select(provider, "date", "estimated", *(["hours_seen"] if "hours_seen" in rows.columns else []))
    found = named.aggregate(f"provider, date, bool_or(estimated) AS estimated, {hours} AS hours", "provider, date")
    result: dict[str, list[StoredDay]] = {}
    for name, day, estimated, seen in found.order("provider, date").fetchall():
        result.setdefault(name, []).append(StoredDay(day, bool(estimated), seen))
    return {name: tuple(days) for name, days in result.items()}
