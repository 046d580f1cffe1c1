"""Tables handed to the worker process as Parquet files: written and read by DuckDB, typed as declared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
from pandas import DataFrame


def typed(rows: list[dict[str, object]], columns: Mapping[str, str]) -> DataFrame:
    """Rows as a table of exactly these columns and pandas types; a value that is not there is missing."""
    table = DataFrame.from_records(rows, columns=list(columns))
    return table.astype(dict(columns))


def write_table(path: Path, table: DataFrame) -> None:
    """Write a table whose columns are texts, numbers, flags and naive UTC times."""
    with duckdb.connect() as connection:
        connection.from_df(table).write_parquet(str(path))


def read_tables(folder: Path, pattern: str, columns: Mapping[str, str]) -> DataFrame:
    """All rows of the files that match, typed as declared; no file is no rows."""
    if not any(folder.glob(pattern)):
        return typed([], columns)
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = connection.read_parquet(str(folder / pattern)).select(*map(duckdb.ColumnExpression, columns))
        table: DataFrame = rows.df()
    return table.astype(dict(columns))
