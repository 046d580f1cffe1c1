"""Nodes that have run for half a year: what reserving them saves; young, unsteady and unknown ones are left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, table
from tests.analysis.checks.purchase_rows import of_aws, reserved, tables

CHECK = "commitments.reserved_nodes"
ID = "AmazonRDS db.r6g us-east-1"


def nodes(**changed: Any) -> dict[str, DataFrame]:
    usual = {
        "resource_id": ID, "service": "AmazonRDS", "family": "db.r6g", "place": "us-east-1", "known_days": 180.0,
        "billed_days": 180.0, "floor_share": 0.97, "region": "",
    }  # fmt: skip
    return {"billed_nodes": table("billed_nodes", usual | changed)}


def verdict(told: dict[str, DataFrame]) -> Any:
    [row] = judged(CHECK, told).to_dict("records")
    return row


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"billed_days": 179.0}, "On demand or not, it was billed on fewer than 180 days."),
        ({"floor_share": 0.5}, "The quietest day in twenty had 50 % of lately."),
    ],
)
def test_young_and_unsteady_nodes_are_left_alone(changed: dict[str, float], why: str) -> None:
    row = verdict(nodes(**changed) | tables(offers=[reserved()]))

    assert (row["verdict"], row["why"]) == ("fine", why)


def test_a_short_bill_is_no_evidence() -> None:
    row = verdict(nodes(known_days=90.0, billed_days=90.0) | tables(offers=[reserved()]))

    assert (row["verdict"], row["why"]) == ("insufficient", "Its bill of 180 days: fewer are stored.")


def test_without_a_rate_it_says_why() -> None:
    refused = of_aws("", 0.0, problem="Cost Explorer is not asked.", resource_id="AWS on AmazonRDS")

    assert verdict(nodes() | tables(aws=[refused]))["why"] == (
        "What a reservation would cost: Cost Explorer is not asked."
    )
    assert verdict(nodes() | tables())["verdict"] == "insufficient"


def test_where_all_proposals_are_known_and_none_is_of_it_nothing_is_to_be_done() -> None:
    row = verdict(nodes() | tables(aws=[of_aws("Compute", 10.0)]))

    assert row["verdict"] == "fine"
    assert row["why"].startswith("Nothing of it is proposed to be reserved")


def test_a_fall_blocks() -> None:
    assert verdict(nodes() | tables(offers=[reserved(blocked="it fell", saving=0.0)]))["verdict"] == "conflict"


def test_what_hardly_saves_is_fine() -> None:
    assert verdict(nodes() | tables(offers=[reserved(saving=24.0)]))["verdict"] == "fine"


def test_engines_of_a_family_are_added_up_on_one_card() -> None:
    second = reserved(platform="MySQL", count=1.0, hourly=0.2, saving=60.0, saving_low=50.0, saving_high=66.0)
    [card] = cards(CHECK, nodes() | tables(offers=[reserved(), second, reserved(years=3.0, saving=9000.0)]))

    assert (card.monthly_savings, card.plus_minus) == (644.0, 110.0)
    assert card.proposed == (
        "10 × db.r6g.large PostgreSQL reserved in us-east-1 $2.00/h; 1 × db.r6g.large MySQL reserved in us-east-1 "
        "$0.20/h, 1 year, no upfront"
    )
    assert "in eight of ten futures $534 to $700" in card.reason


def test_aws_estimate_stands_in_for_nodes_whose_rates_are_not_known() -> None:
    search = {
        "resource_id": "AmazonES r6g us-east-1", "service": "AmazonES", "family": "r6g", "place": "us-east-1",
    }  # fmt: skip
    told = of_aws(
        "Reserved", 75.0, service="AmazonES", instance_type="r6g.large.search", place="us-east-1", count=2.0, hourly=0.2
    )
    [card] = cards(CHECK, nodes(**search) | tables(aws=[told]))

    assert (card.monthly_savings, card.plus_minus) == (75.0, 75.0)
    assert "no odds can be given" in card.how_computed
    assert (
        "aws opensearch purchase-reserved-instance-offering --region us-east-1 --reserved-instance-offering-id "
        "OFFERING_ID --reservation-name r6g-large-search --instance-count 2"
    ) in card.steps


@pytest.mark.parametrize(
    ("estimate", "counted", "said"),
    [(592.0, 584.0, ""), (640.0, 584.0, "$640.00 by +10 %"), (500.0, 500.0, "$500.00 by -14 %")],
)
def test_of_two_estimates_that_differ_both_are_told_and_the_lower_counts(
    estimate: float, counted: float, said: str
) -> None:
    about = {"service": "AmazonRDS", "instance_type": "db.r6g.large", "place": "us-east-1", "platform": "PostgreSQL"}
    [card] = cards(CHECK, nodes() | tables(offers=[reserved()], aws=[of_aws("Reserved", estimate, **about)]))

    dollars, _, percent = said.partition(" by ")
    told = (
        f"AWS estimates {dollars} a month, as if its last 30 days came again, costbot $584.00: AWS is {percent} off, "
        "and the lower counts."
    )
    assert card.monthly_savings == counted
    assert ("AWS estimates" in card.how_computed) == bool(said)
    assert not said or told in card.how_computed
    assert ("by AWS's estimate, $584.00 by its hours" in card.reason) == (counted < 584.0)


def test_an_estimate_for_other_nodes_is_no_calibration() -> None:
    other = of_aws("Reserved", 100.0, service="AmazonRDS", instance_type="db.m5.large", place="us-east-1")
    [card] = cards(CHECK, nodes() | tables(offers=[reserved()], aws=[other]))

    assert card.monthly_savings == 584.0
