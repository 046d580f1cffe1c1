"""Runs a query of Athena on DuckDB: plans it without data, then reads the partitions that are left and nothing else.

The plan is made over empty tables, one per partition, so DuckDB's own optimizer says which partitions and columns the
WHERE leaves; only those are written (if they were not yet), read, and counted as scanned.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb

from bot.demo.aws.athena_errors import EXHAUSTED, TIMED_OUT, worded
from bot.demo.aws.athena_sql import Failed, Query
from bot.demo.aws.athena_values import shown
from bot.demo.aws.export_catalogue import DATABASE, PARTITION_KEY, Table
from bot.demo.aws.export_store import ExportStore

TIMEOUT_SECONDS = 120.0
MAX_ROWS = 1_000_000
_ROWS_AT_ONCE = 10_000
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "1GB",
    "temp_directory": "",
    "python_enable_replacements": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
}

_ZONED = "TIMESTAMP WITH TIME ZONE"

Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """Which columns of which partitions a query needs: (table, month) → columns."""

    columns: Mapping[tuple[str, date], frozenset[str]]

    def months(self, table: Table) -> list[date]:
        """Of one table, in order."""
        return sorted(month for name, month in self.columns if name == table.name)


@dataclass(frozen=True, slots=True)
class Result:
    """What a query found.

    Attributes:
        columns: name and DuckDB type of each.
        rows: as Athena shows them.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    scanned_bytes: int


class Running:
    """One query on its way; another thread may cancel it."""

    def __init__(self, query: Query, store: ExportStore) -> None:
        self._query = query
        self._store = store
        self._connection = duckdb.connect(config=_CONFIG)
        self._cancelled, self._ended = Event(), Event()
        self._timed_out = False

    def cancel(self) -> None:
        """Stops it where it is."""
        self._cancelled.set()

    def result(self) -> Result:
        """Runs the query.

        Raises:
            Failed: with Athena's reason.
        """
        Thread(target=self._watch, daemon=True).start()
        try:
            with self._connection as connection:
                scan = planned(self._query, self._store.months())
                files = self._views(connection, scan)
                return self._fetched(connection, scanned_bytes(scan, files))
        except duckdb.Error as error:
            raise Failed(TIMED_OUT if self._timed_out else worded(error, self._query.tokens)) from None
        finally:
            self._ended.set()
            self._cancelled.set()

    def _watch(self) -> None:
        """Interrupts what is cancelled or takes too long until it has ended: between two statements nobody hears."""
        self._timed_out = not self._cancelled.wait(TIMEOUT_SECONDS)
        while not self._ended.wait(0.02):
            with suppress(duckdb.Error):  # Closed a moment ago.
                self._connection.interrupt()

    def _views(self, connection: duckdb.DuckDBPyConnection, scan: Scan) -> dict[tuple[str, date], tuple[Path, ...]]:
        """A view per table over the partitions the query needs; afterwards the connection can read nothing else."""
        files = {
            (table.name, month): self._store.delivery(table.kind.name, month).files
            for table in self._query.tables
            for month in scan.months(table)
        }
        connection.execute(f"CREATE SCHEMA {DATABASE}")
        connection.execute("SET integer_division = true")
        connection.execute("SET TimeZone = 'UTC'")
        paths = ", ".join(f"'{file}'" for found in files.values() for file in found)
        connection.execute(f"SET allowed_paths = [{paths}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        for table in self._query.tables:
            sources = {month: _parquet(files[table.name, month]) for month in scan.months(table)}
            connection.execute(_view(table, sources))
        return files

    def _fetched(self, connection: duckdb.DuckDBPyConnection, scanned: int) -> Result:
        cursor = connection.execute(self._query.sql)
        columns = tuple((str(name), str(type_)) for name, type_, *_ in cursor.description or ())
        if any(type_ == _ZONED for _, type_ in columns):
            cursor = connection.execute(_without_zones(self._query.sql, [type_ for _, type_ in columns]))
        rows: list[Row] = []
        while batch := cursor.fetchmany(_ROWS_AT_ONCE):
            rows += [
                tuple(shown(value, type_) for value, (_, type_) in zip(row, columns, strict=True)) for row in batch
            ]
            if len(rows) > MAX_ROWS:
                raise Failed(EXHAUSTED)
        return Result(columns, tuple(rows), scanned)


def planned(query: Query, months: Sequence[date]) -> Scan:
    """What the query needs of which partitions; no file is touched.

    Raises:
        duckdb.Error: the query does not fit the tables.
    """
    with duckdb.connect(config=_CONFIG) as connection:
        connection.execute("SET enable_external_access = false")
        connection.execute(f"CREATE SCHEMA {DATABASE}")
        connection.execute("SET integer_division = true")
        # Empty tables have statistics, too, and they would prune every filter.
        connection.execute("SET disabled_optimizers = 'statistics_propagation'")
        for table in query.tables:
            for month in months:
                columns = ", ".join(f'"{name}" {_planned_type(type_)}' for name, type_ in table.columns.items())
                connection.execute(f'CREATE TABLE "{_source(table, month)}" ({columns})')
            connection.execute(_view(table, {month: f'"{_source(table, month)}"' for month in months}))
        plan = connection.execute(f"EXPLAIN (FORMAT json) {query.sql}").fetchall()[0][1]
    needed: dict[tuple[str, date], set[str]] = defaultdict(set)
    by_source = {_source(table, month): (table, month) for table in query.tables for month in months}
    for node in _nodes(json.loads(plan)):
        info = node.get("extra_info", {})
        source = by_source.get(str(info.get("Table", "")).rpartition(".")[2].strip('"'))
        if source is not None:
            table, month = source
            words = set(re.findall(r"\w+", f"{info.get('Projections', '')} {info.get('Filters', '')}"))
            needed[table.name, month] |= words & set(table.columns)
    return Scan({key: frozenset(columns) for key, columns in needed.items()})


def scanned_bytes(scan: Scan, files: Mapping[tuple[str, date], Sequence[Path]]) -> int:
    """Compressed bytes of the needed columns in the needed partitions; Athena reads no others from Parquet."""
    return sum(
        size
        for key, columns in scan.columns.items()
        for file in files[key]
        for name, size in _column_bytes(file)
        if name in columns
    )


@lru_cache(maxsize=256)
def _column_bytes(file: Path) -> tuple[tuple[str, int], ...]:
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT lower(split_part(path_in_schema, ',', 1)), CAST(sum(total_compressed_size) AS BIGINT) "
            "FROM parquet_metadata($file) GROUP BY 1",
            {"file": str(file)},
        )
        return tuple((str(name), int(size)) for name, size in found.fetchall())


