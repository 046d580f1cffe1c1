"""`ec2.amd`: only where the twin is cheaper, offered, and holds the traffic."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.rightsizing.demand import Metric
from tests.analysis.checks.machine_factories import answers, machine, verdict
from tests.analysis.rightsizing_factories import load, points

CHECK = "ec2.amd"
#: A load that nothing smaller would hold.
FULL = load(cpu=60, memory=60)


_LEFT_ALONE: list[tuple[dict[str, Any], str, str]] = [
    ({"instance_type": "m5a.2xlarge"}, "fine", "No Intel type"),
    ({"instance_type": "m6g.2xlarge", "architecture": "arm64"}, "fine", "No Intel type"),
    ({"instance_type": "m5.xlarge"}, "fine", "less than 20 dollars"),
    ({"instance_type": "m7i.2xlarge"}, "fine", "less than 20 dollars"),
    ({"instance_type": "m5.metal"}, "fine", "Bare metal"),
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
    return answers(CHECK, [(machine() | changed, FULL) for changed, *told, _, _ in _LEFT_ALONE])


@pytest.mark.parametrize("n", range(len(_LEFT_ALONE)))
def test_leaves_alone(n: int, answered: DataFrame) -> None:
    *_, expected, why = _LEFT_ALONE[n]
    found = answered.loc[str(n)]

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


def test_is_not_offered_where_the_zone_has_none() -> None:
    found = verdict(CHECK, machine(), FULL, without=("m5a.2xlarge", "m5a.4xlarge"))

    assert found["why"] == "Its zone offers no AMD twin."


def test_nor_where_the_cpu_is_at_its_limit_or_unknown() -> None:
    assert verdict(CHECK, machine(), load(cpu=81))["verdict"] == "fine"
    assert verdict(CHECK, machine(), load(cpu=None))["verdict"] == "insufficient"


def test_saves_the_difference_for_the_same_size() -> None:
    found = verdict(CHECK, machine(), load(cpu=80))

    assert (found["target"], found["monthly_savings"]) == ("m5a.2xlarge", pytest.approx((0.384 - 0.344) * 730))
    assert (found["risk"], found["size_risk"]) == ("medium", "")


def test_a_smaller_one_is_offered_where_it_keeps_a_quarter_free() -> None:
    found = answers(CHECK, [(machine(), load(cpu=cpu)) for cpu in (37.5, 37.6)])
    fits, tight = found.loc["0"], found.loc["1"]

    # 37.5 % of 8 vCPU are 3, and 75 % of 4 are 3 too.
    assert (fits["target"], fits["monthly_savings"]) == ("m5a.xlarge", pytest.approx((0.384 - 0.172) * 730))
    assert (fits["effort"], tight["effort"]) == ("Medium", "Low")
    assert (fits["risk"], fits["cpu_then"], fits["memory_then"]) == ("high", pytest.approx(75), pytest.approx(40))
    assert "m5a.xlarge has 4 vCPU and 16 GiB" in fits["size_risk"]
    assert tight["target"] == "m5a.2xlarge"


def test_no_smaller_one_is_offered_without_all_of_its_load() -> None:
    cases: list[tuple[dict[str, Any], DataFrame]] = [
        (machine(), load(memory=None)),
        (machine(), load(days=6)),
        (machine(), load(network_mb_s=118)),  # m5a.xlarge sustains 1.25 Gbit/s, of which 75 % are 117 MB/s
        (machine(instance_type="t3.large"), load(credits=0.0)),
        (machine(age_days=13.0), load()),
    ]

    assert answers(CHECK, cases)["is_less"].tolist() == [False] * len(cases)


def test_what_could_still_be_smaller_is_asked_about() -> None:
    cases = {
        "maxima": load(network_mb_s=None, ebs_mb_s=None, ebs_iops=None),
        "series": pd.concat([load(cpu=None), points(Metric.CPU, "p99.5", [10.0] * 13 + [60.0])], ignore_index=True),
        "": FULL,
    }

    found = answers(CHECK, [(machine(), metrics) for metrics in cases.values()])

    assert found["needs"].tolist() == list(cases)
    assert found["target"].tolist() == ["m5a.2xlarge"] * 3


def test_where_the_twin_sustains_less_to_volumes_the_demand_decides() -> None:
    row = machine(instance_type="r5.2xlarge")
    full = {"cpu": 60.0, "memory": 60.0}
    unknown = load(network_mb_s=None, ebs_mb_s=None, ebs_iops=None, **full)
    loads = [unknown, *(load(ebs_mb_s=rate, **full) for rate in (150.0, 170.0))]

    found = answers(CHECK, [(row, metrics) for metrics in loads])
    before, fits, short = (found.loc[str(n)] for n in range(3))

    # r5a.2xlarge sustains 197.5 MB/s, of which four fifths are 158.
    assert (before["verdict"], before["needs"]) == ("insufficient", "maxima")
    assert (fits["verdict"], fits["target"], fits["needs"]) == ("saves", "r5a.2xlarge", "")
    assert (short["verdict"], pd.isna(short["monthly_savings"])) == ("conflict", True)
