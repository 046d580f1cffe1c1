"""`rds.old_snapshot`: the saving is an upper bound, and nothing where the bill charges no backups."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, price_book, table
from tests.analysis.checks.database_factories import database, databases

CHECK = "rds.old_snapshot"
RDS = "Amazon Relational Database Service"


def snapshot(name: str, **changed: Any) -> dict[str, Any]:
    values = {"resource_id": name, "name": name, "source_id": "db-1", "engine": "postgres", "size_gib": 100.0}
    return values | {"status": "available", "age_days": 200.0} | changed


def tables(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"rds_snapshots": table("rds_snapshots", *rows), "rds_instances": databases(database())}


def test_keeps_young_ones_and_says_what_is_not_known() -> None:
    rows = (
        snapshot("young", age_days=89.0),
        snapshot("just-orphaned", source_id="gone", age_days=29.0),
        snapshot("making", status="creating"),
        snapshot("undated", age_days=None),
        snapshot("elsewhere", region="eu-west-3"),
    )

    found = judged(CHECK, tables(*rows))

    assert found["verdict"].tolist() == ["fine", "fine", "fine", "insufficient", "insufficient"]
    assert found["why"]["young"] == "Younger than 90 days."
    assert found["why"]["just-orphaned"] == "Younger than 30 days."


@pytest.mark.parametrize(("usage", "expected"), [("RDS:ChargedBackupUsage", "saves"), ("RDS:GP3-Storage", "fine")])
def test_nothing_is_saved_where_the_bill_charges_no_backups(usage: str, expected: str) -> None:
    book = price_book(own=[("us-east-1", RDS, usage, 0.08)])

    found = judged(CHECK, tables(snapshot("old")), prices=book).loc["old"]

    assert found["verdict"] == expected


def test_old_ones_save_at_most_their_size() -> None:
    rows = (snapshot("old", age_days=90.0), snapshot("orphan", source_id="gone", age_days=30.0, size_gib=40.0))

    found = judged(CHECK, tables(*rows))

    assert found["monthly_savings"].tolist() == pytest.approx([9.5, 3.8])
    assert found["plus_minus"].tolist() == pytest.approx([9.5, 3.8])


def test_the_last_one_of_a_database_that_is_gone_is_a_high_risk() -> None:
    rows = (
        snapshot("last", source_id="gone", age_days=100.0),
        snapshot("before", source_id="gone", age_days=101.0, size_gib=50.0),
    )

    last, before = cards(CHECK, tables(*rows))

    assert (last.risk, before.risk) == ("high", "medium")
    assert last.risk_reason.startswith("It is the last snapshot of a database that is gone")
    assert last.reason == "Manual snapshot of gone, 100 days old, of a database that is gone"
    assert last.undo == "There is no way back."
    assert "delete-db-snapshot --db-snapshot-identifier last" in last.command
