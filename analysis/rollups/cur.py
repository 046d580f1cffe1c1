"""What the columns of the Cost and Usage Report 2.0 mean for a rollup, as Trino text.

Effective cost is AWS's net amortized cost, by line item type. Source: AWS, "Understanding your amortized costs" and the
Data Exports table dictionary of COST_AND_USAGE_REPORT; the same table in words stands in
`bot/collectors/charge_categories.py`.
"""

from __future__ import annotations

import re

from analysis.rollups.relation import Key
from analysis.rollups.words import ELIGIBLE_USAGE, clean, quoted

SOURCE = "cur"

MANDATORY: tuple[tuple[str, ...], ...] = (
    ("bill_payer_account_id",),
    ("bill_billing_period_start_date",),
    ("line_item_line_item_type",),
    ("line_item_usage_start_date",),
    ("line_item_usage_account_id",),
    ("line_item_product_code",),
    ("line_item_usage_type",),
    ("line_item_unblended_cost",),
    ("line_item_currency_code",),
)
OPTIONAL: tuple[str, ...] = (
    "line_item_net_unblended_cost", "line_item_operation", "line_item_resource_id", "line_item_usage_account_name",
    "line_item_usage_amount", "line_item_usage_end_date", "pricing_public_on_demand_cost", "pricing_unit", "product",
    "product_region_code", "reservation_effective_cost", "reservation_net_effective_cost",
    "reservation_net_unused_amortized_upfront_fee_for_billing_period", "reservation_net_unused_recurring_fee",
    "reservation_reservation_a_r_n", "reservation_unused_amortized_upfront_fee_for_billing_period",
    "reservation_unused_recurring_fee", "resource_tags", "savings_plan_amortized_upfront_commitment_for_billing_period",
    "savings_plan_net_amortized_upfront_commitment_for_billing_period",
    "savings_plan_net_recurring_commitment_for_billing_period", "savings_plan_net_savings_plan_effective_cost",
    "savings_plan_recurring_commitment_for_billing_period", "savings_plan_savings_plan_a_r_n",
    "savings_plan_savings_plan_effective_cost", "savings_plan_total_commitment_to_date", "savings_plan_used_commitment",
)  # fmt: skip

_TYPE = "{line_item_line_item_type}"
#: Negotiated discounts, which FOCUS and the net columns take off the usage itself.
DISCOUNTS = "'PrivateRateDiscount', 'EdpDiscount', 'BundledDiscount', 'SppDiscount'"
_ARN = "coalesce(nullif({savings_plan_savings_plan_a_r_n}, ''), nullif({reservation_reservation_a_r_n}, ''))"

_EFFECTIVE = f"""CASE {_TYPE}
        WHEN 'SavingsPlanCoveredUsage' THEN coalesce(
            {{savings_plan_net_savings_plan_effective_cost}}, {{savings_plan_savings_plan_effective_cost}})
        WHEN 'SavingsPlanRecurringFee' THEN
            {{savings_plan_total_commitment_to_date}} - {{savings_plan_used_commitment}}
        WHEN 'SavingsPlanNegation' THEN 0.0
        WHEN 'SavingsPlanUpfrontFee' THEN 0.0
        WHEN 'DiscountedUsage' THEN coalesce({{reservation_net_effective_cost}}, {{reservation_effective_cost}})
        WHEN 'RIFee' THEN
            coalesce({{reservation_net_unused_amortized_upfront_fee_for_billing_period}},
                     {{reservation_unused_amortized_upfront_fee_for_billing_period}}, 0.0)
            + coalesce({{reservation_net_unused_recurring_fee}}, {{reservation_unused_recurring_fee}}, 0.0)
        WHEN 'Fee' THEN CASE
            WHEN nullif({{reservation_reservation_a_r_n}}, '') IS NOT NULL THEN 0.0
            ELSE coalesce({{line_item_net_unblended_cost}}, {{line_item_unblended_cost}}) END
        ELSE coalesce({{line_item_net_unblended_cost}}, {{line_item_unblended_cost}})
    END"""

