"""How long somebody had time to react: hours of working days, in the time zone of a channel."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(9), time(17)
SATURDAY = 5


def worked(start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """The time between two moments that lies on Monday to Friday from 9 to 17, as the clocks of `zone` show it."""
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    total = timedelta()
    while day <= last:
        opens, closes = _hours(day, zone)
        if day.weekday() < SATURDAY:
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += timedelta(days=1)
    return total


def is_working_time(now: datetime, zone: ZoneInfo) -> bool:
    """Whether people of this zone are at work."""
    day = now.astimezone(zone).date()
    opens, closes = _hours(day, zone)
    return day.weekday() < SATURDAY and opens <= now < closes


def _hours(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    opens, closes = (datetime.combine(day, at, zone).astimezone(UTC) for at in (OPENS, CLOSES))
    return opens, closes
