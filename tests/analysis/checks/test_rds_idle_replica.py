"""`rds.idle_replica`: a replica in use, or the one that takes over in a failure, is kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, price_book, together
from tests.analysis.checks.database_factories import database, databases, load

CHECK = "rds.idle_replica"
REPLICA = database(source_id="orders")
READER = database(
    engine="aurora-postgresql", instance_class="db.r6g.large", cluster_id="shop", cluster_members=3.0, arn="arn:x"
)
PRICES = price_book(live=[("us-east-1", "rds.db.r6g.large.aurora-postgresql.single.hour", 0.26)])


def test_keeps_what_is_no_replica_in_use_or_needed() -> None:
    rows = {
        "primary": database(),
        "stopped": REPLICA | {"status": "stopped"},
        "used": REPLICA,
        "feeding": REPLICA | {"replica_ids": "far-away"},
        "writer": READER | {"is_writer": True},
        "only-reader": READER | {"cluster_members": 2.0},
        "of-unknown-cluster": READER | {"cluster_members": 0.0},
        "young": REPLICA,
        "unpriced": REPLICA | {"instance_class": "db.x9.large"},
    }
    idle = [load(name, connections=0) for name in rows if name not in ("used", "young")]
    metrics = together(*idle, load("used", connections=2), load("young", connections=0, days=13))
    named = databases(*(row | {"resource_id": name} for name, row in rows.items()))

    found = judged(CHECK, {"rds_instances": named, "rds_metrics": metrics}, prices=PRICES)

    assert found["verdict"].to_dict() == {
        "primary": "fine",
        "stopped": "fine",
        "used": "fine",
        "feeding": "conflict",
        "writer": "fine",
        "only-reader": "conflict",
        "of-unknown-cluster": "insufficient",
        "young": "insufficient",
        "unpriced": "insufficient",
    }
    assert found["why"]["only-reader"] == "The only reader of cluster shop: it takes over when the writer fails."
    assert found["why"]["young"] == "14 days of DatabaseConnections: CloudWatch has 13."


def judge(row: dict[str, Any]) -> Any:
    tables = {"rds_instances": databases(row), "rds_metrics": load(connections=0, cpu=2)}
    return judged(CHECK, tables, prices=PRICES).loc["db-1"]


@pytest.mark.parametrize(
    ("row", "monthly"), [(REPLICA, 730 * 0.178 + 100 * 0.115), (READER, 730 * 0.26)], ids=["replica", "Aurora reader"]
)
def test_saves_the_instance_and_storage_of_its_own(row: dict[str, Any], monthly: float) -> None:
    assert judge(row)["monthly_savings"] == pytest.approx(monthly)


def test_the_cards_say_what_they_replicate_and_how_to_make_them_again() -> None:
    rows = databases(REPLICA | {"resource_id": "orders-r1"}, READER | {"resource_id": "shop-3"})
    metrics = together(load("orders-r1", connections=0), load("shop-3", connections=0))

    reader, replica = cards(CHECK, {"rds_instances": rows, "rds_metrics": metrics}, prices=PRICES)

    assert replica.reason == "Replica db.m5.large of orders without a connection for 14 days"
    assert replica.how_computed == "730 h × $0.178 an hour, and $11.5 a month for its gp3."
    assert "--skip-final-snapshot" in replica.command
    assert "create-db-instance-read-replica --db-instance-identifier orders-r1" in replica.undo
    assert reader.reason == "Replica db.r6g.large of cluster shop without a connection for 14 days"
    assert "create-db-instance --db-instance-identifier shop-3 --db-cluster-identifier shop --engine" in reader.undo
