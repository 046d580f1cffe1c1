"""What FOCUS's columns mean for a rollup, versions 1.0 to 1.3 and every provider, as Trino text.

Source: FinOps Foundation, FOCUS specification. AWS's exports give their usage type as `x_UsageType` (1.0) or as
`SkuMeter` (1.2), Azure's as `x_SkuMeterName`; where a line has none of them, its description has to serve.
"""

from __future__ import annotations

from analysis.rollups.relation import FirstOf, Key
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
    "SubAccountName", "Tags", "x_Operation", "x_SkuMeterName", "x_UsageType",
)  # fmt: skip

KEYS: dict[str, Key] = {
    "day": Key("CAST({ChargePeriodStart} AS date)", "date"),
    "hour": Key("date_trunc('hour', {ChargePeriodStart})", "timestamp"),
    "period": Key("{BillingPeriodStart}", "timestamp"),
    "provider": FirstOf("ProviderName ServiceProviderName"),
    "billing_account_id": Key("{BillingAccountId}"),
    # One key for what four columns say of a charge: each more costs a tenth of a rollup's time, and most lines are
    # plain usage.
    "kind": Key(
        """CASE
            WHEN {ChargeClass} IS NULL AND {CommitmentDiscountStatus} IS NULL THEN {ChargeCategory}
            WHEN lower({ChargeClass}) = 'correction' AND {ChargeCategory} IN ('Usage', 'Purchase') AND {BilledCost} < 0
                THEN 'Refund'
            WHEN lower({ChargeClass}) = 'correction' AND {ChargeCategory} IN ('Usage', 'Purchase') THEN 'Adjustment'
            WHEN {ChargeCategory} = 'Usage' AND lower({CommitmentDiscountStatus}) = 'unused' THEN 'UnusedCommitment'
            ELSE {ChargeCategory}
        END"""
    ),
    # So too the kind of a commitment and which one it is.
    "commitment": Key(
        "CASE WHEN {CommitmentDiscountId} <> '' "
        "THEN concat(coalesce({CommitmentDiscountType}, ''), '|', {CommitmentDiscountId}) END",
        only_with=("CommitmentDiscountId",),
    ),
    "pricing_category": Key("{PricingCategory}"),
    "service": Key("{ServiceName}"),
    "sub_account_id": Key("{SubAccountId}"),
    "region_id": FirstOf("RegionId RegionName"),
    "usage_type": FirstOf(
        "x_UsageType SkuMeter x_SkuMeterName",
        otherwise="CASE WHEN {ChargeCategory} = 'Usage' THEN {ChargeDescription} END",
    ),
    "operation": Key("{x_Operation}"),
    "unit": FirstOf("ConsumedUnit PricingUnit"),
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
            WHEN {clean("kind")} IN ('Tax', 'Credit', 'Refund', 'UnusedCommitment') THEN {clean("kind")}
            WHEN {clean("kind")} NOT IN ('Usage', 'Purchase') THEN 'Adjustment'
            WHEN regexp_like({{service}}, '(?i)^aws (premium )?support') THEN 'Support'
            ELSE {clean("kind")}
        END"""

#: What a rollup says of a group, from its keys in braces.
NAMES: dict[str, str] = {
    "provider_name": f"""CASE
            WHEN regexp_like({{provider}}, '(?i)^(aws|amazon)') THEN 'AWS'
            WHEN regexp_like({{provider}}, '(?i)^(microsoft|azure)') THEN 'Microsoft'
            WHEN regexp_like({{provider}}, '(?i)^google') THEN 'Google Cloud'
            WHEN regexp_like({{provider}}, '(?i)^oracle') THEN 'Oracle'
            ELSE coalesce({clean("provider")}, 'unknown')
        END""",
    "billed_category": _CATEGORY,
    "effective_category": "CAST(NULL AS varchar)",
    "service_name": clean("service"),
    "usage_name": clean("usage_type"),
    "region_name": f"coalesce({clean('region_id')}, 'global')",
    "pricing_name": clean("pricing_category"),
    "commitment_name": "nullif(regexp_extract({commitment}, '^([^|]*)[|]', 1), '')",
    "commitment_id": "regexp_extract({commitment}, '^[^|]*[|](.*)$', 1)",
}
#: A line's billed and effective dollars always go by one name.
FEES_APART = False

HAS_RESOURCE = "{ResourceId} <> ''"
#: Usage that a commitment covers, or on demand could; and what was paid for and not used.
ELIGIBLE = (
    "{ChargeCategory} = 'Usage' AND ({CommitmentDiscountId} <> '' "
    "OR (coalesce({PricingCategory}, 'Standard') = 'Standard' "
    "AND regexp_like(coalesce({x_UsageType}, {SkuMeter}), '" + ELIGIBLE_USAGE + "')))"
)


def tag(key: str) -> Key:
    """A tag's value; AWS may put `user:` before the key."""
    names = (key, f"user:{key}")
    return Key(f"coalesce({', '.join(f'element_at({{Tags}}, {quoted(name)})' for name in names)})")
