"""Columns as exports of every cloud and version write them: the same values come out, or a sentence says which fail."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bot.errors import CostbotError
from tests.bot.costs.focus_files import COLUMNS, Stored, line, read, text, write

AS_TEXT = "all_varchar = true, nullstr = ['NULL', ''], hive_partitioning = false"


def parquet(folder: Path, *lines: dict[str, Any], name: str = "export", columns: str = "", **shape: Any) -> Path:
    """A Parquet file of the lines, as text, with `columns` replaced or added: SQL as after REPLACE."""
    plain = write(folder / f"{name}.plain.csv", *lines, **shape)
    path = folder / f"{name}.parquet"
    chosen = f"* REPLACE ({columns})" if columns else "*"
    with duckdb.connect() as own:
        own.execute("SET TimeZone = 'UTC'")
        own.execute(f"COPY (SELECT {chosen} FROM read_csv('{plain}', {AS_TEXT})) TO '{path}' (FORMAT parquet)")
    plain.unlink()
    return path


def values(stored: Stored, *names: str) -> list[list[Any]]:
    frame = stored.frame[list(names)].astype(object)
    return [list(row) for row in frame.where(frame.notna(), None).to_numpy().tolist()]


def refusal(*paths: Path) -> str:
    with pytest.raises(CostbotError) as caught:
        read(paths)
    return caught.value.cause


@pytest.mark.parametrize("number", ["922337204", "-922337204", "1e300", "Infinity", "NaN"])
def test_dollars_that_no_sum_can_hold_are_refused_by_row(tmp_path: Path, number: str) -> None:
    cast = "CAST(BilledCost AS DOUBLE) AS BilledCost"
    said = refusal(parquet(tmp_path, line("1"), line("2"), line(number), columns=cast))
    assert said.startswith("export.parquet, row 3: BilledCost is “")
    assert said.endswith("which is no number between −922,337,202 and 922,337,202.")


def test_the_largest_dollars_are_kept(tmp_path: Path) -> None:
    found = read([write(tmp_path / "export.csv", line("922337202"), line("-922337202.5", ChargeCategory="Credit"))])
    assert values(found, "charge_category", "billed_cost") == [["Credit", -922337202.5], ["Usage", 922337202.0]]


@pytest.mark.parametrize(
    ("column", "tags"),
    [
        ("MAP {'team': 'payments', 'env': 'prod'} AS Tags", None),
        ("MAP {'user:team': 'payments'} AS Tags", None),
        ("CAST(Tags AS JSON) AS Tags", '{"team": "payments", "n": 1}'),
        ("Tags AS Tags", '{"team": "payments"}'),
        ("Tags AS Tags", '  {"team":"payments","deep":{"a":1}}  '),
        ("Tags AS Tags", '"team": "payments","env": "prod"'),
        ("Tags AS Tags", "env=prod;team=payments"),
        ("Tags AS Tags", "team:payments, env:prod"),
        ("Tags AS Tags", '[{"Key": "team", "Value": "payments"}]'),
        ("Tags AS Tags", '[{"key": "team", "value": "payments"}, {"key": "env", "value": null}]'),
        ("[{'key': 'team', 'value': 'payments'}] AS Tags", None),
        ("[{'Key': 'user:team', 'Value': 'payments'}, {'Key': 'env', 'Value': 'prod'}] AS Tags", None),
        ("{'team': 'payments', 'env': NULL} AS Tags", None),
    ],
)
def test_a_tag_is_read_however_it_is_written(tmp_path: Path, column: str, tags: str | None) -> None:
    found = read([parquet(tmp_path, line("1.5", Tags=tags or "NULL"), columns=column)])
    assert values(found, "tag:team", "billed_cost") == [["payments", 1.5]]


@pytest.mark.parametrize("nothing", ["NULL", "", "   ", "{}", "[]", "null"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_no_tags_are_no_error_and_no_tag(tmp_path: Path, nothing: str, kind: str) -> None:
    lines = (line("1.5", Tags=f"<{nothing}>"), line("1", Tags="<team=payments>"))
    if kind == "csv":
        path = write(tmp_path / "export.csv", *(one | {"Tags": one["Tags"][1:-1]} for one in lines))
    else:
        path = parquet(tmp_path, *lines, columns="Tags[2:-2] AS Tags")
    assert sorted(values(read([path]), "tag:team", "billed_cost")) == [["", 1.5], ["payments", 1.0]]


def test_a_tag_said_twice_is_a_sentence(tmp_path: Path) -> None:
    said = refusal(write(tmp_path / "export.csv", line("1"), line("1", Tags='{"team": "a", "team": "b"}')))
    assert said.startswith('export.csv, line 3: Tags is “{"team": "a", "team": "b"}”')


def test_tag_keys_that_differ_by_a_capital_letter_are_two_tags(tmp_path: Path) -> None:
    path = parquet(tmp_path, line("1.5"), columns="MAP {'Team': 'upper', 'team': 'lower', 'TEAM': 'all'} AS Tags")
    found = read([path], ("team", "Team", "TEAM"))
    assert values(found, "tag:team", "tag:^team", "tag:^t^e^a^m") == [["lower", "upper", "all"]]
    assert sorted(found.bills[0].tagged) == ["TEAM", "Team", "team"]


@pytest.mark.parametrize(
    "key", ["it's", 'say "x"', "a{b}", "{}", "größe", "名前", "a\\b", "x" * 200, "a^b", "aws:cdk/path", "100%", "a?b:c"]
)
def test_any_text_may_be_a_tag_s_key(tmp_path: Path, key: str) -> None:
    found = read([write(tmp_path / "export.csv", line("1.5", Tags=json.dumps({key: "v", "other": "w"})))], (key,))
    assert [values(found, name) for name in found.frame.columns if name.startswith("tag:")] == [[["v"]]]
    assert found.bills[0].tagged == (key,)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("DATE '2026-10-05' AS ChargePeriodStart", "2026-10-05"),
        ("TIMESTAMPTZ '2026-10-06 01:30:00+02:00' AS ChargePeriodStart", "2026-10-05"),
        ("TIMESTAMPTZ '2026-10-05 22:30:00-05:00' AS ChargePeriodStart", "2026-10-06"),
        ("TIMESTAMP '2026-10-05 23:59:59.999' AS ChargePeriodStart", "2026-10-05"),
        ("TIMESTAMP_NS '2026-10-05 23:59:59' AS ChargePeriodStart", "2026-10-05"),
        ("TIMESTAMP_S '2026-10-05 23:59:59' AS ChargePeriodStart", "2026-10-05"),
        ("'2026-10-05T23:00:00-02:00' AS ChargePeriodStart", "2026-10-06"),
        ("'2026-10-05' AS ChargePeriodStart", "2026-10-05"),
    ],
)
def test_a_time_is_read_in_utc_whatever_its_type(tmp_path: Path, column: str, expected: str) -> None:
    found = read([parquet(tmp_path, line("1.5"), columns=column)], ())
    assert found.frame["date"].astype(str).tolist() == [expected]


@pytest.mark.parametrize("kind", ["DECIMAL(38, 10)", "DECIMAL(9, 2)", "FLOAT", "DOUBLE", "VARCHAR", "BIGINT"])
def test_an_amount_is_read_whatever_its_type(tmp_path: Path, kind: str) -> None:
    cast = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name in ("BilledCost", "EffectiveCost", "ListCost"))
    found = read([parquet(tmp_path, line("3"), line("-1", EffectiveCost="5"), columns=cast)], ())
    assert values(found, "billed_cost", "effective_cost", "list_cost") == [[2.0, 8.0, 2.0]]


def test_negative_and_huge_quantities_are_quantities(tmp_path: Path) -> None:
    lines = (
        line("1", ConsumedQuantity="123456789012345"),
        line("1", ConsumedQuantity="-12", ConsumedUnit="GB"),
        line("1", ConsumedQuantity="9999999999.5", ConsumedUnit="Requests"),
    )
    found = read([write(tmp_path / "export.csv", *lines)], ())
    assert sorted(values(found, "unit", "quantity")) == [
        ["GB", -12.0], ["Hours", 123456789012345.0], ["Requests", 9999999999.5],
    ]  # fmt: skip


def test_a_huge_quantity_is_not_blamed_for_another_column_s_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", line("1", ConsumedQuantity="99999999999"), line("1", ListCost="much"))
    assert refusal(path).startswith("export.csv, line 3: ListCost is “much”")


@pytest.mark.parametrize("shape", ["csv", "csv.gz", "parquet"])
@pytest.mark.parametrize(
    ("version", "renamed", "added"),
    [
        ("1.0", {}, {"x_UsageType": "BoxUsage:m5.large"}),
        ("1.2", {}, {"SkuMeter": "BoxUsage:m5.large"}),
        ("1.3", {"ProviderName": "ServiceProviderName"}, {"SkuMeter": "BoxUsage:m5.large"}),
        ("Azure", {}, {"x_SkuMeterName": "BoxUsage:m5.large"}),
    ],
)
def test_every_version_says_the_same(
    tmp_path: Path, version: str, renamed: dict[str, str], added: dict[str, str], shape: str
) -> None:
    one = {renamed.get(name, name): value for name, value in (line("1.5") | added).items()}
    columns = (*(renamed.get(name, name) for name in COLUMNS), *added)
    if shape == "parquet":
        path = _parquet(tmp_path, one, columns)
    else:
        path = tmp_path / f"export.{shape}"
        body = text(one, columns=columns).encode()
        path.write_bytes(gzip.compress(body) if shape.endswith("gz") else body)
    found = read([path])
    assert values(found, "provider", "usage_type", "tag:team", "billed_cost") == [
        ["AWS", "BoxUsage:m5.large", "payments", 1.5]
    ]


def _parquet(folder: Path, one: dict[str, Any], columns: tuple[str, ...], name: str = "export") -> Path:
    plain = folder / f"{name}.plain.csv"
    plain.write_text(text(one, columns=columns))
    path = folder / f"{name}.parquet"
    duckdb.sql(f"SELECT * FROM read_csv('{plain}', {AS_TEXT})").write_parquet(str(path))
    plain.unlink()
    return path


def test_columns_may_be_in_any_case_and_order(tmp_path: Path) -> None:
    columns = tuple(name.lower() if number % 2 else name.upper() for number, name in enumerate(reversed(COLUMNS)))
    one = {column: line("1.5")[name] for column, name in zip(columns, reversed(COLUMNS), strict=True)}
    assert values(read([write(tmp_path / "export.csv", one, columns=columns)]), "provider", "tag:team") == [
        ["AWS", "payments"]
    ]
    assert values(read([_parquet(tmp_path, one, columns)]), "provider", "tag:team") == [["AWS", "payments"]]


def test_files_of_two_versions_in_one_month_are_read_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "BILLING_PERIOD=2026-10"
    folder.mkdir()
    old = line("1", x_UsageType="BoxUsage:m5.large")
    new = {("ServiceProviderName" if name == "ProviderName" else name): value for name, value in line("2").items()}
    new |= {"SkuMeter": "BoxUsage:m5.xlarge", "Extra": "x"}
    _parquet(folder, old, (*COLUMNS, "x_UsageType"), "one")
    _parquet(folder, new, tuple(new), "two")
    assert sorted(values(read([folder]), "provider", "usage_type", "billed_cost")) == [
        ["AWS", "BoxUsage:m5.large", 1.0],
        ["AWS", "BoxUsage:m5.xlarge", 2.0],
    ]


def test_a_month_whose_files_type_a_column_differently_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "BILLING_PERIOD=2026-10"
    folder.mkdir()
    parquet(folder, line("1"), name="one", columns="CAST(BilledCost AS DOUBLE) AS BilledCost")
    parquet(folder, line("2"), name="two", columns="TIMESTAMPTZ '2026-10-05 02:00:00+00' AS ChargePeriodStart")
    parquet(folder, line("4"), name="three", columns="TIMESTAMP '2026-10-05 02:00:00' AS BillingPeriodStart")
    found = read([folder])
    assert float(found.frame["billed_cost"].sum()) == 7.0
    assert found.frame["date"].astype(str).unique().tolist() == ["2026-10-05"]


def test_a_month_whose_files_write_tags_in_two_ways_is_refused_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "BILLING_PERIOD=2026-10"
    folder.mkdir()
    parquet(folder, line("1"), name="one", columns="MAP {'team': 'payments'} AS Tags")
    parquet(folder, line("2"), name="two")
    assert refusal(folder) == "two.parquet: Tags is VARCHAR, and MAP(VARCHAR, VARCHAR) in files beside it."


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_folders_of_a_hive_partition_add_no_columns(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "ServiceName=Wrong" / "billing_period=2026-10-01"
    folder.mkdir(parents=True)
    if kind == "csv":
        write(folder / "export.csv", line("1.5"))
    else:
        parquet(folder, line("1.5"))
    assert values(read([tmp_path / "ServiceName=Wrong"]), "service_name") == [["Amazon Elastic Compute Cloud"]]


def test_a_parquet_file_s_empty_text_is_no_value(tmp_path: Path) -> None:
    columns = ("CommitmentDiscountId", "CommitmentDiscountType", "ResourceId", "PricingCategory", "RegionId",
               "SubAccountId", "ChargeClass", "CommitmentDiscountStatus")  # fmt: skip
    all_columns = tuple(dict.fromkeys((*COLUMNS, *columns)))
    empty = ", ".join(f"coalesce({name}, '') AS {name}" for name in columns)
    lines = [line("1.5", **dict.fromkeys(columns, "")), line("2", **dict.fromkeys(columns, ""), ServiceName="S3")]
    found = read([_empty(tmp_path, lines, all_columns, empty)])
    assert (
        values(found, "commitment_id", "commitment_type", "pricing_category", "sub_account_id", "charge_category")
        == [[None, None, None, None, "Usage"]] * 2
    )


def _empty(folder: Path, lines: list[dict[str, Any]], columns: tuple[str, ...], replaced: str) -> Path:
    plain = write(folder / "plain.csv", *lines, columns=columns)
    path = folder / "export.parquet"
    duckdb.sql(f"SELECT * REPLACE ({replaced}) FROM read_csv('{plain}', {AS_TEXT})").write_parquet(str(path))
    plain.unlink()
    return path


def test_a_month_without_any_time_is_a_sentence(tmp_path: Path) -> None:
    path = parquet(tmp_path, line("1.5", ChargePeriodStart="NULL", BillingPeriodStart="NULL"))
    assert refusal(path) == "export.parquet has 1 row whose BillingPeriodStart is empty or cannot be read."
