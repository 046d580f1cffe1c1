"""What Slack said about owners: who has an e-mail address, which user groups there are, what a person is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store.connection import StoreFile
from bot.store.rows import moment, written


@dataclass(frozen=True, slots=True)
class LookedUp:
    """An answer of Slack; `answer` is None where it knows nobody."""

    answer: str | None
    at: datetime


class Owners:
    """Look-ups by kind and key."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def looked_up(self, kind: str, key: str) -> LookedUp | None:
        """The last answer; None where it was never asked."""
        with self._file.reading() as db:
            rows = db.query("SELECT answer, at FROM owner_lookups WHERE kind = ? AND key = ?", [kind, key])
            row = next(iter(rows), None)
        return None if row is None else LookedUp(row["answer"], moment(row["at"]))

    def keep(self, kind: str, key: str, answer: str | None, now: datetime) -> None:
        """Keep an answer, in place of the one before."""
        with self._file.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO owner_lookups (kind, key, answer, at) VALUES (?, ?, ?, ?)",
                (kind, key, answer, written(now)),
            )
