"""AWS Data Exports of the organisation's bill: the ledger as FOCUS 1.2, FOCUS 1.0 and CUR 2.0 in Parquet.

Layout and names are AWS's: `<prefix>/<export>/data/BILLING_PERIOD=YYYY-MM/<export>-00001.snappy.parquet` and
`<prefix>/<export>/metadata/BILLING_PERIOD=YYYY-MM/<export>-Manifest.json`. Charges that the ledger knows by the hour
are hourly rows, all others stand for a day. Source: AWS, "Understanding export delivery".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from pandas import DataFrame

from bot.demo.aws import export_cur, export_focus
from bot.demo.aws.export_charges import DAY_SLOTS, Charges
from bot.demo.aws.export_parts import as_enums, parts
from bot.demo.aws.ledger import Statement
from bot.demo.aws.resources_times import digest

#: Days after the end of a month until it is invoiced.
INVOICED_AFTER_DAYS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One table of AWS Data Exports.

    Attributes:
        table: AWS's name of it.
        columns: name → DuckDB type, in AWS's order.
        expressions: column → SQL over a month's rows, the parts and the slots.
        part_columns: what of that is nested and made once per part.
        describe: the parts with what the table says of them.
        select: the rows of a month that the table has.
    """

    table: str
    columns: Mapping[str, str]
    expressions: Mapping[str, str]
    part_columns: Mapping[str, str]
    describe: Callable[[DataFrame], DataFrame]
    select: Callable[[DataFrame, DataFrame], DataFrame]


def _focus(table: str, columns: Mapping[str, str]) -> Kind:
    return Kind(
        table,
        columns,
        export_focus.EXPRESSIONS,
        export_focus.PART_COLUMNS,
        export_focus.focus_parts,
        export_focus.focus_rows,
    )


#: By the name of the export.
KINDS: dict[str, Kind] = {
    "focus": _focus("FOCUS_1_2_AWS", export_focus.FOCUS_1_2),
    "focus-1-0": _focus("FOCUS_1_0_AWS", export_focus.FOCUS_1_0),
    "cur": Kind(
        "COST_AND_USAGE_REPORT",
        export_cur.CUR_2_0,
        export_cur.EXPRESSIONS,
        export_cur.PART_COLUMNS,
        export_cur.cur_parts,
        export_cur.cur_rows,
    ),
}


class Writer:
    """Writes the months of one statement as one table.

    Args:
        charges: may be shared by the writers of several tables.
    """

    def __init__(self, charges: Charges, kind: Kind) -> None:
        self._charges = charges
        self._kind = kind
        self._parts = parts(charges)
        self._described = as_enums(kind.describe(self._parts))

    def write(self, month: date, files: list[Path]) -> None:
        """Writes a month's rows, in equal shares, to `files`."""
        rows = self._kind.select(self._charges.month(month), self._parts)
        edges = np.linspace(0, len(rows), len(files) + 1).astype(int)
        with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
            connection.register("described", self._described)
            nested = "".join(f", {sql} AS {name}" for name, sql in self._kind.part_columns.items())
            connection.execute(f"CREATE TEMP TABLE parts AS SELECT *{nested} FROM described")  # noqa: S608
            connection.register("slots", _slots(month))
            for file, since, until in zip(files, edges[:-1], edges[1:], strict=True):
                connection.register("rows", rows.iloc[since:until])
                connection.execute(self._copy(file), self._moments(month))

    def _copy(self, file: Path) -> str:
        columns = ", ".join(
            f"{_typed(self._kind.expressions.get(name, 'NULL'), type_)} AS {name}"
            for name, type_ in self._kind.columns.items()
        )
        query = f"SELECT {columns} FROM rows JOIN parts USING (part) JOIN slots USING (slot)"  # noqa: S608
        return f"COPY ({query}) TO '{file}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 49152)"

    def _moments(self, month: date) -> dict[str, object]:
        end = (month + timedelta(days=31)).replace(day=1)
        invoiced = self._charges.statement.now.date() >= end + timedelta(days=INVOICED_AFTER_DAYS)
        number = str(int(digest(f"invoice {month}", 12), 16) % 10**10)
        values = {
            "period_start": _midnight(month),
            "period_end": _midnight(end),
            "invoice": number if invoiced else None,
        }
        return {name: value for name, value in values.items() if f"${name}" in " ".join(self._used())}

    def _used(self) -> list[str]:
        return [self._kind.expressions.get(name, "NULL") for name in self._kind.columns]


def export_files(statement: Statement, folder: Path, kind: str) -> list[Path]:
    """Writes all months of one export below `folder`, in AWS's layout.

    Args:
        kind: a name of `KINDS`.
    Returns:
        the files; the newest month has two, the others one.
    """
    charges = Charges(statement)
    writer = Writer(charges, KINDS[kind])
    written: list[Path] = []
    months = charges.months()
    for month in months:
        partition = folder / kind / "data" / f"BILLING_PERIOD={month:%Y-%m}"
        partition.mkdir(parents=True, exist_ok=True)
        files = [partition / f"{kind}-{n:05}.snappy.parquet" for n in range(1, 3 if month == months[-1] else 2)]
        writer.write(month, files)
        written += files
    return written


def _typed(expression: str, type_: str) -> str:
    """Enums stay enums: DuckDB writes them as text."""
    return (
        expression
        if type_ == "VARCHAR" and expression.isidentifier() and expression != "NULL"
        else f"CAST({expression} AS {type_})"
    )


def _slots(month: date) -> DataFrame:
    hours = np.arange(DAY_SLOTS)
    days = np.arange(31)
    start = pd.Timestamp(month)
    started = np.append(start + pd.to_timedelta(hours, "h"), start + pd.to_timedelta(days, "D"))
    length = np.append(np.full(hours.size, 1), np.full(days.size, 24))
    frame = DataFrame({"slot": np.arange(started.size, dtype=np.int32), "started": pd.DatetimeIndex(started)})
    frame["ended"] = frame["started"] + pd.to_timedelta(length, "h")
    form = "%Y-%m-%dT%H:%M:%SZ"
    frame["interval"] = (frame["started"].dt.strftime(form) + "/" + frame["ended"].dt.strftime(form)).astype("category")
    return frame


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())
