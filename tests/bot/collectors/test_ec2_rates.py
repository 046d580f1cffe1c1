"""Own rates: cost over hours, for EC2 alone, and nothing where the bill cannot tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pandas import DataFrame, Series

from analysis.costs import Cut
from bot.collectors import ec2_rates
from bot.cost_files import CostFiles

TODAY = date(2026, 11, 20)
EC2 = "Amazon Elastic Compute Cloud - Compute"


def line(usage_type: str = "EUW1-BoxUsage:m5.large", **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "date": date(2026, 11, 10),
        "cut": Cut.USAGE_TYPE.value,
        "provider": "AWS",
        "charge_category": "Usage",
        "service_name": EC2,
        "usage_type": usage_type,
        "billed_cost": 3.0,
        "effective_cost": 2.4,
        "quantity": 24.0,
        "unit": "Hrs",
        "currency": "USD",
        "estimated": False,
    }
    return values | changed


def rates(tmp_path: Path, *lines: dict[str, Any]) -> list[tuple[str, str, str, float]]:
    files = CostFiles(tmp_path)
    files.replace_month("cost_explorer", date(2026, 11, 1), DataFrame(list(lines)))
    found = ec2_rates.parse(ec2_rates.fetch(files.months.files(), TODAY))
    return [
        (r["account_id"], r["region"], r["instance_type"], round(r["hourly_usd"], 6)) for r in found.to_dict("records")
    ]


def test_no_bill_means_no_rates(tmp_path: Path) -> None:
    assert ec2_rates.parse(ec2_rates.fetch(CostFiles(tmp_path).months.files(), TODAY)).empty


@pytest.mark.parametrize(
    "changed",
    [
        {"service_name": "Amazon Elastic MapReduce"},
        {"quantity": None},
        {"quantity": 0.0},
        {"effective_cost": 0.0, "billed_cost": 0.0},
        {"charge_category": "Credit"},
        {"date": date(2026, 11, 20)},
        {"usage_type": "EUW1-SpotUsage:m5.large"},
        {"usage_type": "XYZ9-BoxUsage:m5.large"},
        {"usage_type": "EUW1-BoxUsage"},
        {"unit": "GB-Mo"},
        {"currency": "EUR"},
        {"quantity": -24.0},
    ],
)
def test_leaves_out_what_is_no_price_of_an_hour(tmp_path: Path, changed: dict[str, Any]) -> None:
    assert rates(tmp_path, line(**changed)) == []


def test_an_hour_costs_the_effective_cost_over_the_hours(tmp_path: Path) -> None:
    other_day = line(date=date(2026, 11, 11), effective_cost=None, billed_cost=4.8, quantity=24.0)

    assert rates(tmp_path, line(), other_day) == [("", "eu-west-1", "m5.large", 0.15)]


def test_free_hours_do_not_bring_the_price_down(tmp_path: Path) -> None:
    free = line(date=date(2026, 11, 1), billed_cost=0.0, effective_cost=0.0, quantity=720.0)
    covered = line(date=date(2026, 11, 2), billed_cost=0.0, effective_cost=None)

    assert rates(tmp_path, free, covered, line(unit="Hours")) == [("", "eu-west-1", "m5.large", 0.1)]


def test_a_billing_export_tells_the_rate_of_each_account(tmp_path: Path) -> None:
    full = {"cut": Cut.FULL.value, "service_name": "Amazon Elastic Compute Cloud"}

    found = rates(tmp_path, line(**full, sub_account_id="1"), line(**full, sub_account_id="2", effective_cost=1.2))

    assert sorted(found) == [("1", "eu-west-1", "m5.large", 0.1), ("2", "eu-west-1", "m5.large", 0.05)]


def test_reads_region_and_type_from_the_usage_type() -> None:
    found = ec2_rates.split(Series(["BoxUsage:m5.large", "EU-BoxUsage:c7i-flex.large", "USW2-BoxUsage:u-6tb1.metal"]))

    assert found["region"].tolist() == ["us-east-1", "eu-west-1", "us-west-2"]
    assert found["instance_type"].tolist() == ["m5.large", "c7i-flex.large", "u-6tb1.metal"]
