"""Months of different length: what a comparison must not call a change, and what it must leave alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.month_fair import history_start, lengths_differ, month_fair
from analysis.movers import Period, compare, movers, periods

DAYS = pd.date_range("2024-03-01", "2025-03-31", freq="D")
BY_MONTH = 3000.0 / np.asarray(DAYS.days_in_month)
MARCH, FEBRUARY = Period(date(2025, 3, 1), date(2025, 4, 1)), Period(date(2025, 2, 1), date(2025, 3, 1))


def frame(values: np.ndarray, key: str = "disks") -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS, "key": key, "cost": values})


def test_nothing_stays_nothing() -> None:
    assert month_fair(frame(BY_MONTH).head(0), MARCH, FEBRUARY).daily.empty


def test_a_cost_by_the_day_is_left_alone() -> None:
    daily = frame(np.random.default_rng(1).normal(100, 3, len(DAYS)))
    found = month_fair(daily, MARCH, FEBRUARY)
    assert found.keys == ()
    pd.testing.assert_frame_equal(found.daily, daily[daily["date"] >= "2025-02-01"])


def test_the_frame_given_is_not_changed() -> None:
    daily = frame(BY_MONTH)
    month_fair(daily, MARCH, FEBRUARY)
    pd.testing.assert_frame_equal(daily, frame(BY_MONTH))


@pytest.mark.parametrize(
    ("now", "before", "differ"),
    [
        (Period(date(2025, 1, 1), date(2025, 2, 1)), Period(date(2024, 12, 1), date(2025, 1, 1)), False),
        (Period(date(2025, 1, 24), date(2025, 1, 31)), Period(date(2025, 1, 17), date(2025, 1, 24)), False),
        (MARCH, FEBRUARY, True),
        (*periods(30, date(2025, 1, 12), date(2024, 6, 1)), True),
        (*periods(30, date(2024, 10, 20), date(2024, 10, 1)), False),
    ],
)
def test_months_of_one_length_need_no_evening(now: Period, before: Period, differ: bool) -> None:
    assert lengths_differ(now, before) is differ
    assert month_fair(frame(BY_MONTH), now, before).keys == (("disks",) if differ else ())


def test_a_price_per_month_does_not_fall_from_february_to_march() -> None:
    daily = frame(BY_MONTH)
    as_billed = compare(daily, MARCH, FEBRUARY)
    fair = compare(month_fair(daily, MARCH, FEBRUARY).daily, MARCH, FEBRUARY)
    assert as_billed.fraction == pytest.approx(28 / 31 - 1)
    assert fair.fraction == pytest.approx(0, abs=1e-9)
    assert fair.now == as_billed.now, "what is told of now is the bill's"


def test_what_really_moves_still_moves() -> None:
    daily = frame(BY_MONTH * np.where(DAYS >= "2025-03-01", 1.2, 1.0))
    fair = compare(month_fair(daily, MARCH, FEBRUARY).daily, MARCH, FEBRUARY)
    assert fair.fraction == pytest.approx(0.2)


def test_only_the_key_with_a_price_per_month_is_evened_and_the_movers_add_up() -> None:
    daily = pd.concat([frame(BY_MONTH), frame(np.full(len(DAYS), 7.0), "other")], ignore_index=True)
    found = month_fair(daily, MARCH, FEBRUARY)
    assert found.keys == ("disks",)
    assert (found.daily.loc[found.daily["key"] == "other", "cost"] == 7).all()
    table = movers(found.daily, MARCH, FEBRUARY)
    total = compare(found.daily, MARCH, FEBRUARY).per_day
    assert table["change"].sum() == pytest.approx(total, abs=1e-9)


def test_weekends_beside_the_first_of_a_month_are_no_price_per_month() -> None:
    """In 2026 they lie so that compute rises and falls with the length of most months."""
    days = pd.date_range("2026-01-01", "2026-11-24", freq="D")
    noise = np.random.default_rng(3).normal(1, 0.01, len(days))
    daily = pd.DataFrame({"date": days, "key": "ec2", "cost": np.where(days.day_of_week >= 5, 80, 100) * noise})
    assert month_fair(daily, *periods(30, date(2026, 11, 24), date(2026, 1, 1))).keys == ()


def test_growth_hides_no_price_per_month() -> None:
    grown = BY_MONTH * 1.1 ** (np.arange(len(DAYS)) / 30)
    assert month_fair(frame(grown), MARCH, FEBRUARY).keys == ("disks",)


def test_too_short_a_history_says_nothing() -> None:
    daily = frame(BY_MONTH)
    for first, expected in (("2025-01-02", ()), ("2024-11-02", ("disks",))):
        assert month_fair(daily[daily["date"] >= first], MARCH, FEBRUARY).keys == expected


def test_of_few_months_one_that_does_not_follow_says_no() -> None:
    daily = frame(np.where(DAYS < "2025-02-01", 100.0, BY_MONTH))
    assert month_fair(daily[daily["date"] >= "2024-11-02"], MARCH, FEBRUARY).keys == ()


def test_a_key_that_cost_nothing_in_both_periods_is_not_named() -> None:
    gone = frame(np.where(DAYS < "2025-01-20", BY_MONTH, 0.0), "gone")
    daily = pd.concat([frame(BY_MONTH), gone], ignore_index=True)
    assert month_fair(daily, MARCH, FEBRUARY).keys == ("disks",)


def test_half_a_year_before_tells_a_price_per_month_in_every_season() -> None:
    days = pd.date_range("2023-06-01", "2025-08-31", freq="D")
    daily = pd.DataFrame({"date": days, "key": "disks", "cost": 3000.0 / np.asarray(days.days_in_month)})
    for month in pd.period_range("2024-07", "2025-08", freq="M"):
        now, before = periods(14, month.start_time.date() + pd.Timedelta(days=7), date(2023, 6, 1))
        history = daily[daily["date"] >= pd.Timestamp(history_start(now, before))]
        expected = ("disks",) if lengths_differ(now, before) else ()
        assert month_fair(history, now, before).keys == expected, month
