"""Queries read the partitions and columns they need, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from bot.demo.aws import athena_engine
from bot.demo.aws.athena_engine import Result, Running, planned, scanned_bytes
from bot.demo.aws.athena_sql import Failed, Query, translated
from bot.demo.aws.export_catalogue import TABLES
from bot.demo.aws.export_store import ExportStore
from tests.demo.aws.export_factories import NOVEMBER, OCTOBER, store

MONTHS = [date(2026, month, 1) for month in range(8, 12)]
AUGUST, SEPTEMBER = MONTHS[:2]


@pytest.fixture(scope="module")
def exports() -> Iterator[ExportStore]:
    found = store()
    yield found
    found.remove()


def scanned(sql: str) -> dict[date, set[str]]:
    """Month → columns of `focus` that a query needs."""
    scan = planned(translated(sql, "billing"), MONTHS)
    return {month: set(columns) for (table, month), columns in scan.columns.items() if table == "focus"}


def result(sql: str, exports: ExportStore) -> Result:
    return Running(translated(sql, "billing"), exports).result()


@pytest.mark.parametrize(
    ("condition", "months"),
    [
        ("billing_period = '2026-10'", [OCTOBER]),
        ("billing_period IN ('2026-09', '2026-11')", [SEPTEMBER, NOVEMBER]),
        ("billing_period >= '2026-10'", [OCTOBER, NOVEMBER]),
        ("billing_period BETWEEN '2026-08' AND '2026-09'", [AUGUST, SEPTEMBER]),
        ("billing_period LIKE '2026-1%'", [OCTOBER, NOVEMBER]),
        ("billing_period = '2026-10' OR billing_period = '2026-08'", [AUGUST, OCTOBER]),
        ("billing_period = date_format(date '2026-10-05', '%Y-%m')", [OCTOBER]),
        ("billing_period = '2026-10' AND servicename = 'Amazon EC2'", [OCTOBER]),
        ("billing_period = '2026-10' OR servicename = 'Amazon EC2'", MONTHS),
        ("billing_period = '2031-01'", []),
        ("chargeperiodstart >= timestamp '2026-11-01 00:00:00'", MONTHS),
        ("true", MONTHS),
    ],
)
def test_only_the_partitions_that_the_where_leaves_are_read(condition: str, months: list[date]) -> None:
    assert sorted(scanned(f"SELECT sum(billedcost) FROM focus WHERE {condition}")) == months


def test_a_partition_is_left_out_behind_a_name_and_in_a_union() -> None:
    named = "WITH bill AS (SELECT * FROM focus) SELECT sum(billedcost) FROM bill WHERE billing_period = '2026-10'"
    union = (
        "SELECT billedcost FROM focus WHERE billing_period = '2026-08' "
        "UNION ALL SELECT effectivecost FROM focus WHERE billing_period = '2026-09'"
    )

    assert scanned(named) == {OCTOBER: {"billedcost"}}
    assert scanned(union) == {AUGUST: {"billedcost"}, SEPTEMBER: {"effectivecost"}}


def test_only_the_columns_it_names_are_read() -> None:
    sql = (
        "SELECT servicename, sum(billedcost) FROM focus "
        "WHERE chargecategory = 'Usage' AND element_at(tags, 'user:team') = 'data' AND billing_period = '2026-10' "
        "GROUP BY 1"
    )

    assert scanned(sql) == {OCTOBER: {"servicename", "billedcost", "chargecategory", "tags"}}


def test_planning_touches_no_file() -> None:
    assert scanned("SELECT * FROM focus")[OCTOBER] == set(TABLES["focus"].columns)


def test_a_query_writes_only_the_months_it_reads() -> None:
    found = store()
    result("SELECT sum(billedcost) FROM focus WHERE billing_period = '2026-11'", found)

    assert set(found._deliveries) == {("focus", NOVEMBER)}
    found.remove()


def test_scanned_bytes_are_those_of_the_columns_in_the_files(exports: ExportStore) -> None:
    sql = "SELECT {} FROM focus WHERE billing_period = '2026-11'"
    files = exports.delivery("focus", NOVEMBER).files
    size = sum(file.stat().st_size for file in files)
    one, two = (result(sql.format(columns), exports).scanned_bytes for columns in ("billedcost", "billedcost, tags"))
    everything = result(sql.format("*") + " LIMIT 1", exports).scanned_bytes

    assert 0 < one < two < everything < size
    # What is left is the footers.
    assert everything > 0.8 * size


def test_scanned_bytes_of_two_partitions_are_their_sum(exports: ExportStore) -> None:
    queries = [
        f"SELECT sum(billedcost) FROM focus WHERE billing_period {which}"
        for which in ("= '2026-10'", "= '2026-11'", "IN ('2026-10', '2026-11')")
    ]
    october, november, both = (result(sql, exports).scanned_bytes for sql in queries)

    assert both == october + november


def test_a_query_without_partitions_finds_nothing_and_scans_nothing(exports: ExportStore) -> None:
    found = result("SELECT count(*), sum(billedcost) FROM focus WHERE billing_period = '2031-01'", exports)

    assert found.rows == (("0", None),)
    assert found.scanned_bytes == 0


def test_divisions_and_differences_are_trinos(exports: ExportStore) -> None:
    found = result(
        "SELECT 7 / 2, 7.0 / 2, date_diff('day', timestamp '2026-01-01 10:00:00', timestamp '2026-01-02 09:00:00'), "
        "day_of_week(date '2026-11-16'), cardinality(map(array['a'], array[1])), "
        "element_at(map(array['a'], array[1]), 'b')",
        exports,
    )

    assert found.rows == (("3", "3.5", "0", "1", "1", None),)


def test_the_connection_can_open_no_other_file(exports: ExportStore, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    # What no statement can say any more, as if the checks before it had a hole.
    hole = Query(f"SELECT * FROM read_csv('{secret}')", (TABLES["focus"],), ())
    writing = Query(f"COPY (SELECT 1) TO '{tmp_path / 'out'}'", (), ())
    setting = Query("SET enable_external_access = true", (), ())
    attaching = Query(f"ATTACH '{tmp_path / 'x.db'}'", (), ())

    for query in (hole, writing, setting, attaching):
        with pytest.raises(Failed):
            Running(query, exports).result()
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize("seconds", [0.0, 0.3])
def test_a_query_that_takes_too_long_ends(
    exports: ExportStore, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    # At once: before DuckDB runs anything that could be interrupted.
    monkeypatch.setattr(athena_engine, "TIMEOUT_SECONDS", seconds)

    with pytest.raises(Failed, match="Query timeout"):
        result(
            "WITH f AS (SELECT billedcost FROM focus WHERE billing_period = '2026-11') "
            "SELECT count(*) FROM f a, f b, f c WHERE a.billedcost + b.billedcost + c.billedcost = 1e9",
            exports,
        )


def test_more_rows_than_can_be_held_exhaust_the_query(exports: ExportStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(athena_engine, "MAX_ROWS", 1000)

    with pytest.raises(Failed, match="exhausted resources"):
        result("SELECT servicename FROM focus WHERE billing_period = '2026-11'", exports)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT nope FROM focus", "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved or requester is not"),
        ("SELECT f.nope FROM focus f", "COLUMN_NOT_FOUND: line 1:10: Column 'nope' cannot be resolved"),
        ("SELECT servicename, billedcost, sum(1) FROM focus GROUP BY 1", "EXPRESSION_NOT_AGGREGATE: line 1:21"),
        ("SELECT servicename FROM focus a, focus b", "AMBIGUOUS_NAME: line 1:8: Column 'servicename' is ambiguous"),
        ("SELECT round(servicename) FROM focus", "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters for"),
    ],
)  # fmt: skip
def test_a_mistake_fails_in_athenas_words_before_a_file_is_written(sql: str, reason: str) -> None:
    found = store()

    with pytest.raises(Failed, match=f"^{reason}"):
        result(sql, found)
    assert found._folder is None


def test_a_value_that_cannot_be_cast_fails(exports: ExportStore) -> None:
    with pytest.raises(Failed, match="INVALID_CAST_ARGUMENT"):
        result("SELECT cast(servicename AS double) FROM focus WHERE billing_period = '2026-11'", exports)


def test_scanned_bytes_count_no_partition_twice(exports: ExportStore) -> None:
    query = translated("SELECT sum(billedcost) FROM focus WHERE billing_period = '2026-11'", "billing")
    scan = planned(query, exports.months())
    files = {("focus", NOVEMBER): exports.delivery("focus", NOVEMBER).files}
    with duckdb.connect() as connection:
        expected = connection.execute(
            "SELECT sum(total_compressed_size) FROM parquet_metadata($files) WHERE path_in_schema = 'BilledCost'",
            {"files": [str(file) for file in files["focus", NOVEMBER]]},
        ).fetchall()[0][0]

    assert scanned_bytes(scan, files) == expected
