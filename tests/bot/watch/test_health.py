"""/healthz fails where a restart may help, and tells nobody what costs what."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.watch import health
from bot.watch.health import Health
from tests.bot.decisions_factories import context


@dataclass
class Parts:
    """A scheduler and connections that are well unless changed."""

    seconds_since_tick: float = 12.0
    is_connected: bool = True


@pytest.mark.parametrize(
    ("parts", "ok", "scheduler"),
    [
        (Parts(), True, "ticking"),
        (Parts(is_connected=False), False, "ticking"),
        (Parts(seconds_since_tick=600), False, "stopped"),
    ],
)
def test_the_connection_and_the_scheduler_count(tmp_path: Path, parts: Parts, ok: bool, scheduler: str) -> None:
    bot = context(tmp_path)
    state = Health(bot, parts, parts)()
    assert (state["ok"], state["scheduler"], state["store"]) == (ok, scheduler, "writable")
    assert set(state) == {"ok", "version", "slack", "connected", "scheduler", "store", "time"}
    bot.store.close()


def test_a_store_that_cannot_be_written_is_no_health(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.connection.BUSY_SECONDS", 0.05)
    bot = context(tmp_path)
    checked = Health(bot, None, None)
    assert checked()["ok"]
    other = sqlite3.connect(tmp_path / "costbot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert checked()["ok"], "it is not asked again within seconds"
    monkeypatch.setattr(health, "PROBED_EVERY_SECONDS", 0.0)
    state = checked()
    assert (state["ok"], state["store"], state["scheduler"]) == (False, "not writable", "off")
    other.execute("ROLLBACK")
    assert checked()["ok"]
    other.close()
    bot.store.close()
