"""`governance.first_seen`: what is known, cheap or no longer new is not told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "governance.first_seen"


def line(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "Amazon Bedrock", "name": "Amazon Bedrock", "what": "Amazon Bedrock", "kind": "service"}
    first = {"first_day": pd.Timestamp("2026-11-15"), "days_new": 5.0, "daily_cost": 12.5, "known_days": 90.0}
    return values | first | {"region": ""} | changed


def verdict(row: dict[str, Any], **more: Any) -> Any:
    return judged(CHECK, {"first_billed": table("first_billed", row)}, **more).iloc[0]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"daily_cost": 0.99}, "New, but less than $1 a day."),
        ({"days_new": 15.0}, "On the bill since Nov 15, no longer new."),
    ],
)
def test_leaves_alone(changed: dict[str, Any], why: str) -> None:
    found = verdict(line(**changed))

    assert (found["verdict"], found["why"]) == ("fine", why)


@pytest.mark.parametrize("changed", [{"known_days": 59.0}, {"known_days": 0.0}])
def test_says_nothing_of_days_that_are_not_stored(changed: dict[str, Any]) -> None:
    found = verdict(line(**changed))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("Whether it is new: fewer than 60 days before Nov 15")


@pytest.mark.parametrize("changed", [{}, {"daily_cost": 1.0, "days_new": 14.0, "known_days": 60.0}])
def test_tells_what_is_new(changed: dict[str, Any]) -> None:
    found = verdict(line(**changed))

    assert found["verdict"] == "notice"
    assert pd.isna(found["monthly_savings"])


def test_the_card_says_what_it_costs_and_saves_nothing_by_itself() -> None:
    (card,) = cards(CHECK, {"first_billed": table("first_billed", line())})

    assert card.reason == "Amazon Bedrock is a new service on the bill since Nov 15: $12.50 a day"
    assert card.monthly_savings == 0
    assert card.monthly_cost == pytest.approx(380.0)
    assert "90 stored days before" in card.how_computed
    assert card.steps.startswith("Ask in prod who started Amazon Bedrock")
