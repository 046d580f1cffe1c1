"""Days held against days, each weekday alike."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.causes import against_weekdays_before, between
from analysis.movers import Period

START = date(2026, 9, 1)
TUESDAY = date(2026, 11, 17)


def test_nothing_stored_before_can_be_compared_with_nothing() -> None:
    found = against_weekdays_before([START], first=START, start=START)
    assert not found.is_possible


def test_a_day_is_held_against_the_four_same_weekdays_before() -> None:
    found = against_weekdays_before([TUESDAY], first=TUESDAY, start=START)
    assert found.now == {TUESDAY: 1.0}
    assert found.before == {TUESDAY - timedelta(days=7 * week): 0.25 for week in (4, 3, 2, 1)}
    assert (found.start, found.end) == (date(2026, 10, 20), date(2026, 11, 18))


def test_no_day_of_the_incident_is_a_day_before_it() -> None:
    days = [TUESDAY + timedelta(days=i) for i in range(10)]
    found = against_weekdays_before(days, first=TUESDAY, start=START)
    assert max(found.before) < TUESDAY
    assert sum(found.before.values()) == pytest.approx(1)
    late = against_weekdays_before([TUESDAY + timedelta(days=8)], first=TUESDAY, start=START)
    assert max(late.before) == date(2026, 11, 11)


def test_an_unknown_day_is_compared_with_nothing() -> None:
    unknown = {date(2026, 11, 10), date(2026, 11, 18)}
    found = against_weekdays_before([TUESDAY, date(2026, 11, 18)], first=TUESDAY, start=START, unknown=unknown)
    assert found.now == {TUESDAY: 1.0}
    assert max(found.before) == date(2026, 11, 3)
    assert len(found.before) == 4


def test_two_periods_count_each_shared_weekday_alike() -> None:
    now, before = Period(date(2026, 11, 16), date(2026, 11, 23)), Period(date(2026, 11, 9), date(2026, 11, 14))
    found = between(now, before)
    assert list(found.now) == [date(2026, 11, 16) + timedelta(days=i) for i in range(5)]
    assert set(found.now.values()) == set(found.before.values()) == {0.2}


@given(st.integers(1, 40), st.integers(0, 40), st.integers(1, 6))
def test_both_sides_have_every_weekday_with_the_same_weight(length: int, after: int, weeks: int) -> None:
    days = [TUESDAY + timedelta(days=after + i) for i in range(length)]
    found = against_weekdays_before(days, first=TUESDAY, start=START, weeks=weeks)
    for weekday in range(7):
        now = sum(weight for day, weight in found.now.items() if day.weekday() == weekday)
        before = sum(weight for day, weight in found.before.items() if day.weekday() == weekday)
        assert now == pytest.approx(before)
