"""Whether stored costs are older than they should be; the digest and costbot's own watch say it alike."""

from __future__ import annotations

from datetime import date, timedelta

from bot.cost_files import Window


def is_old(day: date, today: date, stale_hours: float) -> bool:
    """Whether more hours than allowed have passed between the end of a day and the begin of today (both UTC)."""
    return today - day - timedelta(days=1) >= timedelta(hours=stale_hours)


def days_ago(day: date, today: date) -> str:
    """`today`, `1 day ago`, `6 days ago`."""
    age = (today - day).days
    return "today" if age <= 0 else f"{age:,} day{'' if age == 1 else 's'} ago"


def stale_reason(window: Window, today: date, stale_hours: float) -> tuple[str, str] | None:
    """Why costs are old and what to do, in two sentences; None when they are not.

    Args:
        stale_hours: hours after the end of the last complete day from which on costs are old.
    """
    awaited = [feed.last for feed in window.feeds if feed.complete_until >= window.complete_until]
    # Where newer days are coming in, only slowly, nothing is wrong.
    if not is_old(window.complete_until, today, stale_hours) or not is_old(min(awaited), today, stale_hours):
        return None
    if window.sources == ("focus",):
        remedy = "`costbot ingest focus FILE` reads a newer export."
    else:
        remedy = "`costbot doctor` says why no newer ones come."
    return f"The last complete day is {days_ago(window.complete_until, today)}", remedy
