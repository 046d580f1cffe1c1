-- Line items become rows per hour of usage that a commitment covers, could cover, or paid for without use.
-- Trino's dialect; dollars as in daily.sql.
WITH sums AS (
    SELECT
        {group_keys},
        sum(CAST(round({billed} * 1e10) AS bigint)) AS billed,
        sum(CAST(round({effective} * 1e10) AS bigint)) AS effective,
        sum(CAST(round({list_cost} * 1e10) AS bigint)) AS list,
        sum({quantity}) AS quantity
    FROM {relation}
    WHERE {where} AND {eligible}
    GROUP BY {group_positions}
)

SELECT
    {hour} AS hour,
    CAST(date_trunc('month', {period}) AS date) AS billing_month,
    {provider_name} AS provider,
    coalesce({billing_account_id}, 'unknown') AS billing_account_id,
    {amortised_category} AS charge_category,
    {service_name} AS service_name,
    {sub_account_id} AS sub_account_id,
    {region_name} AS region_id,
    {usage_name} AS usage_type,
    {operation} AS operation,
    {pricing_name} AS pricing_category,
    {commitment_name} AS commitment_type,
    {commitment_id} AS commitment_id,
    {unit} AS unit,
    {currency} AS currency,
    CAST(billed AS double) / 1e10 AS billed_cost,
    CAST(effective AS double) / 1e10 AS effective_cost,
    CAST(list AS double) / 1e10 AS list_cost,
    quantity
FROM sums
