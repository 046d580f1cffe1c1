"""Rollups by DuckDB, in this process: memory follows the groups of one part, never its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from analysis.rollups import SCALE, Rollup, columns_of, statement
from analysis.rollups.relation import kind_of
from bot.cost_files.database import MEMORY_LIMIT, PARQUET, heavy
from bot.cost_files.replacing import full_disk
from bot.engines import Part, Read, since
from bot.engines.dialects import translated
from bot.engines.duckdb_columns import MissingColumn, quoted, relation, scan_with_row, wrong_tags
from bot.engines.duckdb_columns import text as literal
from bot.errors import CostbotError

#: Dollars of one line beyond which a sum of ten-billionths would not fit.
MOST_DOLLARS = 2**63 // SCALE - 1

#: Tags that are worth naming.
MOST_TAGS = 8


class DuckDB:
    """The embedded engine.

    Args:
        folder: where it may spill to; it is emptied by whoever made it.
        threads: processors it may use.
    """

    name = "duckdb"

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self.connection = heavy(folder, threads)

    def rollup(self, part: Part, targets: Mapping[Rollup, Path], tag_keys: Sequence[str], settled_until: date) -> Read:
        """Write each rollup's rows to a Parquet file.

        Raises:
            CostbotError: a file is damaged, lacks a column or has a value that cannot be read.
        """
        try:
            lines, rows = relation(self.connection, part.source, part.files)
        except MissingColumn as column:
            raise CostbotError(
                f"{part.name} has no column {column}.", "Export it with all its columns; nothing was stored."
            ) from None
        except duckdb.Error as error:
            raise self._unreadable(part, error) from error
        for kind, target in targets.items():
            text = translated(statement(kind, since(lines, part), tag_keys, settled_until=settled_until), "duckdb")
            try:
                self.connection.execute(f"COPY ({text}) TO {literal(str(target))} ({PARQUET})")
            except duckdb.Error as error:
                raise self._unreadable(part, error) from error
        return Read(rows, sum(file.stat().st_size for file in part.files))

    def tag_names(self, part: Part) -> tuple[str, ...]:
        """At most `MOST_TAGS` keys, as a person gave them: without AWS's prefix, and without AWS's own tags."""
        lines, _ = relation(self.connection, part.source, part.files)
        column = "Tags" if part.source == "focus" else "resource_tags"
        if not lines.has(column):
            return ()
        keys = f"SELECT unnest(map_keys({column})) AS key FROM lines"
        rows = self.connection.execute(
            f"SELECT regexp_replace(key, '^user[:_]', '') AS name FROM ({keys}) "
            f"WHERE NOT regexp_matches(key, '^aws[:_]') GROUP BY name ORDER BY count(*) DESC, name LIMIT {MOST_TAGS}"
        ).fetchall()
        return tuple(str(name) for (name,) in rows)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _unreadable(self, part: Part, error: duckdb.Error) -> CostbotError:
        """The error as a sentence; the file is searched for the value that caused it."""
        if isinstance(error, duckdb.BinderException | duckdb.ParserException | duckdb.CatalogException):
            raise error  # not the file: the statement is wrong
        if full := full_disk(error):
            return CostbotError(
                f"The disk does not take what {part.name} is summed up to: {full}.",
                "Free disk space under the data directory; nothing was stored.",
            )
        if isinstance(error, duckdb.OutOfMemoryException):
            return CostbotError(
                f"{part.name} needs more than {MEMORY_LIMIT} of memory, and the disk refused to help: {_first(error)}.",
                "Free disk space under the data directory; nothing was stored.",
            )
        types = re.search(
            r'In file "([^"]+)" the column "([^"]+)" has type (.+), but we are .* as type (.+)\.', str(error)
        )
        if types:
            return CostbotError(
                f"{Path(types[1]).name}: {types[2]} is {types[3]}, and {types[4]} in files beside it.",
                "Ingest files of one kind together, or export them again; nothing was stored.",
            )
        if isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException | duckdb.OutOfRangeException):
            for file in part.files:
                found = self._first_bad(part.source, file)
                if found:
                    return found
        line = re.search(r"Line: (\d+)", str(error))
        where = f" at line {line[1]}" if line else ""
        for file in part.files:
            if len(part.files) == 1 or file.name in str(error):
                return CostbotError(
                    f"{file.name} is damaged or cut off{where}.",
                    "Copy or export it again; nothing of this run was stored.",
                )
        return CostbotError(
            f"A file of {part.name} is damaged or cut off{where}.",
            "Copy or export it again; nothing of this run was stored.",
        )

    def _first_bad(self, source: str, file: Path) -> CostbotError | None:
        """The first value of a file that is not of its column's kind."""
        scan = scan_with_row([file])
        try:
            described = self.connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
            present = {str(name).lower(): (str(name), str(kind)) for name, kind, *_ in described}
            mandatory, optional = columns_of(source)
            for name in (*(name for names in mandatory for name in names), *optional):
                if name.lower() not in present:
                    continue
                actual, kind = present[name.lower()]
                wrong = _wrong(quoted(actual), kind, name)
                found = self.connection.execute(
                    f"SELECT file_row_number, CAST({quoted(actual)} AS VARCHAR) FROM {scan} "
                    f"WHERE {wrong} ORDER BY 1 LIMIT 1"
                ).fetchone()
                if found:
                    parquet = file.name.endswith(".parquet")
                    at = f"row {int(found[0]) + 1:,}" if parquet else f"line {int(found[0]) + 2:,}"  # after the header
                    return CostbotError(
                        f"{file.name}, {at}: {name} is “{str(found[1])[:40]}”, which is no {_kind(name)}.",
                        "Export it again; nothing was stored.",
                    )
        except duckdb.Error:
            return None
        return None


_KINDS = {"double": "number", "timestamp": "time", "varchar": "text", "map(varchar, varchar)": "list of tags"}
#: Columns that are added up as they are: they may be as large as doubles are.
_QUANTITIES = frozenset({"ConsumedQuantity", "PricingQuantity", "line_item_usage_amount"})


def _kind(name: str) -> str:
    """What a column's values are, in words."""
    kind = _KINDS[kind_of(name)]
    if kind == "number" and name not in _QUANTITIES:
        return f"number between −{MOST_DOLLARS:,} and {MOST_DOLLARS:,}"
    return kind


def _wrong(column: str, actual: str, name: str) -> str:
    """A condition that holds where a value is not of the kind its column needs."""
    wanted = kind_of(name)
    if wanted == "double":
        number = f"TRY_CAST({column} AS DOUBLE)"
        if name in _QUANTITIES:
            return f"{column} IS NOT NULL AND {number} IS NULL"
        return f"{column} IS NOT NULL AND ({number} IS NULL OR NOT abs({number}) <= {MOST_DOLLARS})"
    if wanted.startswith("map") and actual == "VARCHAR":
        return wrong_tags(column)
    return "false"


def _first(error: Exception) -> str:
    return str(error).split("\n")[0][:200]
