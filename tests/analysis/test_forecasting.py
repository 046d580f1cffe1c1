"""Forecasts: what must never happen, what is known by construction, and how good they are on held-out bills."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.forecasting import forecast, month_end
from tests.analysis.generators import bills

DAYS = pd.date_range("2025-03-03", periods=280, freq="D")


def frame(values: np.ndarray, key: str = "key") -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS[: len(values)], "key": key, "cost": values})


def test_nothing_is_forecast_from_nothing() -> None:
    empty = pd.DataFrame({"date": pd.Series(dtype="datetime64[ns]"), "key": [], "cost": []})
    assert forecast(empty).empty
    assert month_end(empty, date(2026, 1, 10)).empty


@settings(max_examples=20, deadline=None)
@given(costs=st.lists(st.floats(0, 1e5), min_size=1, max_size=70))
def test_costs_are_never_forecast_negative_and_bands_are_nested(costs: list[float]) -> None:
    told = forecast(frame(np.array(costs)), 20)
    assert len(told) == 20
    numbers = told[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    assert np.isfinite(numbers).all()
    assert (numbers >= 0).all()
    assert (np.diff(numbers, axis=1)[:, [1, 2]] >= -1e-9).all()


def test_credits_stay_negative() -> None:
    assert (forecast(frame(np.full(120, -40.0)))["mean"] < -30).all()


def test_unrelated_keys_and_row_order_do_not_matter() -> None:
    daily = bills(3, series=12, incident_share=0).daily
    key = daily["key"].iloc[0]
    alone = forecast(daily[daily["key"] == key])
    among = forecast(daily.sample(frac=1, random_state=1))
    among = among[among["key"] == key].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, among)


def test_an_infinite_cost_is_refused_with_its_day() -> None:
    values = np.full(60, 10.0)
    values[31] = np.inf
    with pytest.raises(ValueError, match="'key' on 2025-04-03"):
        forecast(frame(values))


def test_one_day_is_enough_for_a_forecast() -> None:
    told = forecast(frame(np.array([12.0])), 3)
    assert told["mean"].round(6).tolist() == [12.0] * 3
    assert (told["hi95"] > told["mean"]).all()


def test_two_rows_of_one_day_are_one_cost() -> None:
    halves = pd.concat([frame(np.full(90, 5.0)), frame(np.full(90, 5.0))])
    pd.testing.assert_frame_equal(forecast(halves), forecast(frame(np.full(90, 10.0))))


def test_a_day_that_is_not_known_is_no_day_without_cost() -> None:
    unknown, zero = np.full(120, 100.0), np.full(120, 100.0)
    unknown[112:118] = np.nan
    zero[112:118] = 0
    assert forecast(frame(unknown))["mean"].between(99, 101).all()
    assert forecast(frame(zero))["mean"].max() < 99


def test_a_day_of_the_month_that_is_not_known_counts_with_what_is_expected_of_it() -> None:
    values = 10 * np.where(DAYS.day_of_week >= 5, 0.5, 1.0)
    whole = month_end(frame(values), date(2025, 11, 20)).iloc[0]
    values[DAYS.get_loc("2025-11-12")] = np.nan
    holed = month_end(frame(values), date(2025, 11, 20)).iloc[0]
    assert round(whole["mtd"] - holed["mtd"], 6) == 10
    assert abs(holed["mean"] - whole["mean"]) < 0.5
    assert holed["hi95"] - holed["lo95"] > whole["hi95"] - whole["lo95"]


def test_an_unknown_day_is_still_not_known_when_the_month_is_over() -> None:
    values = np.full(280, 10.0)
    values[DAYS.get_loc("2025-11-12")] = np.nan
    told = month_end(frame(values), date(2025, 11, 30)).iloc[0]
    assert round(told["mtd"], 6) == 290
    assert abs(told["mean"] - 300) < 0.1
    assert told["lo95"] < told["mean"] < told["hi95"]


def test_a_first_day_within_the_month_leaves_nothing_unknown_before_it() -> None:
    daily = frame(np.full(20, 10.0)).assign(date=pd.date_range("2025-11-11", periods=20, freq="D"))
    other = frame(np.full(280, 1.0), "other")
    told = month_end(pd.concat([daily, other]), date(2025, 11, 30)).set_index("key").loc["key"]
    assert told.round(6).tolist() == [200.0] * 6


def test_a_year_that_ends_on_days_off_takes_no_level_away() -> None:
    days = pd.date_range("2024-11-01", "2024-12-31", freq="D")
    daily = pd.DataFrame({"date": days, "key": "key", "cost": 100.0})
    assert forecast(daily)["mean"].between(98, 102).all()


def test_office_hours_go_on_after_the_holidays() -> None:
    days = pd.date_range("2024-11-01", "2025-01-06", freq="D")
    closed = (days.day_of_week >= 5) | ((days >= "2024-12-24") & (days <= "2025-01-02"))
    daily = pd.DataFrame({"date": days, "key": "key", "cost": np.where(closed, 10.0, 100.0)})
    told = forecast(daily, 14)
    assert told.loc[told["date"].dt.day_of_week < 5, "mean"].between(95, 105).all()


def test_a_cost_that_rose_from_nothing_has_an_end_to_its_band() -> None:
    values = np.zeros(280)
    values[150:160], values[270:] = 500.0, 400.0
    told = forecast(frame(values))
    assert told["hi95"].max() < 20 * 500


def test_a_holiday_dips_as_it_did_a_year_ago_and_others_do_not() -> None:
    days = pd.date_range("2024-10-01", "2025-11-20", freq="D")
    closed = days.strftime("%Y-%m-%d") == "2024-11-28"
    daily = pd.DataFrame({"date": days, "key": "key", "cost": np.where(closed, 30.0, 100.0)})
    told = forecast(daily, 14).set_index("date")["mean"]
    assert told["2025-11-27"] < 60
    assert told.drop(pd.Timestamp("2025-11-27")).between(98, 102).all()


def test_a_batch_of_every_second_week_comes_every_second_week() -> None:
    told = forecast(frame(100 + np.where(np.arange(280) % 14 == 3, 400.0, 0.0)), 28)["mean"].to_numpy()
    due = (280 + np.arange(28)) % 14 == 3
    assert (told[due] > 480).all()
    assert (told[~due] < 105).all()


def test_weekdays_come_again() -> None:
    weekend = np.where(DAYS.day_of_week >= 5, 0.2, 1.0)
    told = forecast(frame(100 * weekend), 14)
    expected = np.where(told["date"].dt.day_of_week >= 5, 20.0, 100.0)
    assert np.abs(told["mean"] - expected).max() < 3


def test_a_charge_comes_on_its_day_and_only_there() -> None:
    told = forecast(frame(100 + np.where(DAYS.day == 1, 900.0, 0)), 31).set_index("date")["mean"]
    first = told.index.day == 1
    assert told[first].between(950, 1050).all()
    assert told[~first].between(95, 105).all()


def test_a_price_per_month_follows_the_months_length() -> None:
    values = 3000.0 / np.asarray(DAYS.days_in_month)
    told = forecast(frame(values), 60)
    expected = 3000.0 / told["date"].dt.days_in_month
    assert np.abs(told["mean"] / expected - 1).max() < 0.02


def test_a_burst_does_not_lift_the_forecast() -> None:
    values = np.full(280, 100.0)
    values[270:273] = 900
    assert forecast(frame(values))["mean"].between(90, 112).all()


def test_a_lasting_shift_does() -> None:
    values = np.full(280, 100.0)
    values[255:] = 200
    assert forecast(frame(values))["mean"].between(180, 220).all()


def test_a_month_ends_where_it_must() -> None:
    told = month_end(frame(np.full(280, 10.0)), date(2025, 11, 20)).iloc[0]
    assert round(told["mtd"], 6) == 200.0
    assert abs(told["mean"] - 300) < 3
    assert told["lo95"] <= told["lo80"] <= told["mean"] <= told["hi80"] <= told["hi95"]


def test_the_last_day_of_a_month_leaves_nothing_to_forecast() -> None:
    told = month_end(frame(np.full(280, 10.0)), date(2025, 11, 30)).iloc[0]
    assert told[["mtd", "mean", "lo80", "hi95"]].round(6).tolist() == [300.0] * 4


def test_days_after_as_of_are_ignored() -> None:
    values = np.full(280, 10.0)
    values[DAYS.get_loc("2025-11-21") :] = 5000.0
    assert abs(month_end(frame(values), date(2025, 11, 20)).iloc[0]["mean"] - 300) < 3


def test_held_out_bills_are_forecast_better_than_by_repeating_a_week() -> None:
    scaled, naive, inside = [], [], []
    for seed in (700, 701):
        daily = bills(seed, series=60, incident_share=0).daily
        wide = daily.pivot(index="date", columns="key", values="cost")
        known, actual = wide.iloc[:-30], wide.iloc[-30:]
        told = forecast(daily[daily["date"] <= known.index[-1]])
        mean, low, high = (told.pivot(index="date", columns="key", values=name) for name in ("mean", "lo80", "hi80"))
        week = pd.concat([known.iloc[-7:]] * 5).iloc[:30].set_axis(actual.index)
        scale = (known - known.shift(7)).abs().mean().clip(lower=0.05)
        scaled.append((actual - mean).abs().mean() / scale)
        naive.append((actual - week).abs().mean() / scale)
        inside.append(((actual >= low - 1e-9) & (actual <= high + 1e-9)).to_numpy().mean())
    assert pd.concat(scaled).mean() < 0.9 * pd.concat(naive).mean()
    assert 0.72 <= np.mean(inside) <= 0.90


@pytest.mark.parametrize("weekend", [0.5, 0.92])
def test_a_holiday_that_was_never_seen_may_cost_less_and_hardly_more(weekend: float) -> None:
    days = pd.date_range("2026-08-01", "2026-11-18")
    noise = np.random.default_rng(0).normal(0, 0.006, len(days))
    cost = 3000 * np.where(days.day_of_week < 5, 1, weekend) * (1 + noise)
    ahead = forecast(pd.DataFrame({"date": days, "key": "a", "cost": cost}), 14).set_index("date")
    day_before, thanksgiving = (ahead.loc[pd.Timestamp(day)] for day in ("2026-11-25", "2026-11-26"))
    assert thanksgiving["lo80"] < day_before["lo80"] - 0.5 * min(0.25, 1 - weekend) * 3000
    assert thanksgiving["hi95"] < 1.02 * day_before["hi95"]
