"""Which days of usage a stored month has, and what its source says of how complete they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from analysis.costs import ChargeCategory

_DAYS = """
    SELECT coalesce(provider, 'unknown') AS named, date, bool_or(estimated), {hours}
    FROM read_parquet(?) WHERE charge_category = ? GROUP BY named, date ORDER BY named, date
"""


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A day with usage; `hours_seen` are the hours of it that have charges, 24 for daily data, None where unknown."""

    day: date
    estimated: bool
    hours_seen: int | None


def stored_days(own: duckdb.DuckDBPyConnection, path: Path) -> dict[str, tuple[StoredDay, ...]]:
    """The days of each provider in a month's file, in order. A day without a row is not there, which is not zero."""
    has_hours = "hours_seen" in own.read_parquet([str(path)]).columns
    hours = "max(hours_seen)" if has_hours else "CAST(NULL AS SMALLINT)"
    found = own.execute(_DAYS.format(hours=hours), [str(path), ChargeCategory.USAGE.value])
    result: dict[str, list[StoredDay]] = {}
    for name, day, estimated, seen in found.fetchall():
        result.setdefault(name, []).append(StoredDay(day, bool(estimated), seen))
    return {name: tuple(days) for name, days in result.items()}
