"""Rows that an engine sends as text, put into a rollup's Parquet file: a page at a time, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType

from pandas import DataFrame

from analysis.rollups import TAG_PREFIX
from bot.cost_files.database import PARQUET, heavy

#: Rows that are held outside DuckDB, which puts what it holds on the disk where memory ends.
ROWS_AT_ONCE = 10_000

_TYPES = {
    "date": "DATE",
    "billing_month": "DATE",
    "hour": "TIMESTAMP",
    "estimated": "BOOLEAN",
    "hours_seen": "SMALLINT",
    "lines": "BIGINT",
    "billed_lines": "BIGINT",
    "effective_lines": "BIGINT",
    "billed_cost": "DOUBLE",
    "effective_cost": "DOUBLE",
    "list_cost": "DOUBLE",
    "contracted_cost": "DOUBLE",
    "quantity": "DOUBLE",
}

Row = Sequence[str | None]


def type_of(column: str) -> str:
    """The DuckDB type of a rollup's column, whichever engine made it."""
    return "VARCHAR" if column.startswith(TAG_PREFIX) else _TYPES.get(column, "VARCHAR")


class ResultFile:
    """A rollup's Parquet file in the making; a context.

    Args:
        target: the file; DuckDB may spill beside it.
        columns: names of the rows' columns, in order.
    """

    def __init__(self, target: Path, columns: Sequence[str]) -> None:
        self._target = target
        self._names = [f"c{number}" for number in range(len(columns))]
        self._connection = heavy(target.parent)
        declared = ", ".join(f"{_quoted(name)} {type_of(name)}" for name in columns)
        self._connection.execute(f"CREATE TABLE rollup ({declared})")
        values = ", ".join(
            f"CAST({short} AS {type_of(name)})" for short, name in zip(self._names, columns, strict=True)
        )
        self._insert = f"INSERT INTO rollup SELECT {values} FROM page"

    def __enter__(self) -> ResultFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        if kind is not None:
            with suppress(OSError):
                self._target.unlink(missing_ok=True)

    def append(self, rows: Iterable[Row]) -> None:
        """Take some rows; each value is text as Java, Python and DuckDB write it alike, None is NULL."""
        left = iter(rows)
        while page := list(islice(left, ROWS_AT_ONCE)):
            self._connection.register("page", DataFrame(page, columns=self._names, dtype=object))
            self._connection.execute(self._insert)
            self._connection.unregister("page")

    def write(self) -> None:
        """Make the file of all rows taken."""
        target = "'" + str(self._target).replace("'", "''") + "'"
        self._connection.execute(f"COPY rollup TO {target} ({PARQUET})")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
