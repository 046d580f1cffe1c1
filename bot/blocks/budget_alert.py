"""What a channel is told of a budget by itself: the news, what drives it, the picture, and where to look on."""

from __future__ import annotations

from analysis.budgets import BudgetState
from analysis.budgets.alerts import Level
from bot.blocks import budget_words, elements
from bot.blocks.budget_report import COMMAND, card_blocks
from bot.reply import Reply

_TITLES = {Level.FORECAST_80: "Budget close", Level.FORECAST_100: "Budget at risk", Level.ACTUAL_100: "Budget reached"}


def alert_reply(state: BudgetState, level: Level) -> Reply:
    """The alert of one level."""
    title = f"{_TITLES[level]}: "
    buttons = elements.actions(
        elements.run_button("Details", f"{COMMAND} show {state.budget.id}", 0),
        elements.run_button("All budgets", COMMAND, 1),
        block_id="budget.alert",
    )
    text = f"{title}{budget_words.headline(state)}. {' '.join(budget_words.details(state))}".rstrip()
    return Reply(text, [*card_blocks(state, title=title), buttons])


def alert_title(state: BudgetState, level: Level) -> str:
    """The alert in a few words of plain text, not escaped."""
    return f"{state.budget.label}: {budget_words.level_words(level)}"
