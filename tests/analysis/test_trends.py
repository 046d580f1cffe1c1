"""Directions that are known by construction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.trends import trend
from tests.analysis.forecast_generators import COURSES, directions
from tests.analysis.generators import Growing, growing

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


def test_an_infinite_cost_is_refused() -> None:
    with pytest.raises(ValueError, match="are infinite"):
        told(np.array([1.0] * 30 + [np.inf]))


def test_days_that_are_not_known_are_no_fall() -> None:
    values = np.full(120, 50.0)
    values[70:90] = np.nan
    assert told(values)[0] == "flat"


def test_a_rise_that_is_over_is_flat() -> None:
    values = 100 * 1.15 ** (np.minimum(np.arange(120), 60) / 30.4375)
    direction, per_month = told(values)
    assert direction == "flat"
    assert abs(per_month) < 0.02


def test_a_rise_that_began_with_the_window_is_up() -> None:
    values = 100 * 1.12 ** (np.maximum(np.arange(120) - 60, 0) / 30.4375)
    assert told(values)[0] == "up"


def test_unrelated_keys_and_row_order_do_not_matter() -> None:
    daily = growing(3, series=12).daily
    key = daily["key"].iloc[0]
    among = trend(daily.sample(frac=1, random_state=1))
    alone = trend(daily[daily["key"] == key])
    pd.testing.assert_frame_equal(among[among["key"] == key].reset_index(drop=True), alone)


def share_right(bill: Growing) -> float:
    found = trend(bill.daily).set_index("key")["direction"]
    truth = {key: "up" if rate > 0.05 else "down" if rate < -0.05 else "flat" for key, rate in bill.growth.items()}
    return float(np.mean([found[key] == direction for key, direction in truth.items()]))


def test_held_out_directions_are_right() -> None:
    assert share_right(growing(900)) >= 0.975


@pytest.mark.parametrize("course", COURSES)
def test_held_out_directions_are_right_on_every_course(course: str) -> None:
    assert share_right(directions(901, course)) >= 0.95


def test_costs_next_to_nothing_say_nothing_and_overflow_nothing() -> None:
    # Between real days a cost that only arithmetic makes: the typical day is 1e-195.
    assert told(np.tile([1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1e-195], 9))[0] == "flat"
