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
#: A load that nothing smaller would hold.
FULL = load(cpu=60, memory=60)


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
    return answers(CHECK, [(machine() | changed, FULL) for changed, *told, _, _ in _LEFT_ALONE])


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
    (card,) = cards(CHECK, tables(machine(), metrics=FULL), prices=PriceBook())

    assert card.risk is Risk.HIGH
    assert card.reason.startswith("m6g.2xlarge (Graviton) has the vCPUs and memory of m5.2xlarge and costs 20 % less")
    assert "ec2.rightsizing looks at that" in card.ignores
    assert card.proposed == "m6g.2xlarge with an arm64 image"
    assert all(word in card.risk_reason for word in ("ami-1 is x86", "container", "licences"))
    assert "Build an arm64 image" in card.steps
    assert "The way back is the old instance" in card.steps


def test_a_smaller_one_or_a_sibling_is_offered_where_it_keeps_a_quarter_free() -> None:
    small = machine(instance_type="m5.xlarge")
    told = answers(CHECK, [(machine(), load(cpu=35)), (machine(), load(cpu=40)), (small, load())])
    found, sibling, worth_it = (told.loc[str(n)] for n in range(3))

    # 6.4 of 32 GiB are in use: c6g.2xlarge has 16, m6g.xlarge too and half the vCPUs.
    assert (found["target"], found["monthly_savings"]) == ("m6g.xlarge", pytest.approx((0.384 - 0.154) * 730))
    assert (sibling["target"], sibling["monthly_savings"]) == ("c6g.2xlarge", pytest.approx((0.384 - 0.272) * 730))
    # As large it would save $27.74, less than what it is offered for.
    assert (worth_it["target"], worth_it["monthly_savings"]) == ("m6g.large", pytest.approx((0.192 - 0.077) * 730))


def test_the_card_of_a_smaller_one_says_so() -> None:
    (card,) = cards(CHECK, tables(machine(), metrics=load(cpu=35)), prices=PriceBook())

    assert card.proposed == "m6g.xlarge with an arm64 image"
    assert "keeps 25 % of everything free under the load of m5.2xlarge and costs 60 % less" in card.reason
    assert card.risk_reason.startswith("m6g.xlarge has 4 vCPU and 16 GiB: a load that its metrics have not shown")
    assert "ec2.rightsizing" not in card.ignores
    projected = [(fact.metric, fact.value, fact.unit) for fact in card.evidence if fact.source == "projected"]
    assert projected == [("CPU", 70.0, "% of m6g.xlarge"), ("Memory", 40.0, "% of m6g.xlarge")]


def test_evidence_is_asked_only_of_what_it_could_help() -> None:
    no_traffic = load(network_mb_s=None, ebs_mb_s=None, ebs_iops=None)
    changes: list[dict[str, Any]] = [
        {},
        {"asg_name": "web"},
        {"age_days": 20.0},
        {"marketplace": True},
        {"state": "stopped"},
    ]

    found = answers(CHECK, [(machine(**changed), no_traffic) for changed in changes])

    assert found["needs"].tolist() == ["maxima", "", "", "", ""]
