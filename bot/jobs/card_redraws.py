"""Every minute: ends snoozes that are over, and redraws cards that show an old state."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.workflows.redraw import redraw_due


@job("card_redraws", every=lambda settings: timedelta(minutes=1), words="redrawing cards")
def card_redraws(context: Context, due_at: datetime) -> None:
    """What Slack did not take, what a killed process left, and Undo buttons whose ten minutes are over."""
    context.store.wake(context.clock.now())
    redraw_due(context)
