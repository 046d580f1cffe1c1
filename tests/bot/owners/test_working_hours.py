"""Hours in which somebody could have reacted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.owners.working_hours import is_working_time, worked

BERLIN, TOKYO, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/London")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "zone", "hours"),
    [
        ("2026-11-20 09:00", "2026-11-20 11:30", UTC, 2.5),
        ("2026-11-20 03:00", "2026-11-20 23:00", UTC, 8),
        ("2026-11-20 16:00", "2026-11-23 10:00", UTC, 2),  # over a weekend
        ("2026-11-21 00:00", "2026-11-22 23:59", UTC, 0),
        ("2026-11-20 15:00", "2026-11-20 17:00", BERLIN, 1),  # it is an hour later there
        ("2026-11-19 23:00", "2026-11-20 01:00", TOKYO, 1),  # 8 to 10 of the next day
        ("2026-10-23 15:00", "2026-10-26 09:00", LONDON, 1),  # clocks go back in between: 16:00 to 9:00
        ("2026-03-27 16:00", "2026-03-30 09:00", LONDON, 2),  # and forward: 16:00 to 10:00
        ("2026-11-20 12:00", "2026-11-20 11:00", UTC, 0),
    ],
)
def test_only_working_hours_count(start: str, end: str, zone: ZoneInfo, hours: float) -> None:
    assert worked(at(start), at(end), zone) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("now", "zone", "is_working"),
    [
        ("2026-11-20 09:00", UTC, True),
        ("2026-11-20 17:00", UTC, False),
        ("2026-11-20 08:30", BERLIN, True),
        ("2026-11-21 12:00", UTC, False),
        ("2026-11-22 23:30", TOKYO, False),  # Monday, 8:30
        ("2026-11-23 00:30", TOKYO, True),
    ],
)
def test_nobody_works_at_night_and_on_weekends(now: str, zone: ZoneInfo, is_working: bool) -> None:
    assert is_working_time(at(now), zone) is is_working
