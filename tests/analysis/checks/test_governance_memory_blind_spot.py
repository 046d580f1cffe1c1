"""`governance.memory_blind_spot`: a place without instances, or with the agent on most, is fine."""

from __future__ import annotations

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import REGION, cards, no_points, points, table, together
from tests.analysis.checks.check_factories import judged as run

CHECK = "governance.memory_blind_spot"


def tables(fleet: int, seen: int, region: str = REGION) -> dict[str, DataFrame]:
    cpu = [points("cpu", [3.0], resource_id=f"i-{n}", statistic="p99.5", region=region) for n in range(fleet)]
    memory = [points("memory", [40.0], resource_id=f"i-{n}", statistic="p99.5", region=region) for n in range(seen)]
    rows = table("account_regions", {"resource_id": REGION, "region": REGION, "name": ""})
    return {"account_regions": rows, "ec2_metrics": together(no_points(), *cpu, *memory)}


@pytest.mark.parametrize(("fleet", "seen"), [(0, 0), (2, 0), (3, 3), (5, 4), (10, 8)])
def test_leaves_alone(fleet: int, seen: int) -> None:
    found = run(CHECK, tables(fleet, seen))

    assert found["verdict"].tolist() == ["fine"]


def test_instances_of_another_region_do_not_count() -> None:
    assert run(CHECK, tables(9, 0, region="eu-west-1"))["verdict"].tolist() == ["fine"]


@pytest.mark.parametrize(("fleet", "seen"), [(3, 2), (10, 7), (40, 0)])
def test_tells_a_blind_spot(fleet: int, seen: int) -> None:
    (card,) = cards(CHECK, tables(fleet, seen))

    assert card.reason == (
        f"{fleet - seen} of {fleet} instances in prod us-east-1 do not tell how much memory they use"
    )
    assert card.monthly_savings == 0
