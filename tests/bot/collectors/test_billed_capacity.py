"""DynamoDB's provisioned units on the bill: by region and unit, of what is sold reserved, at the bill's own price."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.costs import Cut
from bot.collectors.billed_capacity import COLUMNS, WINDOW_DAYS, read
from bot.context import Context
from tests.bot.collectors.bill_factories import END, charges, stored

WRITE, READ = "WriteCapacityUnit-Hrs", "EUW1-ReadCapacityUnit-Hrs"


def bill(folder: Path, *kinds: tuple[str, float, float], days: int = 200) -> Context:
    """A bill of these usage types: dollars and unit hours a day."""
    first = END - timedelta(days=days)
    rows: list[dict[str, Any]] = []
    for usage_type, usd, quantity in kinds:
        told: dict[str, Any] = {"service_name": "Amazon DynamoDB", "usage_type": usage_type}
        rows += charges(Cut.CHARGE, first, END, usd, service_name="Amazon DynamoDB")
        told |= {"unit": usage_type.removeprefix("EUW1-"), "quantity": quantity}
        rows += charges(Cut.USAGE_TYPE, first, END, usd, **told)
    return stored(folder, rows)


def test_reads_and_writes_of_each_region_are_rows_with_the_bills_own_price(tmp_path: Path) -> None:
    found = read(bill(tmp_path, (WRITE, 19.5, 30_000.0), (READ, 3.528, 24_000.0)))

    assert list(found.columns) == list(COLUMNS)
    told = found.set_index("resource_id")
    assert list(told.index) == ["AmazonDynamoDB read eu-west-1", "AmazonDynamoDB write us-east-1"]
    write = told.loc["AmazonDynamoDB write us-east-1"]
    assert (write["known_days"], write["billed_days"], write["unit_usd"]) == (WINDOW_DAYS, WINDOW_DAYS, 0.00065)
    assert json.loads(write["daily_usd"]) == [19.5] * WINDOW_DAYS
    assert told["unit_usd"].iloc[0] == pytest.approx(0.000147)


@pytest.mark.parametrize(
    "usage_type", ["IA-WriteCapacityUnit-Hrs", "ReplWriteCapacityUnit-Hrs", "WriteRequestUnits", "TimedStorage-ByteHrs"]
)
def test_what_is_not_sold_reserved_is_left_out(tmp_path: Path, usage_type: str) -> None:
    assert read(bill(tmp_path, (usage_type, 19.5, 30_000.0))).empty


def test_days_before_a_table_was_made_are_known_and_not_billed(tmp_path: Path) -> None:
    [row] = read(bill(tmp_path, (WRITE, 19.5, 30_000.0), days=100)).to_dict("records")

    assert row["billed_days"] == 100.0
    assert row["known_days"] <= WINDOW_DAYS
