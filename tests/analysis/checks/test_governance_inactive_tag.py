"""`governance.inactive_tag`: only keys that are in use and that costs are shared out by."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "governance.inactive_tag"


def tag(**changed: Any) -> dict[str, Any]:
    key = {"resource_id": "cost-center", "name": "cost-center", "region": ""}
    return key | {"last_used_days": 20.0, "is_usual": True} | changed


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "notice"),
        ({"last_used_days": 60.0}, "notice"),
        ({"last_used_days": 61.0}, "fine"),
        ({"is_usual": False}, "fine"),
        ({"last_used_days": None}, "insufficient"),
        ({"last_used_days": None, "problem": "AWS refuses it."}, "insufficient"),
    ],
)
def test_judges(changed: dict[str, Any], verdict: str) -> None:
    assert judged(CHECK, {"allocation_tags": table("allocation_tags", tag(**changed))})["verdict"].tolist() == [verdict]


def test_the_command_activates_it_and_the_way_back_does_not() -> None:
    hostile = tag(resource_id="cost center;x", name="cost center;x")
    (card,) = cards(CHECK, {"allocation_tags": table("allocation_tags", hostile)})

    assert card.command.endswith("TagKey='cost center;x',Status=Active")
    assert card.undo.endswith("TagKey='cost center;x',Status=Inactive")
    assert card.monthly_savings == 0
