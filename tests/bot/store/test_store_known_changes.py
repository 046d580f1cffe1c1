"""Known changes and set thresholds in the file: never altered, never twice, and there after a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.errors import CostbotError, UsageError
from bot.store import AlreadyStated, Store, Told
from tests.bot.decisions_factories import NOW
from tests.bot.store.test_store_races import at_once

TOLD = Told(
    target="tag:team=data", label="team data", dimension="tag:team", keys=("data",), pattern=None, per_day=-40.0,
    currency="USD", first_day=date(2026, 12, 14), last_day=date(2026, 12, 31), why="plan",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "costbot.db")
    yield store
    store.close()


def test_what_was_told_is_there_after_a_restart(store: Store, tmp_path: Path) -> None:
    kept = store.add_known_change(TOLD, actor="U0ANA", now=NOW, channel="C0COSTS")
    again = Store(tmp_path / "costbot.db")
    assert again.known_changes() == [kept]
    assert (kept.id, kept.told, kept.by, kept.at, kept.removed_at) == ("K-1", TOLD, "U0ANA", NOW, None)
    again.close()


def test_taking_back_keeps_the_row_and_who_did(store: Store) -> None:
    store.add_known_change(TOLD, actor="U0ANA", now=NOW)
    gone = store.remove_known_change("k-1", actor="U0BEN", now=NOW + timedelta(days=1))
    assert store.known_changes() == []
    assert store.known_changes(removed=True) == [gone]
    assert (gone.removed_by, gone.removed_at) == ("U0BEN", NOW + timedelta(days=1))


@pytest.mark.parametrize("typed", ["", "K-", "K-0", "K-2", "K-99999999999999999999", "1e3", "<!channel>", "K-¹"])
def test_an_id_that_is_none_is_a_sentence(store: Store, typed: str) -> None:
    store.add_known_change(TOLD, actor="U0ANA", now=NOW)
    with pytest.raises(UsageError, match=r"There is no known change .* Those that stand: K-1\."):
        store.remove_known_change(typed, actor="U0ANA", now=NOW)


@pytest.mark.parametrize("table", ["known_changes", "known_change_removals"])
def test_the_file_refuses_to_alter_what_was_told(store: Store, tmp_path: Path, table: str) -> None:
    store.add_known_change(TOLD, actor="U0ANA", now=NOW)
    store.remove_known_change("K-1", actor="U0ANA", now=NOW)
    with closing(sqlite3.connect(tmp_path / "costbot.db")) as file:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET actor = 'U0BEN'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                file.execute(statement)


def test_another_amount_day_or_target_is_another_change(store: Store) -> None:
    others = (
        replace(TOLD, per_day=-41.0),
        replace(TOLD, first_day=date(2026, 12, 15)),
        replace(TOLD, last_day=None),
        replace(TOLD, target="ec2"),
    )
    for one in (TOLD, *others):
        store.add_known_change(one, actor="U0ANA", now=NOW)
    assert len(store.known_changes()) == 5
    with pytest.raises(AlreadyStated):
        store.add_known_change(replace(TOLD, why="another reason"), actor="U0BEN", now=NOW)


def test_of_eight_at_once_one_is_kept_and_one_takes_back(store: Store) -> None:
    outcomes: list[bool] = []

    def add(number: int) -> None:
        try:
            store.add_known_change(TOLD, actor=f"U{number}", now=NOW)
            outcomes.append(True)
        except CostbotError:
            outcomes.append(False)

    def remove(number: int) -> None:
        try:
            store.remove_known_change("K-1", actor=f"U{number}", now=NOW)
            outcomes.append(True)
        except CostbotError:
            outcomes.append(False)

    at_once(8, add)
    at_once(8, remove)
    assert (sum(outcomes), len(outcomes)) == (2, 16)


def test_thresholds_and_their_record_are_one_step(store: Store) -> None:
    first = store.change_thresholds((50.0, 30.0), (10.0, 20.0), actor="U0ANA", now=NOW, channel="C0COSTS")
    assert first is not None
    assert (first.before, first.after, first.channel) == ((10.0, 20.0), (50.0, 30.0), "C0COSTS")
    with pytest.raises(sqlite3.IntegrityError):
        store.change_thresholds((70.0, 30.0), (10.0, 20.0), actor=None, now=NOW)  # type: ignore[arg-type]
    assert store.threshold_changes(9) == [first]
    last = store.change_thresholds(None, (10.0, 20.0), actor="U0BEN", now=NOW)
    assert last is not None
    assert (last.verb, last.before, last.after) == ("reset", (50.0, 30.0), (10.0, 20.0))
    assert store.change_thresholds(None, (10.0, 20.0), actor="U0BEN", now=NOW) is None
