"""Writes a month of one export as Parquet, by DuckDB: the rows joined to what their parts have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from pandas import DataFrame

from bot.demo.aws.export_charges import DAY_SLOTS, Charges
from bot.demo.aws.export_kinds import Kind
from bot.demo.aws.export_parts import as_enums, parts
from bot.demo.aws.resources_times import digest

#: Days after the end of a month until it is invoiced.
INVOICED_AFTER_DAYS = 5
# Three groups a file keep two processors busy.
_ROW_GROUP = 49_152


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

    def write(self, month: date, files: Sequence[Path]) -> None:
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
                connection.execute(self._copy(file), self._parameters(month))

    def _copy(self, file: Path) -> str:
        columns = ", ".join(
            f"{_typed(self._kind.expressions.get(name, 'NULL'), type_)} AS {name}"
            for name, type_ in self._kind.columns.items()
        )
        query = f"SELECT {columns} FROM rows JOIN parts USING (part) JOIN slots USING (slot)"  # noqa: S608
        return f"COPY ({query}) TO '{file}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {_ROW_GROUP})"

    def _parameters(self, month: date) -> Mapping[str, object]:
        """What is the same in every row of the month; DuckDB wants only those that the query has."""
        following = next_month(month)
        values: dict[str, object] = {
            "period_start": datetime.combine(month, datetime.min.time()),
            "period_end": datetime.combine(following, datetime.min.time()),
            "invoice": invoice(month) if is_invoiced(month, self._charges.statement.now) else None,
        }
        used = {self._kind.expressions.get(name) for name in self._kind.columns}
        return {name: value for name, value in values.items() if f"${name}" in used}


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def is_invoiced(month: date, now: datetime) -> bool:
    """Whether the month has its invoice by `now`."""
    return now.date() >= next_month(month) + timedelta(days=INVOICED_AFTER_DAYS)


def invoice(month: date) -> str:
    """The number of the month's invoice."""
    return str(int(digest(f"invoice {month}", 12), 16) % 10**10)


def _typed(expression: str, type_: str) -> str:
    """Enums stay what they are: DuckDB writes them as text."""
    is_enum = type_ == "VARCHAR" and expression.isidentifier() and expression != "NULL"
    return expression if is_enum else f"CAST({expression} AS {type_})"


def _slots(month: date) -> DataFrame:
    """When each slot starts and ends: the hours of 31 days, then the days."""
    start = pd.Timestamp(month)
    hours = pd.DataFrame({"started": start + pd.to_timedelta(np.arange(DAY_SLOTS), "h"), "hours": 1})
    days = pd.DataFrame({"started": start + pd.to_timedelta(np.arange(31), "D"), "hours": 24})
    slots: DataFrame = pd.concat([hours, days], ignore_index=True)
    slots["ended"] = slots["started"] + pd.to_timedelta(slots.pop("hours"), "h")
    form = "%Y-%m-%dT%H:%M:%SZ"
    slots["interval"] = (slots["started"].dt.strftime(form) + "/" + slots["ended"].dt.strftime(form)).astype("category")
    slots["slot"] = np.arange(len(slots), dtype=np.int32)
    return slots
