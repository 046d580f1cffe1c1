"""The digest's figures."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.daily_summary import MAX_MOVERS, MonthEnd, daily_summary
from analysis.models import Series

DAY = date(2026, 11, 18)


def costs(days: int, *, until: date = DAY, **per_day: float) -> DataFrame:
    """Each service costs the same every day."""
    rows = [
        {"date": pd.Timestamp(until - timedelta(days=back)), "key": key, "cost": cost}
        for back in range(days)
        for key, cost in per_day.items()
    ]
    return DataFrame(rows, columns=["date", "key", "cost"])


def with_extra(daily: DataFrame, at: date, key: str, cost: float) -> DataFrame:
    extra = DataFrame([{"date": pd.Timestamp(at), "key": key, "cost": cost}])
    return pd.concat([daily, extra], ignore_index=True)


def test_a_single_stored_day_has_nothing_to_compare_with() -> None:
    found = daily_summary(costs(1, ec2=10.0), day=DAY, first_day=DAY)
    assert (found.cost, found.usual, found.fraction, found.last_month) == (10.0, None, None, None)
    assert (found.movers, found.week.before, found.month_end) == ((), None, None)
    assert (found.chart.labels, found.chart.series) == (("Nov 18",), (Series("Cost", (10.0,)),))


def test_days_that_are_not_stored_are_left_out_of_the_chart() -> None:
    young = daily_summary(costs(20, ec2=10.0), day=DAY, first_day=DAY - timedelta(days=19)).chart
    assert (len(young.labels), [line.name for line in young.series]) == (14, ["Cost"])
    old = daily_summary(costs(28, ec2=10.0), day=DAY, first_day=DAY - timedelta(days=27)).chart
    assert [line.name for line in old.series] == ["Cost", "Two weeks before"]


def test_a_price_per_month_does_not_move_when_a_longer_month_begins() -> None:
    days = pd.date_range("2025-05-01", "2026-03-07", freq="D")
    daily = DataFrame({"date": days, "key": "s3", "cost": 3000.0 / days.days_in_month.to_numpy()})
    found = daily_summary(daily, day=date(2026, 3, 7), first_day=date(2025, 5, 1))
    assert found.movers == ()
    assert found.week.fraction == pytest.approx(0, abs=1e-9)
    assert found.week.now == pytest.approx(3000 / 31)


def test_a_steady_bill_has_no_movers_and_a_usual_day() -> None:
    found = daily_summary(costs(70, ec2=10.0, s3=5.0), day=DAY, first_day=DAY - timedelta(days=69))
    assert (found.cost, found.usual, found.fraction) == (15.0, 15.0, 0.0)
    assert found.movers == ()
    assert found.week.per_day == pytest.approx(0.0)


def test_a_day_is_compared_with_its_own_weekday() -> None:
    daily = costs(70, ec2=10.0)
    weekend = pd.to_datetime(daily["date"]).dt.day_of_week >= 5
    daily = daily.assign(cost=daily["cost"].where(~weekend, 1.0))
    saturday = date(2026, 11, 14)
    found = daily_summary(daily, day=saturday, first_day=DAY - timedelta(days=69))
    assert (found.cost, found.usual) == (1.0, 1.0)


def test_one_burst_among_the_earlier_weekdays_does_not_make_it_the_usual() -> None:
    daily = with_extra(costs(70, ec2=10.0), DAY - timedelta(weeks=1), "ec2", 1000.0)
    found = daily_summary(daily, day=DAY, first_day=DAY - timedelta(days=69))
    assert found.usual == 10.0


def test_the_month_to_date_starts_on_the_first() -> None:
    found = daily_summary(costs(70, ec2=10.0), day=DAY, first_day=DAY - timedelta(days=69))
    assert (found.month_first, found.month_to_date, found.last_month) == (date(2026, 11, 1), 180.0, 310.0)


def test_half_a_month_before_is_no_last_month() -> None:
    found = daily_summary(costs(30, ec2=10.0), day=DAY, first_day=DAY - timedelta(days=29))
    assert found.last_month is None


def test_days_that_are_still_filling_are_left_out() -> None:
    daily = with_extra(costs(70, ec2=10.0), DAY + timedelta(days=1), "ec2", 3.0)
    assert daily_summary(daily, day=DAY, first_day=DAY - timedelta(days=69)).month_to_date == 180.0


def test_the_largest_movers_come_first_and_are_at_most_five() -> None:
    daily = costs(70, ec2=10.0)
    for number in range(7):
        for back in range(7):
            daily = with_extra(daily, DAY - timedelta(days=back), f"service {number}", float(number + 1))
    found = daily_summary(daily, day=DAY, first_day=DAY - timedelta(days=69), month_end=MonthEnd(1.0, 0.5, 2.0))
    assert [mover.name for mover in found.movers] == [f"service {n}" for n in (6, 5, 4, 3, 2)]
    assert len(found.movers) == MAX_MOVERS
    assert (found.movers[0].before, found.movers[0].now, found.movers[0].fraction) == (0.0, 7.0, None)
    assert found.month_end == MonthEnd(1.0, 0.5, 2.0)


def test_the_main_cause_is_the_service_that_makes_most_of_the_difference() -> None:
    steady = costs(70, ec2=10.0, s3=10.0)
    first = DAY - timedelta(days=69)
    assert daily_summary(steady, day=DAY, first_day=first).main_cause is None
    up = with_extra(with_extra(steady, DAY, "s3", 8.0), DAY, "ec2", 2.0)
    assert daily_summary(up, day=DAY, first_day=first).main_cause == "s3"
    new = with_extra(up, DAY, "bedrock", 90.0)
    assert daily_summary(new, day=DAY, first_day=first).main_cause == "bedrock"
    down = steady[~((steady["key"] == "s3") & (steady["date"] == pd.Timestamp(DAY)))]
    assert daily_summary(down, day=DAY, first_day=first).main_cause == "s3"


def test_an_even_rise_has_no_main_cause() -> None:
    daily = costs(70, a=10.0, b=10.0, c=10.0)
    for key in "abc":
        daily = with_extra(daily, DAY, key, 5.0)
    assert daily_summary(daily, day=DAY, first_day=DAY - timedelta(days=69)).main_cause is None


def test_small_change_of_a_large_bill_is_no_move() -> None:
    daily = costs(70, ec2=3000.0, s3=100.0)
    for back in range(7):
        daily = with_extra(daily, DAY - timedelta(days=back), "s3", 2.0)
    assert daily_summary(daily, day=DAY, first_day=DAY - timedelta(days=69)).movers == ()


def test_days_that_are_unknown_are_not_compared_and_what_is_stored_of_them_still_counts() -> None:
    """One of two providers told nothing of a Wednesday and the day after: their sums are parts."""
    daily = costs(60, aws=10.0, azure=5.0)
    holes = {date(2026, 11, 11), date(2026, 11, 12)}
    is_hole = daily["date"].dt.date.isin(list(holes)) & (daily["key"] == "azure")
    found = daily_summary(daily[~is_hole], day=DAY, first_day=DAY - timedelta(days=59), without=holes)
    assert (found.usual, found.fraction, found.week.per_day) == (15.0, 0.0, pytest.approx(0.0))
    assert found.movers == ()
    assert "Nov 11" not in found.chart.labels
    assert found.month_to_date == pytest.approx(18 * 15.0 - 2 * 5.0)
