"""Own rates of units: what was paid over what was paid for, in the unit that the price is known in, or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.costs import Cut
from analysis.prices.units import OWN_MEAN_SOURCE, OWN_SOURCE, UnitPrices
from bot.collectors import usage_rates
from bot.cost_files import CostFiles
from bot.demo.aws.organisation import PAYER
from tests.demo.aws.ledger_factories import dimension, explorer

TODAY = date(2026, 11, 20)
S3, LOGS, LAMBDA = "Amazon Simple Storage Service", "AmazonCloudWatch", "AWS Lambda"


def line(usage_type: str = "EU-EBS:VolumeUsage.gp3", **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "date": date(2026, 11, 10),
        "cut": Cut.FULL.value,
        "provider": "AWS",
        "charge_category": "Usage",
        "service_name": "EC2 - Other",
        "sub_account_id": "1",
        "usage_type": usage_type,
        "billed_cost": 8.8,
        "effective_cost": 8.8,
        "quantity": 100.0,
        "unit": "GB-Mo",
        "currency": "USD",
        "estimated": False,
    }
    return values | changed


def table(folder: Path, *lines: dict[str, Any]) -> DataFrame:
    files = CostFiles(folder)
    if lines:
        files.replace_month("focus", date(2026, 11, 1), DataFrame(list(lines)))
    context: Any = SimpleNamespace(costs=files, clock=SimpleNamespace(today=lambda: TODAY))
    return usage_rates.read(context)


def rates(folder: Path, *lines: dict[str, Any]) -> list[tuple[str, str, str, str, float]]:
    return [(*row[:4], round(row[4], 8)) for row in table(folder, *lines).itertuples(index=False, name=None)]


def priced(folder: Path, item: str, *lines: dict[str, Any]) -> tuple[float, object]:
    where = DataFrame({"account_id": ["1"], "region": ["eu-west-1"]}, dtype="str")
    found = UnitPrices(own=table(folder, *lines), own_date=TODAY).unit(where, item).iloc[0]
    return found["usd"], found["price_source"]


def test_without_a_bill_there_are_no_rates(tmp_path: Path) -> None:
    assert rates(tmp_path) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"charge_category": "Credit", "billed_cost": -8.8, "effective_cost": -8.8},
        {"charge_category": "Tax"},
        {"charge_category": "Refund"},
        {"effective_cost": -1.0},
        {"effective_cost": 0.0},
        {"quantity": None},
        {"quantity": 0.0},
        {"currency": "EUR"},
        {"provider": "Microsoft"},
        {"date": TODAY},
        {"date": date(2026, 11, 10), "unit": "GB-Hours"},
        {"unit": "ByteHrs"},
        {"unit": None},
        {"usage_type": None},
        {"cut": Cut.ACCOUNT.value},
    ],
)
def test_leaves_out_what_is_no_price_of_a_unit(tmp_path: Path, changed: dict[str, Any]) -> None:
    assert rates(tmp_path, line() | changed) == []


def test_a_unit_costs_what_was_paid_over_what_was_used(tmp_path: Path) -> None:
    other_day = line(date=date(2026, 11, 11), effective_cost=None, billed_cost=6.6, quantity=75.0)

    assert rates(tmp_path, line(), other_day) == [("1", "eu-west-1", "EC2 - Other", "EBS:VolumeUsage.gp3", 0.088)]


def test_free_units_and_days_of_a_free_tier_do_not_bring_the_price_down(tmp_path: Path) -> None:
    free = line(date=date(2026, 11, 1), billed_cost=0.0, effective_cost=0.0, quantity=3000.0)

    assert rates(tmp_path, free, line())[0][4] == 0.088


def test_credits_do_not_bring_the_price_down(tmp_path: Path) -> None:
    credit = line(charge_category="Credit", billed_cost=-8.0, effective_cost=-8.0, quantity=0.0)

    assert rates(tmp_path, credit, line())[0][4] == 0.088


def test_a_day_that_is_not_final_tells_the_rate_as_well(tmp_path: Path) -> None:
    assert rates(tmp_path, line(estimated=True, billed_cost=4.4, effective_cost=4.4, quantity=50.0))[0][4] == 0.088


def test_what_a_commitment_covers_costs_its_effective_cost(tmp_path: Path) -> None:
    node = {"service_name": "Amazon ElastiCache", "unit": "Hrs", "usage_type": "EU-NodeUsage:cache.m5.large"}
    covered = line(**node, billed_cost=0.0, effective_cost=2.4, quantity=24.0, commitment_type="Reserved")
    without_amortisation = line(**node, billed_cost=0.0, effective_cost=None, quantity=24.0)
    on_demand = line(**node, billed_cost=4.128, effective_cost=4.128, quantity=24.0)

    assert rates(tmp_path, covered)[0][4] == 0.1
    assert rates(tmp_path, without_amortisation, on_demand)[0][4] == 0.172


@pytest.mark.parametrize(
    ("service", "usage_type", "unit", "named"),
    [
        ("Amazon Elastic Compute Cloud", "EU-EBS:VolumeUsage.gp3", "GB-Months", "EC2 - Other"),
        ("AmazonEC2", "EU-NatGateway-Hours", "Hours", "EC2 - Other"),
        ("AmazonEC2", "EU-BoxUsage:m5.large", "Hours", "Amazon Elastic Compute Cloud - Compute"),
        ("AmazonS3", "EU-TimedStorage-SIA-ByteHrs", "GB-Months", S3),
        ("Elastic Load Balancing", "EU-LCUUsage", "LCU-Hours", "Amazon Elastic Load Balancing"),
        ("Some New Service", "EU-Thing", "Things", "Some New Service"),
    ],
)
def test_exports_are_read_as_cost_explorer_spells_it(
    tmp_path: Path, service: str, usage_type: str, unit: str, named: str
) -> None:
    found = rates(tmp_path, line(usage_type, service_name=service, unit=unit))

    assert found == [("1", "eu-west-1", named, usage_type.partition("-")[2], 0.088)]


@pytest.mark.parametrize(
    ("usage_type", "told", "region", "bare"),
    [
        ("EU-Thing", "us-east-1", "eu-west-1", "Thing"),
        ("us-west-2-KMS-Keys", None, "us-west-2", "KMS-Keys"),
        ("Thing", "eu-central-1", "eu-central-1", "Thing"),
        ("Thing", "global", "us-east-1", "Thing"),
        ("Thing", None, "us-east-1", "Thing"),
    ],
)
def test_the_region_is_the_usage_types_then_the_sources(
    tmp_path: Path, usage_type: str, told: str | None, region: str, bare: str
) -> None:
    (found,) = rates(tmp_path, line(usage_type, service_name="Some Service", region_id=told))

    assert (found[1], found[3]) == (region, bare)


def test_accounts_and_the_two_spellings_of_a_unit(tmp_path: Path) -> None:
    found = rates(
        tmp_path, line(), line(sub_account_id="2", effective_cost=4.4), line(unit="GB-Months", quantity=300.0)
    )

    assert [(row[0], row[4]) for row in found] == [("1", 0.044), ("2", 0.044)]


def test_a_tiered_mean_is_told_as_one(tmp_path: Path) -> None:
    ingested = line("EUW1-DataProcessing-Bytes", service_name=LOGS, unit="GB", quantity=20.0, effective_cost=6.2)
    metrics = line("EUW1-CW:MetricMonitorUsage", service_name=LOGS, unit="Metrics", quantity=90.0, effective_cost=9.0)

    assert priced(tmp_path, "logs.ingestion.gb", ingested, metrics) == (pytest.approx(0.31), OWN_MEAN_SOURCE)
    assert priced(tmp_path, "cloudwatch.custom_metric.month", ingested, metrics)[1] == OWN_MEAN_SOURCE


def test_requests_are_counted_singly_and_priced_by_the_thousand(tmp_path: Path) -> None:
    asked = line("EU-Requests-Tier1", service_name=S3, unit="Requests", quantity=2e6, effective_cost=11.0)

    assert priced(tmp_path, "s3.list.thousand", asked) == (pytest.approx(0.0055), OWN_SOURCE)


def test_a_sentence_in_place_of_a_usage_type_is_of_no_item(tmp_path: Path) -> None:
    """As FOCUS 1.0 without AWS's own columns has it, hour by hour."""
    named = "$0.10 per GB-month of General Purpose SSD (gp2) provisioned storage - EU (Ireland)"
    told = line(named, service_name="Amazon Elastic Compute Cloud", unit="GB-Months", region_id="eu-west-1")

    assert rates(tmp_path, told) == [("1", "eu-west-1", "EC2 - Other", named, 0.088)]
    assert pd.isna(priced(tmp_path, "ebs.gp2.gib_month", told)[0])


