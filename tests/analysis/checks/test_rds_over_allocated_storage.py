"""`rds.over_allocated_storage`: shrinking is hard work, so it is proposed only where a month was half empty."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged
from tests.analysis.checks.database_factories import database, databases, load, loads, named

CHECK = "rds.over_allocated_storage"
BIG = database(size_gib=300)
EMPTY: dict[str, float] = {"free_storage": 220, "read_iops": 200, "write_iops": 100}


def verdict(row: dict[str, Any], metrics: DataFrame | None = None, **level: float) -> Any:
    loaded = load(**(EMPTY | level)) if metrics is None else metrics
    return judged(CHECK, {"rds_instances": databases(row), "rds_metrics": loaded}).loc["db-1"]


@pytest.mark.parametrize(("free", "expected"), [(150, "fine"), (151, "saves")])
def test_half_of_it_has_to_stay_empty(free: float, expected: str) -> None:
    assert verdict(BIG, free_storage=free)["verdict"] == expected


def test_says_why_it_stays() -> None:
    cases: dict[str, tuple[dict[str, Any], str, str]] = {
        "aurora": ({"engine": "aurora-mysql"}, "fine", "billed by what is stored"),
        "io1": ({"storage_type": "io1", "iops": 5000}, "insufficient", "less of io1"),
        "unknown": ({"storage_type": "io9"}, "insufficient", "io9"),
        "source": ({"replica_ids": "db-2"}, "insufficient", "replicas"),
        "replica": ({"source_id": "db-0"}, "insufficient", "replicas"),
    }
    rows = named({name: BIG | changed for name, (changed, _, _) in cases.items()})

    found = judged(CHECK, {"rds_instances": rows, "rds_metrics": loads(dict.fromkeys(cases, EMPTY))})

    assert found["verdict"].to_dict() == {name: expected for name, (_, expected, _) in cases.items()}
    assert [name for name, (_, _, words) in cases.items() if words not in found["why"][name]] == []


def test_a_month_is_needed() -> None:
    assert verdict(BIG, load(days=31, **EMPTY))["why"] == "32 days of FreeStorageSpace: CloudWatch has 31."


def test_without_its_iops_nothing_is_said_of_a_smaller_volume() -> None:
    found = verdict(BIG, load(free_storage=220))

    assert found["verdict"] == "insufficient"
    assert "IOPS that its size has to give" in found["why"]


def test_keeps_what_was_used_with_headroom() -> None:
    found = verdict(BIG)

    assert found["new_gib"] == 100.0  # 80 GiB and a fifth free
    assert found["monthly_savings"] == pytest.approx(200 * 0.115)


def test_no_volume_is_below_20_gib() -> None:
    assert verdict(BIG, free_storage=299)["new_gib"] == 20.0


def test_a_striped_gp3_volume_keeps_400_gib_for_its_iops() -> None:
    found = verdict(database(size_gib=1000), free_storage=900, read_iops=5000)

    assert found["new_gib"] == 400.0


def test_gp2_keeps_the_size_its_iops_come_from() -> None:
    found = verdict(database(size_gib=1000, storage_type="gp2"), free_storage=900, read_iops=1100)

    assert found["new_gib"] == 500.0  # 1,200 IOPS and a fifth, at 3 a GiB


def test_a_volume_that_its_iops_need_is_fine() -> None:
    found = verdict(database(size_gib=500, storage_type="gp2"), free_storage=400, read_iops=1100)

    assert found["why"] == "Its IOPS need its size: 1200 at p99.9."


def test_the_card_tells_the_way_and_its_effort() -> None:
    (card,) = cards(CHECK, {"rds_instances": databases(BIG), "rds_metrics": load(**EMPTY)})

    assert card.reason == "300 GiB of gp3, never less than 73 % of it free in 32 days"
    assert "cannot shrink in place" in card.risk_reason
    assert "--target-allocated-storage 100" in card.command
    assert card.effort == "High"
