"""The late-arrival curve: close to a known truth, never wishful, and a stated prior where too little was seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import DataFrame, Timestamp

from analysis.arrival_curve import (
    LEAST_DAYS,
    PRIOR,
    SETTLED_HOURS,
    ArrivalCurve,
    arrival_curve,
    arrival_curves,
)
from analysis.models import from_json, to_json
from bot.demo.aws.ledger_arrival import LATE_SERVICES, corrected, reported

FIRST = date(2026, 9, 1)


def told(
    arrived: Callable[[int, float], float],
    *,
    days: int = 30,
    every: float = 6.0,
    start: float = 5.0,
    until: float = 260.0,
    final: float = 1000.0,
) -> DataFrame:
    """What a source tells of each day every few hours: `arrived(day, age)` of its final cost."""
    ages = np.arange(start, until, every)
    rows = [
        (FIRST + timedelta(days=day), float(age), final * arrived(day, float(age)))
        for day in range(days)
        for age in ages
    ]
    return DataFrame(rows, columns=["date", "age_hours", "cost"])


def linear(lag: float) -> Callable[[int, float], float]:
    """All is told `lag` hours after it was used."""
    return lambda _, age: float(np.clip((age - lag) / 24.0, 0.0, 1.0))


def test_nothing_seen_is_the_prior() -> None:
    assert arrival_curve(DataFrame({"date": [], "age_hours": [], "cost": []})) is PRIOR
    assert arrival_curves(DataFrame({"provider": [], "date": [], "age_hours": [], "cost": []})) == {}
    assert not PRIOR.is_learnt


def test_six_days_are_too_few() -> None:
    assert arrival_curve(told(linear(6), days=LEAST_DAYS - 1)) is PRIOR
    assert arrival_curve(told(linear(6), days=LEAST_DAYS)).days == LEAST_DAYS


def test_days_that_may_still_change_teach_nothing() -> None:
    assert arrival_curve(told(lambda _, age: age / 1000, until=SETTLED_HOURS - 1)) is PRIOR


def test_what_stood_still_for_four_days_is_final_before_the_ninth() -> None:
    assert arrival_curve(told(linear(6), until=150)).days == 30
    assert arrival_curve(told(linear(6), until=110)) is PRIOR


def test_the_prior_says_what_is_known_of_aws() -> None:
    morning = PRIOR.at(34)
    assert (morning.low, morning.high) == (0.35, 0.80)
    assert PRIOR.at(20).high < 0.6
    assert PRIOR.at(50).low == 0.97
    assert PRIOR.at(9 * 24).low == 1.0


@pytest.mark.parametrize("lag", [3.0, 12.0, 30.0, 60.0])
@pytest.mark.parametrize("every", [4.0, 12.0, 24.0])
def test_a_constant_lag_is_found(lag: float, every: float) -> None:
    curve = arrival_curve(told(linear(lag), every=every))
    assert curve.days == 30
    for age in (12.0, 24.0, 34.0, 48.0, 72.0, 96.0):
        assert curve.at(age).typical == pytest.approx(linear(lag)(0, age), abs=0.25 * every / 24 + 0.03)


def test_a_quarter_of_days_that_come_late_lower_the_range_and_not_the_middle() -> None:
    curve = arrival_curve(told(lambda day, age: linear(48 if day % 4 == 0 else 6)(day, age)))
    assert curve.at(40).typical == pytest.approx(1.0)
    assert curve.at(40).low < 0.1
    assert curve.at(40).high == pytest.approx(1.0)


def test_the_demo_s_arrival_is_learnt() -> None:
    """Twelve services, three of them late, with the corrections of nine days; looked at every five hours."""
    services = ["x", "y", "z", "a", "b", "c", "d", "e", "f", *sorted(LATE_SERVICES)[:3]]
    final = np.array([900, 400, 200, *[50] * 6, 120, 90, 60], dtype=float)
    days = np.array([(FIRST + timedelta(days=n)).toordinal() for n in range(40)])

    def share(now: datetime) -> np.ndarray:
        known = reported(7, services, days, now) * corrected(7, services, days, now)
        return np.asarray(final @ known / final.sum())

    rows, truth = [], {}
    for look in range(0, 50 * 24, 5):
        now = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(hours=look)
        for ordinal, part in zip(days, share(now), strict=True):
            day = date.fromordinal(int(ordinal))
            if day <= now.date():
                rows.append((day, now, 1900.0 * part))
    for age in (8, 16, 24, 34, 44, 58, 100):
        moments = [datetime.fromordinal(int(day)).replace(tzinfo=UTC) + timedelta(hours=age) for day in days]
        truth[age] = float(np.median([share(moment)[n] for n, moment in enumerate(moments)]))
    curve = arrival_curve(DataFrame(rows, columns=["date", "observed_at", "cost"]))
    assert curve.days >= 35
    for age, share_then in truth.items():
        assert curve.at(age).typical == pytest.approx(share_then, abs=0.02), age
    assert 0.85 < curve.at(34).typical < 0.99
    assert curve.at(50).low > 0.98


def test_a_bill_that_is_corrected_downwards_was_never_more_than_in() -> None:
    curve = arrival_curve(told(lambda _, age: 1.2 if 30 < age < 100 else linear(6)(0, age)))
    assert curve.at(60).high == 1.0


def test_days_without_cost_and_net_credits_teach_nothing() -> None:
    assert arrival_curve(told(linear(6), final=0.0)) is PRIOR
    assert arrival_curve(told(linear(6), final=-80.0)) is PRIOR


def test_a_source_that_goes_back_to_zero_teaches_nothing() -> None:
    assert arrival_curve(told(lambda _, age: 0.0 if age > 200 else linear(6)(0, age))) is PRIOR


def test_what_was_told_before_the_day_began_is_a_wrong_clock() -> None:
    right = told(linear(6))
    wrong = DataFrame({"date": [FIRST], "age_hours": [-400.0], "cost": [5e6]})
    assert arrival_curve(DataFrame({c: [*wrong[c], *right[c]] for c in right.columns})) == arrival_curve(right)


def test_two_sources_of_a_provider_are_not_mixed() -> None:
    one, other = told(linear(6)), told(linear(6), final=500.0)
    both = DataFrame(
        {
            "source": ["cost_explorer"] * len(one) + ["focus"] * len(other),
            **{column: [*one[column], *other[column]] for column in one.columns},
        }
    )
    assert arrival_curve(both).typical == arrival_curve(one).typical


def test_an_age_that_nobody_looked_at_is_not_made_up() -> None:
    """Looked at on the third morning first: what was in before is known by nobody, and not taken from the end."""
    curve = arrival_curve(told(linear(40), start=60.0))
    assert curve.at(30).typical < 0.6
    assert curve.at(68).typical == pytest.approx(1.0)


def test_each_provider_has_its_own() -> None:
    quick, slow = told(linear(4)).assign(provider="AWS"), told(linear(60)).assign(provider="Microsoft")
    young = told(linear(4), days=3).assign(provider="Oracle")
    frame = DataFrame(
        {
            column: [*quick[column], *slow[column], *young[column]]
            for column in ("provider", "date", "age_hours", "cost")
        }
    )
    curves = arrival_curves(frame)
    assert curves["AWS"].at(36).typical == pytest.approx(1.0)
    assert curves["Microsoft"].at(72).typical == pytest.approx(0.5, abs=0.05)
    assert curves["Oracle"] is PRIOR


def test_a_curve_survives_json() -> None:
    curve = arrival_curve(told(linear(6)))
    assert from_json(ArrivalCurve, to_json(curve)) == curve


looks = st.lists(
    st.tuples(st.integers(0, 12), st.floats(-30, 400), st.floats(-50, 1e6)),
    min_size=1,
    max_size=120,
)


@settings(deadline=None, max_examples=60)
@given(looks, st.randoms(use_true_random=False))
def test_any_looks_make_a_rising_share_whatever_their_order(
    rows: list[tuple[int, float, float]], random: object
) -> None:
    frame = DataFrame(
        [(FIRST + timedelta(days=day), age, cost) for day, age, cost in rows], columns=["date", "age_hours", "cost"]
    )
    curve = arrival_curve(frame)
    at = [curve.at(age) for age in np.linspace(-10, 500, 60)]
    for line in (curve.low, curve.typical, curve.high):
        assert all(0.0 <= share <= 1.0 for share in line)
        assert list(line) == sorted(line)
    assert all(one.low <= one.typical <= one.high for one in at)
    assert (at[0].typical, at[-1].typical) == (0.0, 1.0)
    shuffled = list(range(len(frame)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert arrival_curve(frame.iloc[shuffled]) == curve


def test_dates_may_be_timestamps_and_moments_of_any_zone() -> None:
    frame = told(linear(6))
    moments = [
        Timestamp(day, tz="UTC").tz_convert("Asia/Tokyo") + timedelta(hours=age)
        for day, age in zip(frame["date"], frame["age_hours"], strict=True)
    ]
    told_then = DataFrame(
        {"date": [Timestamp(day) for day in frame["date"]], "observed_at": moments, "cost": frame["cost"]}
    )
    assert arrival_curve(told_then).at(24).typical == pytest.approx(arrival_curve(frame).at(24).typical)
