"""How far off a forecast was: never from a day it could not have known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.forecast_rehearsals import APART_DAYS, LEAST_DAYS, MOST, rehearsals


def daily(cost: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.date_range(end="2026-11-19", periods=len(cost)), "key": "total", "cost": cost})


def test_nothing_stored_is_nothing_rehearsed() -> None:
    assert rehearsals(daily(np.zeros(0)), 30) == ()


def test_without_enough_before_a_stretch_there_is_no_rehearsal() -> None:
    assert rehearsals(daily(np.full(LEAST_DAYS + 29, 100.0)), 30) == ()
    assert len(rehearsals(daily(np.full(LEAST_DAYS + 30, 100.0)), 30)) == 1


def test_a_stretch_with_an_unknown_day_is_left_out() -> None:
    cost = np.full(LEAST_DAYS + 30, 100.0)
    cost[-3] = np.nan
    assert rehearsals(daily(cost), 30) == ()


def test_a_stretch_that_cost_nothing_has_no_share() -> None:
    cost = np.full(LEAST_DAYS + 14, 100.0)
    cost[-14:] = 0.0
    assert rehearsals(daily(cost), 14) == ()


def test_a_steady_cost_is_never_missed() -> None:
    misses = rehearsals(daily(np.full(200, 100.0)), 14)
    assert len(misses) == MOST
    assert misses == pytest.approx([0.0] * MOST, abs=1e-6)


def test_a_jump_on_a_stretch_was_not_foreseen() -> None:
    """The cost doubles with the newest stretch: said was half of what came; the stretches before it were right."""
    cost = np.full(LEAST_DAYS + 14 + APART_DAYS, 100.0)
    cost[-14:] = 200.0
    assert rehearsals(daily(cost), 14) == pytest.approx([-0.5, 0.0], abs=1e-3)
