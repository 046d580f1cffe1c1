"""The weekly report, on Monday morning of each channel that asked for it: once a week, late rather than never."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache, partial

from bot.context import Context
from bot.delivery.by_the_clock import Due, send_by_clock
from bot.jobs import job
from bot.workflows.send_weekly import KIND, due_of, made_report, send_weekly

#: A report that could not be sent for so long is left out: by then the week is half over.
TOO_LATE = timedelta(days=3)


@job("weekly_report", every=lambda settings: timedelta(minutes=1), words="sending weekly reports")
def weekly_report(context: Context, due_at: datetime) -> None:
    """Send every report whose time has come."""
    send_due(context)


@job("weekly_report_after_refresh", after="costs_refresh", words="sending weekly reports that wait for costs")
def weekly_report_after_refresh(context: Context, due_at: datetime) -> None:
    """Send the reports that waited for fresh costs."""
    send_due(context)


def send_due(context: Context) -> int:
    """Send all that is due and was not sent; returns how many. Channels that asked for the same share it."""
    made = cache(partial(made_report, context))

    def send(due: Due) -> bool:
        return send_weekly(context, due, partial(made, due.wanted.team, due.wanted.account))

    return send_by_clock(context, KIND, partial(due_of, context), send, too_late=TOO_LATE)
