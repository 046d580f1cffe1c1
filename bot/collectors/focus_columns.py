"""FOCUS's columns in DuckDB expressions: from a file's text to typed values to daily sums.

Three steps, each a list of expressions: `as_text` picks the columns that a file has, under FOCUS's names; `TYPED` gives
them types and turns charges into our categories; `MEASURES` sums them per `KEYS` and counts what cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: FOCUS name → other names of the same column in later versions. A file must have each of these.
MANDATORY: dict[str, tuple[str, ...]] = {
    "BilledCost": (),
    "EffectiveCost": (),
    "BillingCurrency": (),
    "BillingAccountId": (),
    "BillingPeriodStart": (),
    "ChargePeriodStart": (),
    "ChargeCategory": (),
    "ProviderName": ("ServiceProviderName",),
    "ServiceName": (),
}
OPTIONAL = (
    "ChargeClass", "ChargeDescription", "CommitmentDiscountStatus", "ConsumedQuantity", "ConsumedUnit", "ListCost",
    "PricingQuantity", "PricingUnit", "RegionId", "RegionName", "SkuMeter", "SubAccountId", "SubAccountName", "Tags",
    "x_SkuMeterName", "x_UsageType",
)  # fmt: skip

TYPED = """
    TRY_CAST(BilledCost AS DOUBLE) AS billed,
    TRY_CAST(EffectiveCost AS DOUBLE) AS effective,
    TRY_CAST(ListCost AS DOUBLE) AS list_cost,
    CAST(TRY_CAST(BillingPeriodStart AS TIMESTAMPTZ) AS TIMESTAMP) AS period,
    CAST(TRY_CAST(ChargePeriodStart AS TIMESTAMPTZ) AS TIMESTAMP) AS charged,
    BillingCurrency AS currency,
    coalesce(BillingAccountId, 'unknown') AS billing_account_id,
    CASE
        WHEN regexp_matches(ProviderName, '^(aws|amazon)', 'i') THEN 'AWS'
        WHEN regexp_matches(ProviderName, '^(microsoft|azure)', 'i') THEN 'Microsoft'
        WHEN regexp_matches(ProviderName, '^google', 'i') THEN 'Google Cloud'
        WHEN regexp_matches(ProviderName, '^oracle', 'i') THEN 'Oracle'
        ELSE coalesce(ProviderName, 'unknown')
    END AS provider,
    CASE
        WHEN ChargeCategory IN ('Tax', 'Credit', 'Refund') THEN ChargeCategory
        WHEN ChargeCategory NOT IN ('Usage', 'Purchase') THEN 'Adjustment'
        WHEN lower(ChargeClass) = 'correction' AND billed < 0 THEN 'Refund'
        WHEN lower(ChargeClass) = 'correction' THEN 'Adjustment'
        WHEN regexp_matches(ServiceName, '^aws (premium )?support', 'i') THEN 'Support'
        WHEN ChargeCategory = 'Usage' AND lower(CommitmentDiscountStatus) = 'unused' THEN 'UnusedCommitment'
        ELSE ChargeCategory
    END AS charge_category,
    ServiceName AS service_name,
    SubAccountId AS sub_account_id,
    SubAccountName AS sub_account_name,
    coalesce(RegionId, RegionName, 'global') AS region_id,
    coalesce(x_UsageType, SkuMeter, x_SkuMeterName, ChargeDescription) AS usage_type,
    coalesce(TRY_CAST(ConsumedQuantity AS DOUBLE), TRY_CAST(PricingQuantity AS DOUBLE)) AS quantity,
    CASE WHEN ConsumedQuantity IS NULL THEN PricingUnit ELSE ConsumedUnit END AS unit,
    ChargeCategory AS focus_category,
    Tags AS all_tags
