"""Keep what the last scan learnt of commitments, for `/cost commitments`: a few small files, each replaced whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
from pandas import DataFrame

from bot.collectors import reservations, savings_plans
from bot.savings.table_sources import table_sources
from bot.tables import read_tables, typed

FOLDER = "commitments"
TABLES = ("savings_plans", "reservations", "savings_plans_use", "reservations_use")


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


def kept_commitments(data_dir: Path) -> dict[str, DataFrame]:
    """What the last scans knew, by table; without those that no scan has read."""
    paths = {name: data_dir / FOLDER / f"{name}.parquet" for name in TABLES}
    return {
        name: read_tables(path.parent, path.name, table_sources()[name].columns)
        for name, path in paths.items()
        if path.exists()
    }


def kept_at(data_dir: Path) -> str:
    """Another text whenever the kept tables are others; empty before the first scan."""
    paths = [data_dir / FOLDER / f"{name}.parquet" for name in TABLES]
    return " ".join(str(path.stat().st_mtime_ns) for path in paths if path.exists())


def owned_of(kept: dict[str, DataFrame]) -> DataFrame:
    """What is owned, of plans and reservations together: columns of `bot.inventory.HEAD` and `TERMS`."""
    found = [kept[name] for name in ("savings_plans", "reservations") if name in kept and len(kept[name])]
    return pd.concat(found, ignore_index=True) if found else typed([], savings_plans.COLUMNS | reservations.COLUMNS)
