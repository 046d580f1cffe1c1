"""Gathers what one person's Home tab shows."""

from __future__ import annotations

from datetime import timedelta

from analysis.lifecycle import ANOMALY, RECOMMENDATION, State
from analysis.models import Anomaly, Recommendation
from bot.approvers import is_approver
from bot.blocks import elements
from bot.blocks.home import Home, MonthSoFar
from bot.blocks.reach import left_out
from bot.context import Context
from bot.errors import CostbotError
from bot.savings.open_savings import open_savings
from bot.store import Finding


def home_facts(context: Context, user_id: str, notice: str | None = None) -> Home:
    """Open findings, dearest first; the month so far; subscriptions. What cannot be known is None."""
    store = context.store
    return Home(
        anomalies=dearest_first(store.findings(ANOMALY, {State.OPEN})),
        savings=open_savings(store.findings(RECOMMENDATION)).counted,
        subscriptions=tuple(store.subscriptions()),
        month=_month_so_far(context),
        is_approver=_may_approve(context, user_id),
        notice=notice,
    )


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
    daily = context.costs.daily(start=first, end=end, view=window.view)
    is_running = first == context.clock.today().replace(day=1)
    return MonthSoFar(
        amount=float(daily["cost"].sum()),
        currency=window.currency,
        view=window.view.value,
        until=elements.day(window.complete_until),
        fetched_at=window.fetched_at,
        month=None if is_running else f"{first:%B %Y}",
        left_out=left_out(window.partial, several=len(window.feeds) > 1),
    )


def _may_approve(context: Context, user_id: str) -> bool | None:
    if not context.settings.approvers:
        return False
    try:
        return is_approver(context, user_id)
    except CostbotError:
        return None
