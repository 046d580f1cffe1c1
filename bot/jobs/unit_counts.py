"""Asks CloudWatch once a day how many units there were; a cent pays for a thousand questions."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.units.refresh import refresh_counts


@job("unit_counts", every=lambda settings: timedelta(hours=24), words="counting units")
def unit_counts(context: Context, due_at: datetime) -> None:
    """Bring the counts of metrics up to date."""
    refresh_counts(context)
