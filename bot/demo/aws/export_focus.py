"""The columns of AWS's FOCUS exports, as SQL over the parts and rows of a month.

As AWS writes them: what a commitment covers is billed 0 and effective at the commitment's rate; a commitment's fees
are purchases with effective cost 0; what it leaves unused is a row of its own, Usage with status Unused, billed 0;
negations and discounts are no rows (a discounted row is billed net, `x_Discounts` says what came off). So, summed over
(day, account, region, usage type, tags), BilledCost is Cost Explorer's NetUnblendedCost and EffectiveCost its
NetAmortizedCost, each charge category by itself; over all categories BilledCost is UnblendedCost as well.

A row's Cost Explorer SERVICE follows from x_ServiceCode, ServiceName, usage type and ChargeCategory
(`export_products.cost_explorer_service`): tax stands on the product that is taxed. RegionId is NULL where Cost Explorer
says NoRegion. A refund is Usage with ChargeClass Correction, support a Purchase of "AWS Support (Business)".

NULL in every row: CapacityReservationId, CapacityReservationStatus, CommitmentDiscountName, AvailabilityZone outside
single resources. NULL outside Usage: SkuId, SkuPriceId, SkuPriceDetails, unit prices, Consumed*. InvoiceId is NULL
until the month is invoiced.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame

from bot.demo.aws.export_factors import one_where, words
from bot.demo.aws.export_parts import ISSUER, payer
from bot.demo.aws.record_types import RecordType

#: Column → type, as AWS's table dictionary has them.
FOCUS_1_2: dict[str, str] = {
    "AvailabilityZone": "VARCHAR",
    "BilledCost": "DOUBLE",
    "BillingAccountId": "VARCHAR",
    "BillingAccountName": "VARCHAR",
    "BillingAccountType": "VARCHAR",
    "BillingCurrency": "VARCHAR",
    "BillingPeriodEnd": "TIMESTAMP_MS",
    "BillingPeriodStart": "TIMESTAMP_MS",
    "CapacityReservationId": "VARCHAR",
    "CapacityReservationStatus": "VARCHAR",
    "ChargeCategory": "VARCHAR",
    "ChargeClass": "VARCHAR",
    "ChargeDescription": "VARCHAR",
    "ChargeFrequency": "VARCHAR",
    "ChargePeriodEnd": "TIMESTAMP_MS",
    "ChargePeriodStart": "TIMESTAMP_MS",
    "CommitmentDiscountCategory": "VARCHAR",
    "CommitmentDiscountId": "VARCHAR",
    "CommitmentDiscountName": "VARCHAR",
    "CommitmentDiscountQuantity": "DOUBLE",
    "CommitmentDiscountStatus": "VARCHAR",
    "CommitmentDiscountType": "VARCHAR",
    "CommitmentDiscountUnit": "VARCHAR",
    "ConsumedQuantity": "DOUBLE",
    "ConsumedUnit": "VARCHAR",
    "ContractedCost": "DOUBLE",
    "ContractedUnitPrice": "DOUBLE",
    "EffectiveCost": "DOUBLE",
    "InvoiceId": "VARCHAR",
    "InvoiceIssuerName": "VARCHAR",
    "ListCost": "DOUBLE",
    "ListUnitPrice": "DOUBLE",
    "PricingCategory": "VARCHAR",
    "PricingCurrency": "VARCHAR",
    "PricingCurrencyContractedUnitPrice": "DOUBLE",
    "PricingCurrencyEffectiveCost": "DOUBLE",
    "PricingCurrencyListUnitPrice": "DOUBLE",
    "PricingQuantity": "DOUBLE",
    "PricingUnit": "VARCHAR",
    "ProviderName": "VARCHAR",
    "PublisherName": "VARCHAR",
    "RegionId": "VARCHAR",
    "RegionName": "VARCHAR",
    "ResourceId": "VARCHAR",
    "ResourceName": "VARCHAR",
    "ResourceType": "VARCHAR",
    "ServiceCategory": "VARCHAR",
    "ServiceName": "VARCHAR",
    "ServiceSubcategory": "VARCHAR",
    "SkuId": "VARCHAR",
    "SkuMeter": "VARCHAR",
    "SkuPriceDetails": "MAP(VARCHAR, VARCHAR)",
    "SkuPriceId": "VARCHAR",
    "SubAccountId": "VARCHAR",
    "SubAccountName": "VARCHAR",
    "SubAccountType": "VARCHAR",
    "Tags": "MAP(VARCHAR, VARCHAR)",
    "x_Discounts": "MAP(VARCHAR, DOUBLE)",
    "x_Operation": "VARCHAR",
    "x_ServiceCode": "VARCHAR",
}
_SINCE_1_0 = frozenset(
    {
        "BillingAccountType",
        "CapacityReservationId",
        "CapacityReservationStatus",
        "CommitmentDiscountQuantity",
        "CommitmentDiscountUnit",
        "InvoiceId",
        "PricingCurrency",
        "PricingCurrencyContractedUnitPrice",
        "PricingCurrencyEffectiveCost",
        "PricingCurrencyListUnitPrice",
        "ServiceSubcategory",
        "SkuMeter",
        "SkuPriceDetails",
        "SubAccountType",
    }
)
FOCUS_1_0: dict[str, str] = {
    **{name: type_ for name, type_ in FOCUS_1_2.items() if name not in _SINCE_1_0},
    "x_CostCategories": "MAP(VARCHAR, VARCHAR)",
    "x_UsageType": "VARCHAR",
}

_NO_ROWS = (RecordType.SP_NEGATION, RecordType.PRIVATE_RATE_DISCOUNT)
_UPFRONT = (RecordType.FEE, RecordType.SP_UPFRONT_FEE)
_RECURRING = (RecordType.RI_FEE, RecordType.SP_RECURRING_FEE)
_COVERED = (RecordType.DISCOUNTED_USAGE, RecordType.SP_COVERED_USAGE)
_CATEGORIES = {
    RecordType.TAX: "Tax",
    RecordType.CREDIT: "Credit",
    **dict.fromkeys((*_UPFRONT, *_RECURRING, RecordType.SUPPORT), "Purchase"),
}

#: Column → expression over `rows` (a month's), `parts` and `slots`.
EXPRESSIONS: dict[str, str] = {
    "AvailabilityZone": "zone",
    "BilledCost": "net_unblended * billed",
    "BillingAccountId": "payer_id",
    "BillingAccountName": "payer_name",
    "BillingAccountType": "payer_type",
    "BillingCurrency": "currency",
    "BillingPeriodEnd": "$period_end",
    "BillingPeriodStart": "$period_start",
    "CapacityReservationId": "NULL",
    "CapacityReservationStatus": "NULL",
    "ChargeCategory": "charge_category",
    "ChargeClass": "charge_class",
    "ChargeDescription": "description",
    "ChargeFrequency": "frequency",
    "ChargePeriodEnd": "ended",
    "ChargePeriodStart": "started",
    "CommitmentDiscountCategory": "commitment_category",
    "CommitmentDiscountId": "commitment",
    "CommitmentDiscountName": "NULL",
    "CommitmentDiscountQuantity": (
        "round(quantity * committed_by_quantity + unblended * committed_by_fee + net_amortized * committed_by_cost, 10)"
    ),
    "CommitmentDiscountStatus": "commitment_status",
    "CommitmentDiscountType": "commitment_type",
    "CommitmentDiscountUnit": "commitment_unit",
    "ConsumedQuantity": "quantity * consumed",
    "ConsumedUnit": "consumed_unit",
    "ContractedCost": "round(net_unblended * contracted_by_cost + quantity * contracted_by_quantity, 10)",
    "ContractedUnitPrice": "contracted_rate",
    "EffectiveCost": "net_amortized * effective",
    "InvoiceId": "$invoice",
    "InvoiceIssuerName": "issuer",
    "ListCost": "round(unblended * listed_by_cost + quantity * listed_by_quantity, 10)",
    "ListUnitPrice": "rate",
    "PricingCategory": "pricing_category",
    "PricingCurrency": "currency",
    "PricingCurrencyContractedUnitPrice": "contracted_rate",
    "PricingCurrencyEffectiveCost": "net_amortized * effective",
    "PricingCurrencyListUnitPrice": "rate",
    "PricingQuantity": "quantity * priced",
    "PricingUnit": "pricing_unit",
    "ProviderName": "provider",
    "PublisherName": "provider",
    "RegionId": "region",
    "RegionName": "location",
    "ResourceId": "resource_id",
    "ResourceName": "resource_name",
    "ResourceType": "resource_type",
    "ServiceCategory": "category",
    "ServiceName": "product_name",
    "ServiceSubcategory": "subcategory",
    "SkuId": "sku",
    "SkuMeter": "usage_type",
    "SkuPriceDetails": "price_details",
    "SkuPriceId": "price_id",
    "SubAccountId": "account_id",
    "SubAccountName": "account_name",
    "SubAccountType": "account_type",
    "Tags": "tags",
    "x_Discounts": (
        "CASE WHEN net_share < 1 THEN MAP {'PrivateRateDiscount': round(net_unblended - unblended, 10)}"
        " ELSE CAST(MAP {} AS MAP(VARCHAR, DOUBLE)) END"
    ),
    "x_Operation": "operation",
    "x_ServiceCode": "product_code",
    "x_CostCategories": "no_tags",
    "x_UsageType": "usage_type",
}
#: Nested columns of the parts, made once in SQL.
PART_COLUMNS = {
    "tags": (
        "CASE WHEN team IS NULL AND env IS NULL THEN CAST(MAP {} AS MAP(VARCHAR, VARCHAR))"
        " ELSE map_from_entries(list_filter([{'k': 'user:env', 'v': CAST(env AS VARCHAR)},"
        " {'k': 'user:team', 'v': CAST(team AS VARCHAR)}], lambda pair: pair.v IS NOT NULL)) END"
    ),
    "no_tags": "CAST(MAP {} AS MAP(VARCHAR, VARCHAR))",
    "price_details": (
        "CASE WHEN sku IS NOT NULL AND instance_type IS NOT NULL"
        " THEN MAP {'InstanceType': CAST(instance_type AS VARCHAR)} END"
    ),
}


def focus_parts(parts: DataFrame) -> DataFrame:
    """The parts with what FOCUS says of them; `len(parts)` further on the unused side of each commitment's fee.

    Adds to the text columns of a part the factors by which a row's measures become FOCUS's.
    """
    parts = parts.assign(part=np.arange(len(parts), dtype=np.int32))
    used = _described(parts.assign(unused=False))
    unused = _described(parts.assign(unused=True, part=(parts["part"] + len(parts)).astype("int32")))
    return pd.concat([used, unused], ignore_index=True)


def focus_rows(rows: DataFrame, parts: DataFrame) -> DataFrame:
    """A month's rows with the unused side of each fee as a row of its own, and without what FOCUS has no rows for."""
    record_type = parts["record_type"].to_numpy()[rows["part"]]
    fees = np.isin(record_type, _RECURRING)
    kept = ~np.isin(record_type, _NO_ROWS) & ~(fees & (rows["unblended"].to_numpy() == 0.0))
    unused = rows[fees & (rows["net_amortized"].to_numpy() != 0.0)]
    unused = unused.assign(part=(unused["part"] + len(parts)).astype("int32"))
    both: DataFrame = pd.concat([rows[kept], unused], ignore_index=True)
    return both


