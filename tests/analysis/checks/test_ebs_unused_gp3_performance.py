"""`ebs.unused_gp3_performance`: only what is paid on top and not used is taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, no_points, table
from tests.analysis.checks.volume_factories import busy, days, verdict, volume

CHECK = "ebs.unused_gp3_performance"


def paid(**changed: Any) -> dict[str, Any]:
    return volume(**({"iops": 9000.0, "throughput_mib_s": 500.0} | changed))


def test_leaves_what_is_included_alone_without_asking() -> None:
    found = verdict(CHECK, volume(), no_points())

    assert (found["verdict"], found["needs"]) == ("fine", "")


def test_leaves_other_types_and_unattached_ones_alone() -> None:
    assert verdict(CHECK, paid(volume_type="io1"), busy(1, 1))["verdict"] == "fine"
    assert verdict(CHECK, paid(state="available"), busy(1, 1))["verdict"] == "fine"


@pytest.mark.parametrize(("iops", "verdict_then"), [(5_900, "saves"), (6_000, "fine"), (8_000, "fine")])
def test_half_of_what_is_paid_on_top_decides(iops: float, verdict_then: str) -> None:
    assert verdict(CHECK, paid(throughput_mib_s=125.0), busy(iops, 100))["verdict"] == verdict_then


def test_a_used_volume_says_what_it_uses() -> None:
    found = verdict(CHECK, paid(throughput_mib_s=250.0), busy(8_000, 200))

    assert found["why"] == "It uses 8000 IOPS and 200 MiB/s of its 9000 and 250."


def test_one_of_the_two_is_lowered_alone() -> None:
    found = verdict(CHECK, paid(), busy(8_000, 100))

    assert (found["new_iops"], found["new_mib_s"]) == (9000, 125)
    assert found["monthly_savings"] == pytest.approx(375 * 0.04)


def test_iops_stay_that_the_throughput_needs() -> None:
    found = verdict(CHECK, paid(iops=5000.0, throughput_mib_s=1000.0), busy(100, 900))

    assert (found["new_iops"], found["new_mib_s"]) == (4000, 1000)


@pytest.mark.parametrize(("measured", "verdict_then"), [(12, "insufficient"), (13, "saves")])
def test_a_few_days_are_no_evidence(measured: int, verdict_then: str) -> None:
    assert verdict(CHECK, paid(), busy(1000, 50, count=measured))["verdict"] == verdict_then


def test_days_that_do_not_tell_ask_for_more() -> None:
    assert verdict(CHECK, paid(), days(300 * 86_400, 8 * 86_400))["needs"] == "series"
    assert verdict(CHECK, paid(), days(1000, 10))["verdict"] == "saves"


def test_what_the_paid_performance_costs_is_saved() -> None:
    tables = {"ebs_volumes": table("ebs_volumes", paid()), "ebs_metrics": busy(1000, 50)}

    (card,) = cards(CHECK, tables)

    assert card.monthly_savings == pytest.approx(6000 * 0.005 + 375 * 0.04)
    assert (card.current, card.proposed) == ("9000 IOPS, 500 MiB/s", "3000 IOPS, 125 MiB/s")
    assert "modify-volume --volume-id vol-1 --iops 3000 --throughput 125" in card.command
    assert "--iops 9000 --throughput 500" in card.undo
    assert card.how_computed.startswith("6000 IOPS × $0.005 and 375 MiB/s × $0.04 a month less.")
