"""`governance.untagged`: little that stays little is fine; much, or a rise, is told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "governance.untagged"


def tag(**changed: Any) -> dict[str, Any]:
    now = {"days": 28.0, "cost": 28_000.0, "untagged": 5_600.0, "largest": "EC2 - Other $120.00"}
    before = {"cost_before": 28_000.0, "untagged_before": 5_600.0}
    return {"resource_id": "team", "name": "team"} | now | before | changed


def verdict(row: dict[str, Any], **more: Any) -> Any:
    return judged(CHECK, {"untagged_costs": table("untagged_costs", row)}, **more).iloc[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"untagged": 2_800.0, "untagged_before": 2_800.0},
        {"untagged": 0.0, "untagged_before": 0.0},
        {"untagged": 2_000.0, "untagged_before": None, "cost_before": None},
        {"untagged": 2_799.0, "untagged_before": 1_400.0},
    ],
)
def test_leaves_a_little_alone(changed: dict[str, Any]) -> None:
    assert verdict(tag(**changed))["verdict"] == "fine"


@pytest.mark.parametrize("changed", [{"days": 27.0}, {"days": None}, {"cost": 0.0}, {"untagged": None}])
def test_what_is_not_known_is_not_judged(changed: dict[str, Any]) -> None:
    assert verdict(tag(**changed))["verdict"] == "insufficient"


@pytest.mark.parametrize(
    "changed",
    [{}, {"untagged": 2_801.0}, {"untagged": 2_000.0, "untagged_before": 600.0}, {"cost_before": None}],
)
def test_tells_much_and_what_rises(changed: dict[str, Any]) -> None:
    found = verdict(tag(**changed))

    assert found["verdict"] == "notice"
    assert pd.isna(found["monthly_savings"])


def test_the_card_names_the_dollars_and_where_they_are() -> None:
    (card,) = cards(CHECK, {"untagged_costs": table("untagged_costs", tag(untagged_before=2_800.0))})

    assert card.reason == (
        "20% of the bill has no tag team: $6,080 a month that nobody owns, 10 points more than before"
    )
    assert "EC2 - Other $120.00" in card.how_computed
    assert card.monthly_savings == 0
