"""Due times: every date once, through both changes of the clocks."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest_times import last_due, moment_of

BERLIN = ZoneInfo("Europe/Berlin")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_before_its_time_yesterday_was_the_last() -> None:
    assert last_due(time(9), BERLIN, utc(2026, 11, 20, 7, 59)) == (date(2026, 11, 19), utc(2026, 11, 19, 8))


def test_at_its_time_today_is_due() -> None:
    assert last_due(time(9), BERLIN, utc(2026, 11, 20, 8, 0)) == (date(2026, 11, 20), utc(2026, 11, 20, 8))


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 3, 28), time(9), utc(2026, 3, 28, 8)),  # winter time
        (date(2026, 3, 29), time(9), utc(2026, 3, 29, 7)),  # the clocks went forward at two
        (date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 30)),  # skipped: due at half past three
        (date(2026, 10, 24), time(9), utc(2026, 10, 24, 7)),  # summer time
        (date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),  # twice: the first
        (date(2026, 10, 25), time(9), utc(2026, 10, 25, 8)),
    ],
)
def test_nine_o_clock_stays_nine_o_clock_in_berlin(day: date, at: time, moment: datetime) -> None:
    assert moment_of(day, at, BERLIN) == moment


@pytest.mark.parametrize("start", [utc(2026, 3, 27, 12), utc(2026, 10, 23, 12)])
@pytest.mark.parametrize("at", [time(0, 0), time(2, 0), time(2, 30), time(3, 0), time(9, 0), time(23, 59)])
def test_minute_by_minute_through_a_clock_change_each_date_comes_up_once(start: datetime, at: time) -> None:
    seen = [last_due(at, BERLIN, start + timedelta(minutes=minute))[0] for minute in range(4 * 24 * 60)]
    changes = [seen[0], *(now for before, now in itertools.pairwise(seen) if now != before)]
    assert changes == [changes[0] + timedelta(days=n) for n in range(5)]


@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    at=st.times(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_the_last_due_time_is_never_ahead_and_never_far_back(now: datetime, at: time, zone: str) -> None:
    _, due = last_due(at, ZoneInfo(zone), now)
    assert timedelta(0) <= now - due <= timedelta(hours=25)
