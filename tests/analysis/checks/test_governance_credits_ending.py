"""`governance.credits_ending`: steady and monthly credits are fine; what stops, halves or runs out is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "governance.credits_ending"


def credit(**changed: Any) -> dict[str, Any]:
    steady = {"days": 70.0, "credit_days": 35.0, "daily": 10.0, "daily_before": 10.0, "daily_recent": 10.0}
    return {"resource_id": "credits", "name": "credits", "region": "", "slope": 0.0} | steady | changed


#: $400 once a month: nothing in the last week, one day of 35.
MONTHLY = {"credit_days": 1.0, "daily": 11.4, "daily_before": 11.4, "daily_recent": 0.0, "slope": None}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"slope": 0.2},
        {"slope": -0.2},  # fifty days to zero
        {"daily": 0.9, "daily_before": 0.9, "daily_recent": 0.0},
        MONTHLY,
        MONTHLY | {"credit_days": 2.0},
    ],
)
def test_leaves_what_goes_on_alone(changed: dict[str, Any]) -> None:
    assert judged(CHECK, {"credits_used": table("credits_used", credit(**changed))})["verdict"].tolist() == ["fine"]


@pytest.mark.parametrize("changed", [{"days": 34.0, "daily_before": None}, {"days": None}])
def test_says_nothing_of_days_that_are_not_stored(changed: dict[str, Any]) -> None:
    rows = table("credits_used", credit(**changed))

    assert judged(CHECK, {"credits_used": rows})["verdict"].tolist() == ["insufficient"]


@pytest.mark.parametrize(
    ("changed", "going"),
    [
        ({"daily_recent": 0.0, "credit_days": 28.0}, "have stopped"),
        ({"daily_recent": 4.9}, "fell by more than half"),
        ({"slope": -0.25}, "reach zero in about 40 days"),
        (MONTHLY | {"daily": 0.0, "credit_days": 0.0}, "have stopped"),
    ],
)
def test_tells_what_ends(changed: dict[str, Any], going: str) -> None:
    (card,) = cards(CHECK, {"credits_used": table("credits_used", credit(**changed))})

    assert card.reason.startswith(f"Credits {going}: the bill rises by up to $")
    assert card.monthly_savings == 0
