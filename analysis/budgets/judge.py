"""How a budget stands: daily costs of its scope in, the state of its period out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from analysis.budgets import drivers as driving
from analysis.budgets.chance import chance_above
from analysis.budgets.chart import budget_chart
from analysis.budgets.models import Budget, BudgetState, Driver
from analysis.budgets.outlook import Outlook, outlook
from analysis.budgets.periods import Span, before, span_of
from analysis.forecasting import KnownChange
from analysis.month_ends import whole_days


def budget_state(
    budget: Budget,
    daily: pd.DataFrame,
    *,
    first_day: date,
    until: date,
    day: date,
    unknown: Collection[date] = (),
    facts: Collection[KnownChange] = (),
    parts: pd.DataFrame | None = None,
    view: str = "effective",
) -> BudgetState:
    """How a budget stands in the period of `day`.

    Args:
        daily: columns date and cost of the scope, any number of rows a day; a day without one cost nothing.
        first_day: the first stored day. until: the last complete one; what comes later is left out.
        unknown: days between of which something is missing: they are not zero.
        facts: what is known beforehand of these costs, of the key `TOTAL`.
        parts: columns date, key, cost: what the scope is made of.
        view: the cost that these dollars are.
    Raises:
        ValueError: the period is in two currencies.
    """
    span = span_of(budget.cadence, day)
    costs = whole_days(daily, first_day, min(until, span.last), unknown).set_index("date")["cost"]
    state = BudgetState(budget, span.start, span.end, until=min(until, span.last), view=view)
    if first_day > span.start and until >= span.start:
        return replace(
            state,
            why=f"Costs are stored from {first_day:%b} {first_day.day}, {first_day.year} on, not from the first day.",
        )
    inside = costs[costs.index >= pd.Timestamp(span.start)]
    told = outlook(costs, span, budget.cadence, facts)
    spent = float(inside.sum())
    state = replace(
        state,
        spent=spent,
        days_gone=len(inside),
        unknown_days=int(inside.isna().sum()),
        expected=told.expected,
        why=told.why,
    )
    if told.bands is not None:
        low95, low, _, high, high95 = told.bands
        chance = 1.0 if state.is_over else chance_above(budget.amount, told.bands)
        state = replace(state, low=low, high=high, low95=low95, high95=high95, chance=chance)
    found, compared = ((), "") if parts is None else _drivers(budget, span, parts, first_day, until, unknown)
    return replace(
        state,
        breach_day=_breach_day(budget.amount, inside, told),
        chart=budget_chart(budget, span, inside, told),
        drivers=found,
        compared=compared,
    )


def _drivers(
    budget: Budget, span: Span, parts: pd.DataFrame, first_day: date, until: date, unknown: Collection[date]
) -> tuple[tuple[Driver, ...], str]:
    """What moved, and the days it is held against; nothing where those are not stored."""
    now, then = driving.stretches(span, before(budget.cadence, span), until, unknown, first_day)
    if then.start < first_day:
        return (), ""
    found = driving.drivers(parts, now, then, plan_a_day=budget.amount / span.days)
    return found, _words(then.start, then.end - timedelta(days=1))


def _words(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%b} {first.day}–{last.day}"
    return f"{first:%b} {first.day} – {last:%b} {last.day}"


def _breach_day(amount: float, inside: pd.Series[float], told: Outlook) -> date | None:
    """When the amount was reached, or is expected to be; None where it is not, or not within the forecast."""
    sums = inside.fillna(0.0).cumsum()
    reached = sums[sums >= amount - 0.005]
    if len(reached):
        first: date = reached.index[0].date()
        return first
    total = float(inside.sum()) + told.holes
    for day, cost in told.ahead:
        total += cost
        if total >= amount:
            return day
    return None
