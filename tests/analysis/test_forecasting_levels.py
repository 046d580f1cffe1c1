"""Where a level goes: new ones, cycles, last year's seasons, and keys that hardly have one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.forecasting import forecast, levels
from analysis.forecasting.homes import LEAST_KNOWN, YEAR_DAYS, homes
from analysis.forecasting.last_year import last_year
from analysis.forecasting.levels import HOMEWARDS, QUICKEST, SLOW, ways
from analysis.ordinary_costs import AROUND

DAYS = pd.date_range("2024-11-04", periods=430, freq="D")
AHEAD = 30


def frame(values: np.ndarray, key: str = "key") -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS[-len(values) :], "key": key, "cost": values})


def noise(size: int, sigma: float) -> np.ndarray:
    return np.exp(np.random.default_rng(3).normal(0, sigma, size))


def growing(falls: list[int]) -> np.ndarray:
    """Two per cent of 100 more a week, and back to 100 on each of `falls`."""
    since = np.array([day - max([fall for fall in falls if fall <= day], default=falls[0] - 90) for day in range(460)])
    return np.asarray(100 * (1 + 0.02 * since / 7))


def test_falls_without_a_rhythm_are_not_foretold() -> None:
    values = growing([60, 170, 250, 400]) * noise(460, 0.005)
    told = forecast(frame(values[:430]), AHEAD)["mean"]
    assert told.min() > 0.97 * values[429]


def test_a_flat_key_has_no_seasons() -> None:
    usual = np.where(np.arange(430) < 80, 100.0, 104.0)[:, None]
    assert (last_year(usual, np.array([0.02]), AHEAD) == 1).all()


def test_nothing_is_said_of_a_year_that_is_not_known() -> None:
    usual = np.linspace(100, 200, 380)[:, None]
    assert (last_year(usual, np.array([0.2]), AHEAD) == 1).all()
    late = np.where(np.arange(430) < 60, np.nan, 100.0)[:, None]
    assert (last_year(late, np.array([0.2]), AHEAD) == 1).all()


def test_last_years_change_is_expected_again_in_part() -> None:
    usual = np.linspace(100, 529, 430)[:, None]
    told = last_year(usual, np.array([0.2]), AHEAD)[:, 0]
    assert (np.diff(told) > 0).all()
    assert 1 < told[-1] < usual[95, 0] / usual[65, 0]


def test_a_horizon_beyond_a_year_ends_where_last_year_did() -> None:
    told = last_year(np.linspace(100, 120, 430)[:, None], np.array([0.2]), 400)
    assert told.shape == (400, 1)
    assert (told[364:] == told[363]).all()


def test_falls_in_a_rhythm_come_on_their_day() -> None:
    values = growing([40, 140, 240, 340, 440]) * noise(460, 0.005)
    told = forecast(frame(values[:430]), AHEAD)["mean"].to_numpy()
    assert np.abs(told[:9] / values[430:439] - 1).max() < 0.03
    assert np.abs(told[11:] / values[441:] - 1).max() < 0.03


def test_the_usual_step_goes_on_through_a_fall() -> None:
    level = growing([60, 170, 250, 405])[339:430, None]
    *_, stepping = ways(level, np.array([np.nan])).straight[:, 0]
    assert np.isclose(stepping, 2 / 7)


def test_an_always_on_cost_is_known_on_days_off_too() -> None:
    days = pd.date_range("2024-06-01", "2024-12-31", freq="D")
    values = np.where(days >= "2024-12-26", 94.0, 100.0) * noise(len(days), 0.001)
    told = forecast(pd.DataFrame({"date": days, "key": "key", "cost": values}), AHEAD)
    assert told["mean"].between(93.5, 94.5).all()


def test_a_quiet_cost_is_followed_to_a_new_level_within_days() -> None:
    values = 100 * noise(430, 0.001)
    values[-6:] *= 0.96
    assert forecast(frame(values), AHEAD)["mean"].between(95.5, 96.5).all()


def test_a_few_days_are_no_new_level() -> None:
    values = 100 * noise(430, 0.001)
    values[-3:] *= 0.96
    assert forecast(frame(values), AHEAD)["mean"].min() > 97


def test_nothing_but_a_monthly_charge_is_forecast_on_its_day_alone() -> None:
    told = forecast(frame(np.where(DAYS.day == 20, 900.0, 0.0)), AHEAD).set_index("date")["mean"]
    due = told.index.day == 20
    assert told[due].between(880, 920).all()
    assert told[~due].max() < 1


def test_a_cost_on_few_days_is_forecast_at_its_mean() -> None:
    rng = np.random.default_rng(5)
    values = np.where(rng.random(430) < 0.3, rng.uniform(50, 150, 430), 0.0)
    told = forecast(frame(values), AHEAD)["mean"]
    assert np.isclose(told.mean(), values[-91:].mean(), rtol=0.1)
    assert np.isclose(told.min(), told.max())


def test_a_home_of_too_few_days_is_not_known() -> None:
    lasted = np.full((LEAST_KNOWN + AROUND, 1), 100.0)
    assert np.isnan(homes(lasted[1:], (len(lasted) - 1,))).all()
    assert (homes(lasted, (len(lasted),)) == 100).all()


def test_a_home_is_the_mean_of_the_year_known_before_its_start() -> None:
    expected = np.arange(430.0)[:, None]
    expected[:200] = np.nan
    assert homes(expected, (430, 300))[:, 0].tolist() == [(200 + 422) / 2, (200 + 292) / 2]
    assert homes(np.arange(430.0)[:, None], (430,)) == 422 - (YEAR_DAYS - 1) / 2


def test_a_home_knows_nothing_of_what_came_after_its_start() -> None:
    expected = np.full((430, 1), 100.0)
    other = expected.copy()
    other[300 - AROUND :] = np.nan
    assert homes(expected, (300,)) == homes(other, (300,))


def test_a_level_goes_a_part_of_the_way_home() -> None:
    told = ways(np.full((91, 2), 100.0), np.array([200.0, np.nan]))
    far = told.at(np.array([1e4]))[0]
    begun = len(told.now) - 3
    assert np.allclose(told.now[[begun, begun + 1]], 100)
    assert np.allclose(far[[begun, begun + 1]], [100 * (1 + HOMEWARDS), 100])


def test_a_level_leaves_for_home_from_where_it_is_now_or_was_of_late() -> None:
    level = np.concatenate([np.full(84, 100.0), np.full(7, 150.0)])[:, None]
    told = ways(level, np.array([100.0]))
    begun = len(told.now) - 3
    assert np.allclose(told.now[[begun, begun + 1]], told.now[[QUICKEST, SLOW]])


def test_a_cost_that_always_came_home_is_expected_nearer_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It strays for three weeks or so at a time, and has just risen by half."""
    steps = np.random.default_rng(8).normal(0, 0.06, 430)
    away = np.zeros(430)
    for day in range(1, 430):
        away[day] = 0.95 * away[day - 1] + steps[day]
    away[400:] += np.linspace(0, 0.4 - away[429], 30)
    strayed = frame(100 * np.exp(away))
    told = forecast(strayed, AHEAD)["mean"].to_numpy()
    monkeypatch.setattr(levels, "HOMEWARDS", 0.0)
    stayed = forecast(strayed, AHEAD)["mean"].to_numpy()
    assert told[-1] < 0.98 * stayed[-1]
    assert abs(told[0] / stayed[0] - 1) < 0.01


def test_growth_is_not_expected_to_come_home(monkeypatch: pytest.MonkeyPatch) -> None:
    grown = frame(100 * 1.003 ** np.arange(430) * noise(430, 0.01))
    told = forecast(grown, AHEAD)["mean"].to_numpy()
    monkeypatch.setattr(levels, "HOMEWARDS", 0.0)
    assert np.allclose(told, forecast(grown, AHEAD)["mean"], rtol=0.003)
