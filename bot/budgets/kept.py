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
    kept = _kept(context) if budgets else {}
    return None if any(budget not in kept for budget in budgets) else _ordered([kept[one] for one in budgets])


def budget_states(context: Context) -> list[BudgetState]:
    """How all budgets stand, the gravest first; computes what is missing. Owns a thread, as it may wait for the worker.

    A budget that cannot be judged says why in its state. Without any costs there is no state.
    """
    budgets = every_budget(context)
    if not budgets:
        return []
    kept = _kept(context)
    missing = [budget for budget in budgets if budget not in kept]
    if missing:
        kept |= {state.budget: state for state in thought(context, missing)}
        _keep(context, [kept[budget] for budget in budgets])
    return _ordered([kept[budget] for budget in budgets])


def thought(context: Context, budgets: Sequence[Budget], day: date | None = None) -> tuple[BudgetState, ...]:
    """The arithmetic, away from this process.

    Args:
        day: a day of the period that is meant; None is today.
    """
    work, settings = context.work, context.settings
    run = work.computed if len(budgets) <= MOST_BESIDE_QUESTIONS else work.computed_alone
    return run(think, str(settings.data_dir), settings.cost_view, tuple(budgets), day or context.clock.today())


def _ordered(states: list[BudgetState]) -> list[BudgetState]:
    return sorted(states, key=lambda state: (_ORDER.index(state.standing), -(state.expected_share or 0.0)))


def _kept(context: Context) -> dict[Budget, BudgetState]:
    """States of just these costs, this month and these amounts."""
    told = context.store.recall(_FACT)
    found = json.loads(told) if told else {}
    if found.get("of") != _of(context):
        return {}
    try:
        states = [from_json(BudgetState, text) for text in found["states"]]
    except KeyError:  # another version of costbot wrote them
        return {}
    return {state.budget: state for state in states}


def _keep(context: Context, states: list[BudgetState]) -> None:
    text = json.dumps({"of": _of(context), "states": [to_json(state) for state in states]})
    context.store.remember(_FACT, text, context.clock.now())


def _of(context: Context) -> str:
    """What the states depend on beside the budgets: the stored costs, the cost shown, and the month it is."""
    month = context.clock.today().replace(day=1)
    try:
        window = context.costs.window(view=context.settings.cost_view)
    except NotEnoughData:
        return f"nothing {month}"
    reach = (window.first_day, window.last_day, window.complete_until, window.fetched_at)
    return " ".join(map(str, (window.view, *reach, month)))
