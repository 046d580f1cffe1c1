"""Provisioned capacity of half a year: what reserving it saves, to the cent; unsteady and unpriced ones are told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "commitments.dynamodb_capacity"
#: 1,250 write units in every hour of 180 days at $0.00065.
STEADY = [1250 * 0.00065 * 24] * 180


def capacity(daily: list[float] = STEADY, **changed: Any) -> dict[str, DataFrame]:
    usual = {
        "resource_id": "AmazonDynamoDB write us-east-1", "name": "DynamoDB write capacity in us-east-1",
        "place": "us-east-1", "unit": "write", "known_days": float(len(daily)), "billed_days": float(len(daily)),
        "daily_usd": json.dumps(daily), "unit_usd": 0.00065, "region": "",
    }  # fmt: skip
    return {"billed_capacity": table("billed_capacity", usual | changed)}


def verdict(told: dict[str, DataFrame]) -> tuple[str, str]:
    [row] = judged(CHECK, told).to_dict("records")
    return row["verdict"], row["why"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (capacity(billed_days=179.0), ("fine", "It was billed on fewer than 180 days.")),
        (
            capacity([*[5.0] * 20, *STEADY[20:]]),
            ("fine", "The quietest day in twenty had 26 % of lately."),
        ),
        (capacity([99 * 0.00065 * 24] * 180), ("fine", "Its quiet days fill no block of 100 units.")),
        (
            capacity([299 * 0.00013 * 24] * 180, unit="read", unit_usd=0.00013),
            ("fine", "Reserving would save $10.33 a month."),
        ),
        (capacity(STEADY[:90]), ("insufficient", "Its bill of 180 days: fewer are stored.")),
        (
            capacity(unit_usd=0.0005),
            (
                "insufficient",
                "What reserving it would save: the bill pays $0.000500 for a write unit and hour, and the list of Nov "
                "2024 compares with $0.000650.",
            ),
        ),
        (
            capacity(unit_usd=None),
            ("insufficient", "What reserving it would save: the bill does not tell what it pays for a unit and hour."),
        ),
        (
            capacity(place="ap-southeast-7"),
            (
                "insufficient",
                "What reserving it would save: no price of reserved write capacity in ap-southeast-7 is listed.",
            ),
        ),
    ],
)
def test_nothing_is_proposed_without_a_steady_past_and_a_price(
    told: dict[str, DataFrame], expected: tuple[str, str]
) -> None:
    assert verdict(told) == expected


def test_a_fall_of_the_last_week_blocks() -> None:
    kind, why = verdict(capacity([*STEADY[:173], *[usd * 0.7 for usd in STEADY[:7]]]))

    assert kind == "conflict"
    assert why.startswith(
        "Buying is blocked: the last 7 days cost $0.57 an hour, 25 % less than the $0.76 of the last 30"
    )


def test_the_card_says_what_is_bought_and_what_is_paid_on_the_day() -> None:
    [card] = cards(CHECK, capacity())

    # 1,200 units: ($0.00065 - ($150 / 8,760 + $0.0128) / 100) * 730.
    assert card.monthly_savings == pytest.approx(307.27, abs=0.005)
    assert card.proposed == "1,200 write units reserved in us-east-1, 1 year, partial upfront"
    assert "$1,800.00 upfront" in card.how_computed
    assert "AWS bills $1,800.00 at once and $0.15 an hour for a year" in card.effect
    assert card.price_source == "AWS Labs, amazon-dynamodb-tools, reserved capacity"
    assert card.plus_minus == card.monthly_savings
    assert "costbot buys nothing" in card.steps
