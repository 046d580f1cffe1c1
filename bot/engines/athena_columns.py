"""A Glue table as a rollup's relation: its columns under their own spelling and with their types, as Trino text."""

from __future__ import annotations

from analysis.rollups import Relation, columns_of
from analysis.rollups.relation import kind_of
from bot.engines.duckdb_columns import NULL_WORDS, MissingColumn
from bot.errors import CostbotError
from bot.exports.glue_table import Address, Table

_TEXTS = ("string", "varchar", "char")


def relation(source: str, table: Table, at: Address, condition: str) -> Relation:
    """The line items for which a condition holds.

    Raises:
        MissingColumn: its argument is the column.
        CostbotError: a column has a type that cannot be read.
    """
    mandatory, optional = columns_of(source)
    chosen = []
    for names in mandatory:
        found = [name for name in names if name.lower() in table.columns]
        if not found:
            raise MissingColumn(names[0])
        chosen += found
    chosen += [name for name in optional if name.lower() in table.columns]
    columns = ", ".join(f"{_typed(name, table, at)} AS {name}" for name in chosen)
    where = f" WHERE {condition}" if condition else ""
    return Relation(source, f'(SELECT {columns} FROM "{at.database}"."{at.table}"{where}) AS lines', frozenset(chosen))


def _typed(name: str, table: Table, at: Address) -> str:
    column, actual, wanted = f'"{name.lower()}"', table.columns[name.lower()], kind_of(name)
    is_text = actual.startswith(_TEXTS)
    if is_text and (not table.is_parquet or wanted.startswith("map")):  # json_parse fails on a text of nothing
        for word in NULL_WORDS:
            column = f"nullif({column}, '{word}')"
    if wanted == "timestamp":
        return _time(column) if is_text else column if actual == "timestamp" else f"CAST({column} AS timestamp)"
    if wanted == "double":
        return column if actual == "double" else f"CAST({column} AS double)"
    if not wanted.startswith("map"):
        return column if is_text else f"CAST({column} AS varchar)"
    if actual == "map<string,string>":
        return column
    if actual.startswith("map<"):
        return f"CAST({column} AS map(varchar, varchar))"
    if actual == "array<struct<key:string,value:string>>":
        return f"map_from_entries({column})"
    if is_text:
        return f"CAST(json_parse({column}) AS map(varchar, varchar))"
    raise CostbotError(
        f"Column {name.lower()} of {at.words.lower()} is of type {actual}, which costbot cannot read in Athena.",
        "Ingest the export's s3:// prefix instead.",
    )


def _time(column: str) -> str:
    """A time that is written as text, as UTC; text without a zone is UTC."""
    return f"CAST(from_iso8601_timestamp(replace({column}, ' ', 'T')) AT TIME ZONE 'UTC' AS timestamp)"
