"""`ebs.on_stopped_instance`: a data volume of an instance that nobody started for a month."""

from __future__ import annotations

import pytest

from tests.analysis.checks.check_factories import cards, no_points, table
from tests.analysis.checks.volume_factories import instance, verdict, volume

CHECK = "ebs.on_stopped_instance"
STOPPED = {"state": "stopped", "stopped_days": 45.0}


@pytest.mark.parametrize(
    ("changed", "of_instance", "why"),
    [
        ({"state": "available"}, STOPPED, "Attached to nothing"),
        ({}, {"state": "running"}, "Its instance i-1 is not stopped."),
        ({"device": "/dev/sda1"}, STOPPED, "The root volume of its instance"),
        ({"multi_attach": True}, STOPPED, "Other instances may be attached"),
        ({}, STOPPED | {"stopped_days": 29.9}, "Stopped less than 30 days ago."),
    ],
)
def test_leaves_alone(changed: dict[str, object], of_instance: dict[str, object], why: str) -> None:
    found = verdict(CHECK, volume(**changed), no_points(), instance(**of_instance))

    assert found["verdict"] == "fine"
    assert found["why"].startswith(why)


def test_since_when_it_is_stopped_has_to_be_known() -> None:
    found = verdict(CHECK, volume(), no_points(), instance(state="stopped"))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("Since when its instance is stopped:")


def test_an_instance_that_is_not_among_the_accounts_is_no_stopped_one() -> None:
    assert verdict(CHECK, volume(instance_id="i-9"), no_points(), instance(**STOPPED))["verdict"] == "insufficient"


def test_a_price_that_is_not_known_is_no_saving() -> None:
    there = instance(**STOPPED, region="eu-west-3")

    assert verdict(CHECK, volume(region="eu-west-3"), no_points(), there)["verdict"] == "insufficient"


@pytest.mark.parametrize("days", [30.0, 45.0])
def test_the_volume_is_saved_less_what_its_snapshot_may_cost(days: float) -> None:
    found = verdict(
        CHECK, volume(volume_type="gp2", size_gib=300), no_points(), instance(state="stopped", stopped_days=days)
    )

    assert (found["monthly_savings"], found["plus_minus"]) == pytest.approx((30.0, 15.0))


def test_the_card_keeps_a_snapshot_and_tells_the_way_back() -> None:
    tables = {"ebs_volumes": table("ebs_volumes", volume()), "ec2_instances": instance(**STOPPED)}

    (card,) = cards(CHECK, tables)

    assert card.reason == "gp3 volume of 500 GiB on i-1, which was stopped 45 days ago"
    steps = ["create-snapshot", "snapshot-completed", "detach-volume", "volume-available", "delete-volume"]
    assert [card.command.index(step) for step in steps] == sorted(card.command.index(step) for step in steps)
    assert "attach-volume" in card.undo
