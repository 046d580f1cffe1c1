"""`rds.rightsizing`: nothing shrinks that is busy in any dimension, or of which one is not measured."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, price_book, together
from tests.analysis.checks.database_factories import database, databases, load

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


def verdict(row: dict[str, Any], metrics: DataFrame | None = None, **level: float) -> Any:
    loaded = load(**(LIGHT | level)) if metrics is None else metrics
    return judged(CHECK, {"rds_instances": databases(row), "rds_metrics": loaded}).loc["db-1"]


def without(*names: str) -> DataFrame:
    return load(**{name: value for name, value in LIGHT.items() if name not in names})


@pytest.mark.parametrize(
    ("level", "word"),
    [
        ({"cpu": 41}, "CPU"),  # 1.64 of 2 vCPU
        ({"free_memory": 9.5}, "memory"),  # 6.5 of 8 GiB
        ({"connections": 700}, "connections"),  # of 811 that 8 GiB allow
        ({"read_iops": 2800}, "IOPS"),  # 3,000 of 3,600
        ({"read_mib_s": 70}, "throughput to its storage"),  # 75 of 81
    ],
)
def test_keeps_what_is_busy_in_one_dimension(level: dict[str, float], word: str) -> None:
    found = verdict(LARGE, **level)

    assert found["verdict"] == "fine"
    assert found["why"] == f"Right size: {word} would not hold in anything cheaper with headroom."


@pytest.mark.parametrize("level", [{"cpu": 40}, {"free_memory": 9.6}, {"read_iops": 2680}, {"read_mib_s": 59}])
def test_a_fifth_of_the_smaller_class_may_be_all_that_is_free(level: dict[str, float]) -> None:
    assert verdict(LARGE, **level)["verdict"] == "saves"


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (("cpu",), "14 days of CPUUtilization: CloudWatch has 0."),
        (("free_memory",), "14 days of FreeableMemory: CloudWatch has 0."),
        (("connections",), "and its connections"),
        (("read_iops",), "storage traffic"),
        (("write_mib_s",), "storage traffic"),
    ],
)
def test_what_was_not_measured_is_not_idle(missing: tuple[str, ...], words: str) -> None:
    found = verdict(LARGE, without(*missing))

    assert found["verdict"] == "insufficient"
    assert words in found["why"]


@pytest.mark.parametrize(
    ("changed", "expected", "words"),
    [
        ({"status": "stopped"}, "fine", "Stopped"),
        ({"instance_class": "db.serverless", "engine": "aurora-mysql"}, "fine", "Serverless"),
        ({"instance_class": "db.x9.large"}, "insufficient", "costbot does not know that class"),
        ({"region": "eu-west-3"}, "insufficient", "14 days"),
        ({"engine": "sqlserver-ee"}, "insufficient", "The price of db.m5.xlarge with sqlserver-ee"),
    ],
)
def test_says_why_nothing_is_proposed(changed: dict[str, Any], expected: str, words: str) -> None:
    found = verdict(LARGE | changed)

    assert found["verdict"] == expected
    assert words in found["why"]


def test_proposes_half_the_class_at_half_the_price() -> None:
    found = verdict(LARGE)

    assert (found["verdict"], found["target"]) == ("saves", "db.m5.large")
    assert found["monthly_savings"] == pytest.approx(730 * (0.356 - 0.178))


def test_goes_as_far_down_as_everything_holds() -> None:
    found = verdict(database(instance_class="db.m5.4xlarge"), cpu=5, free_memory=60)

    assert found["target"] == "db.m5.large"


def test_the_dearest_family_gives_way_to_its_sibling_where_the_list_knows_it() -> None:
    book = price_book(live=[("us-east-1", "rds.db.r5.large.postgres.single.hour", 0.25)])
    tables = {
        "rds_instances": databases(database(instance_class="db.r5.large")),
        "rds_metrics": load(**(LIGHT | {"free_memory": 12})),
    }

    found = judged(CHECK, tables, prices=book).loc["db-1"]

    assert found["target"] == "db.m5.large"
    assert found["monthly_savings"] == pytest.approx(730 * (0.25 - 0.178))


def test_burst_credits_that_ran_out_ask_for_more_not_for_less() -> None:
    found = verdict(database(instance_class="db.t3.large", engine="mysql"), cpu_mean=10, credits=0.0)

    assert found["verdict"] == "fine"
    assert "burst credits ran out" in found["why"]


@pytest.mark.parametrize(("mean", "expected"), [(8, "saves"), (25, "fine")])
def test_a_burstable_class_must_carry_the_mean_within_its_baseline(mean: float, expected: str) -> None:
    row = database(instance_class="db.t3.large", engine="mysql")

    assert verdict(row, cpu_mean=mean, credits=500.0, free_memory=7)["verdict"] == expected


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
