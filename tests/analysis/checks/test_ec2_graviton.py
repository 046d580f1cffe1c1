"""`ec2.graviton`: an offer with conditions; what cannot be arm64 or is not worth it is none."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.models import Risk
from analysis.pricing import PriceBook
from tests.analysis.checks.check_factories import cards
from tests.analysis.checks.machine_factories import answers, machine, tables, verdict
from tests.analysis.rightsizing_factories import load

CHECK = "ec2.graviton"


_LEFT_ALONE: list[tuple[dict[str, Any], str, str]] = [
    ({"instance_type": "m6g.2xlarge", "architecture": "arm64"}, "fine", "No x86 type"),
    ({"instance_type": "g4dn.xlarge"}, "fine", "No x86 type"),
    ({"platform": "Windows"}, "fine", "Windows does not run"),
    ({"instance_type": "m5.xlarge"}, "fine", "less than 50 dollars"),
    ({"age_days": 29.0}, "fine", "Started less than 30 days ago"),
    ({"marketplace": True}, "conflict", "AWS Marketplace"),
    ({"asg_name": "web"}, "conflict", "Auto Scaling group web"),
    ({"platform": "Red Hat Enterprise Linux"}, "insufficient", "The price of m5.2xlarge (Red Hat"),
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


def test_a_machine_at_its_limit_is_not_moved() -> None:
    assert verdict(CHECK, machine(), load(cpu=90))["verdict"] == "fine"


def test_memory_need_not_be_known_where_it_stays_as_large() -> None:
    found = verdict(CHECK, machine(), load(memory=None))

    assert (found["verdict"], found["target"]) == ("saves", "m6g.2xlarge")
    assert found["monthly_savings"] == pytest.approx((0.384 - 0.308) * 730)  # 55.48


def test_the_card_names_the_conditions_and_leaves_the_old_instance_as_the_way_back() -> None:
    (card,) = cards(CHECK, tables(machine()), prices=PriceBook())

    assert card.risk is Risk.HIGH
    assert card.proposed == "m6g.2xlarge with an arm64 image"
    assert all(word in card.risk_reason for word in ("ami-1 is x86", "container", "licences"))
    assert "Build an arm64 image" in card.command
    assert "The way back is the old instance" in card.command
