"""Tables handed to the worker process as Parquet files: written and read by DuckDB, typed as declared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
from pandas import DataFrame

from bot.cost_files.database import cursor


def typed(rows: list[dict[str, object]], columns: Mapping[str, str]) -> DataFrame:
    """Rows as a table of exactly these columns and pandas types; a value that is not there is missing."""
    table = DataFrame.from_records(rows, columns=list(columns))
    return table.astype(dict(columns))


def write_table(path: Path, table: DataFrame) -> None:
    """Write a table whose columns are texts, numbers, flags and naive UTC times; one without rows is an empty file."""
    if table.empty:
        # Most tables of most places are: eighty checks over an organisation would write thousands of headers.
        path.touch()
        return
    with cursor() as connection:
        connection.from_df(table).write_parquet(str(path))


def read_tables(folder: Path, pattern: str, columns: Mapping[str, str]) -> DataFrame:
    """All rows of the files that match, typed as declared; no file is no rows."""
    files = sorted(str(path) for path in folder.glob(pattern) if path.stat().st_size)
    if not files:
        return typed([], columns)
    with cursor() as connection:
        rows = connection.read_parquet(files).select(*map(duckdb.ColumnExpression, columns))
        table: DataFrame = rows.df()
    return table.astype(dict(columns))
