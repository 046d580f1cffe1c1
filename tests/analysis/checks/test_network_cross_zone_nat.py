"""`network.cross_zone_nat`: what stays in its zone, or is too little for a gateway more, is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, no_points, together
from tests.analysis.checks.nat_factories import MONTH, gateway, passed, tables, way

CHECK = "network.cross_zone_nat"
FAR = way(subnet_id="subnet-b", subnet_zone="us-east-1b")


def verdict(*args: Any, **more: Any) -> Any:
    return judged(CHECK, tables(*args, **more)).loc["nat-1"]


def test_leaves_a_gateway_of_its_own_zone_alone() -> None:
    assert verdict(passed(500.0), way())["why"] == "No subnet of another zone sends to it."


def test_leaves_a_regional_gateway_alone() -> None:
    regional = gateway(availability="regional")

    assert verdict(passed(500.0), way(zone="", subnet_zone="us-east-1b"), gateways=[regional])["verdict"] == "fine"


def test_leaves_little_traffic_alone() -> None:
    assert verdict(passed(3.2), FAR)["why"] == "It has 97 GB a month with its subnets."


def test_a_new_gateway_has_to_pay_for_itself() -> None:
    assert verdict(passed(53.9), FAR)["why"] == ("A gateway in each zone would cost more than the 1,639 GB that cross.")
    assert verdict(passed(54.1), FAR)["verdict"] == "saves"


def test_whose_share_crosses_is_not_known_where_its_own_zone_sends_too() -> None:
    found = verdict(passed(500.0), way(), FAR)

    assert found["verdict"] == "insufficient"
    assert "comes from us-east-1b: flow logs" in found["why"]


@pytest.mark.parametrize("metrics", [no_points(), passed(500.0, days=6)])
def test_what_was_not_measured_is_not_guessed(metrics: Any) -> None:
    assert verdict(metrics, FAR)["verdict"] == "insufficient"


def test_routes_that_are_not_known_are_none_that_stay() -> None:
    assert verdict(passed(500.0), way(resource_id="nat-other"))["verdict"] == "insufficient"


def test_a_gateway_that_is_there_costs_nothing_more() -> None:
    two = [gateway(), gateway(resource_id="nat-2")]
    metrics = together(passed(10.0), passed(10.0, resource_id="nat-2"))

    found = verdict(metrics, FAR, way(resource_id="nat-2", zone="us-east-1b", subnet_id=""), gateways=two)

    assert (found["monthly_savings"], found["new_gateways"]) == (pytest.approx(10 * MONTH * 0.02), 0.0)


def test_a_gateway_of_another_network_is_none_of_this() -> None:
    two = [gateway(), gateway(resource_id="nat-2", vpc_id="vpc-2")]
    other = way(resource_id="nat-2", zone="us-east-1b", subnet_id="")

    found = verdict(together(passed(100.0), passed(1.0, resource_id="nat-2")), FAR, other, gateways=two)

    assert found["monthly_savings"] == pytest.approx(100 * MONTH * 0.02 - 32.85)


def test_the_card_says_which_routes_to_change_and_how_back() -> None:
    (card,) = cards(CHECK, tables(passed(100.0), FAR))

    assert card.reason == "All 3,042 GB a month come to the gateway in us-east-1a from other zones: us-east-1b"
    assert "(rtb-1)" in card.steps
    assert "the way back is the same with nat-1" in card.steps
