"""Keeps the line about alerts that were held back up to date, whoever held them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Context
from bot.delivery.held_line import tell_held
from bot.jobs import job


@job("held_alerts", every=lambda settings: timedelta(minutes=1))
def held_alerts(context: Context, due_at: datetime) -> None:
    """Redraw the lines that say something else now."""
    tell_held(context)
