"""Posts: claimed before Slack is called, confirmed with the message's ts after it."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.store.claims import MOST_ATTEMPTS, claimant, given_up
from bot.store.rows import Post, moment, written


def claim(db: Database, subject: str, channel: str, now: datetime) -> bool:
    """Whether the caller is to post `subject` in `channel`: once, and once more after a crash in between."""
    row = next(iter(db.query("SELECT * FROM posts WHERE subject = ? AND channel = ?", [subject, channel])), None)
    if row is None:
        db.execute(
            "INSERT INTO posts (subject, channel, claimed_at, claimed_by, attempts) VALUES (?, ?, ?, ?, 1)",
            (subject, channel, written(now), claimant()),
        )
        return True
    if row["ts"] is not None or row["attempts"] >= MOST_ATTEMPTS:
        return False
    if not given_up(row["claimed_by"], moment(row["claimed_at"]), now):
        return False
    db.execute(
        "UPDATE posts SET claimed_at = ?, claimed_by = ?, attempts = attempts + 1 WHERE subject = ? AND channel = ?",
        (written(now), claimant(), subject, channel),
    )
    return True


def confirm(db: Database, subject: str, channel: str, ts: str, now: datetime) -> None:
    """The message is out."""
    db.execute(
        "UPDATE posts SET ts = ?, posted_at = ?, claimed_by = NULL WHERE subject = ? AND channel = ?",
        (ts, written(now), subject, channel),
    )


def abandon(db: Database, subject: str, channel: str) -> None:
    """Slack refused: nothing is out, so the try does not count."""
    db.execute(
        "UPDATE posts SET attempts = attempts - 1, claimed_by = NULL WHERE subject = ? AND channel = ? AND ts IS NULL",
        (subject, channel),
    )
    db.execute(
        "DELETE FROM posts WHERE subject = ? AND channel = ? AND ts IS NULL AND attempts <= 0", (subject, channel)
    )


def of(db: Database, subject: str) -> list[Post]:
    """Where a subject was posted or is being posted."""
    rows = db.query("SELECT * FROM posts WHERE subject = ? ORDER BY claimed_at, channel", [subject])
    return [Post(row["channel"], row["ts"], moment(row["claimed_at"])) for row in rows]
