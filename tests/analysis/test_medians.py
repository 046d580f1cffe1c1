"""Medians of many columns: as NumPy calculates them, one column at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.medians import mean, median, moving_median

COLUMNS = arrays(
    float, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.floats(-1e6, 1e6) | st.just(np.nan)
)


def test_nothing_has_no_median() -> None:
    assert np.isnan(median(np.empty((0, 2)))).all()
    assert np.isnan(median(np.full((3, 2), np.nan))).all()


@settings(max_examples=50, deadline=None)
@given(values=COLUMNS, share=st.sampled_from([0.1, 0.4, 0.5, 0.9]))
def test_quantiles_are_those_of_the_known_values(values: np.ndarray, share: float) -> None:
    for column, told in zip(values.T, median(values, share), strict=True):
        known = column[~np.isnan(column)]
        if len(known):
            assert told == pytest.approx(np.quantile(known, share), rel=1e-9, abs=1e-6)
        else:
            assert np.isnan(told)


@settings(max_examples=50, deadline=None)
@given(values=COLUMNS)
def test_a_mean_leaves_out_what_is_not_known(values: np.ndarray) -> None:
    for column, told in zip(values.T, mean(values), strict=True):
        known = column[~np.isnan(column)]
        assert told == pytest.approx(known.mean() if len(known) else 0.0, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(values=COLUMNS, each_side=st.integers(0, 4))
def test_a_moving_median_sees_as_many_rows_as_there_are(values: np.ndarray, each_side: int) -> None:
    told = moving_median(values, each_side)
    for row in range(len(values)):
        expected = median(values[max(0, row - each_side) : row + each_side + 1])
        assert np.allclose(told[row], expected, equal_nan=True)


def test_the_newest_moving_medians_are_the_last_of_all() -> None:
    values = np.random.default_rng(5).normal(size=(20, 3))
    values[4:9, 1] = np.nan
    for newest in (1, 7, 20, 30):
        np.testing.assert_array_equal(moving_median(values, 4, newest), moving_median(values, 4)[-newest:])