def test_the_demos_bill_shows_its_list_prices_and_nothing_else(tmp_path: Path) -> None:
    """Where the bill sums hours and GB-months under one name, Cost Explorer tells no unit, and there is no rate."""
    asked = {
        "TimePeriod": {"Start": "2026-11-09", "End": "2026-11-11"},
        "Granularity": "DAILY",
        "Metrics": ["UnblendedCost", "NetAmortizedCost", "UsageQuantity"],
        "GroupBy": [dimension("SERVICE"), dimension("USAGE_TYPE")],
        "Filter": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage"]}},
    }
    lines = []
    for day in explorer().answer("GetCostAndUsage", asked, PAYER.id)["ResultsByTime"]:
        for group in day["Groups"]:
            amount = {name: float(metric["Amount"]) for name, metric in group["Metrics"].items()}
            lines.append(
                line(
                    group["Keys"][1],
                    service_name=group["Keys"][0],
                    billed_cost=amount["UnblendedCost"],
                    effective_cost=amount["NetAmortizedCost"],
                    quantity=amount["UsageQuantity"],
                    unit=group["Metrics"]["UsageQuantity"]["Unit"],
                )
            )
    items = {
        "vpc.nat_gateway.hour": 0.045, "vpc.public_ipv4.hour": 0.005, "vpc.interface_endpoint.az_hour": 0.01,
        "ebs.snapshot.gib_month": 0.05, "rds.backup.gib_month": 0.095, "s3.list.thousand": 0.005,
        "fargate.vcpu_hour": 0.04048, "eks.cluster.hour": 0.10, "dynamodb.on_demand_write.million": 0.625,
        "logs.ingestion.gb": 0.50, "s3.standard.gb_month": 0.023,
    }  # fmt: skip
    unknown = ["ebs.gp3.gib_month", "s3.glacier_ir.gb_month", "lambda.arm64.gb_second", "ebs.io1.gib_month"]
    where = DataFrame({"account_id": "1", "region": "eu-west-1"}, index=range(len(items) + len(unknown)), dtype="str")
    own = UnitPrices(own=table(tmp_path, *lines), own_date=TODAY)

    found = own.unit(where, pd.Series([*items, *unknown], dtype="str"))

    assert found["usd"].head(len(items)).tolist() == pytest.approx(list(items.values()))
    assert found["usd"].tail(len(unknown)).isna().all()
    assert set(found["price_source"].head(len(items) - 2)) == {OWN_SOURCE}
    assert set(found["price_source"][len(items) - 2 : len(items)]) == {OWN_MEAN_SOURCE}
