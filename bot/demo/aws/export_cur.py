"""The columns of AWS's CUR 2.0 (table COST_AND_USAGE_REPORT), as SQL over the parts and rows of a month.

Line item types are AWS's: Cost Explorer's RECORD_TYPE is the same word, except that a support fee is a Fee of the
product AWSSupportBusiness. The net amortised cost of a row, by AWS's own rules:

=======================  ===========================================================================================
line_item_line_item_type net amortised cost
=======================  ===========================================================================================
SavingsPlanCoveredUsage  savings_plan_net_savings_plan_effective_cost
SavingsPlanRecurringFee  savings_plan_total_commitment_to_date - savings_plan_used_commitment
SavingsPlanNegation      0
SavingsPlanUpfrontFee    0
DiscountedUsage          reservation_net_effective_cost
RIFee                    reservation_net_unused_amortized_upfront_fee_for_billing_period
                         + reservation_net_unused_recurring_fee
Fee of a reservation     0 (reservation_reservation_a_r_n is set)
anything else            line_item_net_unblended_cost
=======================  ===========================================================================================

It is Cost Explorer's NetAmortizedCost; line_item_unblended_cost is its UnblendedCost, line_item_net_unblended_cost its
NetUnblendedCost, line_item_blended_cost its BlendedCost and line_item_usage_amount its UsageQuantity, summed over (day,
account, region, usage type, operation, line item type, tags). The negotiated discount is there twice, as with AWS's
manual discount compatibility: as lines of type PrivateRateDiscount (net cost 0), and in the net columns of the usage it
is on, where `discount` and `discount_total_discount` say how much. A reservation's fee stands on the first of the month
and its unused part on every day, where AWS has one line for the month.

A row's Cost Explorer SERVICE follows from line_item_product_code, product['product_name'], line_item_usage_type and the
type Tax (`export_products.cost_explorer_service`). product_region_code is NULL where Cost Explorer says NoRegion.
Tags are keyed as AWS normalises them: resource_tags['user_team'], resource_tags['user_env'].

NULL in every row: normalization_factor and normalized_usage_amount, bundled discount, fee codes, the product columns
that say to where, reservation columns in normalised units, amortised upfront fees of a whole period. Numbers that do
not apply to a row are NULL, never 0. bill_invoice_id is NULL until the month is invoiced.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from bot.demo.aws.export_factors import one_where, words
from bot.demo.aws.export_parts import ISSUER, PRICED, payer
from bot.demo.aws.record_types import RecordType
from bot.demo.aws.resources_times import digest

#: Column → type, in AWS's order.
CUR_2_0: dict[str, str] = {
    "bill_bill_type": "VARCHAR",
    "bill_billing_entity": "VARCHAR",
    "bill_billing_period_end_date": "TIMESTAMP_MS",
    "bill_billing_period_start_date": "TIMESTAMP_MS",
    "bill_invoice_id": "VARCHAR",
    "bill_invoicing_entity": "VARCHAR",
    "bill_payer_account_id": "VARCHAR",
    "bill_payer_account_name": "VARCHAR",
    "cost_category": "MAP(VARCHAR, VARCHAR)",
    "discount": "MAP(VARCHAR, DOUBLE)",
    "discount_bundled_discount": "DOUBLE",
    "discount_total_discount": "DOUBLE",
    "identity_line_item_id": "VARCHAR",
    "identity_time_interval": "VARCHAR",
    "line_item_availability_zone": "VARCHAR",
    "line_item_blended_cost": "DOUBLE",
    "line_item_blended_rate": "VARCHAR",
    "line_item_currency_code": "VARCHAR",
    "line_item_legal_entity": "VARCHAR",
    "line_item_line_item_description": "VARCHAR",
    "line_item_line_item_type": "VARCHAR",
    "line_item_net_unblended_cost": "DOUBLE",
    "line_item_net_unblended_rate": "VARCHAR",
    "line_item_normalization_factor": "DOUBLE",
    "line_item_normalized_usage_amount": "DOUBLE",
    "line_item_operation": "VARCHAR",
    "line_item_product_code": "VARCHAR",
    "line_item_resource_id": "VARCHAR",
    "line_item_tax_type": "VARCHAR",
    "line_item_unblended_cost": "DOUBLE",
    "line_item_unblended_rate": "VARCHAR",
    "line_item_usage_account_id": "VARCHAR",
    "line_item_usage_account_name": "VARCHAR",
    "line_item_usage_amount": "DOUBLE",
    "line_item_usage_end_date": "TIMESTAMP_MS",
    "line_item_usage_start_date": "TIMESTAMP_MS",
    "line_item_usage_type": "VARCHAR",
    "pricing_currency": "VARCHAR",
    "pricing_lease_contract_length": "VARCHAR",
    "pricing_offering_class": "VARCHAR",
    "pricing_public_on_demand_cost": "DOUBLE",
    "pricing_public_on_demand_rate": "VARCHAR",
    "pricing_purchase_option": "VARCHAR",
    "pricing_rate_code": "VARCHAR",
    "pricing_rate_id": "VARCHAR",
    "pricing_term": "VARCHAR",
    "pricing_unit": "VARCHAR",
    "product": "MAP(VARCHAR, VARCHAR)",
    "product_comment": "VARCHAR",
    "product_fee_code": "VARCHAR",
    "product_fee_description": "VARCHAR",
    "product_from_location": "VARCHAR",
    "product_from_location_type": "VARCHAR",
    "product_from_region_code": "VARCHAR",
    "product_instance_family": "VARCHAR",
    "product_instance_type": "VARCHAR",
    "product_instancesku": "VARCHAR",
    "product_location": "VARCHAR",
    "product_location_type": "VARCHAR",
    "product_operation": "VARCHAR",
    "product_pricing_unit": "VARCHAR",
    "product_product_family": "VARCHAR",
    "product_region_code": "VARCHAR",
    "product_servicecode": "VARCHAR",
    "product_sku": "VARCHAR",
    "product_to_location": "VARCHAR",
    "product_to_location_type": "VARCHAR",
    "product_to_region_code": "VARCHAR",
    "product_usagetype": "VARCHAR",
    "reservation_amortized_upfront_cost_for_usage": "DOUBLE",
    "reservation_amortized_upfront_fee_for_billing_period": "DOUBLE",
    "reservation_availability_zone": "VARCHAR",
    "reservation_effective_cost": "DOUBLE",
    "reservation_end_time": "VARCHAR",
    "reservation_modification_status": "VARCHAR",
    "reservation_net_amortized_upfront_cost_for_usage": "DOUBLE",
    "reservation_net_amortized_upfront_fee_for_billing_period": "DOUBLE",
    "reservation_net_effective_cost": "DOUBLE",
    "reservation_net_recurring_fee_for_usage": "DOUBLE",
    "reservation_net_unused_amortized_upfront_fee_for_billing_period": "DOUBLE",
    "reservation_net_unused_recurring_fee": "DOUBLE",
    "reservation_net_upfront_value": "DOUBLE",
    "reservation_normalized_units_per_reservation": "VARCHAR",
    "reservation_number_of_reservations": "VARCHAR",
    "reservation_recurring_fee_for_usage": "DOUBLE",
    "reservation_reservation_a_r_n": "VARCHAR",
    "reservation_start_time": "VARCHAR",
    "reservation_subscription_id": "VARCHAR",
    "reservation_total_reserved_normalized_units": "VARCHAR",
    "reservation_total_reserved_units": "VARCHAR",
    "reservation_units_per_reservation": "VARCHAR",
    "reservation_unused_amortized_upfront_fee_for_billing_period": "DOUBLE",
    "reservation_unused_normalized_unit_quantity": "DOUBLE",
    "reservation_unused_quantity": "DOUBLE",
    "reservation_unused_recurring_fee": "DOUBLE",
    "reservation_upfront_value": "DOUBLE",
    "resource_tags": "MAP(VARCHAR, VARCHAR)",
    "savings_plan_amortized_upfront_commitment_for_billing_period": "DOUBLE",
    "savings_plan_end_time": "VARCHAR",
    "savings_plan_instance_type_family": "VARCHAR",
    "savings_plan_net_amortized_upfront_commitment_for_billing_period": "DOUBLE",
    "savings_plan_net_recurring_commitment_for_billing_period": "DOUBLE",
    "savings_plan_net_savings_plan_effective_cost": "DOUBLE",
    "savings_plan_offering_type": "VARCHAR",
    "savings_plan_payment_option": "VARCHAR",
    "savings_plan_purchase_term": "VARCHAR",
    "savings_plan_recurring_commitment_for_billing_period": "DOUBLE",
    "savings_plan_region": "VARCHAR",
    "savings_plan_savings_plan_a_r_n": "VARCHAR",
    "savings_plan_savings_plan_effective_cost": "DOUBLE",
    "savings_plan_savings_plan_rate": "DOUBLE",
    "savings_plan_start_time": "VARCHAR",
    "savings_plan_total_commitment_to_date": "DOUBLE",
    "savings_plan_used_commitment": "DOUBLE",
    "tags": "MAP(VARCHAR, VARCHAR)",
}

_NO_TAGS = "CAST(MAP {} AS MAP(VARCHAR, VARCHAR))"
_TOTAL = "round(quantity * plan_hourly, 10)"
_UNUSED_UPFRONT = "round({cost} * reservation_fee * upfront, 10)"
_BY_TERM = "CASE WHEN started >= turn THEN {since} ELSE {before} END"

#: Column → expression over `rows` (a month's), `parts` and `slots`; columns that are not here are NULL in every row.
EXPRESSIONS: dict[str, str] = {
    "bill_bill_type": "bill_type",
    "bill_billing_entity": "billing_entity",
    "bill_billing_period_end_date": "$period_end",
    "bill_billing_period_start_date": "$period_start",
    "bill_invoice_id": "$invoice",
    "bill_invoicing_entity": "issuer",
    "bill_payer_account_id": "payer_id",
    "bill_payer_account_name": "payer_name",
    "cost_category": "no_tags",
    "discount": (
        "CASE WHEN discounted THEN MAP {'PrivateRateDiscount': round(net_unblended - unblended, 10)}"
        " ELSE CAST(MAP {} AS MAP(VARCHAR, DOUBLE)) END"
    ),
    "discount_total_discount": "CASE WHEN discounted THEN round(net_unblended - unblended, 10) END",
    "identity_line_item_id": "concat(line_key, lpad(CAST(slot AS VARCHAR), 4, '0'))",
    "identity_time_interval": "interval",
    "line_item_availability_zone": "zone",
    "line_item_blended_cost": "blended",
    "line_item_currency_code": "currency",
    "line_item_legal_entity": "issuer",
    "line_item_line_item_description": "description",
    "line_item_line_item_type": "line_item_type",
    "line_item_net_unblended_cost": "net_unblended",
    "line_item_net_unblended_rate": "net_rate_text",
    "line_item_operation": "operation",
    "line_item_product_code": "product_code",
    "line_item_resource_id": "resource_id",
    "line_item_tax_type": "tax_type",
    "line_item_unblended_cost": "unblended",
    "line_item_unblended_rate": "paid_rate_text",
    "line_item_usage_account_id": "account_id",
    "line_item_usage_account_name": "account_name",
    "line_item_usage_amount": "quantity",
    "line_item_usage_end_date": "ended",
    "line_item_usage_start_date": "started",
    "line_item_usage_type": "usage_type",
    "pricing_currency": "pricing_currency",
    "pricing_lease_contract_length": "lease",
    "pricing_offering_class": "offering_class",
    "pricing_public_on_demand_cost": "round(unblended * listed_by_cost + quantity * listed_by_quantity, 10)",
    "pricing_public_on_demand_rate": "rate_text",
    "pricing_purchase_option": "reservation_payment",
    "pricing_rate_code": "price_id",
    "pricing_rate_id": "rate_id",
    "pricing_term": "pricing_term",
    "pricing_unit": "unit",
    "product": "product",
    "product_from_location": "from_location",
    "product_from_location_type": "from_location_type",
    "product_from_region_code": "from_region",
    "product_instance_family": "instance_family",
    "product_instance_type": "instance_type",
    "product_location": "location",
    "product_location_type": "location_type",
    "product_operation": "operation",
    "product_pricing_unit": "unit",
    "product_product_family": "product_family",
    "product_region_code": "region",
    "product_servicecode": "servicecode",
    "product_sku": "sku",
    "product_usagetype": "usage_type",
    "reservation_amortized_upfront_cost_for_usage": "round(amortized * reservation_used * upfront, 10)",
    "reservation_effective_cost": "amortized * reservation_used",
    "reservation_end_time": f"CASE WHEN reservation THEN {_BY_TERM.format(since='term_end', before='before_end')} END",
    "reservation_modification_status": "modification",
    "reservation_net_amortized_upfront_cost_for_usage": "round(net_amortized * reservation_used * upfront, 10)",
    "reservation_net_effective_cost": "net_amortized * reservation_used",
    "reservation_net_recurring_fee_for_usage": (
        "round(net_amortized * reservation_used - round(net_amortized * reservation_used * upfront, 10), 10)"
    ),
    "reservation_net_unused_amortized_upfront_fee_for_billing_period": _UNUSED_UPFRONT.format(cost="net_amortized"),
    "reservation_net_unused_recurring_fee": (
        f"round(net_amortized * reservation_fee - {_UNUSED_UPFRONT.format(cost='net_amortized')}, 10)"
    ),
    "reservation_net_upfront_value": "net_unblended * reservation_upfront",
    "reservation_number_of_reservations": "reservation_count",
    "reservation_recurring_fee_for_usage": (
        "round(amortized * reservation_used - round(amortized * reservation_used * upfront, 10), 10)"
    ),
    "reservation_reservation_a_r_n": "reservation_arn",
    "reservation_start_time": (
        f"CASE WHEN reservation THEN {_BY_TERM.format(since='term_start', before='before_start')} END"
    ),
    "reservation_subscription_id": "subscription",
    "reservation_units_per_reservation": "units_per_reservation",
    "reservation_unused_amortized_upfront_fee_for_billing_period": _UNUSED_UPFRONT.format(cost="amortized"),
    "reservation_unused_quantity": "round(amortized * reservation_fee * hours_per_dollar, 10)",
    "reservation_unused_recurring_fee": (
        f"round(amortized * reservation_fee - {_UNUSED_UPFRONT.format(cost='amortized')}, 10)"
    ),
    "reservation_upfront_value": "unblended * reservation_upfront",
    "resource_tags": "resource_tags",
    "savings_plan_amortized_upfront_commitment_for_billing_period": f"round({_TOTAL} * upfront, 10)",
    "savings_plan_end_time": f"CASE WHEN plan THEN {_BY_TERM.format(since='term_end', before='before_end')} END",
    "savings_plan_instance_type_family": "family",
    "savings_plan_net_amortized_upfront_commitment_for_billing_period": f"round({_TOTAL} * upfront, 10)",
    "savings_plan_net_recurring_commitment_for_billing_period": "net_unblended * plan_fee",
    "savings_plan_net_savings_plan_effective_cost": "net_amortized * plan_used",
    "savings_plan_offering_type": "plan_offering",
    "savings_plan_payment_option": "plan_payment",
    "savings_plan_purchase_term": "plan_term",
    "savings_plan_recurring_commitment_for_billing_period": "unblended * plan_fee",
    "savings_plan_region": "plan_region",
    "savings_plan_savings_plan_a_r_n": "plan_arn",
    "savings_plan_savings_plan_effective_cost": "amortized * plan_used",
    "savings_plan_savings_plan_rate": "plan_used * plan_rate",
    "savings_plan_start_time": f"CASE WHEN plan THEN {_BY_TERM.format(since='term_start', before='before_start')} END",
    "savings_plan_total_commitment_to_date": _TOTAL,
    "savings_plan_used_commitment": f"round({_TOTAL} - amortized, 10)",
    "tags": "tags",
}
PART_COLUMNS = {
    "no_tags": _NO_TAGS,
    "resource_tags": (
        f"CASE WHEN team IS NULL AND env IS NULL THEN {_NO_TAGS}"
        " ELSE map_from_entries(list_filter([{'k': 'user_env', 'v': CAST(env AS VARCHAR)},"
        " {'k': 'user_team', 'v': CAST(team AS VARCHAR)}], lambda pair: pair.v IS NOT NULL)) END"
    ),
    "tags": (
        f"CASE WHEN team IS NULL AND env IS NULL THEN {_NO_TAGS}"
        " ELSE map_from_entries(list_filter([{'k': 'resourceTags/user_env', 'v': CAST(env AS VARCHAR)},"
        " {'k': 'resourceTags/user_team', 'v': CAST(team AS VARCHAR)}], lambda pair: pair.v IS NOT NULL)) END"
    ),
    "product": (
        "map_from_entries(list_filter([{'k': 'product_name', 'v': CAST(product_name AS VARCHAR)},"
        " {'k': 'region', 'v': CAST(region AS VARCHAR)},"
        " {'k': 'servicename', 'v': CAST(product_name AS VARCHAR)}], lambda pair: pair.v IS NOT NULL))"
    ),
}

_FAMILIES = {
    "Compute Instance": r"(^|-)(BoxUsage|SpotUsage|HeavyUsage:[^d]|DedicatedUsage)",
    "Storage Snapshot": r"EBS:SnapshotUsage",
    "Storage": r"EBS:VolumeUsage|TimedStorage|GP3-Storage|RMS:",
    "NAT Gateway": r"NatGateway",
    "Data Transfer": r"DataTransfer|AWS-Out-Bytes",
    "CPU Credits": r"CPUCredits",
    "Database Instance": r"(^|-)(InstanceUsage|Multi-AZUsage|HeavyUsage:db)",
    "Cache Instance": r"(^|-)NodeUsage",
    "Load Balancer-Application": r"LoadBalancerUsage|LCUUsage",
    "API Request": r"Requests",
    "Serverless": r"Lambda",
}
_INSTANCE_FAMILIES = {
    "m": "General purpose",
    "t": "General purpose",
    "c": "Compute optimized",
    "r": "Memory optimized",
    "g": "GPU instance",
}


def cur_parts(parts: DataFrame) -> DataFrame:
    """The parts with what the CUR says of them, and the factors by which a row's measures become the CUR's."""
    kind, spot = parts["record_type"], parts["spot"]
    usage = kind.isin(list(PRICED))
    reservation, held = parts["reservation"].astype(bool), parts["commitment"].notna()
    plan = held & ~reservation
    discounted_usage = kind.eq(RecordType.DISCOUNTED_USAGE)
    recurring = kind.eq(RecordType.SP_RECURRING_FEE)
    upfront = kind.isin([RecordType.FEE, RecordType.SP_UPFRONT_FEE])
    by_list = discounted_usage | spot
    priced_by_cost = kind.isin([RecordType.USAGE, RecordType.SP_COVERED_USAGE]) & ~spot
    family = parts["usage_type"].map(_family)
    transfer = family.eq("Data Transfer")
    payer_id, payer_name = payer()
    return parts.assign(
        part=np.arange(len(parts), dtype=np.int32),
        payer_id=payer_id,
        payer_name=payer_name,
        currency="USD",
        issuer=ISSUER,
        billing_entity="AWS",
        bill_type=words({"Purchase": upfront, "Refund": kind.eq(RecordType.REFUND)}, "Anniversary"),
        line_item_type=kind.mask(kind.eq(RecordType.SUPPORT), str(RecordType.FEE)),
        tax_type=words({"SalesTax": kind.eq(RecordType.TAX)}),
        discounted=(parts["net_share"] < 1.0) & kind.eq(RecordType.USAGE),
        rate_text=_prices(parts["rate"], usage),
        paid_rate_text=_prices(parts["paid_rate"].mask(discounted_usage, 0.0), usage),
        net_rate_text=_prices(parts["paid_rate"].mask(discounted_usage, 0.0) * parts["net_share"], usage),
        listed_by_cost=np.where(usage, priced_by_cost.astype(float), np.nan),
        listed_by_quantity=np.where(usage, np.where(by_list, parts["rate"], 0.0), np.nan),
        pricing_currency=words({"USD": usage}),
        pricing_term=words(
            {"Spot": spot, "Reserved": discounted_usage | kind.eq(RecordType.RI_FEE), "OnDemand": usage}
        ),
        rate_id=parts["price_id"].map(lambda code: str(int(digest(code, 12), 16) % 10**10), na_action="ignore"),
        lease=parts["term"].where(reservation, None),
        offering_class=parts["offering"].where(reservation, None),
        reservation_payment=parts["payment"].where(reservation, None),
        reservation_arn=parts["commitment"].where(reservation, None),
        reservation_count=parts["count"].map("{:.0f}".format).where(reservation, None),
        units_per_reservation=words({"1": reservation}),
        subscription=parts["commitment"].where(reservation, None).map(_subscription, na_action="ignore"),
        modification=words({"Original": reservation}),
        reservation_used=one_where(discounted_usage),
        reservation_fee=one_where(kind.eq(RecordType.RI_FEE)),
        reservation_upfront=one_where(kind.eq(RecordType.FEE)),
        hours_per_dollar=parts["count"] / parts["hourly"],
        plan=plan,
        plan_arn=parts["commitment"].where(plan, None),
        plan_offering=parts["offering"].where(plan, None),
        plan_payment=parts["payment"].where(plan, None),
        plan_term=parts["term"].where(plan, None),
        plan_region=parts["region"].where(plan, None),
        plan_used=one_where(kind.eq(RecordType.SP_COVERED_USAGE)),
        plan_fee=one_where(recurring),
        plan_hourly=parts["hourly"].where(recurring, np.nan),
        product_family=family,
        servicecode=parts["product_code"].mask(transfer, "AWSDataTransfer"),
        instance_family=parts["instance_type"].map(_instance_family, na_action="ignore"),
        location_type=words({"AWS Region": parts["location"].notna()}),
        from_location=parts["location"].where(transfer, None),
        from_location_type=words({"AWS Region": transfer}),
        from_region=parts["region"].where(transfer, None),
    )


def cur_rows(rows: DataFrame, parts: DataFrame) -> DataFrame:
    """All of a month's rows."""
    return rows


def _prices(rates: Series[float], where: Series[bool]) -> Any:
    return rates.map("{:.10f}".format).where(where & rates.notna(), None)


def _family(usage_type: str | None) -> str | None:
    if usage_type is None or pd.isna(usage_type):
        return None
    return next((family for family, pattern in _FAMILIES.items() if re.search(pattern, usage_type)), None)


def _instance_family(instance_type: str) -> str | None:
    return _INSTANCE_FAMILIES.get(instance_type.removeprefix("db.").removeprefix("cache.")[0])


def _subscription(arn: str) -> str:
    return str(int(digest(arn, 12), 16) % 10**10)
