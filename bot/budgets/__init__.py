"""Budgets: those that people set and those of AWS, how they stand, and what is told of them."""

from bot.budgets.kept import budget_states, known_budget_states

__all__ = ["budget_states", "known_budget_states"]
