"""An episode's life: it grows only when it gets worse, settles before it is over, and may stay where it went."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.anomalies.life_cycle import QUIET_DAYS, phase, stayed
from analysis.models import Phase

FIRST = date(2026, 3, 2)


def costs(*parts: tuple[int, float]) -> pd.Series[float]:
    """`count` days of a cost after the other; the last of the first part is the day before `FIRST`."""
    values = [cost for count, cost in parts for _ in range(count)]
    start = pd.Timestamp(FIRST) - pd.Timedelta(days=parts[0][0])
    return pd.Series(values, index=pd.date_range(start, periods=len(values)))


def after(episode_days: int, count: int) -> list[date]:
    return [FIRST + timedelta(days=episode_days + n) for n in range(count)]


def test_one_day_does_not_grow() -> None:
    assert phase([500.0], 0, min_growth=10.0) == Phase.OPEN


def test_the_same_every_day_does_not_grow() -> None:
    assert phase([100.0, 105.0, 98.0, 110.0], 0, min_growth=10.0) == Phase.OPEN


def test_a_fifth_more_in_cents_is_no_growth() -> None:
    assert phase([12.0, 15.0], 0, min_growth=10.0) == Phase.OPEN


def test_a_newest_day_that_is_worse_is_growth_of_falls_too() -> None:
    assert phase([100.0, 200.0], 0, min_growth=10.0) == Phase.GROWING
    assert phase([-100.0, -200.0], 0, min_growth=10.0) == Phase.GROWING


def test_a_day_that_is_not_all_in_is_not_quiet() -> None:
    assert phase([100.0], -2, min_growth=10.0) == Phase.OPEN


@pytest.mark.parametrize("quiet", range(1, QUIET_DAYS + 1))
def test_ordinary_days_settle_it(quiet: int) -> None:
    assert phase([100.0, 200.0], quiet, min_growth=10.0) == Phase.SETTLING


def test_one_more_resolves_it() -> None:
    assert phase([100.0, 200.0], QUIET_DAYS + 1, min_growth=10.0) == Phase.RESOLVED


def test_back_at_the_old_level_it_has_not_stayed() -> None:
    cost = costs((28, 100.0), (3, 300.0), (3, 101.0))
    assert not stayed(cost, after(3, 3), first_day=FIRST, impact=200.0, weeks_apart=0)


def test_without_a_day_after_it_nothing_is_claimed() -> None:
    assert not stayed(costs((28, 100.0), (3, 300.0)), [], first_day=FIRST, impact=200.0, weeks_apart=0)


def test_without_weeks_before_it_nothing_is_claimed() -> None:
    cost = costs((2, 100.0), (3, 300.0), (2, 300.0))
    assert not stayed(cost, after(3, 2), first_day=FIRST, impact=200.0, weeks_apart=0)


def test_at_the_new_level_it_has_stayed_whichever_way_it_went() -> None:
    assert stayed(costs((28, 100.0), (8, 300.0), (3, 290.0)), after(8, 3), first_day=FIRST, impact=200.0, weeks_apart=0)
    assert stayed(
        costs((28, 300.0), (8, 100.0), (3, 110.0)), after(8, 3), first_day=FIRST, impact=-200.0, weeks_apart=0
    )


def test_a_quiet_weekend_is_held_against_weekends() -> None:
    weekdays = [100.0, 100.0, 100.0, 100.0, 100.0, 20.0, 20.0]
    values = weekdays * 4 + [cost * 2 for cost in weekdays[:5]] + [40.0, 40.0]
    cost = pd.Series(values, index=pd.date_range(end=pd.Timestamp(FIRST) + pd.Timedelta(days=6), periods=35))
    assert stayed(cost, after(5, 2), first_day=FIRST, impact=100.0, weeks_apart=0) is False
    assert stayed(cost, after(5, 2), first_day=FIRST, impact=25.0, weeks_apart=0)


@given(
    impacts=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    quiet=st.integers(-3, 10),
    min_growth=st.floats(0, 100),
)
def test_the_phases_follow_the_quiet_days(impacts: list[float], quiet: int, min_growth: float) -> None:
    found = phase(impacts, quiet, min_growth=min_growth)
    assert (found == Phase.RESOLVED) == (quiet > QUIET_DAYS)
    assert (found == Phase.SETTLING) == (0 < quiet <= QUIET_DAYS)
