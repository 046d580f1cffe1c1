"""Budgets in a line or two, where they stand beside other news: the digest, the Home tab, the weekly report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from analysis.budgets import BudgetState, Cadence, Standing
from bot.blocks import budget_words, elements
from bot.blocks.elements import Block, money, percent

#: Budgets that stand badly and are named; the rest is counted.
MOST_NAMED = 3
GRAVE = (Standing.OVER, Standing.EXPECTED_OVER)


def against_budget(
    every: Sequence[BudgetState], month_first: date, where: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """Below the month to date: its share of the budget of just that, and how many budgets within it stand badly.

    Args:
        where: of what the costs are, as `CostFiles.daily` takes it; empty for all.
    """
    states = [one for one in every if _is_within(one, where)]
    whole = next((one for one in states if _is_of_just(one, month_first, where)), None)
    lines = []
    if whole is not None and whole.share_used is not None:
        amount = money(whole.budget.amount, whole.budget.currency)
        lines.append(f"{percent(whole.share_used)} of the budget of {amount}, {percent(whole.share_gone)} of days gone")
    others = [one for one in states if one is not whole]
    grave = [one for one in others if one.standing in GRAVE]
    if grave:
        of_all = f" of {len(others)}" if len(others) > 1 else ""
        other = " other" if lines else ""
        count = f"{len(grave)}{of_all}{other} {'budgets' if of_all else 'budget'}"
        lines.append(f"{count} over or expected to be: `/cost budget`")
    elif whole is None and any(one.standing is Standing.UNKNOWN for one in others):
        lines.append(f"{budget_words.counted(others)}: `/cost budget`")
    elif others and whole is None:
        count = "the one budget holds" if len(others) == 1 else f"none of {len(others)} budgets is expected to go over"
        lines.append(f"{count}: `/cost budget`")
    return lines


def named(states: Sequence[BudgetState], most: int = MOST_NAMED) -> list[str]:
    """The gravest budgets, a line each in mrkdwn; of those that hold only how many."""
    grave = [one for one in states if one.standing in GRAVE]
    lines = [f"• {budget_words.headline(one)}" for one in grave[:most]]
    rest = len(states) - len(lines)
    if lines and rest:
        lines.append(f"• and {rest} more: `/cost budget`")
    return lines


def home_budgets(states: Sequence[BudgetState]) -> tuple[Block, ...]:
    """The part of the Home tab; nothing where no budget is set."""
    if not states:
        return ()
    lines = [f"*{budget_words.counted(states)}*", *named(states)]
    if len(lines) == 1:
        lines.append(f"{budget_words.headline(states[0])}. `/cost budget` shows all.")
    return (elements.section("\n".join(lines)),)


def _is_within(state: BudgetState, where: Mapping[str, str]) -> bool:
    return all(state.budget.keys(dimension) == (value,) for dimension, value in where.items())


def _is_of_just(state: BudgetState, month_first: date, where: Mapping[str, str]) -> bool:
    budget = state.budget
    is_whole = len(budget.scope) == len(where) and not budget.pattern
    return is_whole and budget.cadence is Cadence.MONTH and state.start == month_first
