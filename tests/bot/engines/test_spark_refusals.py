"""What Spark cannot read is told in one sentence, with the column and the value or the file."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from analysis.rollups import Rollup
from bot.engines import Part
from bot.engines.spark import Spark
from bot.engines.spark_session import session
from bot.errors import CostbotError
from tests.bot.costs.focus_files import COLUMNS, line, text, write
from tests.bot.engines.odd_lines import as_parquet

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark"), pytest.mark.timeout(600)]


def refusal(spark: Spark, path: Path) -> str:
    target = path.parent / "daily.parquet"
    with pytest.raises(CostbotError) as caught:
        spark.rollup(Part("focus", path.name, (path,)), {Rollup.DAILY: target}, ("team",), date(2026, 11, 1))
    assert not target.exists()
    return caught.value.cause


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [("BilledCost", "abc", "number"), ("BilledCost", "12d", "number"), ("EffectiveCost", "1e30", "number"),
     ("EffectiveCost", "NaN", "number"), ("ConsumedQuantity", "many", "number"), ("Tags", "payments", "list of tags"),
     ("Tags", "{broken", "list of tags"), ("Tags", '{"a": "1", "a": "2"}', "list of tags")],
)  # fmt: skip
def test_a_value_of_another_kind_is_named_by_its_column(
    spark: Spark, tmp_path: Path, column: str, value: str, kind: str
) -> None:
    path = write(tmp_path / "export.csv", line("1"), line("1", **{column: value}))
    said = refusal(spark, path)

    assert said.startswith(f"export.csv: {column} is “{value}”, which is no {kind}")


def test_a_missing_column_is_named(spark: Spark, tmp_path: Path) -> None:
    columns = tuple(name for name in COLUMNS if name != "ServiceName")
    path = write(tmp_path / "export.csv", line("1"), columns=columns)

    assert refusal(spark, path) == "export.csv has no column ServiceName."


def test_a_line_with_a_field_too_few_is_refused(spark: Spark, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text(line("1")) + "1,2,3\n")

    assert refusal(spark, path) == "export.csv is damaged or cut off."


def test_a_gzip_that_is_cut_off_is_refused(spark: Spark, tmp_path: Path) -> None:
    packed = gzip.compress(text(*[line(str(i / 7)) for i in range(500)]).encode())
    path = tmp_path / "export.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])

    assert refusal(spark, path) == "export.csv.gz is damaged or cut off."


def test_a_parquet_that_is_cut_off_is_refused(spark: Spark, tmp_path: Path) -> None:
    path = as_parquet(write(tmp_path / "export.csv", line("1")), tmp_path / "export.parquet")
    path.write_bytes(path.read_bytes()[:-100])

    assert refusal(spark, path) == "export.parquet is damaged or cut off."


def test_a_time_that_only_spark_would_understand_is_none(spark: Spark, tmp_path: Path) -> None:
    import duckdb

    path = write(tmp_path / "export.csv", line("1", ChargePeriodStart="yesterday"))
    target = tmp_path / "daily.parquet"
    spark.rollup(Part("focus", path.name, (path,)), {Rollup.DAILY: target}, (), date(2026, 11, 1))

    assert duckdb.sql(f"SELECT date, billed_cost FROM '{target}'").fetchall() == [(None, 1.0)]


def test_files_of_this_machine_are_not_given_to_a_spark_on_others(spark: Spark, tmp_path: Path) -> None:
    class Elsewhere(Spark):
        @property
        def sees_files(self) -> bool:
            return False

    far = Elsewhere(tmp_path / "spark.log")
    far._started = spark._session
    path = write(tmp_path / "export.csv", line("1"))

    assert refusal(far, path) == "export.csv is on this machine, and Spark runs on others."
    assert far._addresses(Part("focus", "a.csv", (), None, None, ("s3://billing/a.csv",))) == ["s3a://billing/a.csv"]


def test_a_spark_that_somebody_else_started_is_not_stopped(spark: Spark, tmp_path: Path) -> None:
    other = session(tmp_path / "other.log", {})

    assert not other.started
    other.close()
    assert spark._session.spark.sql("SELECT 1").first()[0] == 1


def test_spark_says_nothing_on_the_terminal(spark: Spark, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    refusal(spark, write(tmp_path / "export.csv", line("oops")))
    said = capfd.readouterr()

    assert (said.out, said.err) == ("", "")
