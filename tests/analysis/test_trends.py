"""Directions that are known by construction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.trends import trend
from tests.analysis.generators import growing

DAYS = pd.date_range("2025-06-01", periods=120, freq="D")


def told(values: np.ndarray) -> tuple[str, float]:
    row = trend(pd.DataFrame({"date": DAYS[: len(values)], "key": "key", "cost": values})).iloc[0]
    return row["direction"], row["pct_per_month"]


def test_an_empty_frame_has_no_trend() -> None:
    empty = pd.DataFrame({"date": pd.Series(dtype="datetime64[ns]"), "key": [], "cost": []})
    assert list(trend(empty).columns) == ["key", "direction", "pct_per_month"]
    assert trend(empty).empty


def test_ten_days_say_nothing() -> None:
    direction, per_month = told(np.linspace(1, 100, 10))
    assert direction == "flat"
    assert np.isnan(per_month)


@pytest.mark.parametrize("values", [np.zeros(120), np.full(120, 50.0)])
def test_what_does_not_move_is_flat(values: np.ndarray) -> None:
    assert told(values)[0] == "flat"


def test_month_lengths_are_no_trend() -> None:
    assert told(3000.0 / np.asarray(DAYS.days_in_month))[0] == "flat"


def test_weekends_and_a_charge_at_the_end_are_no_trend() -> None:
    values = np.where(DAYS.day_of_week >= 5, 10.0, 100.0)
    values[-1] += 900
    assert told(values)[0] == "flat"


@pytest.mark.parametrize(("rate", "direction"), [(0.12, "up"), (-0.12, "down"), (0.02, "flat")])
def test_growth_per_month_is_found(rate: float, direction: str) -> None:
    found, per_month = told(100 * (1 + rate) ** (np.arange(120) / 30.4375))
    assert found == direction
    assert abs(per_month - rate) < 0.01


def test_a_growing_credit_goes_down() -> None:
    assert told(-100 - np.arange(120.0))[0] == "down"


def test_held_out_directions_are_right() -> None:
    bill = growing(900)
    found = trend(bill.daily).set_index("key")["direction"]
    truth = {key: "up" if rate > 0.05 else "down" if rate < -0.05 else "flat" for key, rate in bill.growth.items()}
    assert np.mean([found[key] == direction for key, direction in truth.items()]) >= 0.93