def _without_zones(sql: str, types: Sequence[str]) -> str:
    """The query with zoned times as times in UTC: DuckDB gives those to Python without further packages."""
    names = [f"c{number}" for number in range(len(types))]
    columns = (
        f"CAST({name} AS TIMESTAMP)" if type_ == _ZONED else name for name, type_ in zip(names, types, strict=True)
    )
    return f"SELECT {', '.join(columns)} FROM ({sql}) AS q({', '.join(names)})"  # noqa: S608


def _nodes(plan: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in plan:
        yield node
        yield from _nodes(node.get("children", []))


def _source(table: Table, month: date) -> str:
    return f"{table.name} {month:%Y-%m}"


def _planned_type(type_: str) -> str:
    # Parquet has no type for milliseconds: DuckDB reads them as microseconds.
    return "TIMESTAMP" if type_ == "TIMESTAMP_MS" else type_


def _parquet(files: Sequence[Path]) -> str:
    names = ", ".join(f"'{file}'" for file in files)
    return f"read_parquet([{names}], hive_partitioning = false)"


def _view(table: Table, sources: Mapping[date, str]) -> str:
    """The partitions as one table, with the key that Glue takes from the folder's name."""
    # Without the alias the column would have the name, in capitals, that the file gives it.
    columns = ", ".join(f'"{name}" AS "{name}"' for name in table.columns)
    parts = [
        f"SELECT {columns}, '{month:%Y-%m}' AS {PARTITION_KEY} FROM {source}"  # noqa: S608
        for month, source in sources.items()
    ]
    if not parts:
        nothing = ", ".join(
            f'CAST(NULL AS {_planned_type(type_)}) AS "{name}"' for name, type_ in table.columns.items()
        )
        parts = [f"SELECT {nothing}, '' AS {PARTITION_KEY} WHERE false"]
    return f"CREATE VIEW {DATABASE}.{table.name} AS {' UNION ALL '.join(parts)}"
