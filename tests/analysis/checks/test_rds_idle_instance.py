"""`rds.idle_instance`: only what is known to have had no connection at all is offered for deletion."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, price_book, together
from tests.analysis.checks.database_factories import database, databases, load, loads, named

CHECK = "rds.idle_instance"
IDLE = load(connections=0, cpu=3)


def verdict(row: dict[str, Any], metrics: DataFrame = IDLE, **more: Any) -> Any:
    return judged(CHECK, {"rds_instances": databases(row), "rds_metrics": metrics}, **more).loc["db-1"]


def test_one_connection_on_one_day_is_use() -> None:
    monday = points("DatabaseConnections", [0.0] * 9 + [3.0] + [0.0] * 4, resource_id="db-1", statistic="Maximum")

    found = verdict(database(), monday)

    assert (found["verdict"], found["why"]) == ("fine", "In use: up to 3 connections in the last 14 days.")


def test_use_before_the_days_looked_at_is_none() -> None:
    month = [5.0] * 18 + [0.0] * 14

    assert verdict(database(), points("DatabaseConnections", month, resource_id="db-1", statistic="Maximum"))[
        "verdict"
    ] == ("saves")


def test_says_why_it_cannot_simply_be_deleted() -> None:
    aurora = {"cluster_id": "shop", "engine": "aurora-mysql"}
    cases: dict[str, tuple[dict[str, Any], str, str]] = {
        "stopped": ({"status": "stopped"}, "fine", "Stopped"),
        "creating": ({"status": "creating"}, "fine", "created"),
        "replica": ({"source_id": "orders"}, "fine", "rds.idle_replica"),
        "reader": (aurora | {"cluster_members": 2}, "fine", "rds.idle_replica"),
        "source": ({"replica_ids": "db-2"}, "conflict", "db-2"),
        "writer": (aurora | {"cluster_members": 1, "is_writer": True}, "insufficient", "cluster shop"),
        "elsewhere": ({"region": "eu-west-3"}, "insufficient", "14 days"),
        "class": ({"instance_class": "db.x9.large"}, "insufficient", "The price of db.x9.large"),
        "oracle": ({"engine": "oracle-se2"}, "insufficient", "The price of db.m5.large with oracle-se2"),
        "io2": ({"storage_type": "io2", "iops": 40_000}, "insufficient", "The price"),
    }
    rows = named({name: database(**changed) for name, (changed, _, _) in cases.items()})
    idle = loads({name: {"connections": 0.0} for name in cases})

    found = judged(CHECK, {"rds_instances": rows, "rds_metrics": idle})

    assert found["verdict"].to_dict() == {name: expected for name, (_, expected, _) in cases.items()}
    assert [name for name, (_, _, word) in cases.items() if word not in found["why"][name]] == []


@pytest.mark.parametrize("days", [0, 5, 13])
def test_too_few_days_are_no_evidence(days: int) -> None:
    found = verdict(database(age_days=float(days)), load(connections=0, days=days) if days else no_points())

    assert found["verdict"] == "insufficient"
    assert f"CloudWatch has {days}, as it was created {days} days ago" in found["why"]


def test_a_gap_in_the_days_is_no_evidence() -> None:
    gap = load(connections=0, days=14).iloc[:-1]
    other = load("db-9", connections=1, days=14)

    assert verdict(database(), together(gap, other))["why"] == "14 days of DatabaseConnections: CloudWatch has 13."


def test_saves_the_instance_and_its_storage() -> None:
    assert verdict(database())["monthly_savings"] == pytest.approx(730 * 0.178 + 100 * 0.115)


def test_a_standby_and_its_storage_are_saved_too() -> None:
    found = verdict(database(multi_az=True))

    assert found["monthly_savings"] == pytest.approx(2 * (730 * 0.178 + 100 * 0.115))
    assert found["price_source"] == "AWS public list prices, us-east-1, twice Single-AZ"


def test_a_larger_size_of_the_family_costs_in_proportion() -> None:
    assert verdict(database(instance_class="db.m5.2xlarge"))["hour_usd"] == pytest.approx(4 * 0.178)


@pytest.mark.parametrize(
    ("other", "hour"),
    [(database(resource_id="db-2"), 0.15), (database(resource_id="db-2", engine="mysql"), 0.178)],
)
def test_the_bill_counts_where_it_shows_one_engine(other: dict[str, Any], hour: float) -> None:
    book = price_book(own=[("us-east-1", "Amazon Relational Database Service", "InstanceUsage:db.m5.large", 0.15)])
    tables = {"rds_instances": databases(database(), other), "rds_metrics": IDLE}

    assert judged(CHECK, tables, prices=book).loc["db-1", "hour_usd"] == pytest.approx(hour)


def test_the_card_takes_a_final_snapshot_and_warns_of_stopping() -> None:
    row = database(deletion_protected=True)

    (card,) = cards(CHECK, {"rds_instances": databases(row), "rds_metrics": IDLE})

    assert card.reason == "postgres db.m5.large without a connection for 14 days"
    assert card.how_computed == "730 h × $0.178 an hour, and $11.50 a month for 100 GiB of gp3."
    assert "RDS starts it again after 7 days" in card.risk_reason
    assert card.effect.endswith("its deletion protection has to be lifted first.")
    assert card.command.endswith(
        "aws rds delete-db-instance --db-instance-identifier db-1 --final-db-snapshot-identifier db-1-final "
        "--region us-east-1"
    )
    assert "restore-db-instance-from-db-snapshot" in card.undo
    assert card.chart is not None
