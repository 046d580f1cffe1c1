"""The file itself: old ones are migrated, newer and damaged ones refused in a sentence."""

from __future__ import annotations

import sqlite3
from datetime import time
from pathlib import Path

import pytest

from bot.charges import Unit
from bot.errors import CostbotError
from bot.migrations import known_steps
from bot.store import ApiSpend, Store, Subscription
from tests.bot.decisions_factories import NOW, anomaly, recommendation
from tests.bot.store.schema_v1 import SCHEMA_V1, fill_v1
from tests.new_store import MIGRATING


@pytest.fixture(autouse=True)
def _stores_are_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a new file is migrated, as at costbot's first start."""
    monkeypatch.setattr("bot.store.connection.open_database", MIGRATING)


def old_file(tmp_path: Path) -> Path:
    """A file as the first version of costbot left it."""
    path = tmp_path / "costbot.db"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA_V1)
    fill_v1(connection)
    connection.commit()
    connection.close()
    return path


def test_an_old_file_is_migrated_and_keeps_what_it_holds(tmp_path: Path) -> None:
    store = Store(old_file(tmp_path))
    approved, open_ = store.finding("S-M35A"), store.finding("A-85G0")
    assert (approved.state, approved.decided_by, approved.note) == ("approved", "U0ANA", "go")
    assert (approved.value, open_.value) == (recommendation(resource_type="AWS::EC2::Instance"), anomaly())
    assert [row.verb for row in store.audit("S-M35A")] == ["record", "approve"]
    assert [post.ts for post in store.posts("S-M35A")] == ["1790000000.000100"]
    assert store.subscriptions() == [Subscription("C0COSTS", "digest", time(9), None, "U0ANA", NOW, None)]
    assert store.redraws_due(NOW) == ["S-M35A"], "its card may never have been redrawn"
    store.note_source("ce", None, None, True, "", NOW)
    assert store.decide("A-85G0", "acknowledge", actor="U0BEN", now=NOW).state == "acknowledged"
    store.close()


def test_spend_of_the_second_version_is_kept_by_what_its_price_counts(tmp_path: Path) -> None:
    path = tmp_path / "costbot.db"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.executescript(
        "DELETE FROM _sqlite_migrations WHERE name = '0003_spend_by_unit'; DROP TABLE api_spend;"
        "CREATE TABLE api_spend (day TEXT NOT NULL, service TEXT NOT NULL, operation TEXT NOT NULL,"
        " calls INTEGER NOT NULL, usd REAL NOT NULL, PRIMARY KEY (day, service, operation));"
        "INSERT INTO api_spend VALUES ('2026-11-20', 'ce', 'GetCostAndUsage', 79, 0.79),"
        " ('2026-11-20', 'cloudwatch', 'GetMetricData', 3, 0.0123);"
    )
    connection.close()
    store = Store(path)
    assert store.api_spend(NOW.date()) == [
        ApiSpend("ce", "GetCostAndUsage", Unit.REQUEST, 79, 79, 0.79),
        ApiSpend("cloudwatch", "GetMetricData", Unit.METRIC, 3, 1230, 0.0123),
    ]
    store.close()


def test_a_migrated_file_has_the_schema_of_a_new_one(tmp_path: Path) -> None:
    Store(old_file(tmp_path)).close()
    Store(tmp_path / "new.db").close()

    def shape(path: Path) -> dict[str, list[tuple[object, ...]]]:
        connection = sqlite3.connect(path)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
        connection.close()
        return columns

    assert shape(tmp_path / "costbot.db") == shape(tmp_path / "new.db")


def test_a_file_of_a_newer_costbot_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "costbot.db"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        "VALUES ('costbot', '0999_future', '2030-01-01')"
    )
    connection.commit()
    with pytest.raises(CostbotError, match=r"was written by a newer costbot .*0999_future.* Install that version"):
        Store(path)
    count = connection.execute("SELECT COUNT(*) FROM _sqlite_migrations").fetchone()[0]
    assert count == len(known_steps()) + 1
    connection.close()


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "costbot.db"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(CostbotError, match=r"cannot be used: file is not a database\. The file is damaged"):
        Store(path)


def test_a_file_with_a_torn_page_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "costbot.db"
    store = Store(path)
    for number in range(50):
        store.record(recommendation(resource_id=f"i-{number}"), NOW)
    store.close()
    whole = bytearray(path.read_bytes())
    whole[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    path.write_bytes(whole)
    with pytest.raises(CostbotError, match="damaged"):
        Store(path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CostbotError, match=r"cannot be created.*COSTBOT_DATA_DIR"):
        Store(tmp_path / "file" / "data" / "costbot.db")


def test_a_file_that_another_process_holds_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.connection.BUSY_SECONDS", 0.1)
    store = Store(tmp_path / "costbot.db")
    other = sqlite3.connect(tmp_path / "costbot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CostbotError, match=r"database is locked\. Another process holds it"):
        store.record(anomaly(), NOW)
    other.execute("ROLLBACK")
    assert store.record(anomaly(), NOW).is_new, "afterwards it works again"
    other.close()
    store.close()
