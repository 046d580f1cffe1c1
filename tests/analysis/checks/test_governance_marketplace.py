"""`governance.marketplace`: what is billed for long, or next to nothing, is not told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "governance.marketplace"


def product(**changed: Any) -> dict[str, Any]:
    named = {"resource_id": "Example Firewall", "name": "Example Firewall", "region": ""}
    billed = {"first_month": pd.Timestamp("2026-10-01"), "months_ago": 1.0, "newest_cost": 240.0, "cost": 300.0}
    return named | billed | changed


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"months_ago": 2.0}, "fine"),
        ({"months_ago": 6.0}, "fine"),
        ({"cost": 0.99}, "fine"),
        ({}, "notice"),
        ({"months_ago": 0.0, "cost": 1.0}, "notice"),
        ({"months_ago": None, "cost": None, "problem": "AWS refuses it."}, "insufficient"),
    ],
)
def test_judges(changed: dict[str, Any], verdict: str) -> None:
    rows = table("marketplace_charges", product(**changed))

    assert judged(CHECK, {"marketplace_charges": rows})["verdict"].tolist() == [verdict]


def test_the_card_says_since_when_and_how_much() -> None:
    (card,) = cards(CHECK, {"marketplace_charges": table("marketplace_charges", product())})

    assert card.reason == (
        "Example Firewall is new on the bill through AWS Marketplace since October 2026: $240.00 in its last month"
    )
    assert (card.monthly_cost, card.monthly_savings) == (240.0, 0.0)
