"""What sources told and when: one row an amount, bounded, and a clock that was wrong leaves nothing behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store import Observation, Restatement, Store
from tests.bot.decisions_factories import NOW

DAY = date(2026, 11, 18)


def seen(at: datetime = NOW, cost: float = 100.0, **changed: Any) -> Observation:
    values: dict[str, Any] = {
        "source": "cost_explorer",
        "provider": "AWS",
        "day": DAY,
        "observed_at": at,
        "confirmed_at": at,
        "billed_cost": cost,
        "effective_cost": cost,
        "currency": "USD",
        "is_complete": False,
    }
    return Observation(**(values | changed))


def restated(at: datetime = NOW, **changed: Any) -> Restatement:
    values: dict[str, Any] = {
        "source": "cost_explorer",
        "provider": "AWS",
        "day": DAY,
        "noted_at": at,
        "billed_before": 100.0,
        "billed_after": 90.0,
        "effective_before": 80.0,
        "effective_after": 70.0,
        "currency": "USD",
    }
    return Restatement(**(values | changed))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "costbot.db")
    yield store
    store.close()


def after(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def told(store: Store, *observations: Observation) -> list[tuple[float, datetime, datetime]]:
    for one in observations:
        store.note_observations([one], [], one.observed_at)
    return [(row.billed_cost, row.observed_at, row.confirmed_at) for row in store.observations("cost_explorer")]


def test_nothing_was_told(store: Store) -> None:
    assert store.observations("cost_explorer") == []
    assert store.restatements(NOW - timedelta(days=400)) == []


def test_the_same_amount_again_is_the_same_row_confirmed_later(store: Store) -> None:
    assert told(store, seen(), seen(after(6)), seen(after(12), 100.004)) == [(100.0, NOW, after(12))]


def test_another_amount_is_another_row(store: Store) -> None:
    rows = told(store, seen(), seen(after(6)), seen(after(12), 130.0), seen(after(18), 130.0))
    assert rows == [(100.0, NOW, after(6)), (130.0, after(12), after(18))]


def test_an_amount_whose_effective_cost_alone_moved_is_another_row(store: Store) -> None:
    assert len(told(store, seen(), seen(after(6), effective_cost=90.0))) == 2


def test_a_day_that_counts_as_complete_later_at_the_same_amount_did_count(store: Store) -> None:
    told(store, seen(), seen(after(30), is_complete=True), seen(after(36)))
    assert [row.is_complete for row in store.observations("cost_explorer")] == [True]


def test_sources_and_providers_are_kept_apart(store: Store) -> None:
    told(store, seen(), seen(provider="Microsoft"), seen(source="focus", cost=7.0))
    assert [row.provider for row in store.observations("cost_explorer")] == ["AWS", "Microsoft"]
    assert [row.billed_cost for row in store.observations("focus")] == [7.0]


def test_a_clock_that_was_ahead_leaves_nothing_behind(store: Store) -> None:
    told(store, seen(), seen(after(4)), seen(after(400), 500.0))
    rows = told(store, seen(after(6), 130.0))
    assert rows == [(100.0, NOW, after(4)), (130.0, after(6), after(6))]


def test_a_clock_that_was_ahead_confirms_nothing(store: Store) -> None:
    told(store, seen(), seen(after(400)))
    assert told(store, seen(after(6), 130.0)) == [(100.0, NOW, NOW), (130.0, after(6), after(6))]


def test_the_same_moment_twice_keeps_the_last_amount(store: Store) -> None:
    assert told(store, seen(), seen(NOW, 130.0)) == [(130.0, NOW, NOW)]


def test_old_days_are_dropped(store: Store) -> None:
    told(store, seen())
    old = seen(day=DAY - timedelta(days=117), observed_at=NOW, confirmed_at=NOW)
    store.note_observations([old], [restated()], NOW)
    assert len(store.observations("cost_explorer")) == 2
    store.note_observations([], [], NOW + timedelta(days=3))
    assert [row.day for row in store.observations("cost_explorer")] == [DAY]
    assert store.restatements(NOW - timedelta(days=1)) == [restated()]
    store.note_observations([], [], NOW + timedelta(days=211))
    assert store.restatements(NOW - timedelta(days=1)) == []
    assert store.observations("cost_explorer") == []


def test_restatements_come_since_a_moment_and_of_a_source(store: Store) -> None:
    gone = restated(after(5), source="focus", billed_after=None, effective_after=None)
    store.note_observations([], [restated(), gone], NOW)
    assert store.restatements(NOW) == [restated(), gone]
    assert store.restatements(after(1)) == [gone]
    assert store.restatements(NOW, "cost_explorer") == [restated()]


def test_half_a_note_is_none(store: Store) -> None:
    broken = restated(billed_before=None)
    with pytest.raises(sqlite3.IntegrityError):
        store.note_observations([seen()], [broken], NOW)
    assert store.observations("cost_explorer") == []
