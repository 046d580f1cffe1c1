"""What kind of charge a line is, case by case, billed and amortised: written down here, not computed."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.rollups import Rollup
from tests.analysis.rollups.lines_factories import rolled_up

SUPPORT, EC2 = "AWS Support (Business)", "Amazon Elastic Compute Cloud"

#: FOCUS: ChargeCategory, ChargeClass, CommitmentDiscountStatus, ServiceName, billed → category.
FOCUS_CASES = [
    ("Usage", None, None, EC2, 1.0, "Usage"),
    ("Usage", None, "Used", EC2, 0.0, "Usage"),
    ("Usage", None, "Unused", EC2, 0.0, "UnusedCommitment"),
    ("Usage", None, "unused", EC2, 0.0, "UnusedCommitment"),
    ("Usage", "Correction", None, EC2, 1.0, "Adjustment"),
    ("Usage", "Correction", None, EC2, -1.0, "Refund"),
    ("Usage", "correction", "Unused", EC2, -1.0, "Refund"),
    ("Usage", "Correction", None, EC2, 0.0, "Adjustment"),
    ("Usage", None, None, SUPPORT, 1.0, "Support"),
    ("Usage", None, None, "AWS Premium Support", 1.0, "Support"),
    ("Usage", None, None, "Supportive Software", 1.0, "Usage"),
    ("Purchase", None, None, EC2, 30.0, "Purchase"),
    ("Purchase", None, "Unused", EC2, 30.0, "Purchase"),
    ("Purchase", None, None, SUPPORT, 30.0, "Support"),
    ("Purchase", "Correction", None, EC2, -30.0, "Refund"),
    ("Tax", None, None, EC2, 0.2, "Tax"),
    ("Tax", "Correction", None, EC2, -0.2, "Tax"),
    ("Tax", None, None, SUPPORT, 0.2, "Tax"),
    ("Credit", None, None, EC2, -0.4, "Credit"),
    ("Credit", None, None, SUPPORT, -0.4, "Credit"),
    ("Adjustment", None, None, EC2, 0.1, "Adjustment"),
    ("Something new", None, None, EC2, 0.1, "Adjustment"),
    (" Usage ", None, None, EC2, 1.0, "Usage"),
    ("NULL", None, None, EC2, 1.0, None),
    ("", None, None, EC2, 1.0, None),
    (None, None, None, EC2, 1.0, None),
]


@pytest.mark.parametrize("case", FOCUS_CASES, ids=lambda case: "-".join(map(str, case[:5])))
def test_a_focus_line_has_its_category(case: tuple[Any, ...]) -> None:
    category, charge_class, status, service, billed, expected = case
    rows = rolled_up(
        "focus",
        [
            {
                "ChargeCategory": category,
                "ChargeClass": charge_class,
                "CommitmentDiscountStatus": status,
                "ServiceName": service,
                "BilledCost": billed,
                "EffectiveCost": 0.25,
            }
        ],
    )
    assert len(rows) == 1
    found = rows["charge_category"].astype(object).where(rows["charge_category"].notna(), None)[0]
    assert (found, rows["billed_cost"][0], rows["effective_cost"][0]) == (expected, billed, 0.25)


PLAN, RESERVATION = "arn:aws:savingsplans::1:savingsplan/a", "arn:aws:ec2:us-east-1:1:reserved-instances/b"

#: CUR: line item type and more → rows of (category, billed, effective).
CUR_CASES: list[tuple[str, dict[str, Any], list[tuple[str, float, float]]]] = [
    ("Usage", {}, [("Usage", 8.0, 8.0)]),
    ("Usage", {"line_item_net_unblended_cost": 6.0}, [("Usage", 8.0, 6.0)]),
    ("Usage", {"line_item_product_code": "AWSSupportBusiness"}, [("Support", 8.0, 8.0)]),
    ("Fee", {"line_item_product_code": "AWSPremiumSupport"}, [("Support", 8.0, 8.0)]),
    ("Tax", {}, [("Tax", 8.0, 8.0)]),
    ("Credit", {}, [("Credit", 8.0, 8.0)]),
    ("Refund", {}, [("Refund", 8.0, 8.0)]),
    ("Fee", {}, [("Purchase", 8.0, 8.0)]),
    ("Fee", {"reservation_reservation_a_r_n": RESERVATION}, [("Purchase", 8.0, 0.0)]),
    ("SavingsPlanUpfrontFee", {"savings_plan_savings_plan_a_r_n": PLAN}, [("Purchase", 8.0, 0.0)]),
    ("SavingsPlanNegation", {"savings_plan_savings_plan_a_r_n": PLAN}, [("Usage", 8.0, 0.0)]),
    (
        "SavingsPlanCoveredUsage",
        {"savings_plan_savings_plan_effective_cost": 5.0, "savings_plan_savings_plan_a_r_n": PLAN},
        [("Usage", 8.0, 5.0)],
    ),
    (
        "SavingsPlanCoveredUsage",
        {"savings_plan_savings_plan_effective_cost": 5.0, "savings_plan_net_savings_plan_effective_cost": 4.5},
        [("Usage", 8.0, 4.5)],
    ),
    (
        "SavingsPlanRecurringFee",
        {"savings_plan_total_commitment_to_date": 8.0, "savings_plan_used_commitment": 7.25},
        [("Purchase", 8.0, 0.0), ("UnusedCommitment", 0.0, 0.75)],
    ),
    ("DiscountedUsage", {"reservation_effective_cost": 3.0}, [("Usage", 8.0, 3.0)]),
    (
        "DiscountedUsage",
        {"reservation_effective_cost": 3.0, "reservation_net_effective_cost": 2.5},
        [("Usage", 8.0, 2.5)],
    ),
    (
        "RIFee",
        {
            "reservation_unused_amortized_upfront_fee_for_billing_period": 1.5,
            "reservation_unused_recurring_fee": 0.5,
        },
        [("Purchase", 8.0, 0.0), ("UnusedCommitment", 0.0, 2.0)],
    ),
    (
        "RIFee",
        {
            "reservation_unused_amortized_upfront_fee_for_billing_period": 1.5,
            "reservation_net_unused_amortized_upfront_fee_for_billing_period": 1.25,
            "reservation_unused_recurring_fee": 0.5,
            "reservation_net_unused_recurring_fee": 0.25,
        },
        [("Purchase", 8.0, 0.0), ("UnusedCommitment", 0.0, 1.5)],
    ),
    ("RIFee", {}, [("Purchase", 8.0, 0.0), ("UnusedCommitment", 0.0, 0.0)]),
    ("EdpDiscount", {}, [("Usage", 8.0, 8.0)]),
    ("PrivateRateDiscount", {"line_item_net_unblended_cost": 0.0}, [("Usage", 8.0, 0.0)]),
    ("BundledDiscount", {"line_item_net_unblended_cost": 0.0}, [("Usage", 8.0, 0.0)]),
    ("SppDiscount", {"line_item_net_unblended_cost": 0.0}, [("Usage", 8.0, 0.0)]),
    ("SomethingNew", {}, [("Adjustment", 8.0, 8.0)]),
]


@pytest.mark.parametrize(("kind", "more", "expected"), CUR_CASES)
def test_a_report_s_line_has_its_categories(
    kind: str, more: dict[str, Any], expected: list[tuple[str, float, float]]
) -> None:
    rows = rolled_up("cur", [{"line_item_line_item_type": kind, "line_item_unblended_cost": 8.0} | more])
    found = rows[["charge_category", "billed_cost", "effective_cost"]].itertuples(index=False, name=None)
    assert sorted(found) == sorted(expected)
    assert rows["lines"].sum() == 1, "a fee's second row counts no line"


@pytest.mark.parametrize(
    ("written", "name"),
    [("AWS", "AWS"), ("Amazon Web Services", "AWS"), ("Microsoft", "Microsoft"), ("azure", "Microsoft"),
     ("Google Cloud Platform", "Google Cloud"), ("google", "Google Cloud"), ("Oracle Cloud", "Oracle"),
     ("Example Cloud", "Example Cloud"), (" NULL ", "unknown"), (None, "unknown")],
)  # fmt: skip
def test_a_provider_has_one_name(written: str | None, name: str) -> None:
    assert rolled_up("focus", [{"ProviderName": written}])["provider"].tolist() == [name]
    assert rolled_up("focus", [{"ProviderName": None, "ServiceProviderName": written}])["provider"].tolist() == [name]


def test_only_usage_of_a_resource_is_kept_by_resource() -> None:
    rows = rolled_up(
        "focus",
        [
            {"ResourceId": "i-1"},
            {"ResourceId": "i-1", "BilledCost": 0.5},
            {"ResourceId": "i-2", "ChargeCategory": "Tax"},
            {"ResourceId": ""},
            {"ResourceId": None},
        ],
        rollup=Rollup.RESOURCES,
    )
    assert rows[["resource_id", "billed_cost"]].to_numpy().tolist() == [["i-1", 1.5]]


def test_only_what_a_commitment_could_cover_is_kept_by_hour() -> None:
    rows = rolled_up(
        "focus",
        [
            {"x_UsageType": "USE1-BoxUsage:m5.large", "ChargePeriodStart": "2026-10-05 13:59:59"},
            {"x_UsageType": "USE1-BoxUsage:m5.large", "ChargePeriodStart": "2026-10-05 14:00:00"},
            {"SkuMeter": "Lambda-GB-Second"},
            {"x_UsageType": "SpotUsage:m5.large", "PricingCategory": "Dynamic"},
            {"x_UsageType": "TimedStorage-ByteHrs"},
            {"x_UsageType": "TimedStorage-ByteHrs", "CommitmentDiscountId": "plan-1", "CommitmentDiscountType": "Plan"},
            {"x_UsageType": "BoxUsage:m5.large", "ChargeCategory": "Credit"},
        ],
        rollup=Rollup.HOURLY,
    )
    found = {
        (f"{hour:%H}", usage, plan)
        for hour, usage, plan in zip(
            rows["hour"],
            rows["usage_type"],
            rows["commitment_id"].astype(object).where(rows["commitment_id"].notna(), None),
            strict=True,
        )
    }
    assert found == {
        ("13", "USE1-BoxUsage:m5.large", None),
        ("14", "USE1-BoxUsage:m5.large", None),
        ("13", "Lambda-GB-Second", None),
        ("13", "TimedStorage-ByteHrs", "plan-1"),
    }
