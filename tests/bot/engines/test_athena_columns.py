"""A Glue table's columns under their own names and types, whatever the table calls them and stores them as."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.rollups import Rollup, columns_of, statement
from analysis.rollups.relation import kind_of
from bot.engines import Part
from bot.engines.athena_columns import relation
from bot.engines.dialects import translated
from bot.engines.duckdb_columns import MissingColumn
from bot.engines.duckdb_engine import DuckDB
from bot.errors import CostbotError
from bot.exports.glue_table import Table, address
from tests.bot.engines.comparing import SETTLED, rolled_up
from tests.bot.engines.odd_lines import CUR_COLUMNS, FOCUS_COLUMNS, TAG_KEYS, cur_lines, focus_lines, written

AT = address("athena://primary/billing/costs")
HIVE = {
    "double": "double",
    "varchar": "string",
    "timestamp": "timestamp",
    "map(varchar, varchar)": "map<string,string>",
}


def glue_table(source: str, *, without: tuple[str, ...] = (), is_parquet: bool = True, **types: str) -> Table:
    """A table with all columns of a source, each of its own type unless said otherwise."""
    mandatory, optional = columns_of(source)
    names = [name for name in (*(found[0] for found in mandatory), *optional) if name not in without]
    columns = {name.lower(): types.get(name, HIVE[kind_of(name)]) for name in names}
    return Table(columns, {"billing_period": "string"}, "s3://billing/exports/", is_parquet)


def sql(table: Table, source: str = "focus") -> str:
    return relation(source, table, AT, "\"billing_period\" = '2026-11'").sql


def test_names_get_their_own_spelling_and_only_one_partition_is_read() -> None:
    text = sql(glue_table("focus"))

    assert '"billedcost" AS BilledCost' in text
    assert '"x_usagetype" AS x_UsageType' in text
    assert text.endswith('FROM "billing"."costs" WHERE "billing_period" = \'2026-11\') AS lines')


def test_columns_that_the_table_lacks_are_not_asked_for() -> None:
    found = relation("focus", glue_table("focus", without=("Tags", "ListCost")), AT, "")

    assert not {"Tags", "ListCost"} & found.columns
    assert " WHERE " not in found.sql


def test_a_column_that_it_must_have_is_missed() -> None:
    with pytest.raises(MissingColumn, match="BilledCost"):
        sql(glue_table("focus", without=("BilledCost",)))


def test_the_other_name_of_a_column_serves() -> None:
    table = glue_table("focus", without=("ProviderName",))
    table = Table({**table.columns, "serviceprovidername": "string"}, table.keys, table.location, True)

    assert '"serviceprovidername" AS ServiceProviderName' in sql(table)


@pytest.mark.parametrize(
    ("column", "hive", "text"),
    [
        ("BilledCost", "decimal(38,10)", 'CAST("billedcost" AS double)'),
        ("ChargePeriodStart", "date", 'CAST("chargeperiodstart" AS timestamp)'),
        ("SubAccountId", "bigint", 'CAST("subaccountid" AS varchar)'),
        ("Tags", "map<string,double>", 'CAST("tags" AS map(varchar, varchar))'),
        ("Tags", "array<struct<key:string,value:string>>", 'map_from_entries("tags")'),
        (
            "Tags",
            "string",
            "CAST(json_parse(nullif(nullif(nullif(\"tags\", 'NULL'), 'null'), '')) AS map(varchar, varchar))",
        ),
    ],
)
def test_other_types_are_converted(column: str, hive: str, text: str) -> None:
    assert f"{text} AS {column}" in sql(glue_table("focus", **{column: hive}))


def test_a_type_that_cannot_be_read_names_the_column() -> None:
    with pytest.raises(CostbotError, match=r"Column tags of table billing\.costs is of type struct<team:string>"):
        sql(glue_table("focus", Tags="struct<team:string>"))


@pytest.mark.parametrize(
    ("source", "columns", "lines"), [("focus", FOCUS_COLUMNS, focus_lines), ("cur", CUR_COLUMNS, cur_lines)]
)
def test_a_table_of_text_says_what_its_file_says(
    tmp_path: Path, source: str, columns: tuple[str, ...], lines: Any
) -> None:
    """The very statements for Athena, by DuckDB over a table whose columns are all text, as of a CSV in S3."""
    path = written(tmp_path / "costs.csv", lines(400), columns)
    engine = DuckDB(tmp_path)
    expected = rolled_up(engine, Part(source, path.name, (path,)), tmp_path / "file")
    table = Table({name.lower(): "string" for name in columns}, {}, "s3://billing/", False)
    found = relation(source, table, AT, "")
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA billing")
        connection.execute("CREATE MACRO at_timezone(moment, zone) AS timezone(zone, moment)")
        scan = f"read_csv('{path}', all_varchar = true, header = true, nullstr = 'no such word')"
        connection.execute(f"CREATE TABLE billing.costs AS SELECT * FROM {scan}")
        for kind in Rollup:
            asked = translated(statement(kind, found, TAG_KEYS, settled_until=SETTLED), "athena")
            text = translated(asked, "duckdb")
            names, rows = expected[kind]
            exact = [f'"{name}"' for name in names if name not in ("quantity", "sub_account_name")]
            said = connection.execute(f"SELECT {', '.join(exact)} FROM ({text}) ORDER BY ALL").fetchall()
            assert said == [row[: len(exact)] for row in rows]
    engine.close()


def test_the_settled_day_is_part_of_the_statement() -> None:
    found = relation("focus", glue_table("focus"), AT, "")

    assert "DATE '2026-10-20'" in statement(Rollup.DAILY, found, settled_until=date(2026, 10, 20))
