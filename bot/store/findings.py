"""Findings as rows: insert, read, list; every function runs inside the transaction of `Store`."""

from __future__ import annotations

import difflib
import logging
import sqlite3
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from analysis.lifecycle import State
from analysis.models import KINDS, Anomaly, Recommendation, from_json, to_json
from bot.blocks.elements import quoted
from bot.errors import CostbotError, UsageError
from bot.store import audit, redraws, short_ids
from bot.store.rows import COSTBOT, Finding, moment, read, written

log = logging.getLogger("costbot")


def record(db: Database, value: Anomaly | Recommendation, now: datetime, *, reopens: bool = True) -> Finding:
    """Insert, or update the figures and keep state and decision; what was resolved and is back opens again.

    Args:
        reopens: False where something that is over is not back, and only its figures are corrected.
    """
    kind = next(name for name, cls in KINDS.items() if isinstance(value, cls))
    text = to_json(value)
    known = _row(db, value.fingerprint)
    if known is None:
        finding_id = _free_id(db, kind, value.fingerprint)
        db.execute(
            "INSERT INTO findings (id, fingerprint, kind, state, value, version, created_at, updated_at) "
            "VALUES (?, ?, ?, 'open', ?, 1, ?, ?)",
            (finding_id, value.fingerprint, kind, text, written(now), written(now)),
        )
        audit.add(db, finding_id, at=now, actor=COSTBOT, verb="record", from_state=None, to_state=State.OPEN)
        return get(db, finding_id, is_new=True)
    db.execute("UPDATE findings SET value = ?, updated_at = ? WHERE id = ?", (text, written(now), known["id"]))
    if known["state"] == State.RESOLVED and reopens:
        reopen(db, known["id"], State.RESOLVED, now, "recur")
    return get(db, known["id"])


def get(db: Database, id_or_fingerprint: str, *, is_new: bool = False) -> Finding:
    """One finding by id (in any spelling) or fingerprint."""
    row = _row(db, short_ids.tidy(id_or_fingerprint), id_or_fingerprint)
    if row is None:
        raise _unknown(db, id_or_fingerprint)
    try:
        return _finding(row, is_new)
    except (KeyError, ValueError) as error:
        raise CostbotError(
            f"{row['id']} was written by another version of costbot: {error} is missing or unknown.",
            "The next scan writes it anew.",
        ) from error


def every(db: Database, kind: str | None, states: Collection[str] | None) -> list[Finding]:
    """All findings of a kind in some states, oldest first; one that cannot be read is left out and logged."""
    found: list[Finding] = []
    for row in db.query("SELECT * FROM findings WHERE ? IS NULL OR kind = ? ORDER BY created_at, id", [kind, kind]):
        if states is not None and row["state"] not in states:
            continue
        try:
            found.append(_finding(row))
        except (KeyError, ValueError) as error:
            log.warning("%s was written by another version of costbot: %s", row["id"], error)
    return found


def reopen(db: Database, finding_id: str, source: str, now: datetime, verb: str) -> None:
    """costbot itself opens a finding again."""
    db.execute(
        "UPDATE findings SET state = 'open', version = version + 1, decided_by = NULL, decided_at = NULL, "
        "reason = NULL, note = NULL, until = NULL WHERE id = ?",
        (finding_id,),
    )
    audit.add(db, finding_id, at=now, actor=COSTBOT, verb=verb, from_state=source, to_state=State.OPEN)
    redraws.note(db, finding_id, now)


def _row(db: Database, key: str, fingerprint: str | None = None) -> dict[str, Any] | None:
    """The row with this id, or this fingerprint; `key` alone is looked up as either."""
    rows = db.query("SELECT * FROM findings WHERE id = ? OR fingerprint = ?", [key, fingerprint or key])
    return next(iter(rows), None)


def _finding(row: dict[str, Any], is_new: bool = False) -> Finding:
    return Finding(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        value=from_json(KINDS[row["kind"]], row["value"]),
        version=row["version"],
        is_new=is_new,
        created_at=moment(row["created_at"]),
        updated_at=moment(row["updated_at"]),
        decided_by=row["decided_by"],
        decided_at=read(row["decided_at"]),
        reason=row["reason"],
        note=row["note"],
        until=read(row["until"]),
        assignee=row["assignee"],
    )


def _free_id(db: Database, kind: str, fingerprint: str) -> str:
    for candidate in short_ids.candidates(kind, fingerprint):
        if _row(db, candidate) is None:
            return candidate
    raise sqlite3.IntegrityError(f"no free id for {fingerprint}")


def _unknown(db: Database, typed: str) -> UsageError:
    ids = [row["id"] for row in db.query("SELECT id FROM findings ORDER BY updated_at DESC")]
    near = difflib.get_close_matches(short_ids.tidy(typed), ids, n=1, cutoff=0.6)
    if near:
        return UsageError(f"There is no finding {quoted(typed)}.", f"Did you mean {near[0]}?")
    return UsageError(f"There is no finding {quoted(typed)}.", "/cost anomalies and /cost savings list them with ids.")
