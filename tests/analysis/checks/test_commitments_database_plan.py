"""Databases: the plan, reservations or on demand, whichever is the cheapest in expectation on the same terms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.commitments.purchase_estimate import estimated
from analysis.commitments.purchase_words import odds_words
from tests.analysis.checks.check_factories import cards, judged, table
from tests.analysis.checks.purchase_rows import database_plan, of_aws, reserved, tables

CHECK = "commitments.database_plan"
INSIDE = {"in_database_plan": True}


def verdict(*offers: dict[str, Any], aws: list[dict[str, Any]] | None = None) -> Any:
    [row] = judged(CHECK, tables(offers=list(offers), aws=aws)).to_dict("records")
    return row


def test_without_a_plan_on_offer_nothing_is_said() -> None:
    assert judged(CHECK, tables(offers=[reserved()])).empty


def test_on_demand_is_the_cheapest_where_neither_saves() -> None:
    row = verdict(database_plan(saving=-10.0), reserved(saving=-5.0, **INSIDE))

    assert (row["verdict"], row["why"]) == ("fine", "On demand is the cheapest in expectation, or all but.")


def test_what_hardly_saves_is_fine() -> None:
    assert verdict(database_plan(saving=24.0))["verdict"] == "fine"


def test_a_fall_blocks() -> None:
    assert verdict(database_plan(saving=0.0, blocked="it fell"))["verdict"] == "conflict"


def test_reservations_of_what_the_plan_does_not_cover_are_not_compared() -> None:
    row = verdict(database_plan(), reserved(saving=2000.0))

    assert (row["verdict"], row["monthly_savings"], row["choice"]) == ("saves", 365.0, "Database Savings Plan")


def test_reservations_win_where_together_they_save_more() -> None:
    second = reserved(resource_id="two", saving=100.0, saving_low=80.0, saving_high=110.0, **INSIDE)
    row = verdict(database_plan(), reserved(**INSIDE), second)

    assert (row["monthly_savings"], row["choice"]) == (684.0, "reservations")
    assert row["plus_minus"] == 120.0


def test_what_fails_one_time_in_twelve_of_two_fails_of_either_in_six() -> None:
    """Each alone saves $50 in nine of ten futures; together they do not save $100 in as many."""
    several = [
        reserved(
            resource_id=f"at {failing}",
            saving=45.0,
            saving_low=50.0,
            saving_high=50.0,
            savings=json.dumps([-10.0 if at == failing else 50.0 for at in range(12)]),
            **INSIDE,
        )
        for failing in (3, 7)
    ]
    row = verdict(database_plan(saving=80.0), *several)

    assert (row["monthly_savings"], row["saving_low"], row["saving_high"]) == pytest.approx((90.0, 46.0, 100.0))
    assert row["plus_minus"] == pytest.approx(44.0)


@pytest.mark.parametrize(
    ("saving", "low", "high", "said"),
    [
        (584.0, 484.0, 634.0, "in eight of ten futures $484 to $634"),
        (245.9, 246.1, 246.4, "in eight of ten futures $246"),
        (
            240.0, 246.0, 246.4,
            "in eight of ten futures $246, and so much less in a few others that the mean is $240",
        ),
        (
            21.0, -1_400.0, 20.0,
            "in eight of ten futures -$1,400 to $20, and so much more in a few others that the mean is $21",
        ),
    ],
)  # fmt: skip
def test_a_mean_outside_of_its_band_says_why(saving: float, low: float, high: float, said: str) -> None:
    assert odds_words(saving, low, high) == said


def test_other_terms_are_not_compared() -> None:
    assert verdict(database_plan(), reserved(saving=900.0, years=3.0, **INSIDE))["choice"] == "Database Savings Plan"


def test_the_card_compares_the_three_and_covers_the_single_reservations() -> None:
    [card] = cards(CHECK, tables(offers=[database_plan(), reserved(**INSIDE)]))

    assert card.monthly_savings == 584.0
    assert card.plus_minus == 100.0
    assert card.covers == ("AmazonRDS db.r6g us-east-1",)
    assert card.how_computed == (
        "Of one year without upfront payment: a Database Savings Plan saves $365.00 a month, reservations $584.00, on "
        "demand nothing. Chosen: 10 × db.r6g.large PostgreSQL reserved in us-east-1 $2.00/h."
    )
    assert (
        "aws rds purchase-reserved-db-instances-offering --region us-east-1 --reserved-db-instances-offering-id "
        "OFFERING_ID --db-instance-count 10"
    ) in card.steps


def test_without_hours_aws_estimates_are_compared_without_odds() -> None:
    unknown = database_plan(kind="", saving=None, problem="No export.", basis="")
    [card] = cards(CHECK, tables(offers=[unknown], aws=[of_aws("Database", 200.0)]))

    assert (card.monthly_savings, card.plus_minus) == (200.0, 200.0)
    assert "no odds can be given" in card.how_computed


@pytest.mark.parametrize(
    ("about", "is_compared"),
    [
        ({"service": "AmazonRDS", "instance_type": "db.r7g.large", "platform": "MySQL"}, True),
        ({"service": "AmazonRDS", "instance_type": "db.x8g.large", "platform": "Aurora PostgreSQL"}, True),
        ({"service": "AmazonES", "instance_type": "r7g.large.search"}, True),
        ({"service": "AmazonElastiCache", "instance_type": "cache.r7g.large", "platform": "Valkey"}, True),
        ({"service": "AmazonRDS", "instance_type": "db.r6g.large", "platform": "MySQL"}, False),
        ({"service": "AmazonRDS", "instance_type": "db.m5.large", "platform": "PostgreSQL"}, False),
        ({"service": "AmazonES", "instance_type": "r6g.large.search"}, False),
        ({"service": "AmazonElastiCache", "instance_type": "cache.r7g.large", "platform": "Redis"}, False),
        ({"service": "AmazonElastiCache", "instance_type": "cache.r7g.large", "platform": ""}, False),
        ({"service": "AmazonRedshift", "instance_type": "ra3.xlplus"}, False),
        ({"service": "AmazonRDS", "instance_type": ""}, False),
    ],
)
def test_of_aws_estimates_only_reservations_that_the_plan_would_replace_are_compared(
    about: dict[str, Any], is_compared: bool
) -> None:
    unknown = database_plan(kind="", saving=None, problem="No export.", basis="")
    other = of_aws("Reserved", 900.0, **about)
    row = verdict(unknown, aws=[of_aws("Database", 200.0), other])

    expected = ("reservations", 900.0) if is_compared else ("Database Savings Plan", 200.0)
    assert (row["choice"], row["monthly_savings"]) == expected
    # In the proposal of all commitments, what the plan does not cover is had beside it.
    together = table("purchase_recommendations", of_aws("Database", 200.0), other)
    assert estimated(together)["saving"].sum() == (900.0 if is_compared else 1100.0)


def test_where_aws_proposes_no_plan_nothing_is_to_be_done() -> None:
    row = verdict(database_plan(kind="", saving=None, problem="No export."), aws=[of_aws("Compute", 10.0)])

    assert (row["verdict"], row["why"]) == ("fine", "AWS proposes no Database Savings Plan.")


def test_without_hours_and_without_an_answer_it_says_why() -> None:
    row = verdict(database_plan(kind="", saving=None, problem="No export.", basis=""))

    assert (row["verdict"], row["why"]) == ("insufficient", "What databases would cost: No export.")
