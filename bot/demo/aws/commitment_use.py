"""How far a commitment was used in a period, and the figures in which Cost Explorer says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.demo.aws.commitments import Commitment
from bot.demo.aws.cost_explorer_request import Period
from bot.demo.aws.cost_explorer_usage import amount
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.record_types import RecordType

_COVERED = frozenset({RecordType.DISCOUNTED_USAGE, RecordType.SP_COVERED_USAGE})
_FEES = frozenset({RecordType.RI_FEE, RecordType.SP_RECURRING_FEE})


@dataclass(frozen=True, slots=True)
class Use:
    """How far a commitment was used in a period; dollars, hours of instances."""

    used: float
    unused: float
    on_demand: float
    hours: float
    purchased_hours: float
    upfront: float

    @property
    def total(self) -> float:
        return self.used + self.unused

    @classmethod
    def of(cls, view: View, commitment: Commitment, period: Period) -> Use:
        """Read from the lines of the commitment."""
        statement = view.statement
        since, until = (max(statement.column(day.date()), 0) for day in (period.start, period.end))
        own = np.array([line.commitment == commitment.arn for line in statement.lines])
        covered = own & np.array([line.record_type in _COVERED for line in statement.lines])
        fees = own & np.array([line.record_type in _FEES for line in statement.lines])
        used = float(statement.values["AmortizedCost"][covered, since:until].sum())
        unused = float(statement.values["AmortizedCost"][fees, since:until].sum())
        hours = float(statement.values["UsageQuantity"][covered, since:until].sum())
        purchased = (used + unused) / commitment.hourly * max(commitment.count, 1)
        return cls(
            used,
            unused,
            hours * commitment.on_demand_rate,
            hours,
            purchased,
            (used + unused) * commitment.upfront_share,
        )

    @classmethod
    def total_of(cls, uses: Sequence[Use]) -> Use:
        """All of them together."""
        return cls(*(sum(getattr(use, name) for use in uses) for name in cls.__dataclass_fields__))


def plan_figures(use: Use) -> dict[str, Any]:
    """Of Savings Plans: utilisation, savings, commitment."""
    return {
        "Utilization": {
            "TotalCommitment": amount(use.total),
            "UsedCommitment": amount(use.used),
            "UnusedCommitment": amount(use.unused),
            "UtilizationPercentage": _share(use.used, use.total),
        },
        "Savings": {
            "NetSavings": amount(use.on_demand - use.total),
            "OnDemandCostEquivalent": amount(use.on_demand),
        },
        "AmortizedCommitment": {
            "AmortizedRecurringCommitment": amount(use.total - use.upfront),
            "AmortizedUpfrontCommitment": amount(use.upfront),
            "TotalAmortizedCommitment": amount(use.total),
        },
    }


def reservation_figures(use: Use) -> dict[str, str]:
    """Of reservations, in hours and dollars."""
    unused_hours = use.purchased_hours - use.hours
    rate = use.on_demand / use.hours if use.hours else 0.0
    return {
        "UtilizationPercentage": _share(use.hours, use.purchased_hours),
        "PurchasedHours": amount(use.purchased_hours),
        "TotalActualHours": amount(use.hours),
        "UnusedHours": amount(unused_hours),
        "OnDemandCostOfRIHoursUsed": amount(use.on_demand),
        "NetRISavings": amount(use.on_demand - use.total),
        "TotalPotentialRISavings": amount(use.purchased_hours * rate - use.total),
        "AmortizedUpfrontFee": amount(use.upfront),
        "AmortizedRecurringFee": amount(use.total - use.upfront),
        "TotalAmortizedFee": amount(use.total),
        "RICostForUnusedHours": amount(use.unused),
        "RealizedSavings": amount(use.on_demand - use.used),
        "UnrealizedSavings": amount(unused_hours * rate - use.unused),
    }


def _share(part: float, whole: float) -> str:
    return amount(100.0 * part / whole) if whole else "0"
