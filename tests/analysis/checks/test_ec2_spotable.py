"""`ec2.spotable`: only where it is said that it may be interrupted, and at what Spot really costs."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.pricing import PriceBook
from tests.analysis.checks.check_factories import cards, table
from tests.analysis.checks.machine_factories import machine, tables, verdict

CHECK = "ec2.spotable"
MEMBER = machine(env="staging", asg_name="web", instance_type="m5.large")


def spot(**changed: Any) -> dict[str, Any]:
    prices = {
        "spot_prices": table(
            "spot_prices",
            {"az": "us-east-1a", "instance_type": "m5.large", "mean_usd": 0.036, "highest_usd": 0.04, "priced_days": 14}
            | changed,
        )
    }
    return {"more": prices}


@pytest.mark.parametrize(
    ("changed", "price", "expected", "why"),
    [
        ({"asg_name": ""}, {}, "fine", "Nothing replaces it"),
        ({"env": "prod"}, {}, "insufficient", "Whether members of web may be interrupted"),
        ({"env": ""}, {}, "insufficient", "Whether members of web may be interrupted"),
        ({"interruptible": "no"}, {}, "fine", "must not be interrupted"),
        ({"spot": True}, {}, "fine", "On Spot already"),
        ({}, {"az": "us-east-1b"}, "insufficient", "The Spot price of 7 days in us-east-1a"),
        ({}, {"priced_days": 6.9}, "insufficient", "The Spot price of 7 days"),
        ({}, {"mean_usd": 0.078}, "fine", "less than 20 % below"),
        ({"platform": "Windows"}, {}, "insufficient", "The price of m5.large (Windows)"),
        ({"state": "stopped"}, {}, "fine", "Not running"),
    ],
)
def test_leaves_alone(changed: dict[str, Any], price: dict[str, Any], expected: str, why: str) -> None:
    found = verdict(CHECK, MEMBER | changed, **spot(**price))

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


@pytest.mark.parametrize("changed", [{}, {"asg_name": "", "env": "prod", "interruptible": "yes"}])
def test_saves_what_spot_cost_less_and_says_how_far_it_moved(changed: dict[str, Any]) -> None:
    found = verdict(CHECK, MEMBER | changed, **spot())

    assert found["monthly_savings"] == pytest.approx((0.096 - 0.036) * 730)
    assert found["plus_minus"] == pytest.approx((0.04 - 0.036) * 730)


def test_the_card_tells_how_a_group_is_changed_and_what_is_lost_in_two_minutes() -> None:
    made = tables(MEMBER) | spot()["more"]

    (card,) = cards(CHECK, made, prices=PriceBook())

    assert (
        card.reason == "m5.large is in a group outside production; Spot cost $0.0360 an hour in us-east-1a, 62 % less"
    )
    assert "mixed instances policy" in card.steps
    assert "two minutes' notice" in card.risk_reason
