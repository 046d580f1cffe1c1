"""The job by which costbot watches itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.watch import verdicts
from bot.watch.probe import probe
from bot.watch.tell import tell_troubles


@job("self_watch", every=lambda settings: timedelta(minutes=10), words="costbot's look at itself")
def run(context: Context, due_at: datetime) -> None:
    """Ask Slack and the credentials how they are, judge, and tell the admin channel."""
    probe(context)
    tell_troubles(context, verdicts(context))
