"""GetSavingsPlansCoverage, from the ledger: what plans covered, and what they could have, at on-demand prices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.cost_explorer_request import Period, periods_of
from bot.demo.aws.cost_explorer_usage import amount
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_lines import ON_DEMAND
from bot.demo.aws.organisation import PAYER
from bot.demo.aws.record_types import RecordType

#: Usage that a Compute Savings Plan covers.
_COMPUTE = re.compile(r"(?:^|-)(?:BoxUsage|DedicatedUsage|Lambda-GB-Second|Lambda-Provisioned|Fargate-)")


def savings_plans_coverage(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetSavingsPlansCoverage of all that the caller may see, by day or month; groups and filters are not emulated."""
    if params.get("GroupBy") or params.get("Filter"):
        raise invalid("Neither GroupBy nor Filter is supported.")
    granularity = params.get("Granularity", "DAILY")
    if granularity == "HOURLY":
        raise invalid("Only DAILY and MONTHLY granularities are supported.")
    periods = periods_of(params.get("TimePeriod", {}), granularity, now)
    if periods[-1].end > now:
        raise invalid("End date must be before the current date.")
    rows = [(period, *_spent(view, period)) for period in periods]
    if not any(covered + on_demand for _, covered, on_demand in rows):
        raise AwsError("DataUnavailableException", "The requested data is unavailable.")
    return {
        "SavingsPlansCoverages": [
            {
                "Coverage": {
                    "SpendCoveredBySavingsPlans": amount(covered),
                    "OnDemandCost": amount(on_demand),
                    "TotalCost": amount(covered + on_demand),
                    "CoveragePercentage": amount(100 * covered / (covered + on_demand)) if covered + on_demand else "0",
                },
                "TimePeriod": period.shown,
            }
            for period, covered, on_demand in rows
        ]
    }


def _spent(view: View, period: Period) -> tuple[float, float]:
    """On-demand dollars of covered usage, and of usage that a plan could have covered."""
    statement = view.statement
    since, until = (max(statement.column(day.date()), 0) for day in (period.start, period.end))
    seen = np.array([view.account_id in (PAYER.id, line.account_id) for line in statement.lines])
    covered = np.array([line.record_type is RecordType.SP_COVERED_USAGE for line in statement.lines])
    left = np.array(
        [
            line.record_type is RecordType.USAGE
            and line.purchase_type == ON_DEMAND
            and _COMPUTE.search(line.usage_type) is not None
            for line in statement.lines
        ]
    )
    costs = statement.values["UnblendedCost"][:, since:until]
    return float(costs[seen & covered].sum()), float(costs[seen & left].sum())
