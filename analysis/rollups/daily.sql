-- Line items become rows per day and all that is kept of a charge. Trino's dialect; analysis.rollups fills it in.
-- Dollars are summed as whole ten-billionths: sums of integers are the same in whatever order they are added, so every
-- engine, on any number of threads, agrees to the last digit.
WITH sums AS (
    SELECT
        {group_keys},
        count(*) AS lines,
        {count_billed} AS billed_lines,
        {count_effective} AS effective_lines,
        sum(CAST(round({billed} * 1e10) AS bigint)) AS billed,
        sum(CAST(round({effective} * 1e10) AS bigint)) AS effective,
        sum(CAST(round({list_cost} * 1e10) AS bigint)) AS list,
        sum(CAST(round({contracted} * 1e10) AS bigint)) AS contracted,
        sum({quantity}) AS quantity,
        max({charged_until}) AS charged_until,
        arbitrary({account_name}) AS account_name
    FROM {relation}
    WHERE {where}
    GROUP BY {group_positions}
),

named AS (
    SELECT
        {day} AS date,
        CAST(date_trunc('month', {period}) AS date) AS billing_month,
        {provider_name} AS provider,
        coalesce({billing_account_id}, 'unknown') AS billing_account_id,
        {billed_category} AS charge_category,
        {effective_category} AS effective_category,
        {service_name} AS service_name,
        {sub_account_id} AS sub_account_id,
        {region_name} AS region_id,
        {usage_name} AS usage_type,
        {pricing_name} AS pricing_category,
        {commitment_name} AS commitment_type,
        {commitment_id} AS commitment_id,
        {unit} AS unit,
        {currency} AS currency,
        {tags}
        account_name AS sub_account_name,
        {day} > DATE '{settled_until}' AS estimated,
        CASE
            WHEN charged_until > CAST({day} AS timestamp)
                THEN CAST(least(24, date_diff('hour', CAST({day} AS timestamp), charged_until)) AS smallint)
            WHEN charged_until <= CAST({day} AS timestamp) THEN CAST(0 AS smallint)
        END AS hours_seen,
        lines,
        billed_lines,
        effective_lines,
        billed,
        effective,
        list,
        contracted,
        quantity
    FROM sums
)

SELECT
    '{source}' AS source, 'full' AS cut, {names}, sub_account_name, estimated, hours_seen, lines, billed_lines, effective_lines,
    charge_category,
    CAST(billed AS double) / 1e10 AS billed_cost,
    CAST({effective_of_billed} AS double) / 1e10 AS effective_cost,
    CAST(list AS double) / 1e10 AS list_cost,
    CAST(contracted AS double) / 1e10 AS contracted_cost,
    quantity
FROM named
