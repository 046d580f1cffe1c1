"""`network.s3_through_nat`: what no metric tells is not guessed, and a bound is told as one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, no_points, table, together
from tests.analysis.checks.nat_factories import MONTH, gateway, passed, tables, used, way

CHECK = "network.s3_through_nat"
S3 = "C3DataTransfer-Out-Bytes"


def endpoint(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "vpce-1", "kind": "Gateway", "vpc_id": "vpc-1", "service": "com.amazonaws.us-east-1.s3"}
    return values | {"route_table_ids": "rtb-1"} | changed


def verdict(found: Any, **more: Any) -> Any:
    return judged(CHECK, found | more).loc["nat-1"]


BUSY = tables(passed(100.0))


def test_leaves_a_gateway_alone_whose_routes_have_the_endpoint() -> None:
    found = verdict(BUSY, vpc_endpoints=table("vpc_endpoints", endpoint()))

    assert (found["verdict"], found["why"]) == (
        "fine",
        "A gateway endpoint takes the traffic to S3 from all its routes.",
    )


def test_leaves_a_gateway_alone_that_processes_little_or_is_private_or_unrouted() -> None:
    little = verdict(tables(passed(1.6)))
    private = verdict(tables(passed(100.0), gateways=[gateway(connectivity="private")]))
    unrouted = verdict(tables(passed(100.0), way(route_table_id="", subnet_id="")))

    assert [one["verdict"] for one in (little, private, unrouted)] == ["fine"] * 3
    assert little["why"] == "It processes 49 GB a month."


def test_leaves_a_gateway_alone_where_the_bill_bounds_it() -> None:
    assert verdict(BUSY, usage_totals=used(S3, 49.0))["why"] == (
        "At most 49 of its 3,042 GB a month are traffic with S3."
    )


@pytest.mark.parametrize("metrics", [no_points(), passed(100.0, days=6)])
def test_what_was_not_measured_is_not_guessed(metrics: Any) -> None:
    assert verdict(tables(metrics), usage_totals=used(S3, 900.0))["verdict"] == "insufficient"


def test_without_a_bill_that_tells_it_flow_logs_are_needed() -> None:
    found = verdict(BUSY)

    assert found["verdict"] == "insufficient"
    assert "pkt-dst-aws-service" in found["why"]
    assert "create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id vpc-1" in found["why"]


def test_where_s3_has_another_way_the_bound_says_nothing() -> None:
    elsewhere = table("vpc_endpoints", endpoint(vpc_id="vpc-2", route_table_ids="rtb-9"))
    public = table("network_interfaces", {"resource_id": "eni-1"})

    assert verdict(BUSY, usage_totals=used(S3, 900.0), vpc_endpoints=elsewhere)["verdict"] == "insufficient"
    assert verdict(BUSY, usage_totals=used(S3, 900.0), network_interfaces=public)["verdict"] == "insufficient"


def test_it_is_between_nothing_and_the_bound() -> None:
    found = verdict(BUSY, usage_totals=used(S3, 900.0))

    assert found["monthly_savings"] == pytest.approx(900 * 0.045 / 2)
    assert found["plus_minus"] == pytest.approx(900 * 0.045 / 2)


def test_no_more_than_it_processes_and_two_gateways_share() -> None:
    more = verdict(BUSY, usage_totals=used(S3, 90_000.0))
    two = tables(
        together(passed(100.0), passed(300.0, resource_id="nat-2")),
        way(),
        way(resource_id="nat-2"),
        gateways=[gateway(), gateway(resource_id="nat-2")],
    )

    assert more["s3_gb"] == pytest.approx(100 * MONTH)
    assert verdict(two, usage_totals=used(S3, 900.0))["s3_gb"] == pytest.approx(225.0)


def test_the_card_makes_the_endpoint_for_the_routes_that_lack_it() -> None:
    found = tables(passed(100.0), way(), way(route_table_id="rtb-2", subnet_id="subnet-2"))

    (card,) = cards(CHECK, found | {"usage_totals": used(S3, 900.0)})

    assert "--service-name com.amazonaws.us-east-1.s3 --route-table-ids rtb-1 rtb-2 --region us-east-1" in card.command
    assert card.reason.startswith("Up to 900 of its 3,042 GB a month are traffic with S3")
    assert "delete-vpc-endpoints" in card.undo
