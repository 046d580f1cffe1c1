"""All keys by one factor on one day is another currency, and no incident; a few keys, or not quite one factor, are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import detect
from analysis.forecasting import forecast, month_end
from analysis.trends import trend

DAYS = pd.date_range("2025-06-02", periods=75, freq="D")
AT = 63
FLAT, REAL = (0.0005,), (0.0005, 0.03, 0.1)


def bill(
    factor: float = 1.0, *, keys: int = 15, noise: tuple[float, ...] = FLAT, until: int = len(DAYS)
) -> pd.DataFrame:
    """Costs of many keys, by `factor` from day `AT` on."""
    rng = np.random.default_rng(8)
    day = np.arange(len(DAYS))
    frames = []
    for number in range(keys):
        weekday = np.where(DAYS.day_of_week >= 5, rng.uniform(0.5, 1.0), 1.0)
        cost = rng.uniform(30, 900) * weekday * np.exp(rng.normal(0, noise[number % len(noise)], len(DAYS)))
        cost = cost * np.where((day >= AT) & (day < until), factor, 1.0)
        frames.append(pd.DataFrame({"date": DAYS, "key": f"key {number:02d}", "cost": cost}))
    return pd.concat(frames, ignore_index=True)


@pytest.mark.parametrize(("factor", "noise"), [(150.0, REAL), (0.0066, REAL), (1.37, FLAT)])
def test_another_currency_is_silent(factor: float, noise: tuple[float, ...]) -> None:
    assert detect(bill(factor, noise=noise)).empty


@pytest.mark.parametrize("days", [0, 1])
def test_it_is_silent_on_each_of_the_first_mornings(days: int) -> None:
    assert detect(bill(150.0, noise=REAL), as_of=DAYS[AT + days]).empty


def test_days_after_the_change_are_held_against_the_days_before_in_the_new_currency() -> None:
    now, once = (detect(bill(factor, noise=REAL), return_all=True) for factor in (150.0, 1.0))
    after = now["date"] >= DAYS[AT]
    np.testing.assert_allclose(now["expected"][after], 150 * once["expected"][after], rtol=0.02)
    pd.testing.assert_frame_equal(now[now["alert_date"] < DAYS[AT]], once[once["alert_date"] < DAYS[AT]])


def test_a_new_key_in_the_new_currency_is_new() -> None:
    late = bill(150.0, keys=1).assign(key="late")
    found = detect(pd.concat([bill(150.0, noise=REAL), late[late["date"] > DAYS[AT]]]))
    assert list(found["key"]) == ["late"]
    assert list(found["kind"]) == ["new"]
    assert list(found["alert_date"]) == [DAYS[AT + 1]]


def test_four_keys_that_rise_together_are_four_incidents() -> None:
    assert set(detect(bill(3.0, keys=4))["key"]) == {f"key {number:02d}" for number in range(4)}


def test_copies_of_one_key_are_one_witness() -> None:
    one = bill(keys=1)
    copies = [one.assign(key=f"copy {number}") for number in range(7)]
    hit = [frame.assign(cost=frame["cost"] * np.where(frame["date"] >= DAYS[AT], 3.0, 1.0)) for frame in copies]
    assert detect(pd.concat(hit))["key"].nunique() == 7


def test_keys_that_rise_while_others_do_not_are_incidents() -> None:
    frame = pd.concat([bill(3.0, keys=6), bill(keys=6).assign(key=lambda one: "flat " + one["key"])])
    assert detect(frame)["key"].nunique() == 6


def test_noisy_keys_that_all_double_are_incidents() -> None:
    assert detect(bill(2.0, noise=(0.04,)))["key"].nunique() >= 12


@pytest.mark.parametrize(("factor", "noise"), [(6.0, (0.04,)), (0.15, (0.04,)), (2.0, FLAT), (0.1, FLAT)])
def test_everything_that_runs_away_or_stops_is_told(factor: float, noise: tuple[float, ...]) -> None:
    assert detect(bill(factor, noise=noise))["key"].nunique() == 15


def test_one_day_of_everything_is_told_as_soon_as_the_next_day_is_as_usual() -> None:
    found = detect(bill(3.1, until=AT + 1))
    assert found["key"].nunique() == 15
    assert set(found["alert_date"]) == {DAYS[AT + 1]}


def test_truncating_the_future_changes_no_verdict_around_a_change() -> None:
    for frame in (bill(150.0, noise=REAL), bill(3.1, until=AT + 1)):
        every = detect(frame, return_all=True)
        for day in range(AT, AT + 3):
            then = detect(frame, as_of=DAYS[day], return_all=True)
            before, after = (one[one["alert_date"] <= DAYS[day]].reset_index(drop=True) for one in (then, every))
            pd.testing.assert_frame_equal(before, after)


def test_since_changes_no_verdict_after_a_change() -> None:
    frame = bill(150.0, noise=REAL)
    frame.loc[(frame["key"] == "key 03") & (frame["date"] == DAYS[-1]), "cost"] *= 3
    pd.testing.assert_frame_equal(detect(frame), detect(frame, since=DAYS[-2]))


def test_a_forecast_is_in_the_newest_currency() -> None:
    before, after = forecast(bill(noise=REAL)), forecast(bill(150.0, noise=REAL))
    assert after["mean"].sum() == pytest.approx(150 * before["mean"].sum(), rel=0.02)
    assert after["hi95"].sum() == pytest.approx(150 * before["hi95"].sum(), rel=0.02)


def test_a_trend_does_not_take_a_currency_for_growth() -> None:
    assert list(trend(bill(150.0))["direction"]) == list(trend(bill())["direction"])


def test_a_month_of_two_currencies_has_no_sum() -> None:
    assert DAYS[AT].day == 4
    with pytest.raises(ValueError, match=r"change by one factor .* on 2025-08-04: a month of two currencies"):
        month_end(bill(150.0), DAYS[AT + 5].date())
    assert month_end(bill(150.0), DAYS[AT - 4].date())["mean"].sum() > 0
