"""What FOCUS's columns mean for a rollup, versions 1.0 to 1.3 and every provider, as Trino text.

Source: FinOps Foundation, FOCUS specification. AWS's exports give their usage type as `x_UsageType` (1.0) or as
`SkuMeter` (1.2), Azure's as `x_SkuMeterName`; where a line has none of them, its description has to serve.
"""

from __future__ import annotations

from analysis.rollups.relation import Key
from analysis.rollups.words import ELIGIBLE_USAGE, clean, quoted

SOURCE = "focus"

#: A file must have each of these, under one of its names.
MANDATORY: tuple[tuple[str, ...], ...] = (
    ("BilledCost",),
    ("EffectiveCost",),
    ("BillingCurrency",),
    ("BillingAccountId",),
    ("BillingPeriodStart",),
    ("ChargePeriodStart",),
    ("ChargeCategory",),
    ("ProviderName", "ServiceProviderName"),
    ("ServiceName",),
)
OPTIONAL: tuple[str, ...] = (
    "ChargeClass", "ChargeDescription", "ChargePeriodEnd", "CommitmentDiscountId", "CommitmentDiscountStatus",
    "CommitmentDiscountType", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ListCost", "PricingCategory",
    "PricingQuantity", "PricingUnit", "RegionId", "RegionName", "ResourceId", "SkuMeter", "SubAccountId",
    "SubAccountName", "Tags", "x_SkuMeterName", "x_UsageType",
)  # fmt: skip

_USAGE = ("x_UsageType", "SkuMeter", "x_SkuMeterName")

KEYS: dict[str, Key] = {
    "day": Key("CAST({ChargePeriodStart} AS date)", "date"),
    "hour": Key("date_trunc('hour', {ChargePeriodStart})", "timestamp"),
    "period": Key("{BillingPeriodStart}", "timestamp"),
    "provider": Key("coalesce({ProviderName}, {ServiceProviderName})"),
    "billing_account_id": Key("{BillingAccountId}"),
    "kind": Key("{ChargeCategory}"),
    "charge_class": Key("{ChargeClass}"),
    "negative": Key("CASE WHEN {ChargeClass} IS NOT NULL THEN {BilledCost} < 0 END", "boolean", (), ("ChargeClass",)),
    "commitment_status": Key("{CommitmentDiscountStatus}"),
    "commitment_type": Key("{CommitmentDiscountType}"),
    "commitment_id": Key("{CommitmentDiscountId}"),
    "pricing_category": Key("{PricingCategory}"),
    "service": Key("{ServiceName}"),
    "sub_account_id": Key("{SubAccountId}"),
    "region_id": Key("{RegionId}"),
    "region": Key("CASE WHEN {RegionId} IS NULL THEN {RegionName} END", unless=("RegionId",)),
    "usage_type": Key("{x_UsageType}"),
    "meter": Key("CASE WHEN {x_UsageType} IS NULL THEN {SkuMeter} END", unless=("x_UsageType",)),
    "meter_name": Key(
        "CASE WHEN coalesce({x_UsageType}, {SkuMeter}) IS NULL THEN {x_SkuMeterName} END",
        unless=("x_UsageType", "SkuMeter"),
    ),
    "description": Key(
        "CASE WHEN coalesce({x_UsageType}, {SkuMeter}, {x_SkuMeterName}) IS NULL THEN {ChargeDescription} END",
        unless=_USAGE,
    ),
    "unit": Key("coalesce({ConsumedUnit}, {PricingUnit})"),
    "currency": Key("{BillingCurrency}"),
    "resource_id": Key("{ResourceId}"),
}
MEASURES: dict[str, str] = {
    "billed": "{BilledCost}",
    "effective": "{EffectiveCost}",
    "list_cost": "{ListCost}",
    "contracted": "{ContractedCost}",
    "quantity": "coalesce({ConsumedQuantity}, {PricingQuantity})",
    "charged_until": "{ChargePeriodEnd}",
    "account_name": "{SubAccountName}",
}

_CATEGORY = f"""CASE
        WHEN {clean("kind")} IN ('Tax', 'Credit', 'Refund') THEN {clean("kind")}
        WHEN {clean("kind")} NOT IN ('Usage', 'Purchase') THEN 'Adjustment'
        WHEN lower({clean("charge_class")}) = 'correction' AND {{negative}} THEN 'Refund'
        WHEN lower({clean("charge_class")}) = 'correction' THEN 'Adjustment'
        WHEN regexp_like({clean("service")}, '(?i)^aws (premium )?support') THEN 'Support'
        WHEN {clean("kind")} = 'Usage' AND lower({clean("commitment_status")}) = 'unused' THEN 'UnusedCommitment'
        ELSE {clean("kind")}
    END"""

#: What a rollup says of a group, from its keys in braces.
NAMES: dict[str, str] = {
    "provider_name": f"""CASE
            WHEN regexp_like({clean("provider")}, '(?i)^(aws|amazon)') THEN 'AWS'
            WHEN regexp_like({clean("provider")}, '(?i)^(microsoft|azure)') THEN 'Microsoft'
            WHEN regexp_like({clean("provider")}, '(?i)^google') THEN 'Google Cloud'
            WHEN regexp_like({clean("provider")}, '(?i)^oracle') THEN 'Oracle'
            ELSE coalesce({clean("provider")}, 'unknown')
        END""",
    "billed_category": _CATEGORY,
    "effective_category": _CATEGORY,
    "service_name": clean("service"),
    "usage_name": f"coalesce({clean('usage_type')}, {clean('meter')}, {clean('meter_name')}, {clean('description')})",
    "region_name": f"coalesce({clean('region_id')}, {clean('region')}, 'global')",
    "pricing_name": clean("pricing_category"),
    "commitment_name": clean("commitment_type"),
}
#: A line's billed and effective dollars always go by one name.
FEES_APART = False

HAS_RESOURCE = "{ResourceId} IS NOT NULL"
#: Usage that a commitment covers, or on demand could; and what was paid for and not used.
ELIGIBLE = (
    "{ChargeCategory} = 'Usage' AND ({CommitmentDiscountId} IS NOT NULL "
    "OR (coalesce({PricingCategory}, 'Standard') = 'Standard' "
    "AND regexp_like(coalesce({x_UsageType}, {SkuMeter}), '" + ELIGIBLE_USAGE + "')))"
)


def tag(key: str) -> Key:
    """A tag's value; AWS may put `user:` before the key."""
    names = (key, f"user:{key}")
    return Key(f"coalesce({', '.join(f'element_at({{Tags}}, {quoted(name)})' for name in names)})")
