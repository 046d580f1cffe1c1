"""`network.idle_endpoint`: silence counts only where endpoints are known to speak."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, table, together

CHECK = "network.idle_endpoint"
OTHER = points("BytesProcessed", [1e9] * 30, resource_id="vpce-other")


def endpoint(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "vpce-1", "kind": "Interface", "vpc_id": "vpc-1", "zones": 2.0, "age_days": 90.0}
    return values | {"service": "com.amazonaws.us-east-1.logs", "subnet_ids": "subnet-1 subnet-2"} | changed


def tables(metrics: DataFrame = OTHER, *, nat: bool = False, **changed: Any) -> Any:
    return {
        "vpc_endpoints": table("vpc_endpoints", endpoint(**changed)),
        "endpoint_metrics": metrics,
        "nat_gateways": table("nat_gateways", *([{"resource_id": "nat-1", "vpc_id": "vpc-1"}] if nat else [])),
    }


def passing(gb_a_day: float) -> DataFrame:
    return together(OTHER, points("BytesProcessed", [gb_a_day * 1e9] * 30, resource_id="vpce-1"))


def verdict(*args: Any, **more: Any) -> Any:
    return judged(CHECK, tables(*args, **more)).loc["vpce-1"]


@pytest.mark.parametrize("changed", [{"kind": "Gateway"}, {"kind": "GatewayLoadBalancer"}, {"managed": True}])
def test_leaves_other_endpoints_alone(changed: dict[str, Any]) -> None:
    assert verdict(**changed)["verdict"] == "fine"


def test_leaves_a_young_endpoint_alone() -> None:
    assert verdict(age_days=29.0)["verdict"] == "fine"


def test_where_no_endpoint_publishes_silence_says_nothing() -> None:
    assert verdict(no_points())["verdict"] == "insufficient"


def test_one_that_nobody_calls_costs_its_hours_in_each_zone() -> None:
    assert verdict()["monthly_savings"] == pytest.approx(14.6)


def test_a_little_traffic_is_use_where_there_is_no_other_way() -> None:
    assert verdict(passing(0.1))["verdict"] == "fine"
    assert verdict(passing(0.1), nat=True, service="com.amazonaws.vpce.us-east-1.vpce-svc-1")["verdict"] == "fine"


def test_beside_a_nat_gateway_a_quarter_of_the_break_even_is_the_boundary() -> None:
    month = 730 / 24
    below, above = 104 / month, 105 / month

    assert verdict(passing(below), nat=True)["monthly_savings"] == pytest.approx(14.6 - 104 * 0.035)
    assert verdict(passing(above), nat=True)["why"] == (
        "It processes 105.0 GB a month; beside a NAT gateway it pays from 417 GB on."
    )


def test_a_price_that_is_not_known_is_no_saving() -> None:
    assert verdict(region="eu-west-3")["verdict"] == "insufficient"


def test_the_card_can_be_undone() -> None:
    (card,) = cards(CHECK, tables())

    assert card.reason == "Endpoint for com.amazonaws.us-east-1.logs processed 0 GB a month in 2 zones"
    assert "--vpc-endpoint-ids vpce-1" in card.command
    assert "--subnet-ids subnet-1 subnet-2" in card.undo
