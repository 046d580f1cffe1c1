"""Totals of the days to come: the sum of the days, bands that nest, and what single days' bands would get wrong."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.forecasting import KnownChange, forecast
from analysis.forecasting.totals import COLUMNS, horizon_total, leaning

BANDS = list(COLUMNS[1:])
DAYS = pd.date_range("2025-03-03", periods=280, freq="D")  # the last one is 2025-12-07


def frame(values: np.ndarray, key: str = "key") -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS[: len(values)], "key": key, "cost": values})


def noisy(seed: int = 1, sigma: float = 0.1) -> pd.DataFrame:
    return frame(100 * np.exp(np.random.default_rng(seed).normal(0, sigma, len(DAYS))))


def test_of_nothing_there_is_no_total() -> None:
    told = horizon_total(noisy().head(0))
    assert told.empty
    assert tuple(told.columns) == COLUMNS
    assert horizon_total(noisy(), 0).empty


def test_the_mean_is_the_sum_of_the_days() -> None:
    daily = pd.concat([noisy(), frame(np.full(280, 7.0), "other")])
    days = forecast(daily, 30).groupby("key")["mean"].sum()
    totals = horizon_total(daily, 30).set_index("key")["mean"]
    assert np.allclose(totals, days.loc[totals.index])


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 99), sigma=st.floats(0.001, 0.6), horizon=st.sampled_from([1, 7, 30, 90]))
def test_bands_nest_and_are_never_below_nothing(seed: int, sigma: float, horizon: int) -> None:
    row = horizon_total(noisy(seed, sigma), horizon).iloc[0]
    assert 0 <= row["lo95"] <= row["lo80"] < row["mean"] < row["hi80"] <= row["hi95"]


def test_days_that_vary_by_themselves_average_out() -> None:
    """The bands of thirty days added up would be several times too wide."""
    daily = noisy()
    days, total = forecast(daily, 30), horizon_total(daily, 30).iloc[0]
    added = (days["hi80"] - days["lo80"]).sum()
    assert total["hi80"] - total["lo80"] < 0.5 * added


def test_a_known_change_moves_the_total_by_its_days() -> None:
    facts = [KnownChange("key", date(2025, 12, 14), -40.0)]
    plain, told = (horizon_total(noisy(), 30, facts=given)[BANDS].to_numpy()[0] for given in (None, facts))
    assert told - plain == pytest.approx([-40.0 * 24] * 5)


def test_a_history_of_credits_may_end_below_zero() -> None:
    values = np.full(280, -5.0) + np.random.default_rng(3).normal(0, 0.5, 280)
    row = horizon_total(frame(values), 30).iloc[0]
    assert row["lo95"] < row["mean"] < 0


def test_misses_of_both_signs_and_none_move_no_band() -> None:
    missed = np.array([[1.0, np.nan], [-1.0, np.nan], [np.nan, np.nan]])
    assert leaning(missed).tolist() == [0.0, 0.0]
    assert leaning(missed[:0]).tolist() == [0.0, 0.0]


def test_misses_one_way_move_both_ends_that_way_by_less_than_half_of_them() -> None:
    missed = np.tile([[0.8, -0.8]], (12, 1))
    assert leaning(missed).tolist() == pytest.approx([0.3, -0.3])


def test_other_keys_change_nothing() -> None:
    alone = horizon_total(noisy(), 30).iloc[0]
    beside = horizon_total(pd.concat([noisy(), frame(np.full(280, 7.0), "other")]), 30).set_index("key").loc["key"]
    assert np.allclose(alone.drop("key").to_numpy(dtype=float), beside.to_numpy(dtype=float))
