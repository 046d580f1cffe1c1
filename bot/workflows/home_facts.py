"""Gathers what one person's Home tab shows."""

from __future__ import annotations

from datetime import date, timedelta

from analysis.lifecycle import ANOMALY, RECOMMENDATION, State
from analysis.models import Anomaly, Recommendation
from analysis.month_curve import month_curve
from bot.approvers import is_approver
from bot.blocks import elements
from bot.blocks.home import Home, MonthSoFar
from bot.blocks.reach import left_out
from bot.context import Context
from bot.errors import CostbotError
from bot.savings.open_savings import open_savings
from bot.store import Finding
from bot.workflows.month_end import known_month_end

#: What a person who was given it has not settled.
WAITING = frozenset({State.OPEN, State.ACKNOWLEDGED})


def home_facts(context: Context, user_id: str, notice: str | None = None) -> Home:
    """Waiting findings, dearest first; the month so far; subscriptions. What cannot be known is None."""
    store = context.store
    mine = dearest_first([one for one in store.findings(states=WAITING) if one.assignee == user_id])
    return Home(
        mine=mine,
        anomalies=_without(mine, dearest_first(store.findings(ANOMALY, {State.OPEN}))),
        savings=_without(mine, open_savings(store.findings(RECOMMENDATION)).counted),
        subscriptions=tuple(store.subscriptions()),
        month=_month_so_far(context),
        is_approver=_may_approve(context, user_id),
        notice=notice,
    )


def _without(mine: tuple[Finding, ...], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    ids = {one.id for one in mine}
    return tuple(one for one in found if one.id not in ids)


def worth(finding: Finding) -> float:
    """Dollars a month at stake."""
    value: Anomaly | Recommendation = finding.value
    return abs(value.impact_per_day) * 30 if isinstance(value, Anomaly) else value.monthly_savings


def dearest_first(findings: list[Finding]) -> tuple[Finding, ...]:
    """By dollars a month, the largest first."""
    return tuple(sorted(findings, key=lambda finding: (-worth(finding), finding.id)))


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


def _may_approve(context: Context, user_id: str) -> bool | None:
    if not context.settings.approvers:
        return False
    try:
        return is_approver(context, user_id)
    except CostbotError:
        return None
