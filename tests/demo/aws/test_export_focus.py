"""FOCUS rows say what AWS's say: commitments, discounts, corrections, tax."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.aws.commitments import COMMITMENTS, COMPUTE_PLAN, DATABASE_RESERVATION, ENDING_PLAN, IDLE_RESERVATION
from bot.demo.aws.export_focus import FOCUS_1_0, FOCUS_1_2
from bot.demo.aws.ledger_invoice import CREDIT_MONTHLY, REFUND
from bot.demo.aws.ledger_ordinary import CLOUDFRONT_DISCOUNT
from tests.demo.aws.export_factories import MONTHS, NOVEMBER, OCTOBER, asked, written

#: A day that is settled, and the day each is read on.
DAY = "CAST(ChargePeriodStart AS DATE) = DATE '2026-10-14'"


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return written(tmp_path_factory.mktemp("october"), "focus", [OCTOBER])


@pytest.fixture(scope="module")
def purchases(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return written(tmp_path_factory.mktemp("purchases"), "focus", [*MONTHS[:2], NOVEMBER])


def one(files: list[str], sql: str) -> Any:
    (row,) = asked(files, sql)
    return row if len(row) > 1 else row[0]


def test_nothing_negates_and_nothing_discounts_in_a_row_of_its_own(october: list[str]) -> None:
    below_zero = asked(october, "SELECT DISTINCT ChargeCategory, ChargeClass FROM bill WHERE BilledCost < 0")

    assert sorted(below_zero, key=str) == [("Credit", None), ("Usage", "Correction")]


@pytest.mark.parametrize(("kind", "columns"), [("focus", FOCUS_1_2), ("focus-1-0", FOCUS_1_0)])
def test_columns_are_those_of_the_table_dictionary(kind: str, columns: dict[str, str], tmp_path: Any) -> None:
    files = written(tmp_path, kind, [NOVEMBER])
    # Parquet keeps milliseconds, DuckDB reads them as microseconds.
    expected = {name: "TIMESTAMP" if type_ == "TIMESTAMP_MS" else type_ for name, type_ in columns.items()}

    assert len(columns) == (60 if kind == "focus" else 48)
    assert [(name, type_) for name, type_, *_ in asked(files, "DESCRIBE bill")] == list(expected.items())


def test_covered_usage_is_billed_nothing_and_costs_the_rate_of_its_plan(october: list[str]) -> None:
    billed, effective, listed, quantity, committed = one(
        october,
        "SELECT sum(BilledCost), sum(EffectiveCost), sum(ListCost), sum(ConsumedQuantity), "
        "sum(CommitmentDiscountQuantity) FROM bill "
        f"WHERE {DAY} AND CommitmentDiscountId = '{COMPUTE_PLAN.arn}' AND CommitmentDiscountStatus = 'Used'",
    )

    assert billed == 0.0
    assert effective == pytest.approx(quantity * COMPUTE_PLAN.on_demand_rate * COMPUTE_PLAN.rate_share, rel=1e-9)
    assert listed == pytest.approx(quantity * COMPUTE_PLAN.on_demand_rate, rel=1e-9)
    assert committed == pytest.approx(effective, abs=1e-8)


def test_reserved_usage_is_listed_at_its_on_demand_price(october: list[str]) -> None:
    billed, listed, quantity, committed = one(
        october,
        "SELECT sum(BilledCost), sum(ListCost), sum(ConsumedQuantity), sum(CommitmentDiscountQuantity) FROM bill "
        f"WHERE {DAY} AND CommitmentDiscountId = '{IDLE_RESERVATION.arn}' AND CommitmentDiscountStatus = 'Used'",
    )

    assert billed == 0.0
    assert listed == pytest.approx(quantity * IDLE_RESERVATION.on_demand_rate, rel=1e-9)
    assert committed == pytest.approx(quantity, rel=1e-9)


@pytest.mark.parametrize("commitment", COMMITMENTS, ids=lambda commitment: commitment.id)
def test_used_and_unused_add_up_to_what_was_committed(commitment: Any, october: list[str]) -> None:
    effective, counted = one(
        october,
        "SELECT sum(EffectiveCost), sum(CommitmentDiscountQuantity) FROM bill "
        f"WHERE {DAY} AND CommitmentDiscountId = '{commitment.arn}' AND ChargeCategory = 'Usage'",
    )
    hours = 24.0 * commitment.count

    assert effective == pytest.approx(24.0 * commitment.hourly, abs=1e-7)
    assert counted == pytest.approx(hours if commitment.is_reservation else 24.0 * commitment.hourly, abs=1e-6)


def test_unused_commitment_is_usage_billed_nothing(october: list[str]) -> None:
    found = asked(
        october,
        "SELECT DISTINCT ChargeCategory, PricingCategory, ChargeFrequency, BilledCost, ConsumedQuantity, SkuId "
        "FROM bill WHERE CommitmentDiscountStatus = 'Unused'",
    )

    assert found == [("Usage", "Committed", "Usage-Based", 0.0, None, None)]


def test_fees_are_purchases_without_effective_cost(october: list[str], purchases: list[str]) -> None:
    upfront = asked(
        purchases,
        "SELECT CommitmentDiscountId, sum(BilledCost), sum(EffectiveCost), any_value(ChargeFrequency), "
        "sum(CommitmentDiscountQuantity) FROM bill WHERE ChargeCategory = 'Purchase' AND ChargeFrequency = 'One-Time' "
        "GROUP BY 1 ORDER BY 1",
    )
    assert upfront == [
        (DATABASE_RESERVATION.arn, pytest.approx(0.656 * 24 * 365), 0.0, "One-Time", pytest.approx(4 * 24 * 365)),
        (ENDING_PLAN.arn, pytest.approx(0.8 * 24 * 365), 0.0, "One-Time", pytest.approx(0.8 * 24 * 365)),
    ]

    monthly = one(
        october,
        "SELECT sum(BilledCost), sum(EffectiveCost), sum(CommitmentDiscountQuantity), any_value(ChargeFrequency) "
        f"FROM bill WHERE ChargeCategory = 'Purchase' AND CommitmentDiscountId = '{IDLE_RESERVATION.arn}'",
    )
    assert monthly == (pytest.approx(IDLE_RESERVATION.hourly * 24 * 31), 0.0, pytest.approx(12 * 24 * 31), "Recurring")


def test_list_cost_is_list_price_times_quantity(october: list[str]) -> None:
    worst = one(
        october,
        "SELECT max(abs(ListCost - ListUnitPrice * PricingQuantity) / (1 + ListCost)), "
        "max(abs(ContractedCost - ContractedUnitPrice * PricingQuantity) / (1 + ListCost)) "
        "FROM bill WHERE ListUnitPrice IS NOT NULL",
    )

    assert max(worst) < 1e-5


def test_every_charge_of_usage_has_a_list_price(october: list[str]) -> None:
    assert (
        one(
            october,
            "SELECT count(*) FROM bill WHERE ChargeCategory = 'Usage' AND ChargeClass IS NULL "
            "AND CommitmentDiscountStatus IS DISTINCT FROM 'Unused' AND (ListUnitPrice IS NULL OR SkuPriceId IS NULL)",
        )
        == 0
    )


def test_a_negotiated_discount_is_off_the_bill_and_said_in_the_row(october: list[str]) -> None:
    billed, listed, contracted, off = one(
        october,
        "SELECT sum(BilledCost), sum(ListCost), sum(ContractedCost), sum(x_Discounts['PrivateRateDiscount']) "
        f"FROM bill WHERE ServiceName = 'Amazon CloudFront' AND ChargeCategory = 'Usage' AND {DAY}",
    )

    assert billed == pytest.approx(listed * (1 - CLOUDFRONT_DISCOUNT), rel=1e-9)
    assert contracted == pytest.approx(billed, abs=1e-8)
    assert off == pytest.approx(billed - listed, abs=1e-7)


def test_spot_is_priced_dynamically_and_listed_on_demand(october: list[str]) -> None:
    category, unit, paid, listed = one(
        october,
        "SELECT any_value(PricingCategory), any_value(ListUnitPrice), sum(BilledCost), sum(ListCost) "
        "FROM bill WHERE SkuMeter = 'SpotUsage:m5.xlarge'",
    )

    assert (category, unit) == ("Dynamic", 0.192)
    assert paid / listed == pytest.approx(0.0672 / 0.192, rel=1e-6)


def test_refund_credit_tax_and_support_are_told_apart(october: list[str]) -> None:
    assert one(october, "SELECT sum(BilledCost) FROM bill WHERE ChargeClass = 'Correction'") == -REFUND
    assert one(october, "SELECT sum(BilledCost) FROM bill WHERE ChargeCategory = 'Credit'") == -CREDIT_MONTHLY
    assert one(october, "SELECT count(DISTINCT ServiceName) > 10 FROM bill WHERE ChargeCategory = 'Tax'")
    assert asked(
        october,
        "SELECT DISTINCT ChargeCategory, ServiceName, ServiceSubcategory, BilledCost = EffectiveCost FROM bill "
        "WHERE x_ServiceCode LIKE 'AWSSupport%' AND ChargeCategory <> 'Tax'",
    ) == [("Purchase", "AWS Support (Business)", "Support", True)]


def test_a_charge_without_region_or_tag_has_none(october: list[str]) -> None:
    assert asked(october, "SELECT DISTINCT RegionId FROM bill WHERE ChargeCategory IN ('Tax', 'Credit')") == [(None,)]
    assert one(october, "SELECT count(*) > 0 FROM bill WHERE cardinality(Tags) = 0")
    assert one(october, "SELECT count(*) FROM bill WHERE Tags IS NULL") == 0


def test_only_an_invoiced_month_has_an_invoice(october: list[str], purchases: list[str]) -> None:
    assert one(october, "SELECT count(DISTINCT InvoiceId) FROM bill WHERE InvoiceId IS NOT NULL") == 1
    assert one(october, "SELECT count(*) FROM bill WHERE InvoiceId IS NULL") == 0
    assert asked(purchases, "SELECT DISTINCT InvoiceId FROM bill WHERE BillingPeriodStart >= '2026-11-01'") == [(None,)]


def test_every_charge_lies_in_its_billing_period(october: list[str]) -> None:
    assert (
        one(
            october,
            "SELECT count(*) FROM bill WHERE NOT (BillingPeriodStart = '2026-10-01' "
            "AND BillingPeriodEnd = '2026-11-01' "
            "AND ChargePeriodStart >= BillingPeriodStart AND ChargePeriodEnd <= BillingPeriodEnd "
            "AND ChargePeriodStart < ChargePeriodEnd)",
        )
        == 0
    )


@pytest.mark.parametrize(
    "column",
    [
        "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingAccountId", "SubAccountId", "ServiceName",
        "ServiceCategory", "ServiceSubcategory", "ChargeCategory", "ChargeFrequency", "BillingCurrency",
        "ChargeDescription", "InvoiceIssuerName", "ProviderName", "PublisherName",
    ],
)  # fmt: skip
def test_what_must_not_be_null_is_not(column: str, october: list[str]) -> None:
    assert one(october, f"SELECT count(*) FROM bill WHERE {column} IS NULL") == 0
