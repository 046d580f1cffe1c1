"""What a message says of the days it shows: what is missing, and what was restated while they were shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from analysis.movers import Period
from bot.blocks.reach import missing_days
from bot.context import Context
from bot.cost_files import Window
from bot.restated_days import restated_days


def remarks(context: Context, window: Window, start: date, now: Period) -> tuple[str, ...]:
    """Sentences, not escaped.

    Args:
        start: the first day that anything is said of.
        now: the days that are shown.
    """
    since = datetime.combine(now.start, time(), UTC)
    providers = {one.provider for one in window.feeds}
    restated = restated_days(context, since, start=start, end=now.end, providers=providers)
    return tuple(note for note in (window.note, missing_days(window.missing, start, now.end), *restated) if note)
