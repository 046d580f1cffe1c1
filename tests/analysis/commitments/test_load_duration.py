"""For what share of the hours the load is at least so high."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.commitments.load_duration import load_duration


def test_falls_from_the_highest_hour_to_the_lowest() -> None:
    curve = load_duration(np.array([3.0, 1.0, 2.0, 4.0]), new=2.5, points=5)
    assert curve.shares.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert curve.dollars.tolist() == [4, 3, 2, 1, 1]


def test_tells_in_how_many_hours_the_line_is_used_in_full() -> None:
    assert load_duration(np.array([3.0, 1.0, 2.0, 4.0]), new=2.5).hours_used == 0.5
    assert load_duration(np.array([3.0, 1.0, 2.0, 4.0]), new=5.0).hours_used == 0.0


def test_keeps_both_lines() -> None:
    curve = load_duration(np.ones(4), new=2.0, old=0.5)
    assert (curve.old, curve.new) == (0.5, 2.0)


def test_needs_an_hour() -> None:
    with pytest.raises(ValueError):
        load_duration(np.zeros(0), new=1.0)
