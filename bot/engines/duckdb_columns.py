"""Files as DuckDB reads them, with the columns, types and names that a rollup expects.

Columns are found by name, in any case. Nulls may be empty or the word `NULL`, times may carry a zone or not (then they
are UTC), tags may be a map, JSON text, a list of keys and values, or `key=value;key=value`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.rollups import columns_of
from analysis.rollups.relation import Constant, Relation, kind_of
from bot.engines.csv_header import header

#: A constant text longer than this may be cut off in a file's statistics.
MOST_CONSTANT = 64
NULL_WORDS = ("NULL", "null", "")
_NOTHING = ", ".join(f"'{word}'" for word in NULL_WORDS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column a rollup reads: under which name it is in the files, and as which DuckDB type."""

    name: str
    actual: str
    type: str

    @property
    def expression(self) -> str:
        """The column, typed and renamed."""
        return f"{_typed(quoted(self.actual), self.type, kind_of(self.name))} AS {self.name}"


class MissingColumn(Exception):
    """The files lack a column that they must have."""


def relation(connection: duckdb.DuckDBPyConnection, source: str, files: Sequence[Path]) -> tuple[Relation, int]:
    """Make the view `lines` over the files.

    Returns:
        the relation, and the number of rows; -1 where only reading them all would tell.
    Raises:
        MissingColumn: its argument is the column.
        CostbotError: a CSV file's header cannot be used.
    """
    scan = _scan(files)
    columns = _columns(connection, source, scan)
    constants: dict[str, Constant] = {}
    never_null: set[str] = set()
    rows = -1
    if _is_parquet(files):
        constants, never_null, rows = _statistics(connection, columns, files)
    expressions = ", ".join(column.expression for column in columns)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW lines AS SELECT {expressions} FROM {scan}")
    names = frozenset(column.name for column in columns)
    return Relation(source, "lines", names, constants=constants, never_null=frozenset(never_null)), rows


