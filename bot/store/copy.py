"""A copy of the store's file as it is at one moment, while others write to it; and what a copy must be to be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import CostbotError
from bot.migrations import known_steps
from bot.store.connection import BUSY_SECONDS, sentences


def copy_store(path: Path, target: Path) -> None:
    """Copy the file at `path` by SQLite's online backup: one read transaction, which holds up no writer.

    Raises:
        CostbotError: one of both cannot be used.
    """
    with sentences(path):
        source = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
        with closing(source), closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            # A copy is one file: the write-ahead log would lie beside it.
            copy.execute("PRAGMA journal_mode = DELETE")


def check_store(path: Path) -> None:
    """Look whether a copy is whole and of a costbot that is not newer than this one.

    Raises:
        CostbotError: it is damaged, or was written by a newer costbot.
    """
    with sentences(path), closing(sqlite3.connect(path)) as copy:
        verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        steps = {row[0] for row in copy.execute("SELECT name FROM _sqlite_migrations").fetchall()}
    newer = sorted(steps - known_steps())
    if newer:
        raise CostbotError(
            f"It was written by a newer costbot (its schema has {newer[-1]}).", "Restore it with that version."
        )
