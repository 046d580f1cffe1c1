"""`ec2.previous_generation`: what is current, cannot start on Nitro, or lives of its lack of credits stays."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.pricing import PriceBook
from tests.analysis.checks.check_factories import cards
from tests.analysis.checks.machine_factories import answers, machine, tables, verdict
from tests.analysis.rightsizing_factories import load

CHECK = "ec2.previous_generation"
OLD = {"instance_type": "m4.2xlarge"}


_LEFT_ALONE: list[tuple[dict[str, Any], str, str]] = [
    ({}, "fine", "Of a current generation"),
    (OLD | {"state": "stopped"}, "fine", "Not running"),
    (OLD | {"asg_name": "web"}, "conflict", "change the type in its launch template"),
    (OLD | {"ena_support": False}, "insufficient", "ENA driver"),
    (OLD | {"platform": "Windows"}, "insufficient", "The price of m4.2xlarge (Windows)"),
    (OLD | {"region": "cn-north-1"}, "insufficient", "The price of m4.2xlarge (Linux) in cn-north-1"),
    ({"instance_type": "m4.999xlarge"}, "insufficient", "The specification of m4.999xlarge"),
]


@pytest.fixture(scope="module")
def answered() -> DataFrame:
    """The verdicts on all of them, asked at once."""
    return answers(CHECK, [(machine() | changed, load()) for changed, *told, _, _ in _LEFT_ALONE])


@pytest.mark.parametrize("n", range(len(_LEFT_ALONE)))
def test_leaves_alone(n: int, answered: DataFrame) -> None:
    *_, expected, why = _LEFT_ALONE[n]
    found = answered.loc[str(n)]

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


def test_one_without_credits_would_pay_for_them_as_its_successor() -> None:
    found = verdict(CHECK, machine(instance_type="t2.medium"), load(credits=0))

    assert found["verdict"] == "conflict"
    assert "unlimited from the start" in found["why"]


def test_proposes_only_what_the_zone_offers() -> None:
    found = verdict(CHECK, machine(**OLD), without=("m5.2xlarge", "m5.4xlarge", "m5.12xlarge"))

    assert (found["verdict"], "none of m5 in its zone" in found["why"]) == ("insufficient", True)


def test_saves_the_difference_to_the_successor() -> None:
    found = verdict(CHECK, machine(**OLD))

    assert (found["verdict"], found["target"]) == ("saves", "m5.2xlarge")
    assert found["monthly_savings"] == pytest.approx((0.4 - 0.384) * 730)  # 11.68


def test_a_size_that_the_successor_lacks_becomes_the_next_one_if_that_is_cheaper() -> None:
    found = verdict(CHECK, machine(instance_type="m4.10xlarge"))

    # m5 has no 10xlarge, and its 12xlarge costs 2.304 dollars an hour against 2.00.
    assert (found["verdict"], found["target"]) == ("fine", "m5.12xlarge")


def test_the_card_says_what_nitro_asks_for_and_how_to_go_back() -> None:
    (card,) = cards(CHECK, tables(machine(**OLD)), prices=PriceBook())

    assert "/etc/fstab" in card.risk_reason
    assert "--instance-type Value=m5.2xlarge" in card.command.replace("'", "")
    assert "--instance-type Value=m4.2xlarge" in card.undo.replace("'", "")
    assert card.how_computed == "730 h × ($0.4000 − $0.3840) an hour."
