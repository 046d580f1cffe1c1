"""How budgets stand: those of everything and of its parts, or in a part's report those of just that part."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.budgets import BudgetState
from bot.blocks.budget_words import chance_words, counted, headline, period
from bot.blocks.elements import money
from bot.blocks.report import Section, Table
from bot.budgets import budget_states
from bot.reports.given import Given

MOST_POINTS, MOST_ROWS = 4, 25


def budgets_section(given: Given) -> Section:
    """The gravest first."""
    title = "Budgets"
    states = [state for state in budget_states(given.context) if _is_of(given, state)]
    if not states:
        whose = "is set" if given.scope.is_all else f"is set for {given.scope.label}"
        return Section("budgets", title, (f"No budget {whose}.",))
    shown = states[:MOST_ROWS]
    rest = (f"{len(states) - MOST_ROWS} more are in `/cost budget`.",) if len(states) > MOST_ROWS else ()
    more = (f"and {len(states) - MOST_POINTS} more in the file",) if len(states) > MOST_POINTS else ()
    return Section(
        key="budgets",
        title=title,
        lines=(f"{counted(states)}.",),
        points=(*(html.unescape(headline(state)) for state in states[:MOST_POINTS]), *more),
        table=_table(shown),
        notes=("Budgets overlap, so they are not added. Their periods are calendar months, quarters and years.", *rest),
    )


def _is_of(given: Given, state: BudgetState) -> bool:
    """Whether a budget is of just the scope of the report; a report of everything has all of them."""
    if given.scope.is_all:
        return True
    scope = {part.dimension: part.keys for part in state.budget.scope}
    return not state.budget.pattern and scope == {name: (value,) for name, value in given.scope.where.items()}


def _table(states: Sequence[BudgetState]) -> Table:
    columns = ("Budget", "Of", "Amount", "Spent", "Expected end", "Chance above")
    return Table(columns, tuple(map(_row, states)), (2, 3, 4, 5))


def _row(state: BudgetState) -> tuple[str, ...]:
    budget = state.budget
    amount, spent, end = (money(one, budget.currency) for one in (budget.amount, state.spent, state.expected))
    chance = "reached" if state.is_over else "unknown" if state.chance is None else chance_words(state.chance)
    return (budget.label, period(state), amount, spent, end, chance)
