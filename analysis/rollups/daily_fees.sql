
-- A commitment's fee is billed as a purchase and amortised as unused commitment: the second row of such a group.
UNION ALL

SELECT
    '{source}' AS source, 'full' AS cut, {fee_names}, sub_account_name, estimated, hours_seen, 0 AS lines, 0 AS billed_lines, 0 AS effective_lines,
    effective_category AS charge_category,
    CAST(0 AS double) AS billed_cost,
    CAST(effective AS double) / 1e10 AS effective_cost,
    CAST(NULL AS double) AS list_cost,
    CAST(NULL AS double) AS contracted_cost,
    CAST(NULL AS double) AS quantity
FROM named
WHERE charge_category <> effective_category
