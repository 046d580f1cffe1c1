-- Line items of usage become rows per resource and day. Trino's dialect; dollars as in daily.sql.
WITH sums AS (
    SELECT
        {group_keys},
        sum(CAST(round({billed} * 1e10) AS bigint)) AS billed,
        sum(CAST(round({effective} * 1e10) AS bigint)) AS effective
    FROM {relation}
    WHERE {where} AND {has_resource}
    GROUP BY {group_positions}
)

SELECT
    {day} AS date,
    CAST(date_trunc('month', {period}) AS date) AS billing_month,
    {provider_name} AS provider,
    coalesce({billing_account_id}, 'unknown') AS billing_account_id,
    {service_name} AS service_name,
    {sub_account_id} AS sub_account_id,
    {region_name} AS region_id,
    {resource_id} AS resource_id,
    {currency} AS currency,
    CAST(billed AS double) / 1e10 AS billed_cost,
    CAST(effective AS double) / 1e10 AS effective_cost
FROM sums
WHERE {billed_category} = 'Usage'
