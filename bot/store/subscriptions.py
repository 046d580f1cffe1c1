"""Which channel asked for what, and why it does not arrive."""

from __future__ import annotations

from datetime import datetime, time

from sqlite_utils import Database

from bot.store.rows import Subscription, moment, written


def subscribe(
    db: Database, channel: str, kind: str, at: time | None, min_impact: float | None, by: str, now: datetime
) -> None:
    """Insert or change; a change of the time begins anew, so that a due time already past is not made up for."""
    db.execute(
        "INSERT INTO subscriptions (channel, kind, at, min_impact, by, since, problem) VALUES (?, ?, ?, ?, ?, ?, NULL) "
        "ON CONFLICT (channel, kind) DO UPDATE SET min_impact = excluded.min_impact, by = excluded.by, problem = NULL, "
        "since = CASE WHEN at IS excluded.at THEN since ELSE excluded.since END, at = excluded.at",
        (channel, kind, at.isoformat("minutes") if at else None, min_impact, by, written(now)),
    )


def unsubscribe(db: Database, channel: str, kind: str | None) -> int:
    """How many subscriptions ended; without a kind, all of the channel."""
    ended = db.execute("DELETE FROM subscriptions WHERE channel = ? AND (? IS NULL OR kind = ?)", (channel, kind, kind))
    return int(ended.rowcount)


def flag(db: Database, channel: str, kind: str, problem: str | None) -> None:
    """Why a subscription does not arrive; None when it does again."""
    db.execute("UPDATE subscriptions SET problem = ? WHERE channel = ? AND kind = ?", (problem, channel, kind))


def every(db: Database, kind: str | None, channel: str | None) -> list[Subscription]:
    """Subscriptions by channel and kind."""
    rows = db.query(
        "SELECT * FROM subscriptions WHERE (? IS NULL OR kind = ?) AND (? IS NULL OR channel = ?) "
        "ORDER BY channel, kind",
        [kind, kind, channel, channel],
    )
    return [
        Subscription(
            channel=row["channel"],
            kind=row["kind"],
            at=time.fromisoformat(row["at"]) if row["at"] else None,
            min_impact=row["min_impact"],
            by=row["by"],
            since=moment(row["since"]),
            problem=row["problem"],
        )
        for row in rows
    ]
