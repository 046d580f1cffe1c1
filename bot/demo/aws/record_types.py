"""Record types (charge types) as Cost Explorer spells them."""

from __future__ import annotations

from enum import StrEnum


class RecordType(StrEnum):
    """Value of the dimension RECORD_TYPE."""

    USAGE = "Usage"
    DISCOUNTED_USAGE = "DiscountedUsage"
    RI_FEE = "RIFee"
    FEE = "Fee"
    SP_COVERED_USAGE = "SavingsPlanCoveredUsage"
    SP_NEGATION = "SavingsPlanNegation"
    SP_RECURRING_FEE = "SavingsPlanRecurringFee"
    SP_UPFRONT_FEE = "SavingsPlanUpfrontFee"
    PRIVATE_RATE_DISCOUNT = "PrivateRateDiscount"
    CREDIT = "Credit"
    REFUND = "Refund"
    SUPPORT = "Support"
    TAX = "Tax"


#: Charges that reach the bill as a whole on their day, not as the day goes on.
BOOKED_AT_ONCE = frozenset(
    {
        RecordType.RI_FEE,
        RecordType.FEE,
        RecordType.SP_UPFRONT_FEE,
        RecordType.CREDIT,
        RecordType.REFUND,
        RecordType.SUPPORT,
        RecordType.TAX,
    }
)

#: Charges that follow from what was used.
USAGE_LIKE = frozenset({RecordType.USAGE, RecordType.DISCOUNTED_USAGE, RecordType.SP_COVERED_USAGE})
