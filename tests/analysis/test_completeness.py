"""A day is complete when its source, its hours or its age say so; unknown stays unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arrival_curve import PRIOR, ArrivalCurve
from analysis.completeness import COMPARABLE_SHARE, FILLING_HOURS, Basis, Completeness, completeness

DAY = date(2026, 11, 24)
BEGUN = datetime(2026, 11, 24, tzinfo=UTC)
SLOW = ArrivalCurve((0, 24, 48, 96, 120, 216), (0, 0, 0, 0.9, 0.99, 1), (0, 0, 0, 1, 1, 1), (0, 0, 0, 1, 1, 1), 34)


def judged(age: float | None, *, estimated: bool = True, **facts: Any) -> Completeness:
    told_at = None if age is None else BEGUN + timedelta(hours=age)
    return completeness(DAY, told_at=told_at, estimated=estimated, **facts)


def test_a_running_day_is_never_complete_whatever_its_source_says() -> None:
    assert not judged(10, estimated=False).is_complete
    assert not judged(23.9, estimated=False, hours_seen=24).is_complete


def test_a_day_that_has_not_begun_holds_nothing() -> None:
    assert judged(-30) == Completeness(0.0, 0.0, 0.0, False, Basis.USUAL)


def test_the_morning_after_is_a_part() -> None:
    morning = judged(34)
    assert (morning.is_complete, morning.basis) == (False, Basis.USUAL)
    assert (morning.low, morning.share, morning.high) == (0.35, 0.58, 0.80)


def test_an_estimated_day_may_be_compared_two_days_after_it_began() -> None:
    assert not judged(FILLING_HOURS - 0.1).is_complete
    assert judged(FILLING_HOURS).is_complete


def test_a_day_that_its_source_calls_final_is_complete_once_it_is_over() -> None:
    assert judged(25, estimated=False) == Completeness(1.0, 1.0, 1.0, True, Basis.FINAL)
    assert judged(None, estimated=False).is_complete


def test_an_estimated_day_told_nobody_knows_when_is_unknown_not_zero() -> None:
    unknown = judged(None)
    assert (unknown.share, unknown.is_complete, unknown.basis) == (None, False, Basis.ESTIMATED)


def test_nine_days_later_nothing_is_waited_for() -> None:
    assert judged(216).basis is Basis.SETTLED
    assert judged(216, hours_seen=5).is_complete


def test_hours_that_are_missing_on_the_newest_day_may_still_come() -> None:
    part = judged(400, estimated=False, hours_seen=19, is_newest=True)
    assert (part.is_complete, part.basis, part.seen) == (False, Basis.HOURS, (19, 24))
    assert part.share == pytest.approx(19 / 24)


def test_whole_days_may_have_fewer_hours_where_machines_sleep_at_night() -> None:
    assert judged(30, estimated=False, hours_seen=10, usual_hours=10).is_complete
    assert not judged(30, estimated=False, hours_seen=7, usual_hours=10).is_complete


def test_daily_data_has_all_hours() -> None:
    assert judged(60, hours_seen=24, is_newest=True).is_complete


def test_hours_and_lateness_together_are_the_smaller_share() -> None:
    assert judged(34, hours_seen=23).share == pytest.approx(0.58)
    assert judged(34, hours_seen=6).share == pytest.approx(0.25)


def test_a_slow_provider_is_waited_for_longer() -> None:
    assert not judged(96, curve=SLOW).is_complete
    assert judged(96, curve=SLOW).basis is Basis.LEARNT
    assert judged(96, curve=SLOW).seen == (34,)
    assert judged(120, curve=SLOW).is_complete


def test_a_quick_provider_is_not_compared_while_its_source_calls_the_day_estimated() -> None:
    quick = ArrivalCurve((0, 20, 24), (0, 1, 1), (0, 1, 1), (0, 1, 1), 60)
    assert not judged(30, curve=quick).is_complete
    assert judged(30, curve=quick).share == 1.0


def test_the_day_s_start_is_utc_s_wherever_the_clock_hangs() -> None:
    tokyo = timezone(timedelta(hours=9))
    told = (BEGUN + timedelta(hours=34)).astimezone(tokyo)
    assert completeness(DAY, told_at=told, estimated=True) == judged(34)


ages = st.floats(-100, 600)


@given(
    ages, ages, st.booleans(), st.booleans(), st.sampled_from([PRIOR, SLOW]),
    st.none() | st.integers(0, 24), st.none() | st.integers(1, 24),
)  # fmt: skip
def test_a_day_only_becomes_more_complete(
    one: float, other: float, estimated: bool, newest: bool, curve: ArrivalCurve, hours: int | None, usual: int | None
) -> None:
    facts: dict[str, Any] = {"hours_seen": hours, "usual_hours": usual, "is_newest": newest, "curve": curve}
    earlier = judged(min(one, other), estimated=estimated, **facts)
    later = judged(max(one, other), estimated=estimated, **facts)
    for found in (earlier, later):
        assert found.share is not None
        assert found.low is not None
        assert found.high is not None
        assert 0.0 <= found.low <= found.share <= found.high <= 1.0
        assert not found.is_complete or found.low >= COMPARABLE_SHARE
    assert earlier.share is not None
    assert later.share is not None
    assert earlier.share <= later.share
    assert later.is_complete >= earlier.is_complete
