"""Cost months on disk: `<data_dir>/costs/<source>/<YYYY-MM>.parquet`, each replaced whole by rename.

DuckDB writes and reads them on one thread, so that the same rows always become the same bytes. Beside the months of a
source lies `months.json`: when each was asked for and what is still open; it is written after the month itself, so a
crash between the two only means that a month is asked for again.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from pandas import DataFrame

from analysis.costs import DAILY_COSTS
from bot.errors import CostbotError

_writing = threading.RLock()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """The process's one in-memory DuckDB; it never loads anything from the network."""
    return duckdb.connect(
        config={
            "threads": 1,
            "autoinstall_known_extensions": "false",
            "enable_external_file_cache": "false",  # months are replaced under the same name
            "temp_directory": str(Path(tempfile.gettempdir()) / f"costbot-{os.getpid()}"),
        }
    )


@contextlib.contextmanager
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of one's own on the shared database: safe beside other threads."""
    with contextlib.closing(_database().cursor()) as own:
        yield own


class CostMonths:
    """The months of all sources under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, source: str, month: date) -> Path:
        return self.folder / source / f"{month:%Y-%m}.parquet"

    def files(self) -> list[Path]:
        """Every month of every source, in a fixed order."""
        return sorted(self.folder.glob("*/*.parquet"))

    def read(self, source: str, month: date) -> DataFrame:
        """A month's rows as they are stored, tags as JSON text; empty when it is not stored."""
        path = self.path(source, month)
        if not path.exists():
            return DataFrame({name: pd.Series(dtype=object) for name in DAILY_COSTS})
        with cursor() as own:
            rows = own.read_parquet([str(path)], union_by_name=True)
            columns = [_read_column(name, rows.columns) for name in DAILY_COSTS]
            frame: DataFrame = rows.project(", ".join(columns)).df()
            return frame

    def replace(self, source: str, month: date, frame: DataFrame) -> bool:
        """Write a month; the file changes only when its rows do.

        Args:
            frame: columns of `DAILY_COSTS`; a missing one is NULL, `source` is set here, `tags` are dicts or JSON text.
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
                    return _swap(path, lambda target: _write(own, frame.assign(source=source), target))
            except OSError as error:
                raise CostbotError(
                    f"Costs cannot be written to {path.parent}: {error.strerror}.", "Free space or fix its permissions."
                ) from error

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
            _swap(path, lambda target: target.write_text(text, encoding="utf-8"))


def _swap(path: Path, write: Any) -> bool:
    """Write beside `path`, make it last, and rename it into place; unchanged bytes leave the file alone."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        write(fresh)
        if path.exists() and path.read_bytes() == fresh.read_bytes():
            return False
        _sync(fresh)
        fresh.chmod(0o644)
        fresh.replace(path)
        _sync(path.parent)
        return True
    finally:
        fresh.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(own: duckdb.DuckDBPyConnection, frame: DataFrame, target: Path) -> None:
    table = frame.reset_index(drop=True).copy()  # DuckDB cannot read a reversed view
    if "tags" in table.columns:
        table["tags"] = pd.Series([_tags_text(value) for value in table["tags"]], dtype=object, index=table.index)
    columns = [_write_column(name, table) for name in DAILY_COSTS]
    rows = own.from_df(table).project(", ".join(columns))
    rows.order(", ".join(DAILY_COSTS)).write_parquet(str(target), compression="zstd")


def _write_column(name: str, table: DataFrame) -> str:
    kind = DAILY_COSTS[name]
    if name not in table.columns or table[name].isna().all():
        return f"CAST(NULL AS {kind}) AS {name}"
    if name == "tags":
        return f"CAST(CAST({name} AS JSON) AS {kind}) AS {name}"
    return f"CAST({name} AS {kind}) AS {name}"


def _read_column(name: str, stored: list[str]) -> str:
    if name not in stored:
        return f"CAST(NULL AS {DAILY_COSTS[name]}) AS {name}"
    return f"CAST(to_json({name}) AS VARCHAR) AS {name}" if name == "tags" else name


def _tags_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return json.dumps(dict(sorted(value.items())), ensure_ascii=False)
    return None
