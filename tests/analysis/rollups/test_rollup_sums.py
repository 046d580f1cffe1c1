"""Rollups lose nothing: their sums are those of the lines, in any order, split anyhow, on any number of threads."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from analysis.rollups import Relation, Rollup, columns_of, statement, tag_column, tag_of
from analysis.rollups.focus import KEYS
from bot.engines.dialects import translated
from tests.analysis.rollups.lines_factories import DEFAULTS, FOCUS, rolled_up

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])

money = st.decimals(-10_000, 10_000, places=9).map(float)
TEXTS = {
    "ChargeClass": ["Correction"],
    "ChargeDescription": ["an hour", "a request"],
    "CommitmentDiscountId": ["plan-1", "plan-2"],
    "CommitmentDiscountStatus": ["Used", "Unused"],
    "CommitmentDiscountType": ["Savings Plan"],
    "ConsumedUnit": ["Hours"],
    "PricingCategory": ["Standard", "Committed"],
    "PricingUnit": ["Units"],
    "RegionId": ["us-east-1", "eu-west-1"],
    "RegionName": ["Virginia"],
    "ResourceId": ["i-1", "i-2"],
    "SkuMeter": ["meter-1"],
    "SubAccountId": ["1111", "2222"],
    "x_SkuMeterName": ["meter-2"],
    "x_UsageType": ["BoxUsage:m5.large", "SpotUsage:m5.large"],
    "ServiceProviderName": ["Microsoft"],
}
lines = st.fixed_dictionaries(
    {
        "BilledCost": money,
        "EffectiveCost": money,
        "ChargeCategory": st.sampled_from(["Usage", "Usage", "Purchase", "Tax", "Credit"]),
        "ChargePeriodStart": st.sampled_from(["2026-10-05 13:00:00", "2026-10-05 23:59:59", "2026-10-06 00:00:00"]),
        "ServiceName": st.sampled_from(["EC2", "S3"]),
        "ConsumedQuantity": st.sampled_from([None, 1.0, -2.5]),
    },
    optional={name: st.sampled_from(values) for name, values in TEXTS.items()},
)
NAMES = (
    "date", "provider", "charge_category", "service_name", "sub_account_id", "region_id", "usage_type",
    "pricing_category", "commitment_type", "commitment_id", "unit",
)  # fmt: skip


def exact(rows: DataFrame, names: tuple[str, ...] = NAMES) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Billed and effective cost by key, in whole ten-billionths."""
    names = tuple(name for name in names if name in rows)
    known = rows.assign(**{name: rows[name].astype(object).where(rows[name].notna(), None) for name in names})
    sums: dict[tuple[Any, ...], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in known.to_dict("records"):
        key = tuple(row[name] for name in names)
        billed, effective = sums[key]
        sums[key] = (billed + round(row["billed_cost"] * 1e10), effective + round(row["effective_cost"] * 1e10))
    return dict(sums)


@FEW
@given(st.lists(lines, min_size=1, max_size=25))
def test_the_sums_are_those_of_the_lines(found: list[dict[str, Any]]) -> None:
    rows = rolled_up("focus", found)
    for name, measure in (("billed_cost", "BilledCost"), ("effective_cost", "EffectiveCost")):
        whole = sum((Decimal(str(line[measure])) for line in found), Decimal(0))
        assert abs(sum(map(Decimal, map(str, rows[name])), Decimal(0)) - whole) < Decimal("1e-9")
    assert rows["lines"].sum() == len(found)
    by_day = {(day, service): Decimal(0) for day in ("05", "06") for service in ("EC2", "S3")}
    for line in found:
        by_day[line["ChargePeriodStart"][8:10], line["ServiceName"]] += Decimal(str(line["BilledCost"]))
    for (day, service), cost in by_day.items():
        part = rows[(rows["date"].astype(str) == f"2026-10-{day}") & (rows["service_name"] == service)]
        assert sum(part["billed_cost"]) == pytest.approx(float(cost), abs=1e-8)


@FEW
@given(st.lists(lines, min_size=1, max_size=12), st.data())
def test_what_is_known_of_columns_beforehand_changes_no_sum(found: list[dict[str, Any]], data: st.DataObject) -> None:
    found = [dict(line) for line in found]
    texts = sorted({*TEXTS, "ProviderName", "BillingCurrency", "BillingAccountId", "ServiceName", "ChargeCategory"})
    known: dict[str, str | None] = {}
    for name in data.draw(st.lists(st.sampled_from(texts), unique=True), label="constant columns"):
        known[name] = data.draw(
            st.sampled_from([FOCUS.get(name), *TEXTS.get(name, ())]).filter(
                lambda value, name=name: value is not None or name in TEXTS
            ),
            label=name,
        )
        for line in found:
            line[name] = known[name]
    full = [FOCUS | line for line in found]
    if data.draw(st.booleans(), label="one billing period"):
        known["BillingPeriodStart"] = "2026-10-01 00:00:00"
    may_be_full = (*TEXTS, "ProviderName", "BilledCost", "EffectiveCost")
    never_null = [name for name in may_be_full if all(line.get(name) is not None for line in full)]
    empty = [name for name in (*TEXTS, "ServiceProviderName") if all(line.get(name) is None for line in full)]
    missing = data.draw(st.lists(st.sampled_from(empty), unique=True) if empty else st.just([]), label="missing")
    known = {name: value for name, value in known.items() if name not in missing}
    rollup = data.draw(st.sampled_from(Rollup), label="rollup")
    plain = rolled_up("focus", found, rollup=rollup)
    clever = rolled_up("focus", found, rollup=rollup, known=known, never_null=never_null, missing=missing)
    names = (*NAMES, "hour", "resource_id", "currency", "billing_account_id", "billing_month")
    assert exact(clever, names) == exact(plain, names)
    if rollup is Rollup.DAILY:
        counts = ["lines", "billed_lines", "effective_lines"]
        assert clever[counts].sum().equals(plain[counts].sum())


@FEW
@given(
    st.lists(lines, min_size=1, max_size=12).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found)))
)
def test_the_order_of_lines_changes_no_bit(pair: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    assert exact(rolled_up("focus", pair[0])) == exact(rolled_up("focus", pair[1]))


@pytest.mark.parametrize("source", ["focus", "cur"])
def test_the_number_of_threads_and_the_split_into_files_change_no_bit(tmp_path: Path, source: str) -> None:
    cost, start, kind = (
        ("BilledCost", "ChargePeriodStart", "ChargeCategory")
        if source == "focus"
        else ("line_item_unblended_cost", "line_item_usage_start_date", "line_item_line_item_type")
    )
    told = {**DEFAULTS[source]}
    for name in (cost, start, kind):
        told.pop(name)
    if source == "focus":
        told.pop("EffectiveCost")
    others = ", ".join(
        f"{'TIMESTAMP ' if ('eriod' in name and 'tart' in name) or 'period_start' in name else ''}'{value}' AS {name}"
        for name, value in told.items()
    )
    effective = ", (hash(range) % 999983) / 7e3 AS EffectiveCost" if source == "focus" else ""
    made = f"""
        SELECT (hash(range + 1) % 1000003) / 3e4 - 12 AS {cost} {effective}, {others},
            TIMESTAMP '2026-10-01' + to_hours(CAST(hash(range + 2) % 700 AS INTEGER)) AS {start},
            ['Usage', 'Usage', 'Tax', 'Credit'][1 + CAST(hash(range + 3) % 4 AS INTEGER)] AS {kind}
        FROM range(200000)
    """
    results = []
    for files, threads in ((1, 1), (1, 4), (7, 1), (7, 4)):
        folder = tmp_path / f"{files} {threads}"
        folder.mkdir()
        with duckdb.connect(config={"threads": threads}) as own:
            own.execute(f"CREATE TABLE made AS {made}")
            for number in range(files):
                own.execute(
                    f"COPY (SELECT * FROM made WHERE hash({start}, {cost}) % {files} = {number}) "
                    f"TO '{folder}/{number}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 20000)"
                )
            own.execute(f"CREATE VIEW lines AS FROM read_parquet('{folder}/*.parquet')")
            names = [row[0] for row in own.execute("DESCRIBE lines").fetchall()]
            text = translated(statement(Rollup.DAILY, Relation(source, "lines", frozenset(names))), "duckdb")
            rows = own.execute(
                f"SELECT date, charge_category, billed_cost, effective_cost, lines FROM ({text}) ORDER BY ALL"
            ).fetchall()
        results.append(rows)
    assert len(results[0]) > 80
    assert results[0] == results[1] == results[2] == results[3]


tag_keys = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200)


