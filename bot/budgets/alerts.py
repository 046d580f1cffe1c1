"""Tells channels of budgets: at a forecast of 80 and of 100 %, and when the amount is reached, once each.

Once is per budget, period and amount: another amount is another promise. Of several that are due the gravest is told,
and after it no milder one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.budgets import Budget, BudgetState, Origin
from analysis.budgets.alerts import Level, due_level
from analysis.budgets.periods import MONTHS, span_of
from bot.blocks.budget_alert import alert_reply, alert_title
from bot.budgets.channels import KIND, channels_of
from bot.budgets.kept import budget_states, every_budget, thought
from bot.context import Context
from bot.delivery.post_once import is_out
from bot.delivery.tell import Alert, tell
from bot.errors import CostbotError, report
from bot.reply import Reply

#: Days of a new period in which the last days of the one before still come in.
CLOSING_DAYS = 4


@dataclass(frozen=True, slots=True)
class Due:
    """An alert that holds now."""

    state: BudgetState
    level: Level

    def subject(self, level: Level) -> str:
        """What a post of a level is claimed by."""
        budget = self.state.budget
        return f"budget:{budget.id}:{self.state.start}:{budget.cadence}:{budget.amount:.2f}:{level.name.lower()}"


def alert_budgets(context: Context) -> int:
    """Tell what is due; returns how many messages went out. A channel that refuses stops no other."""
    if context.slack is None:
        return 0
    return sum(_told(context, due, channel) for due, channel in _waiting(context))


def due_alerts(context: Context) -> list[Due]:
    """What holds now, of running periods and of those that have just ended."""
    states = [*budget_states(context), *_closing(context)]
    return [Due(state, level) for state in states if (level := due_level(state)) is not None]


def _waiting(context: Context) -> Iterator[tuple[Due, str]]:
    for due in due_alerts(context):
        for channel in channels_of(context, due.state.budget):
            if not any(is_out(context, due.subject(level), channel) for level in due.level.and_graver):
                yield due, channel


def _told(context: Context, due: Due, channel: str) -> bool:
    state = due.state
    alert = Alert(
        subject=due.subject(due.level),
        channel=channel,
        kind=KIND,
        dollars=_monthly(state),
        title=alert_title(state, due.level),
        urgent=due.level is Level.ACTUAL_100,
    )
    try:
        is_posted = tell(context, alert, lambda: _drawn(context, due))
    except CostbotError as error:
        report(error, f"telling {channel} of {state.budget.id}")
        context.store.flag_subscription(channel, KIND, str(error))
        return False
    if is_posted:
        context.store.flag_subscription(channel, KIND, None)
    return is_posted


def _drawn(context: Context, due: Due) -> Reply | None:
    """The message, unless the budget was changed or removed while this was under way."""
    stands = due.state.budget in every_budget(context)
    return alert_reply(due.state, due.level) if stands else None


def _monthly(state: BudgetState) -> float:
    """What it is over, or will be, as money a month."""
    end = max(state.expected or 0.0, state.spent or 0.0)
    return max(end - state.budget.amount, 0.0) / MONTHS[state.budget.cadence]


def _closing(context: Context) -> list[BudgetState]:
    """Of periods that ended in the last days only whether the amount was reached: their last days come in late."""
    today = context.clock.today()
    day = today - timedelta(days=CLOSING_DAYS)
    ended = [
        one
        for one in every_budget(context)
        if span_of(one.cadence, day) != span_of(one.cadence, today) and _stood(context, one, day)
    ]
    return [state for state in thought(context, ended, day) if state.is_over] if ended else []


def _stood(context: Context, budget: Budget, day: date) -> bool:
    """Whether a budget stood as it is in the period of a day: nobody promised its amount for one that was over."""
    since = budget.since
    if budget.origin is Origin.COSTBOT:
        since = context.store.budgets.changes(budget.id)[-1].at.date()
    return since is None or since < span_of(budget.cadence, day).end