def _described(parts: DataFrame) -> DataFrame:
    kind, unused, spot = parts["record_type"], parts["unused"], parts["spot"]
    usage = kind.isin([RecordType.USAGE, *_COVERED])
    fee = kind.isin([*_UPFRONT, *_RECURRING])
    purchase = (fee & ~unused) | kind.eq(RecordType.SUPPORT)
    refund, discounted = kind.eq(RecordType.REFUND), kind.eq(RecordType.DISCOUNTED_USAGE)
    recurring = (kind.isin(_RECURRING) & ~unused) | kind.eq(RecordType.SUPPORT)
    priced = usage | refund | purchase
    payer_id, payer_name = payer()
    described: DataFrame = parts.assign(
        payer_id=payer_id,
        payer_name=payer_name,
        payer_type="AWS Organization",
        account_type="AWS Account",
        currency="USD",
        issuer=ISSUER,
        provider="AWS",
        charge_category=kind.map(_CATEGORIES).fillna("Usage").mask(unused, "Usage"),
        charge_class=words({"Correction": refund}),
        description=parts["description"].mask(unused, "Unused part of the commitment"),
        frequency=words({"Usage-Based": usage | unused, "Recurring": recurring}, "One-Time"),
        pricing_category=words({"Committed": kind.isin(_COVERED) | unused, "Dynamic": spot, "Standard": priced}),
        billed=np.where(kind.eq(RecordType.SP_COVERED_USAGE) | unused, 0.0, 1.0),
        effective=np.where(fee & ~unused, 0.0, 1.0),
        listed_by_cost=np.where(discounted | spot | unused, 0.0, 1.0),
        listed_by_quantity=np.where(discounted | spot, parts["rate"], 0.0),
        contracted_by_cost=np.where(discounted | unused, 0.0, 1.0),
        contracted_by_quantity=np.where(discounted, parts["rate"], 0.0),
        contracted_rate=np.where(spot, parts["paid_rate"], (parts["rate"] * parts["net_share"]).round(10)),
        consumed=one_where(usage),
        consumed_unit=parts["unit"].where(usage, None),
        priced=one_where(priced & ~unused),
        pricing_unit=parts["unit"].where(priced & ~unused, None),
        **_commitment(parts),
    )
    return described


