"""Rows of text become a rollup's Parquet file with the types that DuckDB's own rollups have."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from analysis.rollups import Rollup
from bot.engines import Part
from bot.engines.duckdb_engine import DuckDB
from bot.engines.result_file import ROWS_AT_ONCE, ResultFile
from tests.bot.engines.comparing import rolled_up
from tests.bot.engines.odd_lines import CUR_COLUMNS, cur_lines, written


def test_the_types_are_those_of_the_embedded_engine(tmp_path: Path) -> None:
    """`rolled_up` compares them."""
    path = written(tmp_path / "cur.csv", cur_lines(50), CUR_COLUMNS)
    engine = DuckDB(tmp_path)

    assert rolled_up(engine, Part("cur", path.name, (path,)), tmp_path / "x").keys() == set(Rollup)
    engine.close()


def test_values_are_typed_and_nothing_is_not_an_empty_text(tmp_path: Path) -> None:
    target = tmp_path / "it's daily.parquet"
    names = ("date", "hour", "tag:^cost center's", "estimated", "hours_seen", "lines", "billed_cost", "region_id")
    with ResultFile(target, names) as file:
        file.append([("2026-10-05", "2026-10-05 13:00:00.000", "", "true", "24", "9007199254740993", "1.0E-7", None)])
        file.append([(None, None, "\\N", "false", None, "0", "-Infinity", "")])
        file.write()

    found = duckdb.from_parquet(str(target))
    assert found.columns == list(names)
    assert found.fetchall() == [
        (date(2026, 10, 5), datetime(2026, 10, 5, 13), "", True, 24, 9007199254740993, 1e-7, None),  # noqa: DTZ001
        (None, None, "\\N", False, None, 0, float("-inf"), ""),
    ]


def test_many_pages_are_one_file(tmp_path: Path) -> None:
    target = tmp_path / "daily.parquet"
    with ResultFile(target, ("lines", "unit")) as file:
        file.append((str(number), f"unit {number}") for number in range(ROWS_AT_ONCE * 2 + 1))
        file.write()

    count, total = duckdb.sql(f"SELECT count(*), sum(lines) FROM '{target}'").fetchall()[0]
    assert (count, total) == (20_001, sum(range(20_001)))


def test_no_rows_are_a_file_without_rows(tmp_path: Path) -> None:
    target = tmp_path / "daily.parquet"
    with ResultFile(target, ("date", "unit")) as file:
        file.append([])
        file.write()

    assert duckdb.from_parquet(str(target)).columns == ["date", "unit"]
    assert duckdb.from_parquet(str(target)).fetchall() == []


def test_a_file_whose_rows_broke_off_is_not_left(tmp_path: Path) -> None:
    target = tmp_path / "daily.parquet"

    def broken() -> None:
        with ResultFile(target, ("date",)) as file:
            file.append([("2026-10-05",)])
            file.write()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert not target.exists()
