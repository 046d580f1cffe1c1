"""The line items of one month as one DuckDB query over the organisation's tables."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.cost_exports.draws import draw
from benchmarks.cost_exports.organisation import LIFE_HOURS, PAYER


def days(month: date) -> int:
    """Days of the month that begins here."""
    return ((month + timedelta(days=32)).replace(day=1) - month).days


def line_items(month: date, rows: int, *, seed: int, past: int, resources: int, hours: int) -> str:
    """The query of a month's rows.

    Args:
        past: hours of the months before.
        hours: hours of all months.
    """
    after = (month + timedelta(days=32)).replace(day=1)
    period = f"TIMESTAMP '{month}'"
    return f"""
    WITH drawn AS (
        SELECT hash(i, {int(seed)}, DATE '{month}') AS h, hash(i, {int(seed)}, DATE '{month}', 1) AS g
        FROM range({int(rows)}) r(i)
    ), timed AS (
        SELECT (h % {24 * days(month)})::BIGINT AS hour, {draw("h", 24)} AS charge, {draw("h", 44)} AS u,
            {draw("g", 0)} AS age, {draw("g", 20)} AS second, {draw("g", 40)} AS v
        FROM drawn
    ), lived AS (
        SELECT t.*, r.*, CASE WHEN second < 0.6 THEN main_sku ELSE shared_sku END AS used_sku,
            -- Few lines are anything but usage: tax comes monthly, credits and fees daily.
            CASE WHEN charge < 0.990 THEN 'Usage' WHEN charge < 0.993 THEN 'Tax' WHEN charge < 0.995 THEN 'Credit'
                WHEN charge < 0.998 THEN 'Purchase' ELSE 'Correction' END AS what,
            CASE WHEN committed IS NULL THEN NULL WHEN charge < 0.960 THEN 'Used' WHEN charge < 0.990 THEN 'Unused' END
                AS covered
        FROM timed t JOIN resources r
            ON r.k = floor(({past} + t.hour - t.age * {LIFE_HOURS}) * {int(resources)} / {float(hours)})::BIGINT
    ), metered AS (
        SELECT l.*, m.*,
            -- Most machines run whole hours; amounts vary, more on working days, and grow through the year.
            CASE WHEN amount = 1 THEN CASE WHEN u < 0.5 THEN 1.0 ELSE round(v, 6) END
                ELSE round(amount * (0.2 - ln(1 - u)) * (0.6 + v) * (1 + {past} / 30000.0)
                    * CASE WHEN dayofweek({period} + to_hours(hour)) IN (0, 6) THEN 0.7 ELSE 1 END, 8) END AS quantity
        FROM lived l JOIN skus m ON m.sku = l.used_sku
    ), priced AS (
        SELECT *, round(quantity * price, 10) AS listed, round(quantity * price * agreed, 10) AS contracted,
            what = 'Usage' AS used, what = 'Purchase' AS bought,
            -- What a commitment leaves unused belongs to no resource.
            what IN ('Usage', 'Correction') AND covered IS DISTINCT FROM 'Unused' AS metered,
            -- Commitments are bought by the payer, for all accounts.
            what = 'Purchase' OR covered IS NOT DISTINCT FROM 'Unused' AS central
        FROM metered
    ), charged AS (
        SELECT *,
            CASE WHEN covered IS NOT NULL THEN 0.0 WHEN used THEN contracted WHEN bought THEN round(1.2 + 1.6 * v, 4)
                WHEN what = 'Tax' THEN round(listed * 0.19, 2) ELSE -round(listed * (0.1 + 0.4 * v), 10) END AS billed,
            CASE WHEN covered IS NOT NULL THEN round(listed * (0.60 + 0.12 * agreed), 10) WHEN used THEN contracted
                WHEN bought THEN 0.0 WHEN what = 'Tax' THEN round(listed * 0.19, 2)
                ELSE -round(listed * (0.1 + 0.4 * v), 10) END AS effective
        FROM priced
    )
    SELECT
        CASE WHEN metered THEN zone END AS AvailabilityZone,
        billed AS BilledCost,
        '{PAYER}' AS BillingAccountId,
        'Example Holding' AS BillingAccountName,
        'Management' AS BillingAccountType,
        'USD' AS BillingCurrency,
        TIMESTAMP '{after}' AS BillingPeriodEnd,
        {period} AS BillingPeriodStart,
        NULL::VARCHAR AS CapacityReservationId,
        NULL::VARCHAR AS CapacityReservationStatus,
        CASE what WHEN 'Correction' THEN 'Usage' ELSE what END AS ChargeCategory,
        CASE what WHEN 'Correction' THEN what END AS ChargeClass,
        CASE what WHEN 'Tax' THEN 'Tax for product code ' || code WHEN 'Credit' THEN 'Enterprise discount programme'
            WHEN 'Purchase' THEN 'Recurring fee of a commitment' ELSE description END AS ChargeDescription,
        CASE WHEN metered THEN 'Usage-Based' WHEN bought THEN 'Recurring' ELSE 'One-Time' END AS ChargeFrequency,
        CASE WHEN what = 'Tax' THEN TIMESTAMP '{after}' ELSE {period} + to_hours(hour + 1) END AS ChargePeriodEnd,
        CASE WHEN what = 'Tax' THEN {period} ELSE {period} + to_hours(hour) END AS ChargePeriodStart,
        CASE WHEN covered IS NOT NULL OR bought THEN commitment_category END AS CommitmentDiscountCategory,
        CASE WHEN covered IS NOT NULL OR bought THEN plan_id END AS CommitmentDiscountId,
        NULL::VARCHAR AS CommitmentDiscountName,
        CASE WHEN covered IS NOT NULL THEN quantity END AS CommitmentDiscountQuantity,
        covered AS CommitmentDiscountStatus,
        CASE WHEN covered IS NOT NULL OR bought THEN commitment END AS CommitmentDiscountType,
        CASE WHEN covered IS NOT NULL THEN unit END AS CommitmentDiscountUnit,
        CASE WHEN used AND covered IS DISTINCT FROM 'Unused' THEN quantity END AS ConsumedQuantity,
        CASE WHEN used AND covered IS DISTINCT FROM 'Unused' THEN unit END AS ConsumedUnit,
        CASE WHEN used THEN contracted ELSE billed END AS ContractedCost,
        CASE WHEN metered THEN round(price * agreed, 10) END AS ContractedUnitPrice,
        effective AS EffectiveCost,
        'INV-{month:%Y%m}' AS InvoiceId,
        'Amazon Web Services, Inc.' AS InvoiceIssuerName,
        CASE WHEN used THEN listed ELSE billed END AS ListCost,
        CASE WHEN metered THEN price END AS ListUnitPrice,
        CASE WHEN covered IS NOT NULL THEN 'Committed' WHEN metered THEN pricing END AS PricingCategory,
        'USD' AS PricingCurrency,
        CASE WHEN metered THEN round(price * agreed, 10) END AS PricingCurrencyContractedUnitPrice,
        effective AS PricingCurrencyEffectiveCost,
        CASE WHEN metered THEN price END AS PricingCurrencyListUnitPrice,
        CASE WHEN metered OR bought THEN quantity END AS PricingQuantity,
        CASE WHEN metered OR bought THEN unit END AS PricingUnit,
        'AWS' AS ProviderName,
        'Amazon Web Services, Inc.' AS PublisherName,
        CASE WHEN metered THEN region END AS RegionId,
        CASE WHEN metered THEN region END AS RegionName,
        CASE WHEN metered THEN resource_id END AS ResourceId,
        CASE WHEN metered AND resource_id IS NOT NULL THEN resource_name END AS ResourceName,
        CASE WHEN metered THEN kind END AS ResourceType,
        category AS ServiceCategory,
        name AS ServiceName,
        subcategory AS ServiceSubcategory,
        CASE WHEN metered THEN sku_id END AS SkuId,
        CASE WHEN metered THEN usage_type END AS SkuMeter,
        CASE WHEN metered THEN details END AS SkuPriceDetails,
        CASE WHEN metered THEN sku_price_id END AS SkuPriceId,
        CASE WHEN central THEN '{PAYER}' ELSE account_id END AS SubAccountId,
        CASE WHEN central THEN 'Management' ELSE account_name END AS SubAccountName,
        CASE WHEN central THEN 'Management' ELSE 'Member' END AS SubAccountType,
        CASE WHEN metered THEN tags END AS Tags,
        CASE WHEN what = 'Credit' THEN MAP {{'EDP': billed::VARCHAR}} END AS x_Discounts,
        CASE WHEN metered THEN operation END AS x_Operation,
        code AS x_ServiceCode,
        CASE WHEN metered THEN usage_type END AS x_UsageType
    FROM charged
    """
