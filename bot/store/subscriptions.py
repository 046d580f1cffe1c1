"""Which channel asked for what, and why it does not arrive."""

from __future__ import annotations

from datetime import time

from sqlite_utils import Database

from bot.store.rows import Subscription, moment, written


def subscribe(db: Database, wanted: Subscription) -> None:
    """Insert or change; a change of the time begins anew, so that a due time already past is not made up for."""
    db.execute(
        "INSERT INTO subscriptions (channel, kind, team, account, at, min_impact, least_change, by, since, problem) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (channel, kind, team, account) DO UPDATE SET "
        "min_impact = excluded.min_impact, least_change = excluded.least_change, by = excluded.by, problem = NULL, "
        "since = CASE WHEN at IS excluded.at THEN since ELSE excluded.since END, at = excluded.at",
        (
            wanted.channel,
            wanted.kind,
            wanted.team,
            wanted.account,
            wanted.at.isoformat("minutes") if wanted.at else None,
            wanted.min_impact,
            wanted.least_change,
            wanted.by,
            written(wanted.since),
        ),
    )


def unsubscribe(
    db: Database, channel: str, kind: str | None, *, team: str | None = None, account: str | None = None
) -> int:
    """How many subscriptions ended; without a kind, all of the channel; without filters, those of all filters."""
    ended = db.execute(
        "DELETE FROM subscriptions WHERE channel = ? AND (? IS NULL OR kind = ?) "
        "AND (? IS NULL OR team = ? COLLATE NOCASE) AND (? IS NULL OR account = ?)",
        (channel, kind, kind, team, team, account, account),
    )
    return int(ended.rowcount)


def flag(
    db: Database,
    channel: str,
    kind: str,
    problem: str | None,
    *,
    team: str | None = None,
    account: str | None = None,
) -> None:
    """Why a kind does not arrive in a channel; None when it does again. Without filters, of all filters."""
    db.execute(
        "UPDATE subscriptions SET problem = ? WHERE channel = ? AND kind = ? "
        "AND (? IS NULL OR team = ?) AND (? IS NULL OR account = ?)",
        (problem, channel, kind, team, team, account, account),
    )


def every(db: Database, kind: str | None, channel: str | None) -> list[Subscription]:
    """Subscriptions by channel, kind, team and account."""
    rows = db.query(
        "SELECT * FROM subscriptions WHERE (? IS NULL OR kind = ?) AND (? IS NULL OR channel = ?) "
        "ORDER BY channel, kind, team, account",
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
            team=row["team"],
            account=row["account"],
            least_change=row["least_change"],
        )
        for row in rows
    ]
