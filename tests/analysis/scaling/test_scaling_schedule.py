"""A load that comes every week at the same hours is told by other weeks; noise is not, however it is fitted."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.scaling.load import two_hourly
from analysis.scaling.schedule import Bounds, actions, plan, planned_at, predictability, unseen_plan, weekly_load

Values = NDArray[np.float64]
#: A Monday.
START = np.datetime64("2026-10-19T00:00", "s")
BOUNDS = Bounds(50.0, 1, 9)


def moments(weeks: int) -> NDArray[np.datetime64]:
    return START + np.arange(weeks * 7 * 288) * np.timedelta64(300, "s")


def office(weeks: int, high: float = 140.0) -> Values:
    hours = moments(weeks).astype("datetime64[h]").astype("int64")
    working = ((hours // 24 + 3) % 7 < 5) & (hours % 24 >= 8) & (hours % 24 < 18)
    return np.where(working, high, 20.0)


@pytest.mark.parametrize("weeks", [2, 4])
def test_noise_is_not_told_by_other_weeks(weeks: int) -> None:
    noise = np.random.default_rng(3).uniform(0, 100, (weeks * 168, 1)).repeat(12, axis=1).ravel()

    assert predictability(weekly_load(noise, moments(weeks))) < 0.1


def test_a_load_that_never_moves_has_nothing_to_be_told() -> None:
    assert np.isnan(predictability(weekly_load(np.full(4 * 2016, 30.0), moments(4))))


def test_one_week_tells_nothing() -> None:
    assert np.isnan(predictability(weekly_load(office(1), moments(1))))


def test_office_hours_are_told_by_other_weeks() -> None:
    noisy = office(4) * np.random.default_rng(5).uniform(0.9, 1.1, 4 * 2016)

    assert predictability(weekly_load(noisy, moments(4))) > 0.95


def test_a_week_off_lowers_it() -> None:
    holiday = office(4)
    holiday[-2016:] = 20.0

    assert predictability(weekly_load(holiday, moments(4))) < 0.6


def test_the_slots_are_hours_of_the_week_from_monday() -> None:
    weekly = weekly_load(office(2), moments(2))

    assert weekly.weeks == 2
    assert weekly.mean.shape == (2, 168)
    assert np.flatnonzero(weekly.mean[0] == 140.0)[:10].tolist() == list(range(8, 18))
    assert (weekly.mean[:, 5 * 24 :] == 20.0).all()


def test_an_hour_without_data_stays_missing_and_gets_the_most() -> None:
    gap = office(2)
    slots = np.arange(len(gap)) // 12 % 24
    gap[slots == 3] = np.nan
    weekly = weekly_load(gap, moments(2))

    assert np.isnan(weekly.mean[:, 3]).all()
    assert plan(weekly, BOUNDS)[:, 3].tolist() == [9, 9]


def test_a_plan_holds_the_highest_load_of_any_such_day() -> None:
    peak = office(4)
    peak[9 * 12] = 260.0  # one Monday at nine

    sizes = plan(weekly_load(peak, moments(4)), BOUNDS)

    assert sizes[0].tolist() == [1] * 8 + [3, 6] + [3] * 8 + [1] * 6
    assert sizes[1].tolist() == [1] * 24


def test_a_plan_is_tried_on_a_week_it_does_not_know() -> None:
    """A peak of one week alone is in the plan of the others only."""
    peak = office(4)
    peak[9 * 12] = 260.0
    weekly = weekly_load(peak, moments(4))

    unseen = unseen_plan(weekly, moments(4), BOUNDS)

    assert unseen[9 * 12] == 3
    assert unseen[9 * 12 + 2016] == 6


def test_actions_rise_before_their_hour_and_fall_on_it() -> None:
    sizes = plan(weekly_load(office(2), moments(2)), BOUNDS)

    assert actions(sizes, lead_minutes=10) == [
        ("0 0 * * MON-FRI", 1),
        ("50 7 * * MON-FRI", 3),
        ("0 18 * * MON-FRI", 1),
        ("0 0 * * SAT,SUN", 1),
    ]


def test_a_rise_at_midnight_is_launched_on_the_day_before() -> None:
    sizes = np.array([[4.0] * 6 + [1.0] * 18, [1.0] * 24])

    assert actions(sizes, lead_minutes=10) == [
        ("50 23 * * SUN-THU", 4),
        ("0 0 * * MON-FRI", 4),
        ("0 6 * * MON-FRI", 1),
        ("0 0 * * SAT,SUN", 1),
    ]


def test_planned_sizes_follow_hour_and_kind_of_day() -> None:
    sizes = np.array([np.arange(24.0), np.full(24, 50.0)])
    at = START + np.array([0, 13, 5 * 24]) * np.timedelta64(3600, "s")

    assert planned_at(sizes, at).tolist() == [0, 13, 50]


def test_the_chart_s_hours_are_those_of_working_days() -> None:
    assert two_hourly(office(2), moments(2)) == (20, 20, 20, 20, 140, 140, 140, 140, 140, 20, 20, 20)
    assert two_hourly(np.full(2016, np.nan), moments(1)) == (None,) * 12
