"""Spark and DuckDB over the same files: every group and every sum of every rollup is the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from analysis.rollups import Rollup
from bot.engines import Part
from bot.engines.duckdb_engine import DuckDB
from bot.engines.spark import Spark
from tests.bot.costs.focus_files import line
from tests.bot.engines.comparing import Rows, assert_same, rolled_up
from tests.bot.engines.odd_lines import (
    CUR_COLUMNS,
    FOCUS_COLUMNS,
    as_parquet,
    cur_lines,
    focus_lines,
    written,
)
from tests.demo.aws.export_factories import OCTOBER
from tests.demo.aws.export_factories import written as exported

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark"), pytest.mark.timeout(600)]

LINES = 600


def both(spark: Spark, part: Part, folder: Path, kinds: Iterable[Rollup] = Rollup) -> tuple[Rows, Rows]:
    """The part by DuckDB and by Spark."""
    duck = DuckDB(folder)
    try:
        return rolled_up(duck, part, folder / "duckdb", kinds), rolled_up(spark, part, folder / "spark", kinds)
    finally:
        duck.close()


def sums(rows: Rows, kind: Rollup, column: str) -> list[float | None]:
    names, found = rows[kind]
    return [row[names.index(column)] for row in found]


def test_a_csv_of_every_odd_value_says_the_same_to_both(spark: Spark, tmp_path: Path) -> None:
    folder = tmp_path / "exports [2026] of {ops}"
    folder.mkdir()
    path = written(folder / "every odd.csv", focus_lines(LINES), FOCUS_COLUMNS)
    duck, its = both(spark, Part("focus", path.name, (path,)), tmp_path)

    assert_same(duck, its)
    names, _ = its[Rollup.DAILY]
    assert {"tag:team", "tag:^cost ^center", "tag:ünï'c{o}de"} <= set(names)


def test_parquet_files_of_two_shapes_say_the_same_to_both(spark: Spark, tmp_path: Path) -> None:
    """Half the lines are typed as AWS types them; the others lack columns and have other types."""
    one = as_parquet(written(tmp_path / "1.csv", focus_lines(LINES // 2, 1), FOCUS_COLUMNS), tmp_path / "1.parquet")
    two = as_parquet(
        written(tmp_path / "2.csv", focus_lines(LINES // 2, 2), FOCUS_COLUMNS),
        tmp_path / "2.parquet",
        ResourceId="",
        BilledCost="CAST(BilledCost AS DECIMAL(38, 11))",
        ChargePeriodStart="CAST(ChargePeriodStart AS TIMESTAMPTZ)::TIMESTAMP",
        ContractedCost="CAST(coalesce(TRY_CAST(ContractedCost AS DOUBLE), 0) AS BIGINT)",
    )

    assert_same(*both(spark, Part("focus", "2 files", (one, two), OCTOBER), tmp_path))


@pytest.mark.parametrize(
    "tags",
    [
        "map_from_entries([ROW('team', SubAccountName), ROW('Cost Center', NULL)])",
        "{'team': SubAccountName, 'other': 'x'}",
        "[{'key': 'team', 'value': SubAccountName}, {'key': 'user:Cost Center', 'value': '7'}]",
        "concat('team=', SubAccountName, ';Cost Center: 7')",
        '\'[{"Key": "team", "Value": "a"}]\'',
        '\'"team": "a", "other": "b"\'',
    ],
    ids=["map", "struct", "list", "pairs", "objects", "unbraced"],
)
def test_tags_of_every_shape_say_the_same_to_both(spark: Spark, tmp_path: Path, tags: str) -> None:
    source = written(tmp_path / "1.csv", focus_lines(1), FOCUS_COLUMNS)
    part = Part("focus", "1.parquet", (as_parquet(source, tmp_path / "1.parquet", Tags=tags),))
    duck, its = both(spark, part, tmp_path, [Rollup.DAILY])

    assert_same(duck, its)
    assert set(sums(its, Rollup.DAILY, "tag:team")) & {"a", "prod"}


def test_a_csv_report_of_every_line_item_type_says_the_same_to_both(spark: Spark, tmp_path: Path) -> None:
    path = written(tmp_path / "cur.csv", cur_lines(LINES), CUR_COLUMNS)

    assert_same(*both(spark, Part("cur", path.name, (path,)), tmp_path))


@pytest.mark.parametrize(("source", "start"), [("focus", "ChargePeriodStart"), ("cur", "line_item_usage_start_date")])
def test_an_export_of_the_demo_says_the_same_to_both(spark: Spark, tmp_path: Path, source: str, start: str) -> None:
    """The days at both ends of a month, with its fees, tax, credits and refunds: more would only take longer."""
    whole = exported(tmp_path, source, [OCTOBER])
    files = [tmp_path / f"{number}.parquet" for number in range(len(whole))]
    for path, file in zip(whole, files, strict=True):
        duckdb.sql(f"COPY (FROM '{path}' WHERE day({start}) IN (1, 2, 31)) TO '{file}'")
    duck, its = both(spark, Part(source, "October 2026", tuple(files), OCTOBER), tmp_path)

    assert_same(duck, its)
    assert len(its[Rollup.HOURLY][1]) > 3000


def test_sums_beyond_a_bigint_are_sums(spark: Spark, tmp_path: Path) -> None:
    huge = [line("900000000"), line("900000000"), line("-900000000", RegionId="eu"), line("-900000000", RegionId="eu")]
    path = written(tmp_path / "huge.csv", (dict.fromkeys(FOCUS_COLUMNS, "") | one for one in huge), FOCUS_COLUMNS)
    duck, its = both(spark, Part("focus", path.name, (path,)), tmp_path, [Rollup.DAILY])

    assert_same(duck, its)
    assert sorted(sums(its, Rollup.DAILY, "billed_cost")) == [-1.8e9, 1.8e9]


def test_earlier_billing_months_are_left_alone(spark: Spark, tmp_path: Path) -> None:
    months = [line("1"), line("2", BillingPeriodStart="2026-11-01", ChargePeriodStart="2026-11-02")]
    path = written(tmp_path / "two.csv", (dict.fromkeys(FOCUS_COLUMNS, "") | one for one in months), FOCUS_COLUMNS)
    target = tmp_path / "daily.parquet"
    spark.rollup(Part("focus", path.name, (path,), None, date(2026, 11, 1)), {Rollup.DAILY: target}, (), OCTOBER)

    assert duckdb.sql(f"SELECT billed_cost FROM '{target}'").fetchall() == [(2.0,)]
