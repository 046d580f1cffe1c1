"""`ec2.stopped_instance`: what stands for weeks pays for its volumes; what was stopped lately may start again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "ec2.stopped_instance"


def stopped(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "i-1", "instance_type": "m5.4xlarge", "state": "stopped", "stopped_days": 45.0}
    return values | {"devices": "/dev/xvda /dev/sdf", "az": "us-east-1a"} | changed


def volume(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "vol-1", "volume_type": "gp2", "size_gib": 300, "state": "in-use", "instance_id": "i-1"}
    return values | changed


ROOT = volume(resource_id="vol-2", volume_type="gp3", size_gib=16, iops=3000.0, throughput_mib_s=125.0)


def asked(row: dict[str, Any], *volumes: dict[str, Any], addresses: tuple[dict[str, Any], ...] = ()) -> Any:
    tables = {
        "ec2_instances": table("ec2_instances", row),
        "ebs_volumes": table("ebs_volumes", *volumes),
        "elastic_ips": table("elastic_ips", *addresses),
    }
    return judged(CHECK, tables).loc["i-1"]


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        ({"state": "running", "stopped_days": None}, "fine", "It is running."),
        ({"stopped_days": 29.9}, "fine", "Stopped less than 30 days ago."),
        ({"stopped_days": None}, "insufficient", "Since when it is stopped"),
        ({"asg_name": "warm"}, "conflict", "warm reserve"),
        ({"region": "eu-west-3"}, "fine", "Nothing is left"),
    ],
)
def test_leaves_alone(changed: dict[str, Any], expected: str, why: str) -> None:
    found = asked(stopped(**changed), volume())

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


def test_a_volume_whose_price_is_not_known_is_not_free() -> None:
    found = asked(stopped(), volume(), volume(resource_id="vol-9", volume_type="gp9"))

    assert found["verdict"] == "insufficient"
    assert "The price of its volumes" in found["why"]


def test_one_without_volumes_costs_nothing() -> None:
    assert asked(stopped(), volume(instance_id="i-2"))["why"] == "Nothing is left of it that costs."


def test_saves_its_volumes_and_addresses_and_covers_them() -> None:
    address = {"resource_id": "eipalloc-1", "address": "198.51.100.7", "associated": True, "instance_id": "i-1"}

    found = asked(stopped(stopped_days=30.0), volume(), ROOT, addresses=(address,))

    assert found["monthly_savings"] == pytest.approx(30.0 + 1.28 + 3.65)
    assert found["covers"] == ["vol-1", "vol-2", "eipalloc-1"]


def test_the_card_keeps_an_image_and_lets_no_volume_survive() -> None:
    tables = {"ec2_instances": table("ec2_instances", stopped()), "ebs_volumes": table("ebs_volumes", volume(), ROOT)}

    (card,) = cards(CHECK, tables)

    assert card.reason == "m5.4xlarge stopped for 45 days still pays for 2 volumes of 316 GiB"
    assert card.command.index("create-image") < card.command.index("image-available")
    assert card.command.index("image-available") < card.command.index("terminate-instances")
    assert card.command.count('"DeleteOnTermination": true') == 2
    assert card.covers == ("vol-1", "vol-2")
    assert "at most 15.80 dollars a month" in card.ignores
