"""`ec2.surplus_credits`: a burst now and then is what unlimited mode is for; day after day a fixed type is cheaper."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.pricing import PriceBook
from tests.analysis.checks.check_factories import cards
from tests.analysis.checks.machine_factories import answers, machine, tables, verdict
from tests.analysis.rightsizing_factories import load

CHECK = "ec2.surplus_credits"
LARGE = machine(instance_type="t3.large")


def charged(a_day: float | None, days: int = 14) -> DataFrame:
    """Surplus credits charged on some of 14 days; None: not measured."""
    if a_day is None:
        return load(cpu=60)
    metrics = load(cpu=60, credits=0, surplus=a_day)
    free = sorted(metrics["time"].unique())[days:]
    return metrics.assign(
        value=metrics["value"].mask(metrics["metric"].eq("surplus_credits") & metrics["time"].isin(free), 0.0)
    )


_LEFT_ALONE: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"instance_type": "m5.large"}, {"a_day": 900}, "fine", "fixed performance"),
    ({}, {"a_day": 900, "days": 6}, "fine", "on less than 7 days"),
    ({}, {"a_day": 100}, "fine", "cost less than a type of fixed performance"),
    ({}, {"a_day": None}, "insufficient", "CPUSurplusCreditsCharged"),
    ({"asg_name": "web"}, {"a_day": 900}, "conflict", "Auto Scaling group web"),
    ({"state": "stopped"}, {"a_day": 900}, "fine", "Not running"),
    ({"platform": "Windows"}, {"a_day": 900}, "insufficient", "of its surplus credits"),
    # 15 vCPU-hours a day at $0.04 are $18.25 a month; c6g.large costs $25.11 more than t4g.medium.
    ({"instance_type": "t4g.medium", "architecture": "arm64"}, {"a_day": 900}, "fine", "cost less than a type of"),
]


@pytest.fixture(scope="module")
def answered() -> DataFrame:
    """The verdicts on all of them, asked at once."""
    return answers(CHECK, [(LARGE | changed, charged(**told[0])) for changed, *told, _, _ in _LEFT_ALONE])


@pytest.mark.parametrize("n", range(len(_LEFT_ALONE)))
def test_leaves_alone(n: int, answered: DataFrame) -> None:
    *_, expected, why = _LEFT_ALONE[n]
    found = answered.loc[str(n)]

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


def test_saves_what_the_credits_cost_less_the_higher_price() -> None:
    found = verdict(CHECK, LARGE, charged(900))

    # 900 credits are 15 vCPU-hours a day, at $0.05: $0.03125 an hour; m5.large costs $0.0128 more than t3.large.
    assert found["target"] == "m5.large"
    assert found["surplus_hour_usd"] == pytest.approx(0.03125)
    assert found["monthly_savings"] == pytest.approx((0.03125 - 0.0128) * 730)


def test_credits_of_graviton_have_a_price_of_their_own() -> None:
    found = verdict(CHECK, LARGE | {"instance_type": "t4g.medium", "architecture": "arm64"}, charged(1500))

    # 25 vCPU-hours a day at $0.04.
    assert found["surplus_hour_usd"] == pytest.approx(1 / 24)
    assert found["monthly_savings"] == pytest.approx((1 / 24 + 0.0336 - 0.068) * 730)


def test_breaks_even_where_the_credits_cost_as_much_as_the_difference() -> None:
    # 0.0128 dollars an hour are 368.64 credits a day.
    below, above = (verdict(CHECK, LARGE, charged(368.64 + more), min_monthly_savings=0.0) for more in (-1, 1))

    assert (below["verdict"], above["verdict"]) == ("fine", "saves")


def test_the_card_shows_the_credits_behind_the_figure() -> None:
    (card,) = cards(CHECK, tables(LARGE, metrics=charged(900)), prices=PriceBook())

    assert "12600 credits in 14 days, 60 of them a vCPU-hour at $0.05" in card.how_computed
    assert card.reason.startswith("t3.large paid for surplus credits on 14 days, $22.81 a month on top")
