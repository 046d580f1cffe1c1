"""The month as a curve: sums of known days only, at most as many points as Slack draws."""

from __future__ import annotations

from datetime import date, timedelta

from analysis.month_curve import MAX_POINTS, month_curve


def known(first: date, count: int, cost: float = 10.0) -> dict[date, float]:
    return {first + timedelta(days=at): cost for at in range(count)}


def test_each_point_is_the_sum_of_all_days_up_to_it() -> None:
    total = known(date(2026, 10, 1), 31, 7.0) | known(date(2026, 11, 1), 5)

    found = month_curve(total, date(2026, 11, 5), "USD")

    assert found is not None
    assert found.labels == ("Nov 1", "Nov 2", "Nov 3", "Nov 4", "Nov 5")
    assert {one.name: one.values for one in found.series} == {
        "November": (10.0, 20.0, 30.0, 40.0, 50.0), "October": (7.0, 14.0, 21.0, 28.0, 35.0),
    }  # fmt: skip


def test_a_missing_day_makes_no_curve_and_one_of_the_month_before_takes_that_away() -> None:
    november = known(date(2026, 11, 1), 5)
    october = known(date(2026, 10, 1), 31)

    assert month_curve({at: 1.0 for at in november if at.day != 3}, date(2026, 11, 5), "USD") is None
    alone = month_curve(november | {at: 1.0 for at in october if at.day != 2}, date(2026, 11, 5), "USD")
    assert alone is not None
    assert [one.name for one in alone.series] == ["November"]


def test_a_shorter_month_before_stays_at_its_end_and_points_are_few_with_the_last_day_among_them() -> None:
    total = known(date(2026, 2, 1), 28, 1.0) | known(date(2026, 3, 1), 31)

    found = month_curve(total, date(2026, 3, 31), "USD")

    assert found is not None
    assert len(found.labels) <= MAX_POINTS
    assert found.labels[-1] == "Mar 31"
    assert [one.values[-1] for one in found.series] == [310.0, 28.0]


def test_the_first_day_is_no_curve() -> None:
    assert month_curve(known(date(2026, 11, 1), 1), date(2026, 11, 1), "USD") is None
