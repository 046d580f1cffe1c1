"""The exports' sums are the ledger's and Cost Explorer's, along every dimension they share."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from bot.collectors.charge_categories import split
from tests.demo.aws.export_factories import (
    CUR_ROWS,
    FOCUS_ROWS,
    NOVEMBER,
    as_cost_explorer,
    assert_equal_sums,
    billed_lines,
    sums,
    written,
)
from tests.demo.aws.ledger_factories import ask, dimension, request, tag

#: Column → how Cost Explorer groups by it.
DIMENSIONS = {
    "service": dimension("SERVICE"),
    "account": dimension("LINKED_ACCOUNT"),
    "region": dimension("REGION"),
    "usage_type": dimension("USAGE_TYPE"),
    "operation": dimension("OPERATION"),
    "record_type": dimension("RECORD_TYPE"),
    "instance_type": dimension("INSTANCE_TYPE"),
    "plan": dimension("SAVINGS_PLAN_ARN"),
    "reservation": dimension("RESERVATION_ID"),
    "team": tag("team"),
    "env": tag("env"),
}
#: Those of them that FOCUS has, too.
SHARED = ("service", "account", "region", "usage_type", "operation", "team", "env")
METRICS = {
    "unblended": "UnblendedCost",
    "net_unblended": "NetUnblendedCost",
    "blended": "BlendedCost",
    "net_amortized": "NetAmortizedCost",
    "quantity": "UsageQuantity",
}
KEYS = ["date", "service", "account", "region", "usage_type", "operation", "team", "env"]
USAGE_TYPES = {"focus": "SkuMeter", "focus-1-0": "x_UsageType"}

#: Over the end of a month, the first of the next and the open days.
SINCE = "2026-10-29"


@pytest.fixture(scope="module")
def cur(tmp_path_factory: pytest.TempPathFactory) -> DataFrame:
    return as_cost_explorer(written(tmp_path_factory.mktemp("cur"), "cur"), CUR_ROWS)


@pytest.fixture(scope="module", params=["focus", "focus-1-0"])
def focus(request: Any, tmp_path_factory: pytest.TempPathFactory) -> DataFrame:
    files = written(tmp_path_factory.mktemp("focus"), request.param)
    return as_cost_explorer(files, FOCUS_ROWS.format(usage_type=USAGE_TYPES[request.param]))


@pytest.fixture(scope="module")
def lines() -> DataFrame:
    return billed_lines()


@lru_cache(maxsize=64)
def cost_explorer(keys: tuple[str, str]) -> DataFrame:
    """All metrics by day and two keys, from the end of October to now."""
    asked = request(SINCE, "2026-11-21", Metrics=list(METRICS.values()), GroupBy=[DIMENSIONS[key] for key in keys])
    rows = [
        [
            row["TimePeriod"]["Start"],
            *(value.rpartition("$")[2] for value in group["Keys"]),
            *(float(group["Metrics"][metric]["Amount"]) for metric in METRICS.values()),
        ]
        for row in ask(asked)
        for group in row["Groups"]
    ]
    return DataFrame(rows, columns=["date", *keys, *METRICS])


def recent(rows: DataFrame) -> DataFrame:
    return rows[rows["date"] >= SINCE]


def test_the_cur_sums_to_the_ledger_on_every_day_in_every_dimension_and_record_type(
    cur: DataFrame, lines: DataFrame
) -> None:
    keys = [*KEYS, "record_type"]

    assert_equal_sums(sums(cur, keys, list(METRICS)), sums(lines, keys, list(METRICS)))


@pytest.mark.parametrize("keys", list(combinations(DIMENSIONS, 2)), ids="-".join)
def test_the_cur_sums_to_cost_explorer_on_every_pair_of_dimensions(cur: DataFrame, keys: tuple[str, str]) -> None:
    by = ["date", *keys]

    assert_equal_sums(sums(recent(cur), by, list(METRICS)), sums(cost_explorer(keys), by, list(METRICS)))


def test_focus_sums_to_the_ledger_on_every_day_in_every_dimension_and_charge_category(
    focus: DataFrame, lines: DataFrame
) -> None:
    keys = [*KEYS, "category"]

    assert_equal_sums(sums(focus, keys, ["billed", "effective"]), by_category(lines, keys))


@pytest.mark.parametrize("keys", list(combinations(SHARED, 2)), ids="-".join)
def test_focus_sums_to_cost_explorer_on_every_pair_of_dimensions(focus: DataFrame, keys: tuple[str, str]) -> None:
    by = ["date", *keys]
    explored = cost_explorer(keys).rename(columns={"net_amortized": "effective", "net_unblended": "billed"})
    measures = ["billed", "effective", "quantity"]

    assert_equal_sums(sums(recent(focus), by, measures), sums(explored, by, measures))


def test_billed_focus_is_what_cost_explorer_calls_unblended_once_discounts_are_counted(focus: DataFrame) -> None:
    explored = cost_explorer(("service", "account")).rename(columns={"unblended": "billed"})
    by = ["date", "service", "account"]

    assert_equal_sums(sums(recent(focus), by, ["billed"]), sums(explored, by, ["billed"]))


def test_focus_knows_the_record_types_as_charge_categories(focus: DataFrame) -> None:
    keys = ["date", "service", "category"]

    assert_equal_sums(
        sums(recent(focus), keys, ["billed", "effective"]),
        by_category(cost_explorer(("service", "record_type")), keys),
    )


def test_all_charges_of_a_month_are_in_its_own_files(cur: DataFrame, lines: DataFrame) -> None:
    november = cur[cur["date"] >= str(NOVEMBER)]

    assert november["unblended"].sum() == pytest.approx(
        lines[lines["date"] >= str(NOVEMBER)]["unblended"].sum(), abs=1e-6
    )


def by_category(rows: DataFrame, keys: list[str]) -> DataFrame:
    """Both views of Cost Explorer's record types as charge categories; of billed cost the one after discounts."""
    splits = rows["record_type"].map(split)
    billed = rows.assign(category=[str(one.billed) for one in splits], billed=rows["net_unblended"], effective=0.0)
    effective = rows.assign(
        category=[str(one.effective) for one in splits], billed=0.0, effective=rows["net_amortized"]
    )
    return sums(pd.concat([billed, effective]), keys, ["billed", "effective"])
