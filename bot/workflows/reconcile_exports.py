"""Stored export months against plain sums over the files they came from.

The files are read here by a way of their own: no rollup, no shared reader, plain floating sums instead of whole
ten-billionths. A mistake of the ingest can so not hide in its own check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from pandas import DataFrame

from bot.athena_sums import sums_of_partition
from bot.context import Context
from bot.cost_files.database import heavy
from bot.errors import CostbotError
from bot.export_sums import stored_sums, sums_of_file
from bot.exports import ExportFile, Place
from bot.exports.glue_table import SCHEME, GlueTable
from bot.exports.local import LocalPlace
from bot.exports.s3 import S3Place
from bot.reconciliation import COLUMNS, VIEWS, compared

SOURCES = ("focus", "cur")
_ELSEWHERE = ("s3://", SCHEME)
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class _Origin:
    """One payer's month: the files it came from."""

    month: str
    payer: str
    uris: tuple[str, ...]


def reconcile_exports(context: Context, progress: Progress = lambda at, share: None) -> tuple[DataFrame, list[str]]:
    """Every stored month of every export against its files, where they are still there and unchanged.

    Returns:
        cells as `bot.reconciliation` has them, and sentences about what could not be compared.
    """
    cells: list[DataFrame] = [DataFrame(columns=list(COLUMNS))]
    problems: list[str] = []
    for source in SOURCES:
        facts = context.costs.months.facts(source)
        origins = list(_origins(facts))
        problems += _without_origin(context, source, origins)
        usable = _Files(context, facts.get("files", {}))
        wanted = sorted({uri for origin in origins for uri in origin.uris})
        gone = {uri: reason for uri in wanted if (reason := usable.problem(uri))}
        problems += gone.values()
        sums = _Sums(context, source, usable, progress)
        sums.read([uri for uri in wanted if uri not in gone])
        for origin in origins:
            if not gone.keys() & set(origin.uris):
                cells.append(_compared(context, source, origin, sums))
    filled = [frame for frame in cells if len(frame)]
    return (pd.concat(filled, ignore_index=True) if filled else cells[0]), problems


def _origins(facts: dict[str, Any]) -> Iterator[_Origin]:
    """By month and payer: a payer's bills of several providers are compared together."""
    for month, fact in sorted(facts.get("months", {}).items()):
        files: dict[str, set[str]] = {}
        for bill in fact["bills"]:
            files.setdefault(bill["payer"], set()).update(bill["files"])
        for payer, uris in sorted(files.items()):
            yield _Origin(month, payer, tuple(sorted(uris)))


def _without_origin(context: Context, source: str, origins: Sequence[_Origin]) -> Iterator[str]:
    known = {origin.month for origin in origins}
    for path in sorted((context.costs.months.folder / source).glob("*.parquet")):
        if path.stem not in known:
            yield (
                f"{path.stem} ({source}) is stored, and which files it came from is not noted: ingest them again with "
                f"`costbot ingest {source} --all PATH`."
            )


def _short(uri: str) -> str:
    """A file's name with its folder: partitions call all their files the same."""
    return "/".join(uri.split("/")[-2:])


class _Files:
    """The files that were read, as they are now."""

    def __init__(self, context: Context, noted: dict[str, Any]) -> None:
        self._context, self._noted = context, noted
        self._places: dict[str, Place] = {}
        self._here: dict[str, dict[str, ExportFile]] = {}

    def problem(self, uri: str) -> str | None:
        """Why a file cannot be compared with; None when it can."""
        name = _short(uri)
        try:
            now = self.file(uri)
        except CostbotError as error:
            return f"{name} cannot be read again: {error}"
        if now is None:
            return f"{name} is no longer where it was ingested from, so it cannot be compared."
        if now.identity != self._noted.get(uri, {}).get("identity"):
            return f"{name} was changed since it was ingested; ingest it again."
        return None

    def file(self, uri: str) -> ExportFile | None:
        """A file; None when it is gone.

        Raises:
            CostbotError: its place cannot be listed.
        """
        if not uri.startswith(_ELSEWHERE):
            return next(iter(LocalPlace([Path(uri)]).files()), None) if Path(uri).exists() else None
        root = self._root(uri)
        if root not in self._here:
            self._here[root] = {file.uri: file for file in self.place(uri).files()}
        return self._here[root].get(uri)

    def place(self, uri: str) -> Place:
        """Where a file lies; one object for all files of a place."""
        if not uri.startswith(_ELSEWHERE):
            return LocalPlace([Path(uri)])
        root = self._root(uri)
        if root not in self._places:
            folder = self._context.costs.months.folder.parent / "tmp"
            is_table = uri.startswith(SCHEME)
            self._places[root] = (
                GlueTable(self._context.aws, root) if is_table else S3Place(self._context.aws, root, folder)
            )
        return self._places[root]

    def _root(self, uri: str) -> str:
        return str(self._noted[uri]["root"])


class _Sums:
    """What the files say: each is read once, whatever number of months and payers it holds."""

    def __init__(self, context: Context, source: str, files: _Files, progress: Progress) -> None:
        self._context, self._source, self._files, self._progress = context, source, files, progress
        self._found: dict[str, DataFrame] = {}

    def read(self, uris: Sequence[str]) -> None:
        """Sum up files.

        Raises:
            CostbotError: a file cannot be brought or read.
        """
        if not uris:
            return
        folder = self._context.costs.months.folder.parent / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        database = heavy(folder)
        try:
            for number, uri in enumerate(uris):
                self._progress(f"reading {_short(uri)}", number / len(uris))
                file = self._files.file(uri)
                if file is None:
                    raise CostbotError(f"{uri} went away while it was compared.", "Run `costbot reconcile` again.")
                place = self._files.place(uri)
                if isinstance(place, GlueTable):
                    self._found[uri] = sums_of_partition(self._context, place, self._source, uri)
                    continue
                with place.brought([file]) as (path,):
                    self._found[uri] = _read(database, self._source, path)
        finally:
            database.close()

    def of(self, origin: _Origin) -> DataFrame:
        """What the files of a bill say of it: columns service_name, account, charge, billed_cost, effective_cost."""
        parts = [
            frame[(frame["payer"] == origin.payer) & (frame["month"] == origin.month)]
            for frame in (self._found[uri] for uri in origin.uris)
        ]
        return pd.concat(parts, ignore_index=True)


def _read(database: duckdb.DuckDBPyConnection, source: str, path: Path) -> DataFrame:
    try:
        return sums_of_file(database, source, path)
    except duckdb.Error as error:
        first = str(error).splitlines()[0][:200]
        raise CostbotError(
            f"{path.name} cannot be summed up: {first}.", "If it was ingested before, copy or export it again."
        ) from error


def _compared(context: Context, source: str, origin: _Origin, sums: _Sums) -> DataFrame:
    path = context.costs.months.path(source, date.fromisoformat(f"{origin.month}-01"))
    stored = stored_sums(path, origin.payer)
    # A bill whose effective cost cannot be trusted is stored without it.
    has_effective = bool(stored["has_effective"].any())
    views = tuple(VIEWS) if has_effective else ("billed",)
    return compared(source, origin.month, stored, sums.of(origin), is_open=False, views=views)
