"""`cloudtrail.duplicate_trail`: the free copy is kept, and a figure only comes from the bill."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "cloudtrail.duplicate_trail"
ORG = "arn:aws:cloudtrail:us-east-1:123456789012:trail/org"
OWN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/app"


def trail(arn: str, **changed: Any) -> dict[str, Any]:
    where = {"resource_id": arn, "name": arn.rpartition("/")[2], "home_region": "us-east-1", "bucket": "example-trail"}
    return where | {"is_asked": True, "is_logging": True, "records_management": True} | changed


def paid(cost: float = 28.0, **changed: Any) -> dict[str, Any]:
    return {"resource_id": "PaidEventsRecorded", "cost": cost, "days": 28.0} | changed


def both(**changed: Any) -> list[dict[str, Any]]:
    return [trail(ORG, of_organization=True, multi_region=True), trail(OWN, **changed)]


def tables(trails: list[dict[str, Any]], *bill: dict[str, Any]) -> dict[str, DataFrame]:
    return {"cloudtrail_trails": table("cloudtrail_trails", *trails), "trail_costs": table("trail_costs", *bill)}


@pytest.mark.parametrize(
    "trails",
    [
        [trail(OWN, is_asked=False, is_logging=False, records_management=False)],
        both(is_logging=False),
        both(records_management=False),
    ],
    ids=["the only one", "stopped", "data events only"],
)
def test_leaves_what_is_no_second_copy_alone(trails: list[dict[str, Any]]) -> None:
    assert judged(CHECK, tables(trails, paid()))["verdict"].eq("fine").all()


def test_the_trail_of_the_organisation_is_the_one_that_stays() -> None:
    found = judged(CHECK, tables(both(multi_region=True), paid()))

    assert found.loc[ORG, ["verdict", "why"]].tolist() == ["fine", "It is the free first copy."]
    assert found.loc[OWN, "monthly_savings"] == pytest.approx(30.4)


def test_without_a_bill_there_is_no_figure() -> None:
    assert judged(CHECK, tables(both())).loc[OWN, "verdict"] == "insufficient"
    assert judged(CHECK, tables(both(), paid(days=13.0))).loc[OWN, "verdict"] == "insufficient"
    assert judged(CHECK, tables(both(), paid(region="eu-west-1"))).loc[OWN, "verdict"] == "insufficient"


def test_a_trail_that_could_not_be_asked_is_not_judged() -> None:
    refused = both(is_asked=False, is_logging=False, records_management=False, problem="AWS refuses it.")

    assert judged(CHECK, tables(refused, paid())).loc[OWN, "verdict"] == "insufficient"


def test_copies_share_what_they_cost_together() -> None:
    third = OWN.replace("app", "zeta")
    found = judged(CHECK, tables([*both(), trail(third)], paid(56.0)))

    assert found.loc[[OWN, third], "monthly_savings"].tolist() == [pytest.approx(30.4)] * 2


def test_a_trail_of_several_regions_is_told_once_with_all_of_them() -> None:
    abroad = [row | {"region": "eu-west-1"} for row in both(multi_region=True)]
    found = judged(CHECK, tables([*both(multi_region=True), *abroad], paid(), paid(14.0, region="eu-west-1")))

    saving = found[found["verdict"].eq("saves")]
    assert saving["region"].tolist() == ["us-east-1"]
    assert saving["monthly_savings"].tolist() == [pytest.approx(45.6)]


def test_the_card_stops_the_copy_where_its_home_is() -> None:
    (card,) = cards(CHECK, tables(both(), paid()))

    assert card.reason == "Trail app is a further copy of the management events that org already keeps"
    assert card.command.endswith(f"aws cloudtrail stop-logging --name {OWN} --region us-east-1")
    assert "start-logging" in card.undo
    assert "example-trail" in card.risk_reason
