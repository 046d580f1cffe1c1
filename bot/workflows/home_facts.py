"""Gathers what one person's Home tab shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from analysis.lifecycle import ANOMALY, RECOMMENDATION, State
from analysis.month_curve import month_curve
from bot.approvers import may_approve
from bot.blocks import elements
from bot.blocks.budget_lines import home_budgets
from bot.blocks.home import Home, MonthSoFar
from bot.blocks.reach import left_out
from bot.budgets import known_budget_states
from bot.context import Context
from bot.delivery.muted import without_muted
from bot.errors import CostbotError
from bot.owners.belongings import belongings
from bot.savings.open_savings import open_savings
from bot.store import Finding
from bot.watch import verdicts
from bot.workflows.month_end import known_month_end
from bot.worth import dearest_first

#: What is wrong with costbot that is told one by one.
MOST_TROUBLES = 3


def home_facts(
    context: Context, user_id: str, notice: str | None = None, *, starts: Mapping[str, int] | None = None
) -> Home:
    """Waiting findings, dearest first; the month so far; subscriptions. What cannot be known is None.

    Args:
        starts: which finding a section begins with, where this person turned its pages.
    """
    store = context.store
    own = belongings(context, user_id)
    approves = may_approve(context, user_id)
    counted = without_muted(context, open_savings(store.findings(RECOMMENDATION)).counted)
    savings = _without(own.assigned, tuple(counted))
    # Who may approve decides on a saving as an approver, also where it is theirs.
    owned = _without(savings, own.owned) if approves else own.owned
    anomalies = without_muted(context, store.findings(ANOMALY, {State.OPEN}))
    return Home(
        mine=own.assigned,
        owned=owned,
        anomalies=_without((*own.assigned, *owned), dearest_first(anomalies)),
        savings=_without(owned, savings),
        subscriptions=tuple(store.subscriptions()),
        month=_month_so_far(context),
        is_approver=approves,
        notice=notice,
        starts=starts or {},
        budgets=home_budgets(known_budget_states(context) or ()),
        health=_health(context) if approves else (),
    )


def _health(context: Context) -> tuple[str, ...]:
    """What is wrong with costbot itself, for those who can do something about it: the worst first, the rest counted."""
    found = verdicts(context)
    said = tuple(f"{one.sentence} {one.remedy}".strip() for one in found[:MOST_TROUBLES])
    more = len(found) - MOST_TROUBLES
    return (*said, f"And {more} more: `/cost status`.") if more > 0 else said


def _without(told: tuple[Finding, ...], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    ids = {one.id for one in told}
    return tuple(one for one in found if one.id not in ids)


def _month_so_far(context: Context) -> MonthSoFar | str:
    try:
        return _month_to_date(context)
    except CostbotError as error:
        return str(error)


def _month_to_date(context: Context) -> MonthSoFar:
    window = context.costs.window(view=context.settings.cost_view)
    first = window.complete_until.replace(day=1)
    end = window.complete_until + timedelta(days=1)
    before = max((first - timedelta(days=1)).replace(day=1), window.first_day)
    daily = context.costs.daily(start=before, end=end, view=window.view)
    is_running = first == context.clock.today().replace(day=1)
    totals = daily.groupby("date", as_index=False)["cost"].sum()
    by_day = dict(zip(totals["date"].dt.date, totals["cost"].astype(float), strict=True))
    unknown = {part.day for part in window.missing}
    known = {day: by_day.get(day, 0.0) for day in _days(before, end) if day not in unknown}
    return MonthSoFar(
        amount=sum(cost for day, cost in by_day.items() if day >= first),
        currency=window.currency,
        view=window.view.value,
        until=elements.day(window.complete_until),
        fetched_at=window.fetched_at,
        month=None if is_running else f"{first:%B %Y}",
        left_out=left_out(window.partial, several=len(window.feeds) > 1),
        end=known_month_end(context, window),
        chart=month_curve(known, window.complete_until, window.currency),
    )


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=at) for at in range((end - start).days)]
