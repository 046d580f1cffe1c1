"""The facts behind a verdict: the same ones that the detector goes by."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import detect
from analysis.anomalies.day_facts import Burst, day_facts, same_month_days
from analysis.anomalies.holidays import near_days_off

FIRST = date(2026, 5, 1)
LAST = date(2026, 9, 15)


def series(bursts: dict[date, float], *, key: str = "a", usual: float = 100.0) -> pd.DataFrame:
    """Ordinary days with a little noise, and bursts of dollars on some."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    noise = np.random.default_rng(7).normal(0.0, 1.0, len(days))
    cost = [usual + own + bursts.get(day, 0.0) for day, own in zip(days, noise, strict=True)]
    return pd.DataFrame({"date": days, "key": key, "cost": cost})


def lines(bursts: dict[date, float]) -> pd.DataFrame:
    verdicts = detect(series(bursts), return_all=True)
    return verdicts.set_index("date")[["cost", "expected"]]


def facts(bursts: dict[date, float], day: date = LAST) -> object:
    return day_facts(lines(bursts), day, first_day=day, min_impact=10.0, min_pct=0.2)


def test_without_a_charge_before_there_is_none() -> None:
    assert facts({LAST: 300.0}).month_day == ()  # type: ignore[attr-defined]


def test_a_burst_on_another_day_is_no_charge_of_this_one() -> None:
    assert facts({LAST: 300.0, date(2026, 8, 19): 200.0}).month_day == ()  # type: ignore[attr-defined]


def test_a_smaller_charge_of_the_month_before_is_named_with_its_dollars() -> None:
    (burst,) = facts({LAST: 900.0, date(2026, 8, 15): 200.0}).month_day  # type: ignore[attr-defined]
    assert burst.day == date(2026, 8, 15)
    assert burst.excess == pytest.approx(200.0, abs=5.0)
    assert isinstance(burst, Burst)


@pytest.mark.parametrize("off", range(-4, 5))
def test_the_days_of_the_month_are_those_the_detector_goes_by(off: int) -> None:
    """A burst as large as one of a month ago is excused on the days that are named, and on no other."""
    then = date(2026, 8, 15) + timedelta(days=off)
    found = detect(series({then: 300.0, LAST: 300.0}), since=LAST)
    is_excused = found[found["is_anomaly"]].empty
    assert is_excused == (then in same_month_days(LAST))


def test_same_weekdays_are_those_before_the_incident_and_at_most_eight() -> None:
    frame = pd.DataFrame({"cost": range(100), "expected": 0.0}, index=pd.date_range(end=LAST, periods=100))
    found = day_facts(frame.astype(float), LAST, first_day=LAST - timedelta(days=10), min_impact=10.0, min_pct=0.2)
    assert found.same_weekdays == tuple(float(99 - 7 * week) for week in range(2, 10))


def test_an_unknown_day_is_no_weekday_to_compare_with() -> None:
    frame = pd.DataFrame({"cost": [1.0] * 30, "expected": 1.0}, index=pd.date_range(end=LAST, periods=30))
    frame.loc[pd.Timestamp(LAST - timedelta(days=7)), "cost"] = float("nan")
    assert len(day_facts(frame, LAST, first_day=LAST, min_impact=10.0, min_pct=0.2).same_weekdays) == 3


@pytest.mark.parametrize(
    ("day", "is_off"), [(date(2026, 9, 15), False), (date(2026, 11, 26), True), (date(2026, 12, 28), True)]
)
def test_days_off_are_those_of_the_detector(day: date, is_off: bool) -> None:
    frame = pd.DataFrame({"cost": [1.0], "expected": [1.0]}, index=[pd.Timestamp(day)])
    assert day_facts(frame, day, first_day=day, min_impact=10.0, min_pct=0.2).is_day_off == is_off


def test_a_charge_may_slip_over_the_border_of_a_month() -> None:
    assert date(2026, 8, 1) in same_month_days(date(2026, 8, 31))
    assert date(2026, 7, 31) in same_month_days(date(2026, 9, 1))
    assert date(2026, 8, 30) not in same_month_days(date(2026, 9, 1))


def test_days_around_a_day_off_are_near_it() -> None:
    days = pd.date_range("2025-06-30", "2025-07-07", freq="D")
    assert list(near_days_off(days)) == [False, False, True, True, True, True, True, False]
    assert near_days_off(pd.DatetimeIndex([])).size == 0
