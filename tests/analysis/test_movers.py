"""Weekday-fair comparison: what must not look like a change, and what must add up."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from analysis.movers import Change, Period, by_day, compare, movers, periods, weekly

FIRST = date(2026, 6, 1)


def daily(costs: list[float], key: str = "a", first: date = FIRST) -> DataFrame:
    days = [first + timedelta(days=i) for i in range(len(costs))]
    return DataFrame({"date": pd.to_datetime(days), "key": key, "cost": costs})


def week_shaped(count: int, weekday: float, weekend: float, first: date = FIRST) -> DataFrame:
    return daily(
        [weekend if (first + timedelta(days=i)).weekday() >= 5 else weekday for i in range(count)], first=first
    )


@pytest.mark.parametrize("length", [7, 14, 30, 90])
@pytest.mark.parametrize("shift", [0, 2, 5])
def test_more_weekends_in_a_window_are_no_change(length: int, shift: int) -> None:
    frame = week_shaped(200, weekday=100.0, weekend=10.0)
    now, before = periods(length, FIRST + timedelta(days=190 + shift), FIRST)
    change = compare(frame, now, before)
    assert change.per_day == pytest.approx(0.0, abs=1e-9)


def test_periods_without_a_common_weekday_are_not_compared() -> None:
    frame = week_shaped(20, 10.0, 10.0)
    now, before = Period(FIRST, FIRST + timedelta(days=2)), Period(FIRST - timedelta(days=2), FIRST)
    assert compare(frame, now, before) == Change(None, 10.0)


def test_nothing_stored_before_is_no_comparison_rather_than_zero() -> None:
    now, before = periods(30, FIRST + timedelta(days=11), FIRST)
    assert (now.length, before.length) == (12, 0)
    assert compare(week_shaped(12, 5.0, 5.0), now, before).before is None


def test_a_share_of_zero_or_of_a_credit_means_nothing() -> None:
    assert Change(0.0, 10.0).fraction is None
    assert Change(-5.0, 10.0).fraction is None
    assert Change(-5.0, 10.0).per_day == 15.0


def test_a_day_without_a_row_cost_nothing() -> None:
    frame = daily([7.0] * 14).drop(index=[8, 9])
    now, before = periods(7, FIRST + timedelta(days=13), FIRST)
    assert compare(frame, now, before) == Change(7.0, 5.0)


def test_a_key_that_appears_is_ranked_by_its_dollars() -> None:
    frame = pd.concat([daily([10.0] * 14, "old"), daily([0.0] * 7 + [30.0] * 7, "new").iloc[7:]])
    now, before = periods(7, FIRST + timedelta(days=13), FIRST)
    table = movers(frame, now, before)
    assert table["key"].tolist() == ["new", "old"]
    assert table["before"].tolist() == [0.0, 10.0]
    assert table["change"].tolist() == [30.0, 0.0]
    assert pd.isna(table["pct"].iloc[0])


def test_an_empty_frame_moves_nothing() -> None:
    now, before = periods(7, FIRST + timedelta(days=13), FIRST)
    assert movers(daily([]), now, before).empty
    assert compare(daily([]), now, before) == Change(0.0, 0.0)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.floats(-100, 1000), min_size=30, max_size=30), min_size=1, max_size=4),
    st.sampled_from([7, 14]),
)
def test_the_movers_add_up_to_the_change_of_the_total(series: list[list[float]], length: int) -> None:
    frame = pd.concat([daily(costs, f"key {i}") for i, costs in enumerate(series)])
    now, before = periods(length, FIRST + timedelta(days=29), FIRST)
    total = compare(frame, now, before)
    table = movers(frame, now, before)
    assert table["change"].sum() == pytest.approx(total.per_day, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1000), min_size=60, max_size=60), st.floats(0.1, 5))
def test_scaling_every_cost_scales_the_change(costs: list[float], factor: float) -> None:
    now, before = periods(30, FIRST + timedelta(days=59), FIRST)
    one = compare(daily(costs), now, before)
    other = compare(daily([cost * factor for cost in costs]), now, before)
    assert other.now == pytest.approx(one.now * factor, rel=1e-9, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random: object) -> None:
    frame = week_shaped(40, 3.0, 1.0)
    order = list(range(len(frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    now, before = periods(14, FIRST + timedelta(days=39), FIRST)
    assert compare(frame.iloc[order], now, before) == compare(frame, now, before)


def test_weeks_are_whole_and_counted_from_the_end() -> None:
    frame = daily([float(i) for i in range(30)])
    weeks = weekly(frame, Period(FIRST, FIRST + timedelta(days=30)))
    assert [week.length for week, _ in weeks] == [7, 7, 7, 7]
    assert weeks[-1] == (Period(FIRST + timedelta(days=23), FIRST + timedelta(days=30)), 26.0)


def test_days_without_a_row_are_drawn_as_zero() -> None:
    assert by_day(daily([1.0]), Period(FIRST, FIRST + timedelta(days=2)))[1] == (FIRST + timedelta(days=1), 0.0)


def test_unknown_days_are_neither_zero_nor_compared() -> None:
    """A provider told nothing of two days: the rest of the week is compared with its like weekdays."""
    costs = week_shaped(14, 100.0, 40.0)
    costs.loc[[8, 12], "cost"] = 0.0
    holes = frozenset({FIRST + timedelta(days=8), FIRST + timedelta(days=12)})
    now, before = periods(7, FIRST + timedelta(days=13), FIRST, holes)
    change = compare(costs, now, before)
    assert change.now == pytest.approx(change.before)
    assert movers(costs, now, before)["change"].tolist() == [pytest.approx(0.0)]
    shown = dict(by_day(costs, now))
    assert {day for day, cost in shown.items() if cost != cost} == holes
    ((_, mean),) = weekly(costs, now)
    assert mean == pytest.approx((4 * 100.0 + 40.0) / 5)


def test_a_week_that_is_unknown_has_no_mean() -> None:
    costs = daily([10.0] * 14)
    now, _ = periods(14, FIRST + timedelta(days=13), FIRST, {FIRST + timedelta(days=n) for n in range(7)})
    (_, unknown), (_, known) = weekly(costs, now)
    assert (unknown == unknown, known) == (False, 10.0)
