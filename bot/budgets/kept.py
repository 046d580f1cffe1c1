"""How all budgets stand, computed once for the costs that are stored: whoever asks again reads what is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from analysis.budgets import Budget, BudgetState, Standing
from analysis.models import from_json, to_json
from bot.budgets.from_aws import known_aws_budgets
from bot.budgets.think import think
from bot.context import Context
from bot.errors import NotEnoughData
from bot.forecasts.known_change import Change
from bot.forecasts.known_facts import counted_changes, counted_mark

_FACT = "budgets.states"
#: More budgets than this are computed in a process of their own: a question in the channel does not wait behind them.
MOST_BESIDE_QUESTIONS = 6
#: The gravest first.
_ORDER = list(Standing)


def every_budget(context: Context) -> list[Budget]:
    """Those that people set, then those of AWS that can be followed."""
    return [*context.store.budgets.every(), *known_aws_budgets(context).budgets]


def known_budget_states(context: Context) -> list[BudgetState] | None:
    """How all budgets stand, the gravest first, as far as it was computed; None while one is missing. Never slow."""
    budgets = every_budget(context)
    kept = _kept(context, _of(context)) if budgets else {}
    return None if any(budget not in kept for budget in budgets) else _ordered([kept[one] for one in budgets])


def budget_states(context: Context) -> list[BudgetState]:
    """How all budgets stand, the gravest first; computes what is missing. Owns a thread, as it may wait for the worker.

    A budget that cannot be judged says why in its state. Without any costs there is no state.
    """
    budgets = every_budget(context)
    if not budgets:
        return []
    of = _of(context)  # before they are read: costs that come in meanwhile are computed anew
    kept = _kept(context, of)
    missing = [budget for budget in budgets if budget not in kept]
    if missing:
        kept |= {state.budget: state for state in thought(context, missing)}
        _keep(context, of, [kept[budget] for budget in budgets])
    return _ordered([kept[budget] for budget in budgets])


def thought(context: Context, budgets: Sequence[Budget], day: date | None = None) -> tuple[BudgetState, ...]:
    """The arithmetic, away from this process.

    Args:
        day: a day of the period that is meant; None is today.
    """
    work, settings = context.work, context.settings
    run = work.computed if len(budgets) <= MOST_BESIDE_QUESTIONS else work.computed_alone
    today = day or context.clock.today()
    return run(think, str(settings.data_dir), settings.cost_view, tuple(budgets), today, _changes(context))


def _changes(context: Context) -> tuple[Change, ...]:
    """What is known beforehand of the costs after the stored ones."""
    try:
        until = context.costs.window(view=context.settings.cost_view).complete_until
    except NotEnoughData:
        return ()
    return counted_changes(context, until)


def _ordered(states: list[BudgetState]) -> list[BudgetState]:
    return sorted(states, key=lambda state: (_ORDER.index(state.standing), -(state.expected_share or 0.0)))


def _kept(context: Context, of: str) -> dict[Budget, BudgetState]:
    """States of just these costs, this month, these amounts and known changes."""
    told = context.store.recall(_FACT)
    found = json.loads(told) if told else {}
    if found.get("of") != of:
        return {}
    try:
        states = [from_json(BudgetState, text) for text in found["states"]]
    except KeyError:  # another version of costbot wrote them
        return {}
    return {state.budget: state for state in states}


def _keep(context: Context, of: str, states: list[BudgetState]) -> None:
    text = json.dumps({"of": of, "states": [to_json(state) for state in states]})
    context.store.remember(_FACT, text, context.clock.now())


def _of(context: Context) -> str:
    """What the states depend on beside the budgets: the stored costs, the cost shown, the month it is,
    and what is known beforehand.
    """
    month = context.clock.today().replace(day=1)
    try:
        window = context.costs.window(view=context.settings.cost_view)
    except NotEnoughData:
        return f"nothing {month}"
    reach = (window.first_day, window.last_day, window.complete_until, window.fetched_at)
    return " ".join(map(str, (window.view, *reach, month, counted_mark(context, window.complete_until))))
