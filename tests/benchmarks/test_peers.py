"""The peers do what their names say, and see no more than a morning can."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import episodes
from benchmarks.peers.detectors import DETECTORS
from benchmarks.peers.forecasters import FORECASTERS

IN_HINDSIGHT = "mean ± 2σ, in hindsight"
SPIKE = 120


def bill(days: int = 150, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    cost = 500 + rng.normal(0, 10, days)
    cost[SPIKE:] += 600
    return pd.DataFrame({"date": pd.date_range("2026-01-01", periods=days), "key": "a", "cost": cost})


@pytest.mark.parametrize("name", sorted(set(DETECTORS) - {IN_HINDSIGHT}))
def test_a_large_step_is_told_on_its_day_by_everybody(name: str) -> None:
    told = DETECTORS[name](bill())
    assert pd.Timestamp("2026-01-01") + pd.Timedelta(days=SPIKE) in set(told["date"])
    assert (episodes(told)["alert_date"] == episodes(told)["start"]).all()


@pytest.mark.parametrize("name", sorted(set(DETECTORS) - {IN_HINDSIGHT}))
def test_days_to_come_change_no_verdict(name: str) -> None:
    whole = DETECTORS[name](bill())
    part = DETECTORS[name](bill()[:130])
    pd.testing.assert_frame_equal(whole[whole["date"] <= part["date"].max()].reset_index(drop=True), part)


def test_hindsight_needs_the_days_to_come() -> None:
    until = bill()["date"][SPIKE + 1]
    whole = DETECTORS[IN_HINDSIGHT](bill())
    assert set(whole[whole["date"] <= until]["date"]) != set(DETECTORS[IN_HINDSIGHT](bill()[: SPIKE + 2])["date"])


@pytest.mark.parametrize("name", sorted(FORECASTERS))
def test_a_forecast_has_a_row_for_each_day_ahead_and_bands_in_order(name: str) -> None:
    two = pd.concat([bill(), bill(seed=2).assign(key="b")])
    ahead = FORECASTERS[name](two, 30)
    assert list(ahead["key"].value_counts().sort_index()) == [30, 30]
    assert ahead["date"].min() == two["date"].max() + pd.Timedelta(days=1)
    bands = ahead[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    assert (np.diff(bands, axis=1) >= 0).all()


def test_a_straight_line_goes_on() -> None:
    line = pd.DataFrame({"date": pd.date_range("2026-01-01", periods=60), "key": "a", "cost": np.arange(60.0)})
    assert FORECASTERS["straight line"](line, 2)["mean"].to_numpy() == pytest.approx([60.0, 61.0])


def test_the_last_week_comes_again() -> None:
    days = np.arange(63.0) % 7
    line = pd.DataFrame({"date": pd.date_range("2026-01-01", periods=63), "key": "a", "cost": days})
    assert FORECASTERS["last week again"](line, 9)["mean"].to_numpy() == pytest.approx([*range(7), 0, 1])
