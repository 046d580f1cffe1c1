"""FOCUS exports: a file that cannot be trusted is refused in one sentence; a good one is summed to the last digit."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import duckdb
import pytest

from bot.errors import CostbotError
from tests.bot.costs.focus_files import COLUMNS, EVERY_KIND, line, read, text, write

TODAY = date(2026, 11, 24)


def refusal(path: Path) -> str:
    with pytest.raises(CostbotError) as caught:
        read([path], ("team",), today=TODAY)
    return caught.value.cause


@pytest.mark.parametrize("column", ["BilledCost", "EffectiveCost", "ChargePeriodStart", "ProviderName", "ServiceName"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    columns = tuple(name for name in COLUMNS if name != column)
    path = write(tmp_path / "export.csv", line("1"), columns=columns)
    assert refusal(path) == f"export.csv has no column {column}."


def test_two_currencies_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", line("1"), line("1", BillingCurrency="EUR"))
    assert refusal(path) == "export.csv: column BillingCurrency says EUR and USD."


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_csv_that_is_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    whole = text(*[line("1.5") for _ in range(50)])
    path = tmp_path / "export.csv"
    path.write_text(whole[: int(len(whole) * kept)])
    assert "export.csv is damaged or cut off" in refusal(path)


def test_a_gzip_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(text(*[line(str(i / 7)) for i in range(500)]).encode())
    path = tmp_path / "export.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    assert refusal(path).startswith("export.csv.gz")


def test_a_parquet_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.parquet"
    source = write(tmp_path / "export.csv", line("1"))
    duckdb.read_csv(str(source)).write_parquet(str(path))
    path.write_bytes(path.read_bytes()[:-100])
    assert "export.parquet is damaged or cut off" in refusal(path)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path / "export.csv")) == "export.csv has no rows."
    (tmp_path / "empty.csv").write_text("")
    assert refusal(tmp_path / "empty.csv") == "empty.csv has no header line."


@pytest.mark.parametrize(
    ("column", "value"),
    [("BilledCost", "NULL"), ("ChargePeriodStart", "yesterday"), ("BillingPeriodStart", ""),
     ("BillingCurrency", "NULL"), ("ChargeCategory", "")],
)  # fmt: skip
def test_a_value_that_cannot_be_read_is_named_by_its_column(tmp_path: Path, column: str, value: str) -> None:
    path = write(tmp_path / "export.csv", line("1"), line("1", **{column: value}))
    assert refusal(path) == f"export.csv has 1 row whose {column} is empty or cannot be read."


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [("BilledCost", "abc", "number"), ("EffectiveCost", "1e30", "number"), ("ConsumedQuantity", "many", "number"),
     ("Tags", "payments", "list of tags"), ("Tags", "{broken", "list of tags")],
)  # fmt: skip
def test_a_value_of_another_kind_is_named_by_its_line(tmp_path: Path, column: str, value: str, kind: str) -> None:
    path = write(tmp_path / "export.csv", line("1"), line("1", **{column: value}))
    assert refusal(path).startswith(f"export.csv, line 3: {column} is “{value}”, which is no {kind}")


def test_a_value_of_another_kind_in_parquet_is_named_by_its_row(tmp_path: Path) -> None:
    plain = write(tmp_path / "export.csv", line("1"), line("NaN"))
    parquet = tmp_path / "export.parquet"
    duckdb.sql(
        f"SELECT * REPLACE (CAST(BilledCost AS DOUBLE) AS BilledCost) FROM read_csv('{plain}', all_varchar = true)"
    ).write_parquet(str(parquet))
    assert refusal(parquet).startswith("export.parquet, row 2: BilledCost is “nan”, which is no number")


def test_a_column_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("BilledCost,BilledCost\n1,2\n")
    assert refusal(path) == "export.csv has the column BilledCost twice."


def test_every_charge_gets_its_category_and_the_sums_are_exact(tmp_path: Path) -> None:
    export = read([write(tmp_path / "export.csv", *EVERY_KIND)], ("team",), today=TODAY)
    aws = export.frame[export.frame["provider"] == "AWS"]
    sums = aws.groupby("charge_category")[["billed_cost", "effective_cost"]].sum()
    assert {name: tuple(row) for name, row in zip(sums.index, sums.to_numpy().round(12).tolist(), strict=True)} == {
        "Usage": (1.75, 2.5),
        "UnusedCommitment": (0.0, 0.1),
        "Purchase": (30.0, 0.0),
        "Tax": (0.2, 0.2),
        "Credit": (-0.4, -0.4),
        "Refund": (-0.3, -0.3),
        "Adjustment": (0.05, 0.05),
        "Support": (7.0, 7.0),
    }
    assert [(bill.provider, bill.rows, round(bill.billed, 9)) for bill in export.bills] == [
        ("AWS", 10, 38.3),
        ("Microsoft", 1, 2.5),
    ]


def test_a_charge_belongs_to_the_day_it_was_used_in_utc(tmp_path: Path) -> None:
    times = ("2026-10-05 23:00:00", "2026-10-05T23:00:00Z", "2026-10-06T01:00:00+02:00", "2026-10-05T23:00:00.000Z")
    lines = [line("1.5", ChargePeriodStart=moment) for moment in times]
    export = read([write(tmp_path / "export.csv", *lines)], (), today=TODAY)
    assert export.frame["date"].dt.date.unique().tolist() == [date(2026, 10, 5)]
    assert export.frame["billed_cost"].tolist() == [6.0]


def test_nulls_may_be_words_or_nothing(tmp_path: Path) -> None:
    lines = [line("1.5", RegionId=null, Tags=null) for null in ("NULL", "", "null")]
    export = read([write(tmp_path / "export.csv", *lines)], ("team",), today=TODAY)
    assert export.frame[["region_id", "tag:team"]].to_numpy().tolist() == [["global", ""]]


def test_an_effective_cost_rounded_to_dollars_is_not_used(tmp_path: Path) -> None:
    lines = [line("0.61", EffectiveCost="1.0"), line("1.23", EffectiveCost="1.00000")]
    export = read([write(tmp_path / "export.csv", *lines)], (), today=TODAY)
    assert export.frame["effective_cost"].isna().all()
    assert export.bills[0].distrust == "is rounded to whole units of money while BilledCost is not"


def test_a_provider_whose_effective_cost_is_exact_keeps_it(tmp_path: Path) -> None:
    lines = [line("0.61", EffectiveCost="1"), line("2.5", ProviderName="Microsoft")]
    export = read([write(tmp_path / "export.csv", *lines)], (), today=TODAY)
    assert [bill.distrust is None for bill in export.bills] == [False, True]


def test_whole_dollars_on_both_sides_are_trusted(tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", line("3"), line("12.40", EffectiveCost="0", ChargeCategory="Purchase"))
    assert read([path], (), today=TODAY).bills[0].distrust is None


def test_an_empty_effective_cost_is_missing_not_zero(tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", line("3.5"), line("1.5", EffectiveCost="NULL"))
    export = read([path], (), today=TODAY)
    assert export.frame["effective_cost"].isna().all()
    assert export.bills[0].distrust == "is empty in some rows"


def test_csv_gzip_and_parquet_say_the_same(tmp_path: Path) -> None:
    plain = write(tmp_path / "export.csv", *EVERY_KIND)
    packed = tmp_path / "export.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    parquet = tmp_path / "export.parquet"
    duckdb.sql(
        f"SELECT * REPLACE (CAST(BilledCost AS DECIMAL(18, 6)) AS BilledCost, CAST(Tags AS JSON) AS Tags, "
        f"CAST(ChargePeriodStart AS TIMESTAMP) AS ChargePeriodStart) "
        f"FROM read_csv('{plain}', all_varchar = true, nullstr = ['NULL', ''])"
    ).write_parquet(str(parquet))
    one, two, three = (read([path], ("team",), today=TODAY).frame for path in (plain, packed, parquet))
    assert one.equals(two)
    assert one.equals(three)


def test_tags_may_be_a_map_and_hold_any_text(tmp_path: Path) -> None:
    plain = write(tmp_path / "export.csv", line("1.5"))
    parquet = tmp_path / "export.parquet"
    duckdb.sql(
        f"SELECT * REPLACE (MAP {{'team': '<!channel> \"x\"', 'a/b~c': 'odd key'}} AS Tags) "
        f"FROM read_csv('{plain}', all_varchar = true, nullstr = ['NULL', ''])"
    ).write_parquet(str(parquet))
    export = read([parquet], ("team", "a/b~c"), today=TODAY)
    assert export.frame[["tag:a/b~c", "tag:team"]].to_numpy().tolist() == [["odd key", '<!channel> "x"']]
    assert export.bills[0].tagged == ("a/b~c", "team")


def test_another_delimiter_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("\ufeff" + text(line("1.5"), delimiter=";"), encoding="utf-8")
    assert read([path], (), today=TODAY).bills[0].billed == 1.5


def test_yesterday_is_still_filling(tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", line("1.5", ChargePeriodStart="2026-11-23 00:00:00"), line("1.5"))
    export = read([path], (), today=TODAY)
    assert export.frame.set_index("date")["estimated"].tolist() == [False, True]
