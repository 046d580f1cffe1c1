"""What API calls cost, small facts, and which sources answered."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import ApiSpend, SourceHealth, moment, read, written


def meter(db: Database, service: str, operation: str, usd: float, at: datetime) -> None:
    """Count one call; kept per day."""
    db.execute(
        "INSERT INTO api_spend (day, service, operation, calls, usd) VALUES (?, ?, ?, 1, ?) "
        "ON CONFLICT (day, service, operation) DO UPDATE SET calls = calls + 1, usd = usd + excluded.usd",
        (written(at)[:10], service, operation, usd),
    )


def api_spend(db: Database, since: datetime) -> list[ApiSpend]:
    """Calls and dollars per operation from the day of `since` on, dearest first."""
    rows = db.query(
        "SELECT service, operation, SUM(calls) AS calls, SUM(usd) AS usd FROM api_spend WHERE day >= ? "
        "GROUP BY service, operation ORDER BY usd DESC, service, operation",
        [written(since)[:10]],
    )
    return [ApiSpend(row["service"], row["operation"], row["calls"], row["usd"]) for row in rows]


def remember(db: Database, key: str, value: str, now: datetime) -> None:
    """Keep a small fact."""
    db.execute("INSERT OR REPLACE INTO facts (key, value, at) VALUES (?, ?, ?)", (key, value, written(now)))


def recall(db: Database, key: str) -> str | None:
    """A fact, or None."""
    row = next(iter(db.query("SELECT value FROM facts WHERE key = ?", [key])), None)
    return row["value"] if row else None


def forget(db: Database, key: str) -> None:
    """Drop a fact."""
    db.execute("DELETE FROM facts WHERE key = ?", (key,))


def note_source(
    db: Database, source: str, account_id: str | None, region: str | None, ok: bool, sentence: str, at: datetime
) -> None:
    """How a source answered; `since` stays while the condition stays."""
    db.execute(
        "INSERT INTO source_health (source, account_id, region, ok, sentence, since, checked_at, last_ok_at) "
        "VALUES (:source, :account, :region, :ok, :sentence, :at, :at, CASE WHEN :ok THEN :at END) "
        "ON CONFLICT (source, account_id, region) DO UPDATE SET "
        "since = CASE WHEN ok = excluded.ok THEN since ELSE excluded.since END, ok = excluded.ok, "
        "sentence = excluded.sentence, checked_at = excluded.checked_at, "
        "last_ok_at = COALESCE(excluded.last_ok_at, last_ok_at)",
        {
            "source": source,
            "account": account_id or "",
            "region": region or "",
            "ok": int(ok),
            "sentence": sentence,
            "at": written(at),
        },
    )


def source_health(db: Database) -> list[SourceHealth]:
    """Every source that was ever asked, failing ones first."""
    return [
        SourceHealth(
            source=row["source"],
            account_id=row["account_id"] or None,
            region=row["region"] or None,
            ok=bool(row["ok"]),
            sentence=row["sentence"],
            since=moment(row["since"]),
            checked_at=moment(row["checked_at"]),
            last_ok_at=read(row["last_ok_at"]),
        )
        for row in db.query("SELECT * FROM source_health ORDER BY ok, source, account_id, region")
    ]
