"""Which kind of charge a Cost Explorer record type is, in both views of cost.

Sums over all categories are the bill in either view; only what a record type's dollars are *called* is decided here:

=========================  ==============================  ============================================
record type                billed (unblended)              effective (net amortised)
=========================  ==============================  ============================================
Usage                      on-demand cost: usage           the same, after discounts: usage
DiscountedUsage (RI)       0: usage                        the RI's cost for these hours: usage
SavingsPlanCoveredUsage    on-demand cost: usage           the plan's rate: usage
SavingsPlanNegation        minus that cost: usage          0
negotiated discounts       what they take off: usage       0 (taken off the usage itself)
recurring RI / plan fee    the fee: purchase               what the commitment left unused
upfront fee, Fee           the fee: purchase               0 (spread over the covered usage)
Tax, Credit, Refund, …     themselves                      themselves
=========================  ==============================  ============================================

What is not in the table is an adjustment, never usage. Source: AWS, "Understanding your amortized costs".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.costs import ChargeCategory

#: Record types that together are what was used; the cuts other than CHARGE are filtered to them.
USAGE_RECORD_TYPES = (
    "BundledDiscount", "DiscountedUsage", "EdpDiscount", "PrivateRateDiscount", "SavingsPlanCoveredUsage",
    "SavingsPlanNegation", "SppDiscount", "Usage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Split:
    """What a record type's billed and effective dollars are called."""

    billed: ChargeCategory
    effective: ChargeCategory


def _both(category: ChargeCategory) -> Split:
    return Split(category, category)


_FEE = Split(ChargeCategory.PURCHASE, ChargeCategory.UNUSED_COMMITMENT)

_SPLITS: dict[str, Split] = {
    **dict.fromkeys(
        (
            "usage",
            "discountedusage",
            "reservationappliedusage",
            "savingsplancoveredusage",
            "savingsplannegation",
            "privateratediscount",
            "edpdiscount",
            "bundleddiscount",
            "sppdiscount",
        ),
        _both(ChargeCategory.USAGE),
    ),
    **dict.fromkeys(("rifee", "recurring", "recurringreservationfee", "savingsplanrecurringfee"), _FEE),
    **dict.fromkeys(
        ("fee", "upfront", "upfrontreservationfee", "savingsplanupfrontfee"), _both(ChargeCategory.PURCHASE)
    ),
    "tax": _both(ChargeCategory.TAX),
    **dict.fromkeys(("credit", "credits"), _both(ChargeCategory.CREDIT)),
    **dict.fromkeys(("refund", "refunds"), _both(ChargeCategory.REFUND)),
    **dict.fromkeys(("support", "supportfee"), _both(ChargeCategory.SUPPORT)),
}


def split(record_type: str) -> Split:
    """The categories of a record type, in AWS's API or console spelling."""
    return _SPLITS.get(re.sub(r"[^a-z]", "", record_type.lower()), _both(ChargeCategory.ADJUSTMENT))
