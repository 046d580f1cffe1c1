"""What reaches DuckDB, and what does not."""

from __future__ import annotations

import pytest

from bot.demo.aws.athena_sql import Failed, Refused, parsed, translated


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE focus",
        "CREATE TABLE t AS SELECT 1",
        "INSERT INTO focus SELECT * FROM focus",
        "UPDATE focus SET billedcost = 0",
        "DELETE FROM focus",
        "COPY focus TO '/tmp/out'",
        "COPY (SELECT 1) TO '/tmp/out'",
        "ATTACH '/tmp/x.db'",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "INSTALL httpfs",
        "LOAD httpfs",
        "EXPLAIN SELECT 1",
        "CALL pragma_version()",
        "EXPORT DATABASE '/tmp/x'",
        "WITH a AS (INSERT INTO focus SELECT 1) SELECT 1",
        "SELECT 1 INTO t",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE focus",
        "FROM focus SELECT servicename",
        "FROM '/etc/passwd'",
        "SELECT servicename, sum(billedcost) FROM focus GROUP BY ALL",
        "SELECT servicename FROM focus QUALIFY row_number() OVER (ORDER BY billedcost) = 1",
        "SELEC 1",
        "SELECT (",
    ],
)
def test_what_is_not_one_query_is_not_started(statement: str) -> None:
    with pytest.raises(Refused):
        parsed(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_parquet('/tmp/*.parquet')",
        "SELECT * FROM parquet_metadata('/tmp/x.parquet')",
        "SELECT * FROM glob('/**')",
        "SELECT * FROM '/etc/passwd'",
        'SELECT * FROM "/etc/passwd"',
        'SELECT * FROM "/tmp/x.parquet"',
        "SELECT * FROM 's3://bucket/x.parquet'",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM pragma_database_list()",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_class",
        "SELECT * FROM sqlite_scan('/tmp/x', 't')",
        "SELECT * FROM system.main.duckdb_secrets",
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "SELECT read_blob('/etc/passwd')",
        "SELECT \"read_text\"('/etc/passwd')",
        "SELECT READ_TEXT ('/etc/passwd')",
        "SELECT read_text/* */('/etc/passwd')",
        "SELECT * FROM focus, LATERAL (SELECT content FROM read_text('/etc/passwd'))",
        "SELECT (SELECT max(size) FROM glob('/*')) FROM focus",
        "WITH files AS (SELECT * FROM glob('/*')) SELECT * FROM files",
        "SELECT * FROM focus WHERE servicename IN (SELECT file FROM glob('/*'))",
    ],
)
def test_files_settings_and_duckdbs_own_functions_do_not_pass(statement: str) -> None:
    with pytest.raises((Failed, Refused)):
        translated(statement, "billing")


@pytest.mark.parametrize("function", ["ifnull", "strftime", "list_filter", "median", "epoch_ms", "struct_pack", "hash"])
def test_a_function_that_only_duckdb_has_is_not_registered(function: str) -> None:
    with pytest.raises(Failed, match=f"^FUNCTION_NOT_FOUND: line 1:8: Function '{function}' not registered"):
        translated(f"SELECT {function}(billedcost) FROM focus", "billing")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("SELECT * FROM nope", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.billing.nope' does not exist"),
        ("SELECT *\nFROM x.focus", "SCHEMA_NOT_FOUND: line 2:8: Schema 'x' does not exist"),
        ("SELECT * FROM hive.billing.focus", "CATALOG_NOT_FOUND: line 1:28: Catalog 'hive' not found"),
    ],
)
def test_what_is_not_in_the_catalogue_is_not_found_where_it_stands(statement: str, reason: str) -> None:
    with pytest.raises(Failed) as caught:
        translated(statement, "billing")
    assert str(caught.value) == reason


def test_a_table_needs_a_database_from_somewhere() -> None:
    with pytest.raises(Failed, match="MISSING_SCHEMA_NAME"):
        translated("SELECT 1 FROM focus", None)
    assert translated("SELECT 1 FROM billing.focus", None).tables[0].name == "focus"
    assert translated('SELECT 1 FROM "AwsDataCatalog"."billing"."focus"', None).tables[0].name == "focus"


@pytest.mark.parametrize(
    ("condition", "operation"),
    [
        ("line_item_usage_start_date >= '2026-10-01'", r"timestamp\(3\) >= varchar\(10\)"),
        ("line_item_usage_start_date BETWEEN '2026-10-01' AND '2026-10-31'", r"timestamp\(3\) BETWEEN"),
        ("line_item_usage_start_date IN ('2026-10-01')", r"timestamp\(3\) IN"),
        ("line_item_usage_account_id = 123456789012", "varchar = integer"),
    ],
)
def test_times_are_not_compared_with_text_nor_text_with_numbers(condition: str, operation: str) -> None:
    with pytest.raises(Failed, match=f"TYPE_MISMATCH: line 1:25: Cannot apply operator: {operation}"):
        translated(f"SELECT 1 FROM cur WHERE {condition}", "billing")


def test_a_table_of_the_query_itself_hides_one_of_the_catalogue() -> None:
    query = translated("WITH focus AS (SELECT 1 AS x) SELECT x FROM focus", "billing")

    assert query.tables == ()


def test_columns_without_a_name_are_numbered() -> None:
    query = translated("SELECT servicename, count(*), 1 + 1 AS two, 3 FROM focus GROUP BY 1", "billing")

    assert [part.rpartition(" ")[2] for part in query.sql.partition(" FROM ")[0].split(", ")] == [
        "servicename",
        '"_col1"',
        "two",
        '"_col3"',
    ]


def test_question_marks_take_literals_only() -> None:
    query = translated("SELECT 1 FROM focus WHERE billing_period = ?", "billing", ("'2026-10'",))

    assert query.sql.endswith("billing_period = '2026-10'")
    with pytest.raises(Refused, match="not a literal"):
        translated("SELECT 1 FROM focus WHERE billing_period = ?", "billing", ("(SELECT 1)",))
    with pytest.raises(Refused, match="expected 1 but found 0"):
        translated("SELECT 1 FROM focus WHERE billing_period = ?", "billing")


def test_a_comment_or_text_that_looks_like_a_function_is_none() -> None:
    assert translated("SELECT 'read_text(1)' /* glob('/') */ FROM focus -- getenv('x')", "billing").tables
