"""Whatever daily bill a person has is read to the cent, or refused in one sentence; never half, never by a guess."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.analysis.bill_files import BadBill, read_bill

EXPLORER = """"Service","EC2-Instances($)","S3($)","Total costs($)"
"Service total","30.5","2.25","32.75"
"2026-03-01","10","1.25","11.25"
"2026-03-02","20.5","","20.5"
"2026-03-03","","1","1"
"""


def written(folder: Path, text: str | bytes, name: str = "bill.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, **columns: str) -> list[tuple[str, str, float]]:
    daily = read_bill(written(folder, text), **columns).daily
    assert list(daily.columns) == ["date", "key", "cost"]
    return [(f"{day:%m-%d}", key, cost) for day, key, cost in daily.itertuples(index=False)]


def test_cost_explorers_download_has_its_days_without_sums_and_units(tmp_path: Path) -> None:
    assert read(tmp_path, EXPLORER) == [
        ("03-01", "EC2-Instances", 10.0),
        ("03-01", "S3", 1.25),
        ("03-02", "EC2-Instances", 20.5),
        ("03-03", "S3", 1.0),
    ]


def test_a_long_file_is_summed_by_day_and_key(tmp_path: Path) -> None:
    text = "usage_date,service,region,unblended_cost\n2026-03-01,ec2,a,1.5\n2026-03-01,ec2,b,2\n2026-03-02,s3,a,-0.25\n"
    assert read(tmp_path, text) == [("03-01", "ec2", 3.5), ("03-02", "s3", -0.25)]


def test_columns_may_be_named(tmp_path: Path) -> None:
    text = "when,team,service,net\n2026-03-01,web,ec2,1\n2026-03-02,web,s3,2\n"
    assert read(tmp_path, text, date="when", key="team", cost="net") == [("03-01", "web", 1.0), ("03-02", "web", 2.0)]


def test_without_a_key_all_is_one(tmp_path: Path) -> None:
    assert read(tmp_path, "date,cost\n2026-03-01,1\n2026-03-02,2\n") == [
        ("03-01", "total", 1.0),
        ("03-02", "total", 2.0),
    ]


def focus(*rows: str) -> str:
    head = "ChargePeriodStart,ServiceName,ChargeCategory,BilledCost,EffectiveCost,BillingCurrency"
    return "\n".join([head, *rows]) + "\n"


def test_focus_is_read_by_its_effective_cost_and_what_is_no_usage_stands_apart(tmp_path: Path) -> None:
    text = focus(
        "2026-03-01T00:00:00Z,EC2,Usage,5,4,USD",
        "2026-03-01T13:00:00Z,EC2,Usage,5,4,USD",
        "2026-03-02T00:00:00Z,EC2,Tax,1,1,USD",
    )
    assert read(tmp_path, text) == [("03-01", "EC2", 8.0), ("03-02", "EC2 – Tax", 1.0)]


def test_focus_without_effective_costs_is_read_by_its_billed_cost(tmp_path: Path) -> None:
    text = focus("2026-03-01 00:00:00,EC2,Usage,5,,USD", "2026-03-02 00:00:00,EC2,Usage,6,,USD")
    assert read(tmp_path, text) == [("03-01", "EC2", 5.0), ("03-02", "EC2", 6.0)]
    assert read(tmp_path, text, cost="BilledCost") == read(tmp_path, text)


def test_two_currencies_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBill, match="is in EUR and USD; leave the rows of one currency"):
        read(tmp_path, focus("2026-03-01,EC2,Usage,5,4,USD", "2026-03-02,EC2,Usage,5,4,EUR"))


@pytest.mark.parametrize(
    ("cell", "dollars"),
    [
        ("$1,234.50", 1234.5), ("(12.25)", -12.25), ("-$3", -3.0), ("USD 7.5", 7.5), ("1e-3", 0.001),
        ("1,234,567", 1234567), (".5", 0.5), ("9 €", 9.0),
    ],
)  # fmt: skip
def test_amounts_may_carry_their_currency(tmp_path: Path, cell: str, dollars: float) -> None:
    assert read(tmp_path, f'date,service,cost\n2026-03-01,ec2,"{cell}"\n') == [("03-01", "ec2", dollars)]


@pytest.mark.parametrize("cell", ["1.234,56", "twelve", "1,2", "inf", "--5", "1 2"])
def test_what_is_no_amount_is_refused_with_its_row(tmp_path: Path, cell: str) -> None:
    with pytest.raises(
        BadBill, match=re.escape(f"row 3 has '{cell}' in cost, which is no amount; write costs as 1234.56")
    ):
        read(tmp_path, f'date,service,cost\n2026-03-01,ec2,1\n2026-03-02,ec2,"{cell}"\n')


def test_a_comma_is_a_decimal_one_between_semicolons(tmp_path: Path) -> None:
    assert read(tmp_path, "date;service;cost\n2026-03-01;ec2;1.234,5\n2026-03-02;ec2;3\n")[0][2] == 1234.5
    with pytest.raises(BadBill, match=r"row 3 has '1\.234' in cost, which is no amount"):
        read(tmp_path, "date;service;cost\n2026-03-01;ec2;0,5\n2026-03-02;ec2;1.234\n")


def test_days_are_read_in_the_only_way_that_fits_all_of_them(tmp_path: Path) -> None:
    days = pd.date_range("2026-03-01", periods=20)
    for form in ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y"):
        text = "date,cost\n" + "".join(f"{day.strftime(form)},1\n" for day in days)
        assert list(read_bill(written(tmp_path, text)).daily["date"]) == list(days)
    with pytest.raises(BadBill, match="'03/01/2026' in date may be of two days; write dates as 2026-03-31"):
        read(tmp_path, "date,cost\n03/01/2026,1\n03/02/2026,1\n")


def test_a_date_that_is_none_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(BadBill, match="row 3 has 'Total' in date, which is no day"):
        read(tmp_path, "date,service,cost\n2026-03-01,ec2,1\nTotal,,1\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "bill.csv is empty"),
        (b"date,cost\n", "a head of columns and no rows"),
        (b"PAR1....", "is Parquet and no CSV; save it as CSV"),
        (b"PK\x03\x04...", "is a workbook or an archive and no CSV"),
        (b"date,cost\n2026-03-01,\xff\n", "is no UTF-8 text"),
        (b"date,cost\n2026-03-01,1,2,3\n2026-03-01,1,2,3,4,5\n", "is no table"),
        (b"who,what\na,b\n", "no column that is clearly a date; it has who, what: name them with --date"),
        (b"date,who\n2026-03-01,b\n", "no column that is clearly a cost"),
        (b"date,cost\n2026-01-01,1\n2026-02-01,1\n2026-03-01,2\n", "one day in 29, daily costs are needed"),
    ],
)
def test_what_is_no_daily_bill_is_refused_in_a_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(BadBill, match=message) as refused:
        read_bill(written(tmp_path, content))
    assert str(refused.value).count("\n") == 0


def test_a_file_or_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadBill, match=r"none.csv cannot be read: No such file"):
        read_bill(tmp_path / "none.csv")
    with pytest.raises(BadBill, match="has no column 'Spend'; it has date, cost"):
        read(tmp_path, "date,cost\n2026-03-01,1\n", cost="Spend")


def test_a_gzipped_file_and_one_of_a_spreadsheet_are_read(tmp_path: Path) -> None:
    plain = read(tmp_path, EXPLORER)
    assert read(tmp_path, gzip.compress(EXPLORER.encode())) == plain
    assert read(tmp_path, EXPLORER.encode("utf-16")) == plain
    assert read(tmp_path, EXPLORER.encode("utf-8-sig")) == plain
