"""Unit costs: only days with both, sums over days, and what moved them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.unit_costs import NO_CHANGE, Every, Stretch, change, shared, together, weeks, within

FIRST = date(2026, 10, 1)


def by_day(*values: float, first: date = FIRST) -> dict[date, float]:
    return {first + timedelta(days=at): value for at, value in enumerate(values)}


def test_a_day_without_a_cost_or_a_count_is_left_out_and_is_not_zero() -> None:
    counts = {FIRST: 10.0, FIRST + timedelta(days=2): 20.0}
    assert shared(by_day(5.0, 6.0), counts) == [Stretch(FIRST, FIRST + timedelta(days=1), 5.0, 10.0)]
    assert shared({}, counts) == []


def test_dear_days_weigh_as_much_as_they_cost() -> None:
    whole = together(shared(by_day(10.0, 90.0), by_day(1.0, 99.0)))
    assert whole is not None
    assert (whole.each, whole.known) == (1.0, 2)


def test_a_day_of_no_unit_costs_and_has_no_unit_cost() -> None:
    [day] = shared(by_day(7.0), by_day(0.0))
    assert day.each is None
    before = FIRST - timedelta(days=1)
    [other] = shared({before: 3.0}, {before: 10.0})
    assert together([day, other]) == Stretch(before, FIRST + timedelta(days=1), 10.0, 10.0, 2)


def test_a_month_counts_when_every_day_of_it_has_a_cost() -> None:
    costs = by_day(*[2.0] * 31, *[2.0] * 29)  # October, and November without its last day
    counts = {FIRST: 310.0, date(2026, 11, 1): 300.0}
    assert shared(costs, counts, Every.MONTH) == [Stretch(FIRST, date(2026, 11, 1), 62.0, 310.0)]


@pytest.mark.parametrize("count", [-1.0, float("nan"), float("inf")])
def test_a_count_that_is_none_is_refused(count: float) -> None:
    with pytest.raises(ValueError, match="2026-10-01"):
        shared(by_day(1.0), by_day(count))


def test_what_moved_it_is_told_apart() -> None:
    before, now = Stretch(FIRST, FIRST, 100.0, 1000.0, 10), Stretch(FIRST, FIRST, 54.0, 600.0, 5)
    moved = change(now, before)
    assert (moved.cost, moved.units, moved.each) == (pytest.approx(0.08), pytest.approx(0.2), pytest.approx(-0.1))
    assert change(now, None) == NO_CHANGE
    assert change(now, Stretch(FIRST, FIRST, 5.0, 0.0)).each is None


def test_weeks_end_where_they_are_told_to() -> None:
    stretches = shared(by_day(*[1.0] * 10), by_day(*[2.0] * 10))
    found = weeks(stretches, FIRST + timedelta(days=10), 3)
    assert [None if one is None else (one.known, one.each) for one in found] == [None, (3, 0.5), (7, 0.5)]
    assert within(stretches, FIRST, FIRST + timedelta(days=2)) == stretches[:2]


amounts = st.floats(0.01, 1e6)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=40))
def test_a_unit_costs_between_the_cheapest_and_the_dearest_day(days: list[tuple[float, float]]) -> None:
    stretches = shared(by_day(*(cost for cost, _ in days)), by_day(*(count for _, count in days)))
    whole = together(stretches)
    each = [one.each or 0.0 for one in stretches]
    assert whole is not None
    assert min(each) * (1 - 1e-9) <= (whole.each or 0.0) <= max(each) * (1 + 1e-9)


@given(amounts, amounts, amounts, amounts)
def test_the_parts_of_a_change_make_it_up(cost: float, units: float, was: float, had: float) -> None:
    moved = change(Stretch(FIRST, FIRST, cost, units), Stretch(FIRST, FIRST, was, had))
    assert moved.each is not None
    assert 1 + moved.each == pytest.approx((1 + (moved.cost or 0.0)) / (1 + (moved.units or 0.0)))
