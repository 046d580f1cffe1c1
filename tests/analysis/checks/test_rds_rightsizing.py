"""`rds.rightsizing`: nothing shrinks that is busy in any dimension, or of which one is not measured."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, price_book, together
from tests.analysis.checks.database_factories import database, databases, load, loads, named

CHECK = "rds.rightsizing"
#: 16 GiB, 4 vCPU; 10 GiB are free.
LARGE = database(instance_class="db.m5.xlarge")
LIGHT: dict[str, float] = {
    "connections": 40,
    "cpu": 20,
    "free_memory": 10,
    "read_iops": 300,
    "write_iops": 200,
    "read_mib_s": 5,
    "write_mib_s": 5,
}


def verdict(row: dict[str, Any], **level: float) -> Any:
    return judged(CHECK, {"rds_instances": databases(row), "rds_metrics": load(**(LIGHT | level))}).loc["db-1"]


def judge(rows: dict[str, dict[str, Any]], levels: dict[str, dict[str, float]]) -> DataFrame:
    return judged(CHECK, {"rds_instances": named(rows), "rds_metrics": loads(levels)})


def test_keeps_what_is_busy_in_one_dimension() -> None:
    levels = {
        "CPU": LIGHT | {"cpu": 41},  # 1.64 of 2 vCPU
        "memory": LIGHT | {"free_memory": 3.1},  # 12.9 of 16 GiB, which db.r5.large has too
        "connections": LIGHT | {"connections": 1300},  # of 1,622 that 16 GiB allow
        "IOPS": LIGHT | {"read_iops": 2800},  # 3,000 of 3,600
        "throughput to its storage": LIGHT | {"read_mib_s": 70},  # 75 of 81
    }

    found = judge(dict.fromkeys(levels, LARGE), levels)

    assert set(found["verdict"]) == {"fine"}
    assert found["why"].to_dict() == {
        name: f"Right size: {name} would not hold in anything cheaper with headroom." for name in levels
    }


def test_a_fifth_of_the_smaller_class_may_be_all_that_is_free() -> None:
    edges: list[dict[str, float]] = [{"cpu": 40}, {"free_memory": 9.6}, {"read_iops": 2680}, {"read_mib_s": 59}]
    levels = {str(n): LIGHT | level for n, level in enumerate(edges)}

    assert set(judge(dict.fromkeys(levels, LARGE), levels)["target"]) == {"db.m5.large"}


def test_what_was_not_measured_is_not_idle() -> None:
    words = {
        "cpu": "14 days of CPUUtilization: CloudWatch has 0.",
        "free_memory": "14 days of FreeableMemory: CloudWatch has 0.",
        "connections": "and its connections",
        "read_iops": "storage traffic",
        "write_mib_s": "storage traffic",
    }
    levels = {missing: {name: value for name, value in LIGHT.items() if name != missing} for missing in words}

    found = judge(dict.fromkeys(levels, LARGE), levels)

    assert set(found["verdict"]) == {"insufficient"}
    assert [missing for missing, said in words.items() if said not in found["why"][missing]] == []


def test_says_why_nothing_is_proposed() -> None:
    cases: dict[str, tuple[dict[str, Any], str, str]] = {
        "stopped": ({"status": "stopped"}, "fine", "Stopped"),
        "serverless": ({"instance_class": "db.serverless", "engine": "aurora-mysql"}, "fine", "Serverless"),
        "class": ({"instance_class": "db.x9.large"}, "insufficient", "costbot does not know that class"),
        "elsewhere": ({"region": "eu-west-3"}, "insufficient", "14 days"),
        "sqlserver": ({"engine": "sqlserver-ee"}, "insufficient", "The price of db.m5.xlarge with sqlserver-ee"),
    }

    found = judge({name: LARGE | changed for name, (changed, _, _) in cases.items()}, dict.fromkeys(cases, LIGHT))

    assert found["verdict"].to_dict() == {name: expected for name, (_, expected, _) in cases.items()}
    assert [name for name, (_, _, words) in cases.items() if words not in found["why"][name]] == []


def test_proposes_half_the_class_at_half_the_price() -> None:
    found = verdict(LARGE)

    assert (found["verdict"], found["target"]) == ("saves", "db.m5.large")
    assert found["monthly_savings"] == pytest.approx(730 * (0.356 - 0.178))


def test_goes_as_far_down_as_everything_holds() -> None:
    found = verdict(database(instance_class="db.m5.4xlarge"), cpu=5, free_memory=60)

    assert found["target"] == "db.m5.large"


def test_the_dearest_family_gives_way_to_its_sibling_where_the_list_knows_it() -> None:
    tables = {
        "rds_instances": databases(database(instance_class="db.r5.large")),
        "rds_metrics": load(**(LIGHT | {"free_memory": 12})),
    }

    found = judged(CHECK, tables).loc["db-1"]

    assert found["target"] == "db.m5.large"
    assert found["monthly_savings"] == pytest.approx(730 * (0.25 - 0.178))


def test_a_burstable_class_needs_its_credits_and_carries_its_mean_within_the_baseline() -> None:
    row = database(instance_class="db.t3.large", engine="mysql")
    levels = {
        "drained": LIGHT | {"cpu_mean": 8, "credits": 0.0, "free_memory": 7},
        "busy": LIGHT | {"cpu_mean": 25, "credits": 500.0, "free_memory": 7},
        "calm": LIGHT | {"cpu_mean": 8, "credits": 500.0, "free_memory": 7},
    }

    found = judge(dict.fromkeys(levels, row), levels)

    assert found["verdict"].tolist() == ["fine", "fine", "saves"]
    assert "burst credits ran out" in found["why"]["drained"]


def test_every_instance_of_a_cluster_is_as_busy_as_its_busiest() -> None:
    quiet = {"connections": 5.0, "cpu": 5.0, "free_memory": 24.0}
    members = [
        database(resource_id=name, instance_class="db.r5.xlarge", engine="aurora-postgresql", cluster_id="shop")
        for name in ("db-1", "db-2")
    ]
    book = price_book(live=[("us-east-1", "rds.db.r5.xlarge.aurora-postgresql.single.hour", 0.58)])
    busy = together(load("db-1", **quiet), load("db-2", **(quiet | {"cpu": 60.0})))
    calm = together(load("db-1", **quiet), load("db-2", **quiet))
    blind = load("db-1", **quiet)

    found = [
        judged(CHECK, {"rds_instances": databases(*members), "rds_metrics": metrics}, prices=book).loc[
            "db-1", "verdict"
        ]
        for metrics in (busy, calm, blind)
    ]

    assert found == ["fine", "saves", "insufficient"]


def test_the_card_shows_both_classes_and_the_load() -> None:
    (card,) = cards(CHECK, {"rds_instances": databases(LARGE), "rds_metrics": load(**LIGHT)})

    assert card.reason == "db.m5.xlarge uses 20 % of its CPU at p99.5 and 6.0 of 16 GiB"
    assert card.how_computed.startswith("$0.356 an hour for db.m5.xlarge less $0.178 for db.m5.large, × 730 h.")
    assert card.risk_reason.startswith("On the busiest day db.m5.large would have had 40 % of its CPU in use and 25 %")
    assert "--db-instance-class db.m5.large --no-apply-immediately" in card.command
    assert "describe-orderable-db-instance-options --engine postgres --engine-version 16.4" in card.command
    assert "--db-instance-class db.m5.xlarge" in card.undo
    assert card.chart is not None
    assert card.chart.series[-1].values[0] == 40.0, "80 % of the smaller class are 40 % of this one"
