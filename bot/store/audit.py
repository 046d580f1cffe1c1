"""The audit: a row for every change of state, written in the same transaction; the file refuses to change one."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlite_utils import Database

from bot.store.rows import AuditRow, moment, read, written


def add(
    db: Database,
    finding_id: str,
    *,
    at: datetime,
    actor: str,
    verb: str,
    from_state: str | None,
    to_state: str,
    reason: str | None = None,
    note: str | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    ts: str | None = None,
) -> None:
    """Append one row; the hash pins the figures that the finding showed."""
    value = next(db.query("SELECT value FROM findings WHERE id = ?", [finding_id]))["value"]
    db.execute(
        "INSERT INTO audit (at, finding_id, actor, verb, from_state, to_state, reason, note, until, channel, ts, "
        "value_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            written(at),
            finding_id,
            actor,
            verb,
            from_state,
            to_state,
            reason,
            note,
            written(until) if until else None,
            channel,
            ts,
            hashlib.sha256(value.encode()).hexdigest(),
        ),
    )


def of(db: Database, finding_id: str) -> list[AuditRow]:
    """What happened to a finding, first to last."""
    return [
        AuditRow(
            at=moment(row["at"]),
            finding_id=row["finding_id"],
            actor=row["actor"],
            verb=row["verb"],
            from_state=row["from_state"],
            to_state=row["to_state"],
            reason=row["reason"],
            note=row["note"],
            until=read(row["until"]),
            channel=row["channel"],
            ts=row["ts"],
            value_hash=row["value_hash"],
        )
        for row in db.query("SELECT * FROM audit WHERE finding_id = ? ORDER BY id", [finding_id])
    ]
