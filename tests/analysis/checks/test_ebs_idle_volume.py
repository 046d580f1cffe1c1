"""`ebs.idle_volume`: measured zeros count, silence does not."""

from __future__ import annotations

import pytest

from tests.analysis.checks.check_factories import cards, no_points, table
from tests.analysis.checks.volume_factories import days, instance, verdict, volume

CHECK = "ebs.idle_volume"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"state": "available"}, "Attached to nothing"),
        ({"device": "/dev/xvda"}, "The root volume"),
        ({"multi_attach": True}, "Attached to several instances"),
    ],
)
def test_leaves_alone(changed: dict[str, object], why: str) -> None:
    found = verdict(CHECK, volume(**changed), days(0, 0), instance())

    assert found["verdict"] == "fine"
    assert found["why"].startswith(why)


def test_a_stopped_instance_explains_the_silence() -> None:
    found = verdict(CHECK, volume(), days(0, 0), instance(state="stopped"))

    assert found["why"] == "Its instance is stopped: `ebs.on_stopped_instance` looks at it."


@pytest.mark.parametrize(("a_day", "verdict_then"), [(0.0, "saves"), (0.9, "saves"), (1.0, "fine"), (500.0, "fine")])
def test_one_operation_a_day_is_use(a_day: float, verdict_then: str) -> None:
    assert verdict(CHECK, volume(), days(a_day, 0), instance())["verdict"] == verdict_then


def test_silence_is_not_idleness() -> None:
    found = verdict(CHECK, volume(), no_points(), instance())

    assert found["verdict"] == "insufficient"
    assert "on instances without Nitro only while it is read or written" in found["why"]


@pytest.mark.parametrize(("measured", "verdict_then"), [(12, "insufficient"), (13, "saves")])
def test_a_few_days_are_no_evidence(measured: int, verdict_then: str) -> None:
    assert verdict(CHECK, volume(), days(0, 0, count=measured), instance())["verdict"] == verdict_then


def test_an_instance_that_is_not_known_is_no_idle_one() -> None:
    assert verdict(CHECK, volume(instance_id="i-elsewhere"), days(0, 0), instance())["verdict"] == "insufficient"


def test_the_whole_volume_is_saved_and_a_snapshot_may_take_from_it() -> None:
    tables = {
        "ebs_volumes": table("ebs_volumes", volume(size_gib=800)),
        "ebs_metrics": days(0, 0),
        "ec2_instances": instance(),
    }

    (card,) = cards(CHECK, tables)

    assert (card.monthly_savings, card.plus_minus) == pytest.approx((64.0, 40.0))
    assert card.reason == "gp3 volume of 800 GiB on i-1: 0 operations in 14 days"
    assert "aws ec2 detach-volume --volume-id vol-1 --region us-east-1" in card.command
    assert "--instance-id i-1 --device /dev/sdf" in card.undo
