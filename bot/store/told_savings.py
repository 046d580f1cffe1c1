"""Which savings an owner was told of in a channel, and in which message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.store.connection import StoreFile
from bot.store.rows import written


class ToldSavings:
    """Findings by channel and the subject of the message that lists them."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, channel: str, subject: str, finding_ids: Iterable[str], now: datetime) -> None:
        """The message of `subject` lists these now."""
        with self._file.writing() as db:
            for finding_id in finding_ids:
                db.execute(
                    "INSERT OR IGNORE INTO told_savings (channel, finding_id, subject, at) VALUES (?, ?, ?, ?)",
                    (channel, finding_id, subject, written(now)),
                )

    def by_finding(self, channel: str) -> dict[str, str]:
        """The subject of the message that lists a finding, by its id."""
        with self._file.reading() as db:
            rows = db.query("SELECT finding_id, subject FROM told_savings WHERE channel = ?", [channel])
            return {row["finding_id"]: row["subject"] for row in rows}

    def listed(self, channel: str, subject: str) -> list[str]:
        """The findings of a message."""
        with self._file.reading() as db:
            rows = db.query(
                "SELECT finding_id FROM told_savings WHERE channel = ? AND subject = ? ORDER BY at, finding_id",
                [channel, subject],
            )
            return [row["finding_id"] for row in rows]

    def lists_of(self, finding_id: str) -> list[tuple[str, str]]:
        """Channel and subject of the messages that list a finding."""
        with self._file.reading() as db:
            rows = db.query("SELECT channel, subject FROM told_savings WHERE finding_id = ?", [finding_id])
            return [(row["channel"], row["subject"]) for row in rows]
