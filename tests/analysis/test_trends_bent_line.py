"""The slope of a line's last part, known by construction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bent_line import last_slope


def line(first: float, last: float, rows: int = 180, bend: int = 120) -> np.ndarray:
    place = np.arange(rows) - bend
    return (first * np.minimum(place, 0) + last * np.maximum(place, 0))[:, None]


def test_two_known_rows_have_no_slope() -> None:
    values = np.full((90, 1), np.nan)
    values[[70, 80]] = [[1.0], [2.0]]
    assert np.isnan(last_slope(values, 60))


@settings(max_examples=40, deadline=None)
@given(first=st.floats(-1, 1), last=st.floats(-1, 1), up=st.floats(-100, 100))
def test_without_noise_the_last_part_counts_alone(first: float, last: float, up: float) -> None:
    assert last_slope(line(first, last) + up, 60)[0] == pytest.approx(last, abs=1e-5)


def test_a_bend_that_noise_explains_is_none() -> None:
    noise = np.random.default_rng(4).normal(0, 0.5, (180, 200))
    apart = last_slope(line(0.01, 0.01) + noise, 60) - 0.01
    alone = last_slope((line(0.01, 0.01) + noise)[-60:], 60) - 0.01
    assert np.std(apart) < 0.6 * np.std(alone)


def test_a_clear_bend_is_believed() -> None:
    noise = np.random.default_rng(5).normal(0, 0.5, (180, 200))
    told = last_slope(line(0.05, -0.05) + noise, 60)
    assert abs(told.mean() + 0.05) < 0.004


def test_days_that_are_not_known_are_left_out() -> None:
    values = line(0.2, 0.2)
    values[::3] = np.nan
    assert last_slope(values, 60)[0] == pytest.approx(0.2, abs=1e-6)


def test_a_history_shorter_than_the_window_has_one_part() -> None:
    assert last_slope(line(0.3, 0.3, rows=30, bend=0), 60)[0] == pytest.approx(0.3, abs=1e-6)
