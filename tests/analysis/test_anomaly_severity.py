"""Severity follows dollars first and the share of normal second."""

from __future__ import annotations

import pytest

from analysis.anomalies.severity import severity
from analysis.models import Direction, Severity


@pytest.mark.parametrize(
    ("impact", "pct", "expected"),
    [
        (12.0, 0.3, Severity.LOW),
        (12.0, 30.0, Severity.LOW),
        (35.0, None, Severity.MEDIUM),
        (45.0, 5.0, Severity.HIGH),
        (120.0, 0.3, Severity.HIGH),
        (190.0, 0.8, Severity.HIGH),
        (190.0, 5.0, Severity.CRITICAL),
        (450.0, 0.25, Severity.CRITICAL),
    ],
)
def test_a_rise(impact: float, pct: float | None, expected: Severity) -> None:
    assert severity(impact, pct, Direction.UP) == expected


def test_a_fall_is_never_an_alarm() -> None:
    assert severity(-5000.0, -0.9, Direction.DOWN) == Severity.MEDIUM
    assert severity(-20.0, -0.9, Direction.DOWN) == Severity.LOW


def test_yen_are_measured_by_what_matters_in_yen() -> None:
    assert severity(60_000.0, 0.3, Direction.UP, unit=1500.0) == severity(400.0, 0.3, Direction.UP, unit=10.0)
    assert severity(2000.0, 0.3, Direction.UP, unit=1500.0) == Severity.LOW


def test_where_everything_matters_dollars_are_measured_as_ever() -> None:
    assert severity(450.0, 0.25, Direction.UP, unit=0.0) == Severity.CRITICAL
