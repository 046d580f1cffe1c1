"""The job that reads the tags of the organisation's accounts once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Context
from bot.jobs import job
from bot.workflows.read_account_tags import refresh


@job(
    "account_tags", every=lambda settings: timedelta(hours=settings.refresh_hours), words="reading the tags of accounts"
)
def run(context: Context, due_at: datetime) -> None:
    """Read them if a day is over since; a refusal is kept with the tags and said where they are used."""
    refresh(context)
