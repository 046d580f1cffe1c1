"""What engines call by one name and mean differently is put right where statements are translated."""

from __future__ import annotations

import duckdb
import pytest

from analysis.rollups.words import clean
from bot.engines.dialects import translated


def one(text: str) -> object:
    """The value of a Trino expression, by DuckDB."""
    ((found,),) = duckdb.sql(translated(f"SELECT {text}", "duckdb")).fetchall()
    return found


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("00:00:00", "12:30:59", 12),
        ("00:00:00", "23:59:59", 23),
        ("12:30:00", "11:45:00", 0),
        ("12:30:00", "13:00:00", 0),
    ],
)
def test_hours_are_whole_ones_that_have_passed(since: str, until: str, hours: int) -> None:
    day = "2026-10-05"

    assert one(f"date_diff('hour', TIMESTAMP '{day} {since}', TIMESTAMP '{day} {until}')") == hours


def test_the_least_of_nothing_known_is_unknown() -> None:
    assert one("least(24, CAST(NULL AS integer))") is None
    assert "CASE WHEN x IS NULL THEN NULL ELSE LEAST(24, x) END" in translated("SELECT least(24, x)", "spark")


def test_any_value_is_one_that_there_is() -> None:
    assert translated("SELECT arbitrary(x)", "spark") == "SELECT ANY_VALUE(x, TRUE)"
    assert translated("SELECT arbitrary(x)", "athena") == "SELECT ARBITRARY(x)"


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.5", 0), ("1.5", 2), ("2.5", 2), ("-0.5", 0), ("-2.5", -2), ("0.51", 1), ("7.49", 7)]
)
def test_halves_go_to_the_even_neighbour_in_every_engine(value: str, rounded: int) -> None:
    """What Athena is sent does in DuckDB, too, what DuckDB's own cast does; Spark's `rint` is Java's."""
    text = f"SELECT sum(CAST(round(CAST({value} AS double) * 1e0) AS bigint))"

    assert one(text.removeprefix("SELECT ")) == rounded
    ((found,),) = duckdb.sql(translated(translated(text, "athena"), "duckdb")).fetchall()
    assert int(found) == rounded
    assert "RINT(" in translated(text, "spark")


@pytest.mark.parametrize("dialect", ["athena", "spark"])
def test_sums_of_bigint_are_wide_where_they_would_overflow(dialect: str) -> None:
    assert "AS BIGINT) AS DECIMAL(38, 0)))" in translated("SELECT sum(CAST(round(x) AS bigint))", dialect)


def test_other_sums_and_roundings_stay_as_they_are() -> None:
    for dialect in ("athena", "spark", "duckdb"):
        assert translated("SELECT sum(x), round(y)", dialect) == "SELECT SUM(x), ROUND(y)"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("  a b ", "a b"), ("\ta\n", "\ta\n"), ("a \n", "a \n"), ("\u00a0a", "\u00a0a"), ("   ", None), (" NULL ", None),
     ("null", None), ("Null", "Null"), ("", None)],
)  # fmt: skip
def test_only_plain_spaces_around_a_name_go(text: str, kept: str | None) -> None:
    assert one(clean("key").format(key="'" + text + "'")) == kept


def test_the_pattern_of_spaces_reaches_every_engine_whole() -> None:
    assert r"'^ +| +\z', '', 'g'" in translated(f"SELECT {clean('key').format(key='x')}", "duckdb")
    assert r"'^ +| +\z', ''" in translated(f"SELECT {clean('key').format(key='x')}", "athena")
    assert r"'^ +| +\\z', ''" in translated(f"SELECT {clean('key').format(key='x')}", "spark")
