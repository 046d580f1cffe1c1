"""Cost Explorer, a FOCUS export and a Cost and Usage Report of one bill, each read by costbot, agree to the cent."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from bot.collectors.charge_categories import split
from bot.demo.aws.export_products import PRODUCTS, cost_explorer_service
from bot.exports.local import LocalPlace
from bot.workflows.ingest import ingest
from tests.bot.costs.cost_factories import context
from tests.demo.aws.export_factories import NOTHING, NOVEMBER, OCTOBER, written
from tests.demo.aws.ledger_factories import NOW, ask, dimension, request, tag

KEYS = (
    "date", "billing_month", "provider", "billing_account_id", "charge_category", "service_name", "sub_account_id",
    "region_id", "usage_type", "pricing_category", "commitment_type", "commitment_id", "unit", "currency", "tag:team",
    "tag:env",
)  # fmt: skip
#: Column of the stored table → how Cost Explorer groups by it.
DIMENSIONS = {
    "service": dimension("SERVICE"),
    "sub_account_id": dimension("LINKED_ACCOUNT"),
    "region_id": dimension("REGION"),
    "usage_type": dimension("USAGE_TYPE"),
    "tag:team": tag("team"),
    "tag:env": tag("env"),
    "charge_category": dimension("RECORD_TYPE"),
}
#: Over the end of a month, the first of the next and the open days.
SINCE = "2026-10-29"
CODES = {product.name: product.code for product in PRODUCTS.values()}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DataFrame]:
    """What costbot stores of October and November, by source."""
    tables = {}
    for source in ("focus", "cur"):
        folder = tmp_path_factory.mktemp(source)
        written(folder / "export", source, (OCTOBER, NOVEMBER))
        bot = context(folder / "data", now=NOW, tag_keys=("team", "env"))
        ingest(bot, source, LocalPlace([folder / "export"]))
        months = [bot.costs.months.read(source, month) for month in (OCTOBER, NOVEMBER)]
        tables[source] = pd.concat(months, ignore_index=True)
    return tables


def totals(table: DataFrame, keys: tuple[str, ...]) -> DataFrame:
    named = table.assign(**{key: table[key].astype(object).where(table[key].notna(), "none") for key in keys})
    sums = named.groupby(list(keys))[["billed_cost", "effective_cost", "list_cost", "quantity"]].sum()
    return sums[sums.abs().max(axis=1) > 1e-8]


def test_focus_and_the_report_are_the_same_table(stored: dict[str, DataFrame]) -> None:
    focus, report = totals(stored["focus"], KEYS), totals(stored["cur"], KEYS)
    assert len(focus) > 20_000
    assert focus.index.equals(report.index)
    assert float((focus - report).abs().max().max()) < 1e-6


def test_the_two_exports_reconcile_to_the_tenth_digit_in_total(stored: dict[str, DataFrame]) -> None:
    for measure in ("billed_cost", "effective_cost"):
        assert stored["focus"][measure].sum() == pytest.approx(stored["cur"][measure].sum(), abs=1e-6)


@lru_cache(maxsize=64)
def explored(first: str, second: str) -> DataFrame:
    """Cost Explorer's answer by two dimensions: one row a day and group."""
    metrics = ["UnblendedCost", "NetAmortizedCost"]
    rows: list[dict[str, Any]] = []
    for result in ask(request(SINCE, Metrics=metrics, GroupBy=[DIMENSIONS[first], DIMENSIONS[second]])):
        for group in result["Groups"]:
            values = {first: group["Keys"][0], second: group["Keys"][1]}
            billed, effective = (float(group["Metrics"][metric]["Amount"]) for metric in metrics)
            rows.append({"date": result["TimePeriod"]["Start"], **values, "billed": billed, "effective": effective})
    return _named(DataFrame(rows), first, second)


def _named(rows: DataFrame, *dimensions: str) -> DataFrame:
    """Keys as the stored table writes them."""
    for name in dimensions:
        if name.startswith("tag:"):
            rows[name] = rows[name].str.partition("$")[2]
        if name == "region_id":
            rows[name] = rows[name].replace({"NoRegion": "global", "": "global"})
    return rows


@pytest.mark.parametrize("source", ["focus", "cur"])
@pytest.mark.parametrize(("first", "second"), list(combinations(DIMENSIONS, 2)))
def test_an_export_agrees_with_cost_explorer_by_every_pair(
    stored: dict[str, DataFrame], source: str, first: str, second: str
) -> None:
    table = stored[source]
    table = table[table["date"] >= pd.Timestamp(SINCE)]
    table = table.assign(
        date=table["date"].dt.strftime("%Y-%m-%d"),
        service=[
            cost_explorer_service(CODES[name], name, None if pd.isna(usage) else usage, tax=category == "Tax")
            for name, usage, category in zip(
                table["service_name"], table["usage_type"], table["charge_category"], strict=True
            )
        ],
        usage_type=table["usage_type"].fillna(NOTHING["usage_type"]),
    )
    asked = explored(first, second)
    for measure, column in (("billed", "billed_cost"), ("effective", "effective_cost")):
        told = asked
        if "charge_category" in (first, second):
            named = {name: getattr(split(name), measure).value for name in asked["charge_category"].unique()}
            told = asked.assign(charge_category=asked["charge_category"].map(named))
        keys = ["date", first, second]
        gap = told.groupby(keys)[measure].sum().sub(table.groupby(keys)[column].sum(), fill_value=0.0).abs()
        assert len(gap) > 20
        assert gap.max() < 0.005, gap.idxmax()


@pytest.mark.parametrize("source", ["focus", "cur"])
def test_hours_of_a_whole_day_and_of_today_are_known(stored: dict[str, DataFrame], source: str) -> None:
    hours = stored[source].groupby("date")["hours_seen"].max()
    assert hours[pd.Timestamp(2026, 11, 10)] == 24
    assert stored[source]["hours_seen"].between(0, 24).all()


def test_the_payer_and_the_months_are_those_of_the_organisation(stored: dict[str, DataFrame]) -> None:
    for table in stored.values():
        assert set(table["billing_account_id"]) == {"123456789012"}
        assert {value.date() for value in pd.to_datetime(table["billing_month"])} == {OCTOBER, NOVEMBER}
        assert table["date"].min().date() == date(2026, 10, 1)