"""

#: What the daily rows are grouped by; `keyed` makes the day, the billing month and the tags.
KEYS = (
    "date", "provider", "billing_account_id", "charge_category", "service_name", "sub_account_id", "sub_account_name",
    "region_id", "usage_type", "unit", "currency", "billing_month", "tags",
)  # fmt: skip
SUMS = ("billed_cost", "effective_cost", "list_cost", "quantity")
#: Problems that a daily row counts, and the column each is about.
PROBLEMS = {
    "bad_billed": "BilledCost",
    "bad_period": "BillingPeriodStart",
    "bad_charged": "ChargePeriodStart",
    "bad_currency": "BillingCurrency",
    "bad_category": "ChargeCategory",
    "bad_tags": "Tags",
}
MEASURES = """
    fsum(billed) AS billed_cost,
    fsum(effective) AS effective_cost,
    fsum(list_cost) AS list_cost,
    fsum(quantity) AS quantity,
    count(*) AS lines,
    count(*) FILTER (WHERE effective IS NULL) AS without_effective,
    count(*) FILTER (WHERE charge_category = 'Usage' AND abs(effective - round(effective)) > 1e-9) AS exact_effective,
    count(*) FILTER (WHERE charge_category = 'Usage' AND abs(billed - round(billed)) > 1e-9) AS exact_billed,
    count(*) FILTER (WHERE billed IS NULL) AS bad_billed,
    count(*) FILTER (WHERE period IS NULL) AS bad_period,
    count(*) FILTER (WHERE charged IS NULL) AS bad_charged,
    count(*) FILTER (WHERE currency IS NULL) AS bad_currency,
    count(*) FILTER (WHERE focus_category IS NULL) AS bad_category,
    count(*) FILTER (WHERE all_tags IS NOT NULL AND NOT json_valid(all_tags)) AS bad_tags
"""


def as_text(columns: Mapping[str, str]) -> tuple[str, list[str]]:
    """Expressions that give FOCUS's columns as text, NULL where a file has none.

    Args:
        columns: name → DuckDB type of the file's columns.
    Returns:
        the expressions, and the mandatory columns that are missing.
    """
    by_name = {name.lower(): name for name in columns}
    missing, expressions = [], []
    for name, others in {**MANDATORY, **dict.fromkeys(OPTIONAL, ())}.items():
        actual = next((by_name[word.lower()] for word in (name, *others) if word.lower() in by_name), None)
        if actual is None:
            missing += [name] if name in MANDATORY else []
            expressions.append(f"CAST(NULL AS VARCHAR) AS {name}")
            continue
        quoted = '"' + actual.replace('"', '""') + '"'
        structured = name == "Tags" and columns[actual] != "VARCHAR"
        text = f"CAST({f'to_json({quoted})' if structured else quoted} AS VARCHAR)"
        expressions.append(f"CASE WHEN trim({text}) IN ('', 'NULL', 'null') THEN NULL ELSE trim({text}) END AS {name}")
    return ", ".join(expressions), missing


def keyed(tag_keys: Sequence[str]) -> str:
    """Expressions over `TYPED` that add the day, the billing month and the kept tags."""
    return ", ".join(
        (
            "*",
            "CAST(charged AS DATE) AS date",
            "CAST(date_trunc('month', period) AS DATE) AS billing_month",
            f"{_kept_tags(tag_keys)} AS tags",
        )
    )


def _kept_tags(tag_keys: Sequence[str]) -> str:
    """The chosen tags as a JSON object in the order of their keys; "" where a row has none."""
    pairs: list[str] = []
    for key in sorted(set(tag_keys)):
        pointers = [_literal("/" + name.replace("~", "~0").replace("/", "~1")) for name in (key, f"user:{key}")]
        values = ", ".join(
            f"json_extract_string(CASE WHEN json_valid(all_tags) THEN all_tags END, {pointer})" for pointer in pointers
        )
        pairs.append(f"{_literal(key)}, coalesce({values}, '')")
    return f"CAST(json_object({', '.join(pairs)}) AS VARCHAR)"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
