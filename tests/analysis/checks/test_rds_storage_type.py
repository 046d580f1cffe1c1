"""`rds.storage_type`: provisioned IOPS are given up only where gp3 holds what is used, and costs less."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged
from tests.analysis.checks.database_factories import database, databases, load, loads, named

CHECK = "rds.storage_type"
IO1 = database(storage_type="io1", size_gib=200, iops=5000)
QUIET: dict[str, float] = {"read_iops": 900, "write_iops": 300, "read_mib_s": 20, "write_mib_s": 10}


def verdict(row: dict[str, Any], metrics: DataFrame | None = None, **level: float) -> Any:
    loaded = load(**(QUIET | level)) if metrics is None else metrics
    return judged(CHECK, {"rds_instances": databases(row), "rds_metrics": loaded}).loc["db-1"]


def test_leaves_alone_what_pays_for_no_iops_or_has_no_price() -> None:
    cases: dict[str, tuple[dict[str, Any], str, str]] = {
        "gp2": ({"storage_type": "gp2", "iops": 600}, "fine", "gp2 has no provisioned IOPS"),
        "magnetic": ({"storage_type": "standard"}, "fine", "standard has no"),
        "gp3": ({"storage_type": "gp3", "iops": 3000}, "fine", "nothing is paid for IOPS"),
        "silent gp3": ({"storage_type": "gp3", "iops": None}, "fine", "nothing is paid for IOPS"),
        "aurora": ({"engine": "aurora-mysql", "storage_type": "aurora"}, "fine", "Aurora"),
        "unknown": ({"storage_type": "io9"}, "insufficient", "io9"),
        "elsewhere": ({"region": "eu-west-3"}, "insufficient", "14 days"),
        "many": ({"storage_type": "io2", "iops": 40_000}, "insufficient", "The price of io2 storage"),
        "untold": ({"iops": None}, "insufficient", "The price of io1 storage"),
    }
    rows = named({name: IO1 | changed for name, (changed, _, _) in cases.items()})

    found = judged(CHECK, {"rds_instances": rows, "rds_metrics": loads(dict.fromkeys(cases, QUIET))})

    assert found["verdict"].to_dict() == {name: expected for name, (_, expected, _) in cases.items()}
    assert [name for name, (_, _, words) in cases.items() if words not in found["why"][name]] == []


def test_what_gp3_would_not_hold_or_was_not_measured_stays() -> None:
    levels = {
        "2,500 of 2,400 IOPS": QUIET | {"read_iops": 2200},
        "101 of 100 MiB/s": QUIET | {"read_mib_s": 91},
        **{missing: {name: value for name, value in QUIET.items() if name != missing} for missing in QUIET},
    }
    rows = named(dict.fromkeys(levels, IO1))

    found = judged(CHECK, {"rds_instances": rows, "rds_metrics": loads(levels)})

    assert found["verdict"].tolist() == ["fine", "fine", *["insufficient"] * 4]
    assert found["why"].head(2).str.contains("are too many for gp3").all()


def test_too_few_days_are_no_evidence() -> None:
    assert verdict(IO1, load(days=13, **QUIET))["why"] == "14 days of ReadIOPS: CloudWatch has 13."


def test_below_400_gib_gp3_includes_3000_iops() -> None:
    assert verdict(IO1)["monthly_savings"] == pytest.approx(200 * 0.125 + 5000 * 0.10 - 200 * 0.115)


def test_from_400_gib_on_it_includes_12000_and_more_can_be_added() -> None:
    found = verdict(database(storage_type="io1", size_gib=500, iops=20_000), read_iops=11_700)

    assert found["new_iops"] == 15_000
    assert found["monthly_savings"] == pytest.approx(500 * 0.125 + 20_000 * 0.10 - 500 * 0.115 - 3_000 * 0.02)


def test_iops_of_gp3_that_nobody_uses_are_given_back() -> None:
    found = verdict(database(storage_type="gp3", size_gib=500, iops=16_000))

    assert found["monthly_savings"] == pytest.approx(4_000 * 0.02)


def test_gp3_that_uses_its_iops_stays() -> None:
    found = verdict(database(storage_type="gp3", size_gib=500, iops=16_000), read_iops=12_500)

    assert found["why"] == "It uses its IOPS: 12800 at p99.9; gp3 would cost as much or more."


def test_a_standby_s_storage_costs_twice() -> None:
    assert verdict(IO1 | {"multi_az": True})["monthly_savings"] == pytest.approx(2 * (502.0))


@pytest.mark.parametrize(("size", "argument"), [(200, ""), (500, " --iops 12000")])
def test_the_command_names_iops_only_where_rds_takes_them(size: int, argument: str) -> None:
    (card,) = cards(CHECK, {"rds_instances": databases(IO1 | {"size_gib": size}), "rds_metrics": load(**QUIET)})

    assert f"--storage-type gp3 --allocated-storage {size}{argument} --apply-immediately" in card.command
    assert f"--storage-type io1 --allocated-storage {size} --iops 5000" in card.undo
    assert card.reason == "io1 with 5000 IOPS, of which 1200 are used at p99.9"