def _commitment(parts: DataFrame) -> dict[str, Any]:
    """A plan is counted in dollars, a reservation in hours of its instances."""
    kind, unused = parts["record_type"], parts["unused"]
    held = parts["commitment"].notna()
    plan = held & ~parts["reservation"].astype(bool)
    reserved = held & ~plan
    used = held & kind.isin(_COVERED)
    hours_per_dollar = parts["count"] / parts["hourly"]
    paid_share = np.where(kind.eq(RecordType.FEE), parts["upfront"], 1.0 - parts["upfront"])
    fee = ~used & ~unused
    by_quantity = np.select(
        [reserved & used, plan & fee & kind.eq(RecordType.SP_RECURRING_FEE)], [1.0, parts["hourly"]]
    )
    by_fee = np.select(
        [plan & kind.eq(RecordType.SP_UPFRONT_FEE), reserved & fee],
        [1.0, np.divide(hours_per_dollar, paid_share, out=np.zeros(len(parts)), where=paid_share > 0)],
    )
    by_cost = np.select([plan & (used | unused), reserved & unused], [1.0, hours_per_dollar])
    return {
        "commitment_category": words({"Spend": plan, "Usage": reserved}),
        "commitment_type": words({"Savings Plan": plan, "Reserved": reserved}),
        "commitment_unit": words({"USD": plan, "Hrs": reserved}),
        "commitment_status": words({"Unused": held & unused, "Used": used}),
        "committed_by_quantity": np.where(held, by_quantity, np.nan),
        "committed_by_fee": np.where(held, by_fee, np.nan),
        "committed_by_cost": np.where(held, by_cost, np.nan),
    }
