"""The table `first_billed`: what came on the bill, and nothing about days that are not known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.costs import Cut
from bot.collectors import first_billed
from tests.bot.collectors.bill_factories import ACCOUNT, END, TODAY, charges, stored

START = date(2026, 10, 10)
EC2 = "Amazon Elastic Compute Cloud - Compute"
NEW = "Amazon Bedrock"


def bill(first: date, usd: float = 10.0) -> list[dict[str, Any]]:
    """Months of EC2, and Bedrock from `first` on, as each cut shows them."""
    rows = []
    for service, usage_type, begins, dollars in ((EC2, "BoxUsage:m5.large", START, 100.0), (NEW, "Tokens", first, usd)):
        until = TODAY
        region = "us-east-1" if service == EC2 else "us-west-2"
        rows += charges(Cut.CHARGE, begins, until, dollars, service_name=service)
        rows += charges(Cut.ACCOUNT, begins, until, dollars, service_name=service, sub_account_id=ACCOUNT)
        rows += charges(Cut.REGION, begins, until, dollars, service_name=service, region_id=region)
        rows += charges(Cut.USAGE_TYPE, begins, until, dollars, service_name=service, usage_type=usage_type)
        rows += charges(Cut.ACCOUNT_USAGE_TYPE, begins, until, dollars, sub_account_id=ACCOUNT, usage_type=usage_type)
    return rows


def test_nothing_is_new_on_no_bill(tmp_path: Path) -> None:
    context = stored(tmp_path, charges(Cut.CHARGE, date(2026, 11, 19), TODAY, 1.0, service_name=EC2))

    assert first_billed.read(context).empty


def test_what_is_always_there_is_left_out(tmp_path: Path) -> None:
    context = stored(tmp_path, bill(START))

    assert first_billed.read(context).empty


def test_tells_a_service_once_and_not_by_its_usage_types_again(tmp_path: Path) -> None:
    found = first_billed.read(stored(tmp_path, bill(date(2026, 11, 10))))

    assert list(found.columns) == list(first_billed.COLUMNS)
    assert found[["kind", "what", "account_id"]].to_numpy().tolist() == [
        ["service", NEW, ACCOUNT],
        ["region", "us-west-2", ACCOUNT],
    ]
    service = found.iloc[0]
    assert service["first_day"] == pd.Timestamp("2026-11-10")
    assert (service["days_new"], service["known_days"]) == ((END - date(2026, 11, 10)).days, 31)
    assert service["daily_cost"] == pytest.approx(10.0), "the days that are still filling do not count"


def test_a_new_usage_type_of_a_known_service_is_told_with_it(tmp_path: Path) -> None:
    told = {"sub_account_id": ACCOUNT, "usage_type": "EUW1-BoxUsage:p5.48xlarge"}
    begins = date(2026, 11, 12)
    rows = bill(START)
    rows += charges(Cut.ACCOUNT_USAGE_TYPE, begins, TODAY, 50.0, **told)
    rows += charges(Cut.USAGE_TYPE, begins, TODAY, 50.0, service_name=EC2, usage_type=told["usage_type"])

    (row,) = first_billed.read(stored(tmp_path, rows)).to_dict("records")

    assert (row["kind"], row["what"], row["service"]) == ("usage type", "EUW1-BoxUsage:p5.48xlarge", EC2)
    assert row["region"] == "eu-west-1"


def test_a_charge_of_last_year_is_not_new(tmp_path: Path) -> None:
    rows = bill(START) + charges(Cut.ACCOUNT, date(2026, 10, 12), date(2026, 10, 13), 12.0, service_name="Registrar",
                                 sub_account_id=ACCOUNT)  # fmt: skip
    rows += charges(Cut.ACCOUNT, date(2026, 11, 2), date(2026, 11, 3), 12.0, service_name="Registrar",
                    sub_account_id=ACCOUNT)  # fmt: skip

    assert first_billed.read(stored(tmp_path, rows)).empty


def test_a_cost_of_nothing_is_no_charge(tmp_path: Path) -> None:
    assert first_billed.read(stored(tmp_path, bill(date(2026, 11, 10), 0.004))).empty


def test_days_that_a_source_does_not_tell_by_account_are_not_known(tmp_path: Path) -> None:
    rows = bill(date(2026, 11, 10)) + charges(Cut.CHARGE, date(2026, 9, 10), START, 100.0, service_name=EC2)

    found = first_billed.read(stored(tmp_path, rows))

    service = found[found["kind"].eq("service") & found["what"].eq(NEW)].iloc[0]
    assert service["known_days"] == 23, "September is stored, but not by account"
