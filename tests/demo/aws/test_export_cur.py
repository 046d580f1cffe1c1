"""CUR rows say what AWS's say: line item types, commitments, discounts, resources."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.aws.commitments import COMPUTE_PLAN, DATABASE_RESERVATION, ENDING_PLAN, IDLE_RESERVATION
from bot.demo.aws.export_cur import CUR_2_0, EXPRESSIONS
from bot.demo.aws.ledger_ordinary import CLOUDFRONT_DISCOUNT
from bot.demo.aws.record_types import RecordType
from bot.demo.aws.resources_model import Kind
from tests.demo.aws.export_factories import MONTHS, NET_AMORTIZED, OCTOBER, asked, written
from tests.demo.aws.inventory_factories import BY_KEY, IDS

DAY = "CAST(line_item_usage_start_date AS DATE) = DATE '2026-10-14'"


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return written(tmp_path_factory.mktemp("october"), "cur", [OCTOBER])


@pytest.fixture(scope="module")
def purchases(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return written(tmp_path_factory.mktemp("purchases"), "cur", MONTHS[:2])


def one(files: list[str], sql: str) -> Any:
    (row,) = asked(files, sql)
    return row if len(row) > 1 else row[0]


def test_a_number_that_does_not_apply_is_null_and_not_zero(october: list[str]) -> None:
    assert one(
        october,
        "SELECT count(savings_plan_savings_plan_effective_cost), count(reservation_effective_cost), "
        "count(savings_plan_total_commitment_to_date), count(reservation_unused_recurring_fee) "
        "FROM bill WHERE line_item_line_item_type = 'Usage'",
    ) == (0, 0, 0, 0)


def test_columns_are_those_of_the_table_dictionary(october: list[str]) -> None:
    expected = {name: "TIMESTAMP" if type_ == "TIMESTAMP_MS" else type_ for name, type_ in CUR_2_0.items()}

    assert [(name, type_) for name, type_, *_ in asked(october, "DESCRIBE bill")] == list(expected.items())
    assert set(EXPRESSIONS) <= set(CUR_2_0)


def test_line_item_types_are_cost_explorers_record_types(october: list[str], purchases: list[str]) -> None:
    types = {
        name
        for files in (october, purchases)
        for (name,) in asked(files, "SELECT DISTINCT line_item_line_item_type FROM bill")
    }

    assert types == {str(record_type) for record_type in RecordType} - {"Support"}


def test_support_is_a_fee_of_its_own_product(october: list[str]) -> None:
    assert asked(
        october,
        "SELECT DISTINCT line_item_line_item_type, product['product_name'] FROM bill "
        "WHERE line_item_product_code = 'AWSSupportBusiness' AND line_item_line_item_type <> 'Tax'",
    ) == [("Fee", "AWS Support (Business)")]


def test_a_plan_says_what_was_committed_and_what_was_used(october: list[str]) -> None:
    total, used, recurring, upfront = one(
        october,
        "SELECT sum(savings_plan_total_commitment_to_date), sum(savings_plan_used_commitment), "
        "sum(savings_plan_recurring_commitment_for_billing_period), "
        "sum(savings_plan_amortized_upfront_commitment_for_billing_period) FROM bill "
        f"WHERE {DAY} AND savings_plan_savings_plan_a_r_n = '{ENDING_PLAN.arn}' "
        "AND line_item_line_item_type = 'SavingsPlanRecurringFee'",
    )
    covered = one(
        october,
        "SELECT sum(savings_plan_savings_plan_effective_cost) FROM bill "
        f"WHERE {DAY} AND savings_plan_savings_plan_a_r_n = '{ENDING_PLAN.arn}'",
    )

    assert total == pytest.approx(24 * ENDING_PLAN.hourly, abs=1e-8)
    assert (recurring, upfront) == (pytest.approx(total / 2, abs=1e-8), pytest.approx(total / 2, abs=1e-8))
    assert used == pytest.approx(covered, abs=1e-8)
    assert 0.8 * total < used < total


def test_a_plan_has_its_term_and_rate(october: list[str]) -> None:
    assert asked(
        october,
        "SELECT DISTINCT savings_plan_offering_type, savings_plan_purchase_term, savings_plan_payment_option, "
        "savings_plan_start_time, savings_plan_end_time, round(savings_plan_savings_plan_rate, 6) FROM bill "
        f"WHERE savings_plan_savings_plan_a_r_n = '{ENDING_PLAN.arn}' "
        "AND line_item_line_item_type = 'SavingsPlanCoveredUsage'",
    ) == [
        (
            "EC2InstanceSavingsPlans", "1yr", "Partial Upfront", "2025-12-10T00:00:00.000Z", "2026-12-10T00:00:00.000Z",
            pytest.approx(0.488 * 0.66),
        )
    ]  # fmt: skip


def test_a_negation_takes_off_what_its_plan_covers(october: list[str]) -> None:
    found = dict(
        asked(
            october,
            "SELECT line_item_line_item_type, sum(line_item_unblended_cost) FROM bill "
            f"WHERE {DAY} AND savings_plan_savings_plan_a_r_n = '{COMPUTE_PLAN.arn}' GROUP BY 1",
        )
    )

    assert found["SavingsPlanNegation"] == pytest.approx(-found["SavingsPlanCoveredUsage"], abs=1e-8)


def test_an_idle_reservation_says_what_it_wasted(october: list[str]) -> None:
    recurring, upfront, hours = one(
        october,
        "SELECT sum(reservation_unused_recurring_fee), "
        "sum(reservation_unused_amortized_upfront_fee_for_billing_period), sum(reservation_unused_quantity) "
        f"FROM bill WHERE {DAY} AND reservation_reservation_a_r_n = '{IDLE_RESERVATION.arn}'",
    )

    assert upfront == 0.0
    assert hours == pytest.approx(recurring / 0.159, rel=1e-6)
    assert 0.35 * 12 * 24 < hours < 0.45 * 12 * 24


def test_what_was_paid_upfront_is_unused_upfront(purchases: list[str]) -> None:
    fee, value, recurring, upfront = one(
        purchases,
        "SELECT sum(line_item_unblended_cost), sum(reservation_upfront_value), "
        "sum(reservation_net_unused_recurring_fee), "
        "sum(reservation_net_unused_amortized_upfront_fee_for_billing_period) "
        f"FROM bill WHERE reservation_reservation_a_r_n = '{DATABASE_RESERVATION.arn}'",
    )

    assert fee == value == pytest.approx(0.656 * 24 * 365)
    assert recurring == 0.0
    assert upfront > 0.0


def test_a_discount_is_a_line_of_its_own_and_in_the_net_columns(october: list[str]) -> None:
    usage, net, total, off = one(
        october,
        "SELECT sum(line_item_unblended_cost) FILTER (WHERE line_item_line_item_type = 'Usage'), "
        "sum(line_item_net_unblended_cost), sum(discount_total_discount), sum(discount['PrivateRateDiscount']) "
        f"FROM bill WHERE {DAY} AND line_item_product_code = 'AmazonCloudFront'",
    )
    lines = one(
        october,
        "SELECT sum(line_item_unblended_cost) FROM bill "
        f"WHERE {DAY} AND line_item_line_item_type = 'PrivateRateDiscount'",
    )

    assert net == pytest.approx(usage * (1 - CLOUDFRONT_DISCOUNT), rel=1e-9)
    assert (total, off) == (pytest.approx(lines, abs=1e-8), pytest.approx(lines, abs=1e-8))


def test_public_on_demand_cost_is_what_it_would_cost_without_commitments(october: list[str]) -> None:
    found = dict(
        asked(
            october,
            "SELECT line_item_line_item_type, sum(pricing_public_on_demand_cost) / sum(line_item_usage_amount) "
            f"FROM bill WHERE {DAY} AND line_item_usage_type IN ('BoxUsage:m6a.xlarge', 'BoxUsage:r7i.xlarge') "
            "AND line_item_line_item_type IN ('SavingsPlanCoveredUsage', 'DiscountedUsage') GROUP BY 1",
        )
    )

    assert found == {"SavingsPlanCoveredUsage": pytest.approx(0.1728), "DiscountedUsage": pytest.approx(0.2646)}


def test_a_single_resource_has_its_id_zone_and_hours(october: list[str]) -> None:
    resource = BY_KEY[f"{Kind.INSTANCE}/payments-batch-1"]

    assert one(
        october,
        "SELECT any_value(line_item_availability_zone), count(*), sum(line_item_usage_amount) FROM bill "
        f"WHERE {DAY} AND line_item_resource_id = '{IDS[resource.key]}'",
    ) == (resource.zone, 24, pytest.approx(24.0))


def test_a_database_is_known_by_its_arn(october: list[str]) -> None:
    resource = next(one for one in BY_KEY.values() if one.kind is Kind.DATABASE)

    assert one(
        october,
        "SELECT count(*) > 0 FROM bill "
        f"WHERE line_item_resource_id = 'arn:aws:rds:{resource.region}:{resource.account_id}:db:{resource.name}'",
    )


def test_a_line_of_a_whole_service_names_no_resource(october: list[str]) -> None:
    assert (
        one(october, "SELECT count(line_item_resource_id) FROM bill WHERE line_item_product_code = 'AmazonDynamoDB'")
        == 0
    )


def test_every_line_item_has_an_id_of_its_own(october: list[str]) -> None:
    assert one(october, "SELECT count(*) - count(DISTINCT identity_line_item_id) FROM bill") == 0


def test_the_time_interval_is_that_of_the_usage(october: list[str]) -> None:
    assert (
        one(
            october,
            "SELECT count(*) FROM bill WHERE identity_time_interval <> "
            "strftime(line_item_usage_start_date, '%Y-%m-%dT%H:%M:%SZ') || '/' || "
            "strftime(line_item_usage_end_date, '%Y-%m-%dT%H:%M:%SZ')",
        )
        == 0
    )


def test_over_a_month_amortised_and_unblended_differ_only_by_what_is_spread(october: list[str]) -> None:
    unblended, amortized = one(october, f"SELECT sum(line_item_unblended_cost), sum({NET_AMORTIZED}) FROM bill")
    spread = 24 * 31 * (ENDING_PLAN.hourly / 2 + DATABASE_RESERVATION.hourly)

    assert amortized - unblended == pytest.approx(spread, abs=1e-4)
