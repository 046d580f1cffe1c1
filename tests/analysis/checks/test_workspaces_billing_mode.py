"""`workspaces.billing_mode`: near the break-even both modes are fine, and what is not measured is not unused."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, table, together

CHECK = "workspaces.billing_mode"


def workspace(**changed: Any) -> dict[str, Any]:
    return {"resource_id": "r-1", "name": "ana", "running_mode": "ALWAYS_ON", "compute_type": "STANDARD"} | changed


def connected(hours_a_day: float, days: int = 14) -> DataFrame:
    sums = points("UserConnected", [hours_a_day * 12] * days, statistic="Sum")
    return together(sums, points("UserConnected", [288.0] * days, statistic="SampleCount"))


def verdict(row: dict[str, Any], metrics: DataFrame) -> str:
    found = judged(CHECK, {"workspaces": table("workspaces", row), "workspaces_metrics": metrics})
    return str(found["verdict"].iloc[0])


@pytest.mark.parametrize(
    ("mode", "hours", "expected"),
    [
        ("ALWAYS_ON", 8.0, "fine"),
        ("ALWAYS_ON", 2.24, "fine"),  # 68.1 h: within a fifth of 85
        ("ALWAYS_ON", 2.2, "notice"),
        ("ALWAYS_ON", 0.0, "notice"),
        ("AUTO_STOP", 2.0, "fine"),
        ("AUTO_STOP", 3.3, "fine"),
        ("AUTO_STOP", 3.4, "notice"),  # 103.4 h: more than a fifth above 85
        ("MANUAL", 0.0, "fine"),
    ],
)
def test_judges_by_the_break_even(mode: str, hours: float, expected: str) -> None:
    assert verdict(workspace(running_mode=mode), connected(hours)) == expected


@pytest.mark.parametrize(
    ("compute_type", "hours", "expected"),
    [
        ("POWER", 2.43, "fine"),  # 73.9 h: within a fifth of 92
        ("POWER", 2.4, "notice"),
        ("GRAPHICS_G4DN", 8.8, "fine"),  # 267.5 h: within a fifth of 334
        ("GRAPHICS_G4DN", 8.7, "notice"),
        ("GRAPHICS", 0.0, "insufficient"),  # no longer sold, and AWS names no limit for it
    ],
)
def test_each_compute_type_has_its_own_break_even(compute_type: str, hours: float, expected: str) -> None:
    assert verdict(workspace(compute_type=compute_type), connected(hours)) == expected


@pytest.mark.parametrize(
    ("changed", "metrics"),
    [
        ({}, no_points()),
        ({}, connected(0.0, 13)),
        ({"compute_type": "GENERALPURPOSE_4XLARGE"}, connected(0.0)),
        ({"running_mode": ""}, connected(0.0)),
    ],
)
def test_what_is_unknown_is_not_judged(changed: dict[str, Any], metrics: DataFrame) -> None:
    assert verdict(workspace(**changed), metrics) == "insufficient"


def test_the_card_changes_the_mode_and_back() -> None:
    tables = {"workspaces": table("workspaces", workspace()), "workspaces_metrics": connected(1.0)}
    (card,) = cards(CHECK, tables)

    assert card.reason == "STANDARD WorkSpace in mode ALWAYS_ON, used 30 h a month; both cost the same at 85 h"
    assert "RunningMode=AUTO_STOP" in card.command
    assert "RunningMode=ALWAYS_ON" in card.undo
    assert card.monthly_savings == 0
