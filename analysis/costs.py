"""The daily cost table: what one row means, its columns and their types. Names are FOCUS's, in snake case."""

from __future__ import annotations

from enum import StrEnum


class ChargeCategory(StrEnum):
    """FOCUS's ChargeCategory, with refunds, support and unused commitment told apart.

    Only `USAGE` is what a trend, a forecast or a detector looks at.
    """

    USAGE = "Usage"
    PURCHASE = "Purchase"
    UNUSED_COMMITMENT = "UnusedCommitment"
    TAX = "Tax"
    CREDIT = "Credit"
    REFUND = "Refund"
    SUPPORT = "Support"
    ADJUSTMENT = "Adjustment"


class Cut(StrEnum):
    """Which dimensions a row knows.

    A billing export knows them all (`FULL`). Cost Explorer groups by two keys at most, so the same dollars
    come back once per cut: sum within one cut, never across cuts.
    """

    FULL = "full"
    CHARGE = "charge,service"
    ACCOUNT = "service,account"
    REGION = "service,region"
    USAGE_TYPE = "service,usage_type"
    TAG = "service,tag"
    ACCOUNT_USAGE_TYPE = "account,usage_type"


#: Columns of the stored table and their DuckDB types. A dimension that a row's cut does not know is NULL. Beside them
#: stands a column for each tag that a billing export keeps (`analysis.rollups.tag_column`); '' is untagged.
DAILY_COSTS: dict[str, str] = {
    "date": "DATE",  # billing day, UTC
    "source": "VARCHAR",  # cost_explorer, focus or cur
    "cut": "VARCHAR",  # Cut
    "billing_month": "DATE",  # the invoice it is on; NULL from Cost Explorer
    "provider": "VARCHAR",  # AWS, Microsoft, Oracle, Google Cloud
    "billing_account_id": "VARCHAR",  # who pays; a restated export replaces the months of the payers it names
    "charge_category": "VARCHAR",  # ChargeCategory
    "service_name": "VARCHAR",  # as the bill spells it
    "sub_account_id": "VARCHAR",
    "sub_account_name": "VARCHAR",
    "region_id": "VARCHAR",  # "global" where the charge has none
    "usage_type": "VARCHAR",
    "pricing_category": "VARCHAR",  # FOCUS: Standard, Committed, Dynamic, Other; NULL from Cost Explorer
    "commitment_type": "VARCHAR",  # "Savings Plan", "Reserved"
    "commitment_id": "VARCHAR",  # ARN or id of the reservation or Savings Plan that applies
    "tag_key": "VARCHAR",  # cut TAG only: the key this row is grouped by
    "tag_value": "VARCHAR",  # cut TAG only: '' is untagged
    "billed_cost": "DOUBLE",  # as invoiced (unblended)
    "effective_cost": "DOUBLE",  # amortised after discounts; NULL where the source has none that can be trusted
    "list_cost": "DOUBLE",  # NULL from Cost Explorer
    "contracted_cost": "DOUBLE",  # at negotiated prices, before commitments; NULL where the source has none
    "quantity": "DOUBLE",  # usage in `unit`; never summed over units
    "unit": "VARCHAR",
    "currency": "VARCHAR",
    "estimated": "BOOLEAN",  # the source says this day is not final
    "hours_seen": "SMALLINT",  # hours of the day that the source has charges for; 24 for daily data, NULL unknown
    "lines": "BIGINT",  # line items of the export behind this row
}
