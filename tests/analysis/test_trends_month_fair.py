"""Months of different length: what a comparison must not call a change."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.models import Direction
from analysis.month_fair import month_fair
from analysis.movers import Period, compare
from analysis.trends import trend

DAYS = pd.date_range("2024-12-01", "2025-03-31", freq="D")
BY_MONTH = 3000.0 / np.asarray(DAYS.days_in_month)


def frame(values: np.ndarray, key: str = "key") -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS, "key": key, "cost": values})


def test_nothing_stays_nothing() -> None:
    assert month_fair(frame(BY_MONTH).head(0)).empty


def test_a_cost_by_the_day_is_left_alone() -> None:
    noise = np.random.default_rng(1).normal(100, 3, len(DAYS))
    pd.testing.assert_frame_equal(month_fair(frame(noise)), frame(noise))


def test_the_frame_given_is_not_changed() -> None:
    daily = frame(BY_MONTH)
    month_fair(daily)
    pd.testing.assert_frame_equal(daily, frame(BY_MONTH))


def test_a_price_per_month_does_not_fall_from_february_to_march() -> None:
    march, february = Period(date(2025, 3, 1), date(2025, 4, 1)), Period(date(2025, 2, 1), date(2025, 3, 1))
    as_billed = compare(frame(BY_MONTH), march, february).fraction
    fair = compare(month_fair(frame(BY_MONTH)), march, february).fraction
    assert as_billed is not None
    assert as_billed < -0.09
    assert fair is not None
    assert abs(fair) < 1e-9
    assert trend(frame(BY_MONTH))["direction"].tolist() == [Direction.FLAT]


def test_only_the_key_with_a_price_per_month_is_evened() -> None:
    daily = pd.concat([frame(BY_MONTH), frame(np.full(len(DAYS), 7.0), "other")], ignore_index=True)
    fair = month_fair(daily)
    assert np.allclose(fair[fair["key"] == "key"]["cost"], 3000 * 12 / 365.25)
    assert (fair[fair["key"] == "other"]["cost"] == 7).all()
