"""The weekly report, on Monday morning of each channel that asked for it: once a week, late rather than never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial

from bot.blocks.report import Report
from bot.context import Context
from bot.digest_times import waited, waits_for_costs
from bot.errors import CostbotError, report
from bot.jobs import job
from bot.store import Subscription
from bot.workflows.send_weekly import KIND, Due, due_of, is_sent, made_report, send_weekly

#: A report that could not be sent for so long is left out: by then the week is half over.
TOO_LATE = timedelta(days=3)
#: After a refusal, so long until a channel is tried again.
RETRY_AFTER = timedelta(minutes=30)


@job("weekly_report", every=lambda settings: timedelta(minutes=1), words="sending weekly reports")
def weekly_report(context: Context, due_at: datetime) -> None:
    """Send every report whose time has come."""
    send_due(context)


@job("weekly_report_after_refresh", after="costs_refresh", words="sending weekly reports that wait for costs")
def weekly_report_after_refresh(context: Context, due_at: datetime) -> None:
    """Send the reports that waited for fresh costs."""
    send_due(context)


def send_due(context: Context) -> int:
    """Send all that is due and was not sent; returns how many. A channel that fails does not stop the others."""
    waiting = [due for due in (_due(context, wanted) for wanted in context.store.subscriptions(KIND)) if due]
    if not waiting or context.slack is None or waits_for_costs(context, KIND):
        return 0
    waited(context, KIND)

    # Channels that asked for the same are told the same, made once.
    made = cache(partial(made_report, context))
    return sum(_sent(context, due, partial(made, due.wanted.team, due.wanted.account)) for due in waiting)


def _sent(context: Context, due: Due, make: Callable[[], Report]) -> bool:
    wanted, now, problem = due.wanted, context.clock.now(), None
    try:
        sent = send_weekly(context, due, make)
    except CostbotError as error:
        report(error, f"sending the weekly report to {wanted.channel}")
        sent, problem = False, str(error)
    context.store.flag_subscription(wanted.channel, KIND, problem, team=wanted.team, account=wanted.account)
    if sent:
        context.store.forget(_failed(wanted))
    else:
        context.store.remember(_failed(wanted), now.isoformat(), now)
    return sent


def _due(context: Context, wanted: Subscription) -> Due | None:
    """What this channel has not got yet of the latest Monday since it subscribed."""
    now = context.clock.now()
    due = due_of(context, wanted)
    if due.due_at < wanted.since or now - due.due_at > TOO_LATE or is_sent(context, due):
        return None
    failed_at = context.store.recall(_failed(wanted))
    if failed_at and now - datetime.fromisoformat(failed_at) < RETRY_AFTER:
        return None
    return due


def _failed(wanted: Subscription) -> str:
    return f"weekly.failed_at.{wanted.channel}.{wanted.team}.{wanted.account}"
