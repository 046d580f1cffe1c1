"""A budget as a picture: what is spent and expected up to each day, beside an even plan and the amount."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import accumulate

import pandas as pd

from analysis.budgets.models import Budget
from analysis.budgets.outlook import Outlook
from analysis.budgets.periods import Span
from analysis.models import Chart, Series

#: Points of a chart that Slack draws; fewer days are no curve.
MAX_POINTS, LEAST_DAYS = 20, 2


def budget_chart(budget: Budget, span: Span, costs: pd.Series[float], told: Outlook) -> Chart | None:
    """Sums from the first day of the period on; None where too few days are known.

    A day that is not known is drawn as an even part of what is expected of all such days.

    Args:
        costs: dollars of the period's complete days; NaN where not known.
    """
    unknown = int(costs.isna().sum())
    if unknown and not told.holes:
        return None
    filled = costs.fillna(told.holes / unknown if unknown else 0.0)
    days: list[date] = [*(day.date() for day in filled.index), *(day for day, _ in told.ahead)]
    sums = list(accumulate([*(float(cost) for cost in filled), *(cost for _, cost in told.ahead)]))
    if len(days) < LEAST_DAYS:
        return None
    step = math.ceil(len(days) / MAX_POINTS)
    shown = [at for at in range(len(days)) if (len(days) - 1 - at) % step == 0]
    even = budget.amount / span.days
    name = "Spent, then expected" if told.ahead else "Spent"
    return Chart(
        title=f"{name}: {budget.label}",
        labels=tuple(f"{days[at]:%b} {days[at].day}" for at in shown),
        series=(
            Series(name, tuple(sums[at] for at in shown)),
            Series("Even plan", tuple(even * ((days[at] - span.start) + timedelta(days=1)).days for at in shown)),
            Series("Budget", tuple(budget.amount for _ in shown)),
        ),
        unit=budget.currency,
    )
