"""Budgets: what is spent of one, where its month, quarter or year will end, and how sure that is."""

from analysis.budgets.judge import budget_state
from analysis.budgets.models import Budget, BudgetState, Cadence, Driver, Origin, Part, Standing
from analysis.budgets.periods import Span, span_of

__all__ = [
    "Budget",
    "BudgetState",
    "Cadence",
    "Driver",
    "Origin",
    "Part",
    "Span",
    "Standing",
    "budget_state",
    "span_of",
]
