"""Cost months on disk: `<data_dir>/costs/<source>/<YYYY-MM>.parquet`, each replaced whole by rename.

DuckDB writes and reads them on one thread, so that the same rows always become the same bytes. Beside the months of a
source lies `months.json`: when each was asked for and what is still open; it is written after the month itself, so a
crash between the two only means that a month is asked for again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from pandas import DataFrame

from analysis.costs import DAILY_COSTS
from analysis.rollups import tag_column, tag_of
from bot.cost_files.database import cursor
from bot.cost_files.replacing import swap
from bot.errors import CostbotError

_writing = threading.RLock()


class CostMonths:
    """The months of all sources under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, source: str, month: date) -> Path:
        return self.folder / source / f"{month:%Y-%m}.parquet"

    def files(self) -> list[Path]:
        """Every month of every source, in a fixed order."""
        return sorted(self.folder.glob("*/*.parquet"))

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one that changes months and facts, among threads and processes; waits for its turn."""
        with _writing:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                handle = (self.folder / ".lock").open("a")
            except OSError as error:
                raise self._refused(self.folder, error) from error
            with handle:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield

    def read(self, source: str, month: date) -> DataFrame:
        """A month's rows as they are stored, with a column for each kept tag; empty when it is not stored."""
        path = self.path(source, month)
        if not path.exists():
            return DataFrame({name: pd.Series(dtype=object) for name in DAILY_COSTS})
        with cursor() as own:
            rows = own.read_parquet([str(path)], union_by_name=True)
            columns = [_read_column(name, rows.columns) for name in DAILY_COSTS]
            columns += [_quoted(name) for name in rows.columns if tag_of(name) is not None]
            frame: DataFrame = rows.project(", ".join(columns)).df()
            return frame

    def replace(self, source: str, month: date, frame: DataFrame) -> bool:
        """Write a month; the file changes only when its rows do.

        Args:
            frame: columns of `DAILY_COSTS`, a missing one is NULL; `source` is set here. Tags are columns of their own
                or, as `tags`, a dict in each row.
        Returns:
            whether anything changed.
        Raises:
            CostbotError: the disk refuses.
        """
        path = self.path(source, month)
        with _writing:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with cursor() as own:
                    return swap(path, lambda target: _write(own, frame.assign(source=source), target))
            except OSError as error:
                raise self._refused(path.parent, error) from error

    def facts(self, source: str) -> dict[str, Any]:
        """What was noted beside the months of a source; empty when nothing was."""
        path = self.folder / source / "months.json"
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def note_facts(self, source: str, facts: Mapping[str, Any]) -> None:
        """Keep facts beside the months of a source, in place of the earlier ones."""
        path = self.folder / source / "months.json"
        text = json.dumps(facts, indent=1, sort_keys=True) + "\n"
        with _writing:
            path.parent.mkdir(parents=True, exist_ok=True)
            swap(path, lambda target: target.write_text(text, encoding="utf-8"))

    @staticmethod
    def _refused(folder: Path, error: OSError) -> CostbotError:
        return CostbotError(
            f"Costs cannot be written to {folder}: {error.strerror}.", "Free space or fix its permissions."
        )


def _write(own: duckdb.DuckDBPyConnection, frame: DataFrame, target: Path) -> None:
    table = _with_tag_columns(frame.reset_index(drop=True)).copy()  # DuckDB cannot read a reversed view
    columns = [_write_column(name, table) for name in DAILY_COSTS]
    tags = sorted(name for name in table.columns if tag_of(str(name)) is not None)
    columns += [f"CAST({_quoted(name)} AS VARCHAR) AS {_quoted(name)}" for name in tags]
    order = ", ".join((*DAILY_COSTS, *map(_quoted, tags)))
    own.register("month", table)
    rows = f"SELECT {', '.join(columns)} FROM month ORDER BY {order}"
    own.execute(f"COPY ({rows}) TO $target (FORMAT parquet, COMPRESSION zstd)", {"target": str(target)})
    own.unregister("month")


def _with_tag_columns(frame: DataFrame) -> DataFrame:
    """The frame with a column for each tag."""
    if "tags" not in frame.columns:
        return frame
    tags = [value if isinstance(value, Mapping) else {} for value in frame["tags"]]
    keys = sorted({key for row in tags for key in row})
    columns = {tag_column(key): pd.Series([row.get(key) for row in tags], dtype=object) for key in keys}
    return frame.drop(columns="tags").assign(**columns)


def _write_column(name: str, table: DataFrame) -> str:
    kind = DAILY_COSTS[name]
    if name not in table.columns or table[name].isna().all():
        return f"CAST(NULL AS {kind}) AS {name}"
    return f"CAST({name} AS {kind}) AS {name}"


def _read_column(name: str, stored: list[str]) -> str:
    return name if name in stored else f"CAST(NULL AS {DAILY_COSTS[name]}) AS {name}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
