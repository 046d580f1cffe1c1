"""Values and types in Athena's spelling."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.aws.athena_values import athena_type, column_info, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (0.0, "0.0"),
        (-0.5, "-0.5"),
        (43170.01895174691, "43170.01895174691"),
        (10_000_000.0, "1.0E7"),
        (9_999_999.5, "9999999.5"),
        (0.001, "0.001"),
        (0.00012, "1.2E-4"),
        (-62536793.74334313, "-6.253679374334313E7"),
        (float("inf"), "Infinity"),
        (float("nan"), "NaN"),
        (Decimal("1.50"), "1.50"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 10, 0, 0, 5000, UTC), "2026-11-20 10:00:00.005"),
        ({"user_team": "data", "user_env": None}, "{user_team=data, user_env=null}"),
        ([1, None, "x"], "[1, null, x]"),
        ("a,b", "a,b"),
    ],
)
def test_a_value_is_written_as_athena_writes_it(value: Any, text: str | None) -> None:
    assert shown(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_reads_back_as_itself(value: float) -> None:
    assert float(str(shown(value))) == value


def test_a_zoned_time_says_its_zone() -> None:
    assert shown(datetime(2026, 1, 1, tzinfo=UTC), "TIMESTAMP WITH TIME ZONE") == "2026-01-01 00:00:00.000 UTC"


@pytest.mark.parametrize(
    ("duckdb", "athena"),
    [
        ("VARCHAR", "varchar"),
        ("DOUBLE", "double"),
        ("HUGEINT", "bigint"),
        ("DECIMAL(18,4)", "decimal"),
        ("TIMESTAMP", "timestamp"),
        ("TIMESTAMP_MS", "timestamp"),
        ("TIMESTAMP WITH TIME ZONE", "timestamp with time zone"),
        ("MAP(VARCHAR, VARCHAR)", "map"),
        ("STRUCT(a INTEGER)", "row"),
        ("INTEGER[]", "array"),
        ("MAP(VARCHAR, VARCHAR)[]", "array"),
    ],
)
def test_types_have_athenas_names(duckdb: str, athena: str) -> None:
    assert athena_type(duckdb) == athena


def test_a_decimal_says_its_digits() -> None:
    info = column_info("c", "DECIMAL(18,4)")

    assert (info["Precision"], info["Scale"]) == (18, 4)