@settings(max_examples=300, deadline=None)
@given(tag_keys)
def test_a_tag_s_key_comes_back_from_its_column(key: str) -> None:
    assert tag_of(tag_column(key)) == key


@settings(max_examples=300, deadline=None)
@given(tag_keys, tag_keys)
def test_two_tags_never_share_a_column_in_any_case(one: str, other: str) -> None:
    def folded(name: str) -> str:
        return "".join(letter.lower() if letter.isascii() else letter for letter in tag_column(name))

    assert (folded(one) == folded(other)) == (one == other)


@FEW
@given(st.lists(tag_keys, min_size=1, max_size=4, unique=True), st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_any_tag_keys_are_kept_beside_each_other(keys: list[str], value: str) -> None:
    with duckdb.connect() as own:
        own.execute(
            "CREATE TABLE lines AS SELECT 1.5 AS BilledCost, 1.5 AS EffectiveCost, 'USD' AS BillingCurrency, "
            "'p' AS BillingAccountId, TIMESTAMP '2026-10-01' AS BillingPeriodStart, 'AWS' AS ProviderName, "
            "TIMESTAMP '2026-10-02' AS ChargePeriodStart, 'Usage' AS ChargeCategory, 'EC2' AS ServiceName, "
            "map_from_entries(list_zip($keys, list_transform($keys, lambda k: $value))) AS Tags",
            {"keys": keys, "value": value},
        )
        columns = frozenset({*FOCUS, "Tags"})
        text = translated(statement(Rollup.DAILY, Relation("focus", "lines", columns), keys), "duckdb")
        row = own.execute(text).df().to_dict("records")[0]
    assert {tag_of(name): row[name] for name in row if tag_of(name) is not None} == dict.fromkeys(keys, value)
    assert row["billed_cost"] == 1.5


def test_every_key_of_a_source_says_which_columns_it_reads() -> None:
    known = {name for names in columns_of("focus")[0] for name in names} | set(columns_of("focus")[1])
    assert {column for key in KEYS.values() for column in key.columns} <= known


@pytest.mark.parametrize(
    ("end", "hours"),
    [
        ("2026-10-05 14:00:00", 14),
        ("2026-10-06 00:00:00", 24),
        ("2026-11-01 00:00:00", 24),
        ("2026-10-05 00:00:00", 0),
        ("0001-01-01 00:00:00", 0),
        (None, None),
    ],
)
def test_hours_seen_are_those_of_the_day_until_the_last_charge(end: str | None, hours: int | None) -> None:
    (seen,) = rolled_up("focus", [{"ChargePeriodEnd": end}])["hours_seen"]
    assert (None if pd.isna(seen) else seen) == hours