def scan_with_row(files: Sequence[Path]) -> str:
    """What stands behind FROM to read one file with its row numbers in `file_row_number`, from 0."""
    if _is_parquet(files):
        return f"read_parquet({_list(files)}, file_row_number = true, hive_partitioning = false)"
    return f"(SELECT *, row_number() OVER () - 1 AS file_row_number FROM {_scan(files)})"


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A value as a literal."""
    return "'" + value.replace("'", "''") + "'"


def _is_parquet(files: Sequence[Path]) -> bool:
    return files[0].name.lower().endswith(".parquet")


def _list(files: Sequence[Path]) -> str:
    return f"[{', '.join(text(str(file)) for file in files)}]"


def _scan(files: Sequence[Path]) -> str:
    if _is_parquet(files):
        by_name = ", union_by_name = true" if len(files) > 1 else ""
        return f"read_parquet({_list(files)}{by_name}, hive_partitioning = false)"
    (file,) = files
    names, delimiter = header(file)
    columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in names)
    nulls = ", ".join(map(text, NULL_WORDS))
    return (
        f"read_csv({text(str(file))}, header = true, auto_detect = false, columns = {{{columns}}}, "
        f"delim = {text(delimiter)}, quote = '\"', escape = '\"', nullstr = [{nulls}], hive_partitioning = false)"
    )


def _columns(connection: duckdb.DuckDBPyConnection, source: str, scan: str) -> list[Column]:
    described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    present = {str(name).lower(): (str(name), str(kind)) for name, kind, *_ in described}
    mandatory, optional = columns_of(source)
    found = []
    for names in mandatory:
        here = [name for name in names if name.lower() in present]  # more than one where two versions are in a month
        if not here:
            raise MissingColumn(names[0])
        found += [Column(name, *present[name.lower()]) for name in here]
    return found + [Column(name, *present[name.lower()]) for name in optional if name.lower() in present]


def _typed(column: str, actual: str, wanted: str) -> str:
    if wanted == "timestamp":
        return _time(column, actual)
    if wanted == "double":
        return column if actual == "DOUBLE" else f"CAST({column} AS DOUBLE)"
    if wanted.startswith("map"):
        return _map(column, actual)
    return column if actual == "VARCHAR" else f"CAST({column} AS VARCHAR)"


def _time(column: str, actual: str) -> str:
    if actual == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({column}))"  # a cast would ask the calendar of the session, row by row
    if actual == "VARCHAR":
        return f"make_timestamp(epoch_us(TRY_CAST({column} AS TIMESTAMPTZ)))"
    return column if actual == "TIMESTAMP" else f"CAST({column} AS TIMESTAMP)"


def _map(column: str, actual: str) -> str:
    if actual == "MAP(VARCHAR, VARCHAR)":
        return column
    if actual.startswith("MAP("):
        return f"CAST({column} AS MAP(VARCHAR, VARCHAR))"
    if actual.startswith("STRUCT(") and not actual.endswith("[]"):
        return f"CAST(to_json({column}) AS MAP(VARCHAR, VARCHAR))"
    if actual.endswith("[]"):
        fields = [word for word in ("key", "Key") if f"{word} " in actual.replace('"', "")]
        key = fields[0] if fields else "key"
        value = "Value" if key == "Key" else "value"
        return f"map_from_entries(list_transform({column}, lambda e: ROW(e.{quoted(key)}, e.{quoted(value)})))"
    return tags_from_text(f"CAST({column} AS VARCHAR)")


def tags_from_text(column: str) -> str:
    """Tags written as text: JSON, JSON without its braces as Azure has it, or `key=value;key=value`."""
    body = f"trim({column})"
    as_json = f"CAST(CAST({body} AS JSON) AS MAP(VARCHAR, VARCHAR))"
    braced = f"CAST(CAST(concat('{{', {body}, '}}') AS JSON) AS MAP(VARCHAR, VARCHAR))"
    entry = "ROW(trim(regexp_extract(p, '^([^=:]*)', 1)), trim(regexp_extract(p, '^[^=:]*[=:](.*)$', 1)))"
    listed = (
        f"map_from_entries(list_transform(list_filter(string_split_regex({body}, '[;,|]'), "
        f"lambda p: regexp_matches(p, '[=:]')), lambda p: {entry}))"
    )
    objects = (
        f"map_from_entries(list_transform(CAST(CAST({body} AS JSON) AS JSON[]), lambda j: "
        "ROW(coalesce(j->>'Key', j->>'key'), coalesce(j->>'Value', j->>'value'))))"
    )
    return (
        f"CASE WHEN {column} IS NULL OR {body} IN ({_NOTHING}) THEN NULL "
        f"WHEN starts_with({body}, '{{') THEN {as_json} "
        f"WHEN starts_with({body}, '[') THEN {objects} "
        f"WHEN starts_with({body}, '\"') THEN {braced} "
        f"WHEN regexp_matches({body}, '[=:]') THEN {listed} "
        f"ELSE error(concat('Malformed tags: ', left({body}, 40))) END"
    )


def wrong_tags(column: str) -> str:
    """A condition that holds where `tags_from_text` fails."""
    body = f"trim({column})"
    braced = f"concat('{{', {body}, '}}')"
    return (
        f"{column} IS NOT NULL AND {body} NOT IN ({_NOTHING}) AND CASE "
        f"WHEN starts_with({body}, '{{') THEN NOT json_valid({body}) OR {_says_twice(body)} "
        f"WHEN starts_with({body}, '[') THEN NOT json_valid({body}) "
        f"WHEN starts_with({body}, '\"') THEN NOT json_valid({braced}) OR {_says_twice(braced)} "
        f"ELSE NOT regexp_matches({body}, '[=:]') END"
    )


def _says_twice(text: str) -> str:
    keys = f"json_keys(CASE WHEN json_valid({text}) THEN {text} ELSE '{{}}' END)"
    return f"len({keys}) <> len(list_distinct({keys}))"


def _statistics(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], files: Sequence[Path]
) -> tuple[dict[str, Constant], set[str], int]:
    """What the files' footers tell: columns with one value, columns without a null, and the number of rows."""
    rows = connection.execute(
        "SELECT path_in_schema, min(stats_min_value), max(stats_min_value), max(stats_max_value), "
        "sum(stats_null_count), sum(num_values), count(*) = count(stats_null_count), "
        "count(*) = count(stats_min_value), bool_and(coalesce(min_is_exact, true) AND coalesce(max_is_exact, true)) "
        f"FROM parquet_metadata({_list(files)}) GROUP BY path_in_schema"
    ).fetchall()
    told = {str(name).lower(): tuple(facts) for name, *facts in rows}
    count = connection.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({_list(files)})").fetchone()
    constants: dict[str, Constant] = {}
    never_null: set[str] = set()
    for column in columns:
        if column.actual.lower() not in told:
            continue
        least, most_least, most, nulls, values, counted, bounded, exact = told[column.actual.lower()]
        in_every_file = values == (count or (None,))[0]
        if not counted or not in_every_file:
            continue
        if nulls == values:
            constants[column.name] = None
            continue
        if nulls == 0:
            never_null.add(column.name)
        same = bounded and exact and least == most_least == most and nulls == 0
        as_expected = column.type in ("VARCHAR", "TIMESTAMP") and column.type == kind_of(column.name).upper()
        if same and as_expected and isinstance(least, str) and len(least) < MOST_CONSTANT:
            constants[column.name] = least
    return constants, never_null, int((count or (0,))[0] or 0)
