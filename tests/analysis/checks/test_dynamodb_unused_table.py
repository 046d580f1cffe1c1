"""`dynamodb.unused_table`: one unit in a month is use; silence is none, for a table that is old enough."""

from __future__ import annotations

import pytest

from tests.analysis.checks.check_factories import cards, judged, no_points, together
from tests.analysis.checks.table_factories import by_day, dynamo, dynamos, index, on_demand

CHECK = "dynamodb.unused_table"


def test_keeps_what_is_used_or_not_known_to_be_unused() -> None:
    rows = dynamos(
        dynamo("read"),
        dynamo("through-its-index"),
        index("through-its-index"),
        dynamo("young", age_days=29.0),
        dynamo("undated", age_days=None),
        dynamo("global", replicas=1.0),
        dynamo("archive-class", table_class="STANDARD_INFREQUENT_ACCESS"),
        dynamo("elsewhere", region="eu-west-3"),
        dynamo("unsized", size_gib=None),
        on_demand("empty", size_gib=0.0),
    )
    used = together(by_day("read", days=1, reads=0.001), by_day("through-its-index/index/by-day", writes=1))

    found = judged(CHECK, {"dynamodb_tables": rows, "dynamodb_metrics": used})

    assert found["verdict"].to_dict() == {
        "read": "fine",
        "through-its-index": "fine",
        "through-its-index/index/by-day": "fine",
        "young": "insufficient",
        "undated": "insufficient",
        "global": "conflict",
        "archive-class": "insufficient",
        "elsewhere": "insufficient",
        "unsized": "insufficient",
        "empty": "fine",
    }
    assert found["why"]["read"] == "In use: it consumed 86 units in the last 30 days."


def test_saves_capacity_and_storage_of_the_table_and_its_indexes() -> None:
    rows = dynamos(dynamo("provisioned"), index("provisioned"), on_demand("asked"))

    found = judged(CHECK, {"dynamodb_tables": rows, "dynamodb_metrics": no_points()})

    saved = found["monthly_savings"].dropna().to_dict()
    assert saved == pytest.approx({"provisioned": 730 * 150 * (0.00013 + 0.00065) + 15 * 0.25, "asked": 10 * 0.25})


def test_the_card_takes_a_backup_first() -> None:
    (card,) = cards(
        CHECK, {"dynamodb_tables": dynamos(dynamo(deletion_protected=True)), "dynamodb_metrics": no_points()}
    )

    assert card.reason == "Table of 10.0 GiB that consumed no unit in 30 days"
    assert card.how_computed == (
        "$56.94 a month for 100 read and 100 write units, its indexes included, and $2.50 for 10.0 GiB."
    )
    backup, delete = card.command.index("create-backup"), card.command.index("delete-table")
    assert backup < delete
    assert "restore-table-from-backup" in card.undo
    assert card.effect.endswith("its deletion protection has to be lifted first.")