KEYS: dict[str, Key] = {
    "day": Key("CAST({line_item_usage_start_date} AS date)", "date"),
    "hour": Key("date_trunc('hour', {line_item_usage_start_date})", "timestamp"),
    "period": Key("{bill_billing_period_start_date}", "timestamp"),
    "provider": Key("'AWS'"),
    "billing_account_id": Key("{bill_payer_account_id}"),
    "kind": Key(_TYPE),
    "product_code": Key("{line_item_product_code}"),
    "commitment_id": Key(_ARN),
    "service": Key("coalesce(element_at({product}, 'product_name'), {line_item_product_code})"),
    "sub_account_id": Key("{line_item_usage_account_id}"),
    "region_id": Key("{product_region_code}"),
    "usage_type": Key("{line_item_usage_type}"),
    "operation": Key("{line_item_operation}"),
    "unit": Key("{pricing_unit}"),
    "currency": Key("{line_item_currency_code}"),
    "resource_id": Key("{line_item_resource_id}"),
}
MEASURES: dict[str, str] = {
    "billed": "{line_item_unblended_cost}",
    "effective": _EFFECTIVE,
    "list_cost": f"""CASE
        WHEN {_TYPE} IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')
            THEN coalesce({{pricing_public_on_demand_cost}}, {{line_item_unblended_cost}})
        WHEN {_TYPE} IN ('SavingsPlanNegation', {DISCOUNTS}) THEN 0.0
        ELSE {{line_item_unblended_cost}}
    END""",
    "contracted": "CAST(NULL AS double)",
    "quantity": "{line_item_usage_amount}",
    "charged_until": "{line_item_usage_end_date}",
    "account_name": "{line_item_usage_account_name}",
}


def _category(fee: str) -> str:
    """The charge category by line item type; `fee` is what a commitment's recurring fee is called."""
    return f"""CASE
        WHEN {{kind}} IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation', {DISCOUNTS})
            AND NOT regexp_like({{product_code}}, '^(AWSSupport|AWSPremiumSupport)') THEN 'Usage'
        WHEN regexp_like({{product_code}}, '^(AWSSupport|AWSPremiumSupport)')
            AND {{kind}} IN ('Usage', 'Fee') THEN 'Support'
        WHEN {{kind}} IN ('RIFee', 'SavingsPlanRecurringFee') THEN '{fee}'
        WHEN {{kind}} IN ('Fee', 'SavingsPlanUpfrontFee') THEN 'Purchase'
        WHEN {{kind}} IN ('Tax', 'Credit', 'Refund') THEN {{kind}}
        ELSE 'Adjustment'
    END"""


NAMES: dict[str, str] = {
    "provider_name": "'AWS'",
    "billed_category": _category("Purchase"),
    "effective_category": _category("UnusedCommitment"),
    "service_name": clean("service"),
    "usage_name": clean("usage_type"),
    "region_name": f"coalesce({clean('region_id')}, 'global')",
    "pricing_name": """CASE
            WHEN {kind} IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'DiscountedUsage') THEN 'Committed'
            WHEN {kind} = 'Usage' AND regexp_like({usage_type}, '(^|-)SpotUsage') THEN 'Dynamic'
            WHEN {kind} IN ('Tax', 'Credit') THEN CAST(NULL AS varchar)
            ELSE 'Standard'
        END""",
    "commitment_id": "{commitment_id}",
    "commitment_name": """CASE
            WHEN regexp_like({commitment_id}, ':savingsplan/') THEN 'Savings Plan'
            WHEN {commitment_id} IS NOT NULL THEN 'Reserved'
        END""",
}
#: A commitment's fee is billed under one name and amortised under another.
FEES_APART = True

HAS_RESOURCE = "{line_item_resource_id} IS NOT NULL AND {line_item_resource_id} <> ''"
#: As in FOCUS. A negation takes off again what its covered usage costs on demand: no usage of its own.
ELIGIBLE = (
    f"{_TYPE} IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'RIFee', 'SavingsPlanRecurringFee') "
    f"AND ({_ARN} IS NOT NULL OR regexp_like({{line_item_usage_type}}, '" + ELIGIBLE_USAGE + "'))"
)


def tag(key: str) -> Key:
    """A tag's value; the report writes `user:Cost Center` as `user_cost_center`."""
    snake = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower())
    names = dict.fromkeys((f"user_{snake}", f"user:{key}", key))
    return Key(f"coalesce({', '.join(f'element_at({{resource_tags}}, {quoted(name)})' for name in names)})")
