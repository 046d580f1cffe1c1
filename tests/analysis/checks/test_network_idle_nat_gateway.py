"""`network.idle_nat_gateway`: a gateway that passes on anything, or was not measured, is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, table, together

CHECK = "network.idle_nat_gateway"


def gateway(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "nat-1", "subnet_id": "subnet-1", "connectivity": "public", "availability": "zonal"}
    return values | {"age_days": 200.0} | changed


def traffic(sent: list[float], came: list[float] | None = None) -> DataFrame:
    return together(
        points("BytesOutToDestination", sent, resource_id="nat-1"),
        points("BytesInFromSource", sent if came is None else came, resource_id="nat-1"),
    )


def route(**changed: Any) -> dict[str, Any]:
    return {"resource_id": "nat-1", "zone": "us-east-1a", "route_table_id": "rtb-1", "subnet_id": "subnet-2"} | changed


def tables(metrics: DataFrame, *, row: dict[str, Any] | None = None, to_it: dict[str, Any] | None = None) -> Any:
    return {
        "nat_gateways": table("nat_gateways", gateway() if row is None else row),
        "nat_metrics": metrics,
        "nat_routes": table("nat_routes", route() if to_it is None else to_it),
    }


def verdict(metrics: DataFrame, **more: Any) -> Any:
    return judged(CHECK, tables(metrics, **more)).loc["nat-1"]


def test_leaves_a_gateway_alone_that_passed_on_a_little_once() -> None:
    found = verdict(traffic([0.0] * 13 + [4e8]))

    assert (found["verdict"], found["why"]) == ("fine", "Passed on 0.8 GB in 14 days.")


def test_what_only_came_in_is_use_too() -> None:
    assert verdict(traffic([0.0] * 14, [0.0] * 13 + [1.0]))["verdict"] == "fine"


@pytest.mark.parametrize("metrics", [no_points(), traffic([0.0] * 13)])
def test_days_that_were_not_measured_are_not_quiet_days(metrics: DataFrame) -> None:
    found = verdict(metrics)

    assert found["verdict"] == "insufficient"
    assert "14 days of BytesOutToDestination" in found["why"]


def test_one_side_alone_tells_nothing() -> None:
    assert verdict(points("BytesOutToDestination", [0.0] * 14, resource_id="nat-1"))["verdict"] == "insufficient"


def test_a_quiet_gateway_costs_its_hours() -> None:
    assert verdict(traffic([0.0] * 14))["monthly_savings"] == pytest.approx(32.85)


def test_without_a_route_three_quiet_days_are_enough() -> None:
    nowhere = route(route_table_id="", subnet_id="")
    just_unrouted = traffic([5e9] * 11 + [0.0] * 3)

    assert verdict(just_unrouted, to_it=nowhere)["monthly_savings"] == pytest.approx(32.85)
    assert verdict(just_unrouted)["verdict"] == "fine"
    assert verdict(traffic([5e9] * 12 + [0.0] * 2), to_it=nowhere)["verdict"] == "fine"


def test_routes_that_are_not_known_are_not_missing_routes() -> None:
    assert verdict(traffic([0.0] * 3), to_it=route(resource_id="nat-other"))["verdict"] == "insufficient"


def test_a_regional_gateway_has_no_one_price() -> None:
    assert verdict(traffic([0.0] * 14), row=gateway(availability="regional"))["verdict"] == "insufficient"


def test_a_price_that_is_not_known_is_no_saving() -> None:
    row = gateway(region="eu-west-3")
    metrics = traffic([0.0] * 14).assign(region="eu-west-3")

    found = judged(CHECK, tables(metrics, row=row, to_it=route(region="eu-west-3"))).loc["nat-1"]

    assert found["why"].startswith("The price of a NAT gateway in eu-west-3")


def test_the_card_says_what_to_do_with_the_routes() -> None:
    (card,) = cards(CHECK, tables(traffic([0.0] * 14)))

    assert card.reason == "NAT gateway passed on nothing in 14 days"
    assert card.risk_reason.endswith("; remove the routes to it first.")
    assert "aws ec2 delete-nat-gateway --nat-gateway-id nat-1 --region us-east-1" in card.command
    assert "--subnet-id subnet-1" in card.undo
    assert card.chart is not None
