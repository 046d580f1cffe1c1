"""`ebs.provisioned_iops`: io1 and io2 become gp3, never gp2, and only where gp3 carries the load."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, no_points, table
from tests.analysis.checks.volume_factories import busy, days, verdict, volume

CHECK = "ebs.provisioned_iops"


def io1(**changed: Any) -> dict[str, Any]:
    return volume(**({"volume_type": "io1", "iops": 5000.0, "throughput_mib_s": None} | changed))


def test_leaves_gp_volumes_and_unattached_ones_alone() -> None:
    assert verdict(CHECK, volume(), busy(100, 1))["verdict"] == "fine"
    assert verdict(CHECK, io1(state="available"), busy(100, 1))["verdict"] == "fine"


def test_leaves_a_volume_alone_that_several_instances_share() -> None:
    found = verdict(CHECK, io1(multi_attach=True), busy(100, 1))

    assert (found["verdict"], found["why"]) == ("fine", "Attached to several instances at once, which gp3 cannot be.")


def test_leaves_a_load_alone_that_gp3_cannot_be_given() -> None:
    assert verdict(CHECK, io1(volume_type="io2", iops=100_000.0), busy(70_000, 100))["verdict"] == "fine"
    assert verdict(CHECK, io1(iops=60_000.0), busy(5_000, 1_900))["verdict"] == "fine"


def test_gp3_that_costs_more_is_no_saving() -> None:
    found = verdict(CHECK, io1(size_gib=10, iops=100.0), busy(90, 400))

    assert found["verdict"] == "fine"
    assert found["why"] == "gp3 that carries its 90 IOPS and 400 MiB/s costs 15.00 dollars a month, io1 7.75."


def test_without_five_minute_sums_it_is_not_judged() -> None:
    found = verdict(CHECK, io1(), days(300 * 86_400, 8 * 86_400))

    assert (found["verdict"], found["needs"]) == ("insufficient", "series")


@pytest.mark.parametrize(("measured", "verdict_then"), [(12, "insufficient"), (13, "saves")])
def test_a_few_days_are_no_evidence(measured: int, verdict_then: str) -> None:
    assert verdict(CHECK, io1(), busy(1200, 40, count=measured))["verdict"] == verdict_then


def test_silence_is_not_idleness() -> None:
    assert verdict(CHECK, io1(), no_points())["verdict"] == "insufficient"


def test_io2_above_its_first_price_tier_is_not_guessed() -> None:
    assert verdict(CHECK, io1(volume_type="io2", iops=40_000.0), busy(100, 1))["verdict"] == "insufficient"


def test_what_is_provisioned_and_used_less_is_saved() -> None:
    found = verdict(CHECK, io1(), busy(1200, 40))

    assert found["monthly_savings"] == pytest.approx(500 * 0.125 + 5000 * 0.065 - 500 * 0.08)
    assert found["risk"] == "medium"


def test_a_hundred_gigabytes_with_three_thousand_iops_cost_eight_dollars_as_gp3() -> None:
    found = verdict(CHECK, io1(size_gib=100, iops=3000.0), days(500, 10))

    assert (found["monthly_cost"], found["gp3_cost"]) == pytest.approx((207.5, 8.0))


@pytest.mark.parametrize(("iops", "given"), [(2_000, 4_800), (5_000, 6_000)])
def test_headroom_is_kept_and_throughput_brings_its_iops(iops: float, given: float) -> None:
    found = verdict(CHECK, io1(iops=20_000.0), busy(iops, 1_000))

    assert (found["gp3_iops"], found["gp3_mib_s"]) == (given, 1_200)


def test_io2_is_a_high_risk_for_its_durability() -> None:
    tables = {"ebs_volumes": table("ebs_volumes", io1(volume_type="io2")), "ebs_metrics": busy(1200, 40)}

    (card,) = cards(CHECK, tables)

    assert card.risk == "high"
    assert "keep io2 where that is why it was chosen" in card.risk_reason
    assert (card.current, card.proposed) == ("io2 5000 IOPS", "gp3")
    assert "--volume-type gp3 --iops 3000 --throughput 125 --region us-east-1" in card.command
    assert "--volume-type io2 --iops 5000 --region us-east-1" in card.undo
