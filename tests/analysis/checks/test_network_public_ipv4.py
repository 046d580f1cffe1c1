"""`network.public_ipv4`: an address that may be how an instance is called, or its way out, is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, price_book, table

CHECK = "network.public_ipv4"


def interface(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "eni-1", "name": "", "owner": "", "instance_id": "i-1", "vpc_id": "vpc-1"}
    return values | {"public_ip": "203.0.113.9", "private_ip": "10.0.0.9"} | changed


def tables(row: dict[str, Any] | None = None, *, balancers: str | None = "shop", vpc_id: str = "vpc-1") -> Any:
    told = [] if balancers is None else [{"resource_id": "eni-1", "balancers": balancers}]
    return {
        "network_interfaces": table("network_interfaces", row or interface()),
        "ec2_instances": table("ec2_instances", {"resource_id": "i-1", "name": "web-1", "owner": "growth"}),
        "interface_targets": table("interface_targets", *told),
        "nat_gateways": table("nat_gateways", {"resource_id": "nat-1", "vpc_id": vpc_id}),
    }


def verdict(*args: Any, **more: Any) -> Any:
    return judged(CHECK, tables(*args, **more)).loc["eni-1"]


def test_leaves_an_address_alone_behind_no_load_balancer() -> None:
    assert verdict(balancers="")["verdict"] == "fine"


@pytest.mark.parametrize("balancers", [None, "shop"])
def test_leaves_an_address_alone_that_is_the_only_way_out(balancers: str | None) -> None:
    found = verdict(balancers=balancers, vpc_id="vpc-other")

    assert (found["verdict"], found["needs"]) == ("fine", "")


def test_asks_what_is_behind_load_balancers() -> None:
    found = verdict(balancers=None)

    assert (found["verdict"], found["needs"]) == ("insufficient", "balancers")


def test_an_elastic_address_may_be_known_to_others() -> None:
    assert verdict(interface(allocation_id="eipalloc-1"))["why"].startswith("Whether somebody calls its Elastic IP")


def test_a_price_that_is_not_known_is_no_saving() -> None:
    found = judged(
        CHECK,
        {name: rows.assign(region="eu-west-3") for name, rows in tables().items()},
    ).loc["eni-1"]

    assert found["why"].startswith("The price of a public address in eu-west-3")


def test_saves_its_hours() -> None:
    own = price_book(own=[("us-east-1", "Amazon Virtual Private Cloud", "PublicIPv4:InUseAddress", 0.004)])

    assert verdict()["monthly_savings"] == pytest.approx(3.65)
    assert judged(CHECK, tables(), prices=own).loc["eni-1"]["monthly_savings"] == pytest.approx(2.92)


def test_the_card_names_the_instance_and_its_balancers_and_what_eats_the_saving() -> None:
    (card,) = cards(CHECK, tables())

    assert card.reason == "i-1 has the public address 203.0.113.9, and its callers come through shop"
    assert (card.resource_name, card.owner) == ("web-1", "growth")
    assert "more than 81 GB a month" in card.ignores
    assert "AssociatePublicIpAddress=false" in card.steps
