"""`rds.newer_generation`: only where the engine runs there and both prices are known."""

from __future__ import annotations

import pytest

from tests.analysis.checks.check_factories import cards, judged, price_book
from tests.analysis.checks.database_factories import database, databases

CHECK = "rds.newer_generation"


def hour(instance_class: str, usd: float, engine: str = "postgres") -> tuple[str, str, float]:
    return ("us-east-1", f"rds.{instance_class}.{engine}.single.hour", usd)


PRICES = price_book(
    live=[
        hour("db.m5.large", 0.178),
        hour("db.m6g.large", 0.159),
        hour("db.m7g.large", 0.168),
        hour("db.t3.medium", 0.072),
        hour("db.t4g.medium", 0.065),
        hour("db.r5.large", 0.25),
        hour("db.r6g.large", 0.26),
    ]
)


def test_leaves_alone_what_has_no_cheaper_successor_or_no_price() -> None:
    rows = {
        "graviton": database(instance_class="db.m6g.large"),
        "stopped": database(status="stopped"),
        "serverless": database(instance_class="db.serverless", engine="aurora-mysql"),
        "local-storage": database(instance_class="db.m5d.large"),
        "oracle-on-m5": database(engine="oracle-se2"),
        "dearer": database(instance_class="db.r5.large"),
        "old-postgres": database(engine_version="11.22"),
        "strange-version": database(engine_version="devel"),
        "unknown-class": database(instance_class="db.x9.large"),
        "unpriced": database(engine="mariadb", engine_version="10.11.5"),
        "elsewhere": database(region="eu-west-3"),
    }
    named = databases(*(row | {"resource_id": name} for name, row in rows.items()))

    found = judged(CHECK, {"rds_instances": named}, prices=PRICES)

    insufficient = {"old-postgres", "strange-version", "unknown-class", "unpriced", "elsewhere"}
    assert found["verdict"].to_dict() == {name: "insufficient" if name in insufficient else "fine" for name in rows}
    assert found["why"]["old-postgres"] == "Whether postgres 11.22 runs on Graviton: upgrade it first."
    assert found["why"]["dearer"] == "No newer class of its size costs less."
    assert found["why"]["oracle-on-m5"] == "There is no newer class of its size for oracle-se2."


def test_takes_the_cheapest_of_the_newer_classes_at_the_discount_of_now() -> None:
    paid = [("us-east-1", "Amazon Relational Database Service", "InstanceUsage:db.m5.large", 0.089)]
    book = price_book(own=paid, live=[hour("db.m5.large", 0.178), hour("db.m6g.large", 0.159)])
    rows = databases(
        database(resource_id="one"),
        database(resource_id="two", multi_az=True),
        database(resource_id="small", instance_class="db.t3.medium"),
    )

    listed, own = (
        judged(CHECK, {"rds_instances": rows}, prices=PRICES),
        judged(CHECK, {"rds_instances": rows}, prices=book),
    )

    assert listed["target"].tolist() == ["db.m6g.large", "db.m6g.large", "db.t4g.medium"]
    assert listed["monthly_savings"].tolist() == pytest.approx([730 * 0.019, 730 * 0.038, 730 * 0.007])
    assert own["monthly_savings"]["one"] == pytest.approx(730 * 0.0095)


def test_the_card_asks_whether_the_class_can_be_ordered() -> None:
    (card,) = cards(CHECK, {"rds_instances": databases(database())}, prices=PRICES)

    assert card.reason == "db.m5.large costs $0.178 an hour, db.m6g.large of the same size $0.159"
    assert "describe-orderable-db-instance-options --engine postgres" in card.command
    assert "--db-instance-class db.m6g.large --no-apply-immediately" in card.command
