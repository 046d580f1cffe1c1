"""Keep what the last scan learnt of commitments, for `/cost commitments`: a few small files, each replaced whole."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pandas import DataFrame

from bot.savings.table_sources import table_sources
from bot.tables import read_tables

FOLDER = "commitments"
TABLES = ("savings_plans", "reservations", "savings_plans_use", "reservations_use")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the last scan knew, by table; `at` is when the oldest of them was written.

    `tables` lacks those that no scan has read.
    """

    tables: dict[str, DataFrame]
    at: datetime | None


def keep_commitments(folder: Path, data_dir: Path) -> None:
    """Put the tables of a scan in place of those of the one before; a table that the scan did not read stays.

    Args:
        folder: where the scan's tables lie.
    """
    target = data_dir / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        found = folder / f"{name}.parquet"
        if found.exists():
            fresh = target / f"{name}.{os.getpid()}.tmp"
            shutil.copyfile(found, fresh)
            fresh.replace(target / found.name)


def kept_commitments(data_dir: Path) -> Kept:
    """What the last scans knew."""
    paths = {name: data_dir / FOLDER / f"{name}.parquet" for name in TABLES}
    there = {name: path for name, path in paths.items() if path.exists()}
    tables = {name: read_tables(path.parent, path.name, table_sources()[name].columns) for name, path in there.items()}
    times = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in there.values()]
    return Kept(tables, min(times, default=None))
