from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from benchmarks.cost_exports import facts, months, write

ROWS = 6_001
#: FOCUS 1.2 has 57 columns; AWS adds these.
OWN = {"x_Discounts", "x_Operation", "x_ServiceCode", "x_UsageType"}


def export(folder: Path, *, seed: int = 1, threads: int = 1) -> list[Path]:
    return write(folder, ROWS, seed=seed, resources=2_000, threads=threads)


def asked(files: list[Path], question: str) -> list[tuple]:
    with duckdb.connect() as database:
        return database.execute(question, [[str(file) for file in files]]).fetchall()


def test_the_same_arguments_write_the_same_rows_with_any_number_of_threads(tmp_path: Path) -> None:
    one, two = (export(tmp_path / str(threads), threads=threads) for threads in (1, 2))
    every = "SELECT * FROM read_parquet($1)"
    assert asked(one, every) == asked(two, every)


def test_another_seed_writes_other_rows(tmp_path: Path) -> None:
    total = "SELECT round(sum(BilledCost), 6) FROM read_parquet($1)"
    assert asked(export(tmp_path / "1"), total) != asked(export(tmp_path / "2", seed=2), total)


def test_every_row_lies_in_the_month_of_its_file_and_none_is_lost(tmp_path: Path) -> None:
    files = export(tmp_path)
    per_file = [
        asked(
            [file], "SELECT count(*), min(ChargePeriodStart)::DATE, max(ChargePeriodStart)::DATE FROM read_parquet($1)"
        )
        for file in files
    ]
    assert sum(found[0][0] for found in per_file) == ROWS
    for month, [(_, first, last)] in zip(months(), per_file, strict=True):
        assert (first.replace(day=1), last.replace(day=1)) == (month, month)
    assert files[-1].relative_to(tmp_path).as_posix() == "BILLING_PERIOD=2025-10/focus-00001.parquet"
    assert months()[0] == date(2024, 10, 1)


def test_has_the_columns_of_focus_and_charges_of_every_kind(tmp_path: Path) -> None:
    files = export(tmp_path)
    described = "SELECT column_name FROM (DESCRIBE FROM read_parquet($1, hive_partitioning = false))"
    columns = {row[0] for row in asked(files, described)}
    assert len(columns - OWN) == 57
    assert columns >= OWN
    kinds = asked(files, "SELECT DISTINCT ChargeCategory, CommitmentDiscountStatus FROM read_parquet($1) ORDER BY ALL")
    assert kinds == [
        ("Credit", None),
        ("Purchase", None),
        ("Tax", None),
        ("Usage", "Unused"),
        ("Usage", "Used"),
        ("Usage", None),
    ]


def test_covered_usage_bills_nothing_and_credits_are_negative(tmp_path: Path) -> None:
    wrong = """SELECT count(*) FROM read_parquet($1) WHERE
        (CommitmentDiscountStatus IS NOT NULL AND (BilledCost <> 0 OR EffectiveCost < 0))
        OR (ChargeCategory = 'Credit' AND BilledCost > 0) OR (ChargeCategory = 'Purchase' AND EffectiveCost <> 0)
        OR BilledCost IS NULL OR EffectiveCost IS NULL OR ListCost IS NULL OR ServiceName IS NULL"""
    assert asked(export(tmp_path), wrong) == [(0,)]


def test_tags_are_maps_of_four_or_five_keys(tmp_path: Path) -> None:
    sizes = """SELECT DISTINCT cardinality(Tags), Tags['team'] IS NULL FROM read_parquet($1)
        WHERE Tags IS NOT NULL ORDER BY ALL"""
    assert asked(export(tmp_path), sizes) == [(4, True), (5, False)]


def test_says_what_it_wrote(tmp_path: Path) -> None:
    assert facts(export(tmp_path)).startswith("61 columns, 20 services, 50 accounts, ")
