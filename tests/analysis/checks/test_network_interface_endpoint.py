"""`network.interface_endpoint`: below the break-even nothing is proposed, above it only what the bill can bound."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, no_points, table
from tests.analysis.checks.nat_factories import gateway, passed, tables, used, way

CHECK = "network.interface_endpoint"
LOGS = "DataProcessing-Bytes"
BUSY = tables(passed(100.0))


def verdict(found: Any, **more: Any) -> Any:
    return judged(CHECK, found | more).loc["nat-1"]


def test_a_gateway_below_the_break_even_of_one_endpoint_is_fine() -> None:
    found = verdict(tables(passed(6.8)), usage_totals=used(LOGS, 9_000.0))

    assert (found["verdict"], found["why"]) == (
        "fine",
        "It processes 207 GB a month; one endpoint in its zones pays from 209 GB on.",
    )


def test_an_endpoint_is_paid_for_in_each_zone() -> None:
    two_zones = tables(passed(13.0), way(), way(subnet_id="subnet-2", subnet_zone="us-east-1b"))

    assert "pays from 417 GB on" in verdict(two_zones)["why"]
    assert verdict(tables(passed(13.0)))["verdict"] == "insufficient"


def test_no_subnet_and_a_private_gateway_are_fine() -> None:
    assert verdict(tables(passed(100.0), way(subnet_id="")))["verdict"] == "fine"
    assert verdict(tables(passed(100.0), gateways=[gateway(connectivity="private")]))["verdict"] == "fine"


@pytest.mark.parametrize("logged", [None, 834.0])
def test_which_services_it_is_flow_logs_tell(logged: float | None) -> None:
    more = {} if logged is None else {"usage_totals": used(LOGS, logged)}

    found = verdict(BUSY, **more)

    assert found["verdict"] == "insufficient"
    assert "pkt-dst-aws-service" in found["why"]


def test_what_was_not_measured_is_not_guessed() -> None:
    assert verdict(tables(no_points()), usage_totals=used(LOGS, 9_000.0))["verdict"] == "insufficient"
    unknown_routes = tables(passed(100.0), way(resource_id="nat-other"))
    assert verdict(unknown_routes, usage_totals=used(LOGS, 9_000.0))["verdict"] == "insufficient"


def test_an_endpoint_for_logs_that_is_there_leaves_the_other_services() -> None:
    there = {"resource_id": "vpce-1", "vpc_id": "vpc-1", "service": "com.amazonaws.us-east-1.logs"}

    found = verdict(BUSY, usage_totals=used(LOGS, 2_000.0), vpc_endpoints=table("vpc_endpoints", there))

    assert found["verdict"] == "insufficient"


def test_saves_where_a_quarter_of_the_logs_would_do() -> None:
    found = verdict(BUSY, usage_totals=used(LOGS, 2_000.0))

    assert found["monthly_savings"] == pytest.approx(2_000 * 0.035 * 0.625 - 7.3)
    assert found["plus_minus"] == pytest.approx(2_000 * 0.035 * 0.375)
    assert verdict(BUSY, usage_totals=used(LOGS, 835.0))["verdict"] == "saves"


def test_the_card_puts_it_into_one_subnet_of_each_zone() -> None:
    ways = [way(), way(subnet_id="subnet-2"), way(subnet_id="subnet-3", subnet_zone="us-east-1b")]

    (card,) = cards(CHECK, tables(passed(100.0), *ways) | {"usage_totals": used(LOGS, 2_000.0)})

    assert "--private-dns-enabled --subnet-ids subnet-1 subnet-3 --region us-east-1" in card.command
    assert card.reason == "Up to 2,000 of its 3,042 GB a month are logs; an endpoint pays from 417 on"
