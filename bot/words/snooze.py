"""When a snooze ends: `7d`, `month-end` or a date, in the time zone of the settings."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from analysis.lifecycle import LONGEST_SNOOZE
from bot.blocks.elements import quoted
from bot.errors import UsageError

MONTH_END = "month-end"
#: A snooze until a day ends on that morning.
MORNING = time(8, 0)


def snooze_end(
    typed: str, now: datetime, zone: ZoneInfo, *, longest: timedelta = LONGEST_SNOOZE, what: str = "A snooze"
) -> datetime:
    """The moment that `typed` means.

    Args:
        what: ends then, and lasts `longest` at most.
    Raises:
        UsageError: it cannot be read, has passed, or is further away than the longest.
    """
    end = _end(typed.strip().lower(), now, zone)
    if end <= now:
        raise UsageError(f"{quoted(typed)} has passed.", "Give a day that lies ahead, as in --until 7d.")
    if end > now + longest:
        remedy = (
            "Dismiss it with a reason, or snooze it for less." if longest == LONGEST_SNOOZE else "Give a nearer end."
        )
        raise UsageError(f"{what} lasts at most {longest.days} days.", remedy)
    return end


def _end(word: str, now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    if word == MONTH_END:
        next_month = (local.date().replace(day=28) + timedelta(days=4)).replace(day=1)
        return datetime.combine(next_month, MORNING, zone)
    if days := re.fullmatch(r"(\d{1,4})\s*(d|days?)", word):
        return now + timedelta(days=int(days.group(1)))
    try:
        return datetime.combine(date.fromisoformat(word), MORNING, zone)
    except ValueError:
        raise UsageError(
            f"--until {quoted(word)} cannot be read.",
            "Write --until 7d, --until month-end or a date such as 2026-12-24.",
        ) from None
