"""When a daily message is due: a local time of day, on every day, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def last_due(at: time, zone: ZoneInfo, now: datetime) -> tuple[date, datetime]:
    """The latest local date whose due time has come, and that moment in UTC.

    An hour that the clocks skip in spring is due when they have skipped it; one that they repeat in autumn is due
    the first time. So every date is due exactly once.
    """
    today = now.astimezone(zone).date()
    due = moment_of(today, at, zone)
    if due <= now:
        return today, due
    yesterday = today - timedelta(days=1)
    return yesterday, moment_of(yesterday, at, zone)


def moment_of(local_date: date, at: time, zone: ZoneInfo) -> datetime:
    """A local date and time as a moment in UTC."""
    return datetime.combine(local_date, at.replace(fold=0), zone).astimezone(UTC)
