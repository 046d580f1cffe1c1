"""`ec2.amd`: only where the twin is cheaper, offered, and holds the traffic."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from tests.analysis.checks.machine_factories import answers, machine, verdict
from tests.analysis.rightsizing_factories import load

CHECK = "ec2.amd"


_LEFT_ALONE: list[tuple[dict[str, Any], str, str]] = [
    ({"instance_type": "m5a.2xlarge"}, "fine", "No Intel type"),
    ({"instance_type": "m6g.2xlarge", "architecture": "arm64"}, "fine", "No Intel type"),
    ({"instance_type": "m5.xlarge"}, "fine", "less than 20 dollars"),
    ({"instance_type": "m7i.2xlarge"}, "fine", "less than 20 dollars"),
    ({"age_days": 13.9}, "fine", "Started less than 14 days ago"),
    ({"age_days": None}, "insufficient", "When it was started"),
    ({"asg_name": "web"}, "conflict", "Auto Scaling group web"),
    ({"spot": True}, "fine", "Spot"),
    ({"ignored": True}, "fine", "costbot:ignore"),
    ({"tenancy": "dedicated"}, "insufficient", "The price of m5.2xlarge (dedicated tenancy)"),
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


def test_is_not_offered_where_the_zone_has_none() -> None:
    assert verdict(CHECK, machine(), without=("m5a.2xlarge", "m5a.4xlarge"))["why"] == "Its zone offers no AMD twin."


def test_nor_where_the_cpu_is_at_its_limit_or_unknown() -> None:
    assert verdict(CHECK, machine(), load(cpu=81))["verdict"] == "fine"
    assert verdict(CHECK, machine(), load(cpu=None))["verdict"] == "insufficient"


def test_saves_the_difference_for_the_same_size() -> None:
    found = verdict(CHECK, machine(), load(cpu=80))

    assert (found["target"], found["monthly_savings"]) == ("m5a.2xlarge", pytest.approx((0.384 - 0.344) * 730))


def test_where_the_twin_sustains_less_to_volumes_the_demand_decides() -> None:
    row = machine(instance_type="r5.2xlarge")
    unknown = load(network_mb_s=None, ebs_mb_s=None, ebs_iops=None)

    before, fits, short = (verdict(CHECK, row, load_) for load_ in (unknown, load(ebs_mb_s=150), load(ebs_mb_s=170)))

    # r5a.2xlarge sustains 197.5 MB/s, of which four fifths are 158.
    assert (before["verdict"], before["needs"]) == ("insufficient", "maxima")
    assert (fits["verdict"], fits["target"], fits["needs"]) == ("saves", "r5a.2xlarge", "")
    assert (short["verdict"], pd.isna(short["monthly_savings"])) == ("conflict", True)
