"""Costs by resource and by hour: kept beside the newest months of an export, `<source>/<rollup>/<YYYY-MM>.parquet`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from analysis.rollups import Rollup
from bot.cost_files.database import PARQUET
from bot.cost_files.replacing import swap
from bot.cost_files.rollup_months import Bill, of_bills, scan, sql_text

DETAILS = (Rollup.RESOURCES, Rollup.HOURLY)


def detail_path(month: Path, kind: Rollup) -> Path:
    """Where the detail of a stored month lies."""
    return month.parent / kind.value / month.name


def place_detail(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    kind: Rollup,
    parts: Sequence[Path],
    bills: Sequence[Bill],
    month: date,
) -> None:
    """Put a month's detail in place of what is stored of these bills; that of others stays.

    Args:
        path: the stored month it belongs to.
        parts: the rollups; rows of other months in them are left out.
    """
    target = detail_path(path, kind)
    target.parent.mkdir(parents=True, exist_ok=True)
    query = f"SELECT * FROM {scan(parts)} WHERE billing_month = DATE '{month}'"
    if target.exists():
        query += f" UNION ALL BY NAME SELECT * FROM {scan([target])} WHERE NOT ({of_bills([b.key for b in bills])})"
    order = "resource_id, date" if kind is Rollup.RESOURCES else "hour, usage_type"
    swap(
        target,
        lambda fresh: connection.execute(f"COPY ({query} ORDER BY {order}) TO {sql_text(str(fresh))} ({PARQUET})"),
    )


def drop_old(folder: Path, keep_from: date) -> None:
    """Delete the detail of months before `keep_from`."""
    for kind in DETAILS:
        for file in (folder / kind.value).glob("*.parquet"):
            if date.fromisoformat(f"{file.stem}-01") < keep_from:
                file.unlink(missing_ok=True)
