"""The middles of few same weekdays, found by comparing rows, are those of the sorted values."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.anomalies.same_weekdays import WEEKS, Ordered


def low_middle(values: list[float]) -> float:
    known = sorted(value for value in values if not np.isnan(value))
    return known[int(0.4 * (len(known) - 1))] if len(known) >= 2 else np.nan


@settings(max_examples=60)
@given(st.lists(st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6)), min_size=1, max_size=WEEKS))
def test_both_middles_are_those_of_the_sorted_values(weeks: list[float]) -> None:
    ordered = Ordered.of(np.array(weeks)[:, None])
    np.testing.assert_array_equal(ordered.low_middle, [low_middle(weeks)])
    np.testing.assert_array_equal(ordered.high_middle, [-low_middle([-value for value in weeks])])


def test_any_order_is_put_right() -> None:
    # A network that orders all zeros and ones orders everything.
    weeks = (np.arange(2**WEEKS) >> np.arange(WEEKS)[:, None] & 1).astype(float)
    np.testing.assert_array_equal(Ordered.of(weeks).rows, np.sort(weeks, axis=0))


def test_no_week_at_all_says_nothing() -> None:
    assert np.isnan(Ordered.of(np.empty((0, 3))).low_middle).all()


def test_what_is_given_stays_as_it_is() -> None:
    weeks = np.array([[3.0], [1.0], [2.0]])
    Ordered.of(weeks)
    np.testing.assert_array_equal(weeks, [[3.0], [1.0], [2.0]])
