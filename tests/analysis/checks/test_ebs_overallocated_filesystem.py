"""`ebs.overallocated_filesystem`: what the agent does not tell is unknown, and a volume never shrinks by itself."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, table
from tests.analysis.checks.volume_factories import volume

CHECK = "ebs.overallocated_filesystem"


def full(percent: float, *, days: int = 32) -> DataFrame:
    return points("disk_used_percent", [percent / 2] * (days - 1) + [percent], resource_id="vol-1", statistic="Maximum")


def tables(metrics: DataFrame, **changed: Any) -> dict[str, DataFrame]:
    return {"ebs_volumes": table("ebs_volumes", volume(**changed)), "ebs_filesystems": metrics}


def verdict(metrics: DataFrame, **changed: Any) -> Any:
    return judged(CHECK, tables(metrics, **changed)).loc["vol-1"]


@pytest.mark.parametrize("changed", [{"state": "available"}, {"device": "/dev/xvda"}])
def test_leaves_alone(changed: dict[str, Any]) -> None:
    assert verdict(full(10), **changed)["verdict"] == "fine"


@pytest.mark.parametrize(("percent", "found"), [(29.9, "saves"), (30.0, "fine"), (80.0, "fine")])
def test_the_fullest_moment_decides(percent: float, found: str) -> None:
    assert verdict(full(percent))["verdict"] == found


def test_without_an_agent_it_is_unknown_not_empty() -> None:
    found = verdict(no_points())

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("How full its filesystem is: no CloudWatch agent tells it")


@pytest.mark.parametrize(("days", "found"), [(29, "insufficient"), (30, "saves")])
def test_a_month_is_looked_at(days: int, found: str) -> None:
    assert verdict(full(10, days=days))["verdict"] == found


@pytest.mark.parametrize(
    ("changed", "needed"),
    [
        ({}, 90.0),
        ({"iops": 60_000.0}, 120.0),
        ({"volume_type": "st1", "iops": None, "throughput_mib_s": None}, 125.0),
        ({"volume_type": "io1", "iops": 20_000.0}, 400.0),
    ],
)
def test_a_third_stays_free_and_the_performance_stays(changed: dict[str, Any], needed: float) -> None:
    assert verdict(full(12), **changed)["needed_gib"] == needed


def test_a_small_volume_has_nothing_to_give() -> None:
    assert verdict(full(12), size_gib=10)["verdict"] == "fine"


def test_a_region_without_prices_is_no_saving() -> None:
    assert verdict(full(12).assign(region="eu-west-3"), region="eu-west-3")["verdict"] == "insufficient"


def test_the_card_shows_the_steps_and_what_the_move_costs() -> None:
    (card,) = cards(CHECK, tables(full(12)))

    assert card.monthly_savings == pytest.approx(410 * 0.08)
    assert card.ignores == "The work, and 1.68 dollars once for both volumes side by side for a week."
    assert "--size 90 --volume-type gp3 --availability-zone us-east-1a" in card.steps
    assert (card.risk, card.chart is not None) == ("high", True)
