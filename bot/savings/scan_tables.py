"""The tables of one scan on disk: one file a table, and beside them the places where each source answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from pandas import DataFrame

from bot.tables import read_tables, write_table

#: (account id, region).
Spot = tuple[str, str]

_PLACES = "places.json"


def place_tables(
    folder: Path, name: str, columns: Mapping[str, str], tables: Iterable[DataFrame], *, need: str = ""
) -> None:
    """Write a table of all its places; what was read in a second round lies beside the first."""
    filled = [table for table in tables if len(table)]
    whole = pd.concat(filled, ignore_index=True) if filled else DataFrame({column: [] for column in columns})
    write_table(folder / f"{name}{f'-{need}' if need else ''}.parquet", whole)


def placed_table(folder: Path, name: str, columns: Mapping[str, str]) -> DataFrame:
    """All rows of a table, of every round."""
    parts = [read_tables(folder, pattern, columns) for pattern in (f"{name}.parquet", f"{name}-*.parquet")]
    return pd.concat(parts, ignore_index=True) if len(parts[1]) else parts[0]


def note_spots(folder: Path, spots: Mapping[str, Iterable[Spot]]) -> None:
    """Keep where each table was read."""
    (folder / _PLACES).write_text(json.dumps({name: sorted(found) for name, found in spots.items()}), "utf-8")


def noted_spots(folder: Path) -> dict[str, frozenset[Spot]]:
    """Where each table was read, as `note_spots` kept it; nothing where it kept nothing."""
    path = folder / _PLACES
    told = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {name: frozenset((account, region) for account, region in found) for name, found in told.items()}
