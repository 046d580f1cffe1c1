"""The thinking of budgets: stored costs in, the state of each out; runs in the worker process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pandas import DataFrame

from analysis.budgets import Budget, BudgetState, Driver, budget_state, span_of
from analysis.forecasting import HISTORY_DAYS, TOTAL
from bot.cost_files import CostFiles, Window
from bot.cost_names import shown_names
from bot.errors import NotEnoughData
from bot.forecasts.known_change import Change, inside, total_facts
from bot.settings import CostView

#: Days of the parts: two quarters; of a year's budget what moved lately is what matters.
PARTS_DAYS = 190
#: Days after the last complete one in which the period of today is meant; later, that of the data.
FRESH = timedelta(days=10)


def think(
    data_dir: str, view: CostView, budgets: Sequence[Budget], today: date, changes: Sequence[Change] = ()
) -> tuple[BudgetState, ...]:
    """How each budget stands in the period of `today`, or in that of the data where it is old.

    Args:
        changes: what is known beforehand, wherever it falls.
    """
    costs = CostFiles(Path(data_dir))
    return tuple(state_of(costs, view, budget, today, changes) for budget in budgets)


def state_of(
    costs: CostFiles, view: CostView, budget: Budget, today: date, changes: Sequence[Change] = ()
) -> BudgetState:
    """How one stands; why it cannot be said, where it cannot."""
    try:
        return _state_of(costs, view, budget, today, changes)
    except NotEnoughData as error:
        return _unknown(budget, today, view, f"{error.cause} {error.remedy}")
    except ValueError as error:
        return _unknown(budget, today, view, f"{str(error)[:1].upper()}{str(error)[1:]}.")


def _state_of(costs: CostFiles, view: CostView, budget: Budget, today: date, changes: Sequence[Change]) -> BudgetState:
    window = costs.window(budget.keys("service") or None, view=view, by=_dimensions(budget))
    if window.currency != budget.currency:
        return _unknown(
            budget, today, view, f"It is in {budget.currency} and the bill in {window.currency}; nothing is converted."
        )
    until, unknown = window.complete_until, frozenset(part.day for part in window.missing)
    day = today if today - until <= FRESH else until
    first_day = max(window.first_day, until - timedelta(days=HISTORY_DAYS - 1))
    end = until + timedelta(days=1)
    last = max(span_of(budget.cadence, day).last, until)
    counted = inside(changes, _where(budget), budget.pattern, until=until, last=last)
    found = budget_state(
        budget,
        _costs(costs, budget, None, start=first_day, end=end, view=window.view),
        first_day=first_day,
        until=until,
        day=day,
        unknown=unknown,
        facts=total_facts(counted, until),
        parts=_parts(costs, budget, window, max(first_day, end - timedelta(days=PARTS_DAYS))),
        view=window.view.value,
    )
    known = tuple(one.id for one in counted) if found.expected is not None else ()
    return replace(_named(found, costs, _breakdown(budget)), known=known)


def _unknown(budget: Budget, today: date, view: CostView, why: str) -> BudgetState:
    span = span_of(budget.cadence, today)
    return BudgetState(budget, span.start, span.end, until=None, view=view.value, why=why)


def _where(budget: Budget) -> Mapping[str, tuple[str, ...]]:
    return {part.dimension: part.keys for part in budget.scope}


def _dimensions(budget: Budget) -> tuple[str, ...]:
    return tuple(part.dimension for part in budget.scope)


def _breakdown(budget: Budget) -> str:
    """What drives it is told by service, and of one service by its usage."""
    is_one = len(budget.keys("service")) + len(budget.keys("service_name")) == 1 or budget.pattern
    return "usage_type" if is_one else "service"


def _parts(costs: CostFiles, budget: Budget, window: Window, start: date) -> DataFrame | None:
    """The recent costs by what may drive them; None where the source does not know both together."""
    end = window.complete_until + timedelta(days=1)
    try:
        return _costs(costs, budget, _breakdown(budget), start=start, end=end, view=window.view)
    except NotEnoughData:
        return None


def _costs(costs: CostFiles, budget: Budget, by: str | None, *, start: date, end: date, view: CostView) -> DataFrame:
    """What the scope cost by day and key: columns date, key, cost; without `by` there is one key."""
    names = tuple(dict.fromkeys(filter(None, (by, "usage_type" if budget.pattern else None))))
    frame = costs.daily(by=names, start=start, end=end, view=view, where=_where(budget))
    if budget.pattern:
        frame = frame[frame["usage_type"].str.contains(budget.pattern, regex=True)]
    return frame.assign(key=frame[by] if by else TOTAL)[["date", "key", "cost"]]


def _named(state: BudgetState, costs: CostFiles, by: str) -> BudgetState:
    shown = shown_names(costs, by)
    return replace(state, drivers=tuple(Driver(shown(one.name), one.before, one.now) for one in state.drivers))
