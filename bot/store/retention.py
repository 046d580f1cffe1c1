"""What the store drops when it is old. Findings and decisions stay; the audit only goes if the settings say so.

A dry run does the same and takes it back, so that it says what would happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.store.connection import StoreFile
from bot.store.rows import written

#: A source that nobody has asked for so long is of an account or region that is no longer looked at.
SOURCE_DAYS = 90
#: No setting lets costbot forget younger decisions.
AUDIT_FLOOR_DAYS = 730


@dataclass(frozen=True, slots=True)
class Keep:
    """Days that rows are kept, by what they are; `audit_days` is None for ever."""

    job_days: int
    alert_days: int
    api_days: int
    audit_days: int | None


class Retention:
    """Drops what is old."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def prune(self, keep: Keep, now: datetime, *, dry_run: bool = False) -> dict[str, int]:
        """Rows that were dropped, or with `dry_run` would be, by what they are in people's words.

        All of it happens or nothing.
        """
        found: dict[str, int] = {}
        try:
            with self._file.writing() as db:
                found = _prune(db, keep, now)
                if dry_run:
                    raise _TakeBack
        except _TakeBack:
            pass
        return found

    def shrink(self) -> None:
        """Give the room of dropped rows back to the disk: the file is written anew meanwhile."""
        with self._file.reading() as db:
            db.conn.execute("VACUUM")


class _TakeBack(Exception):
    """Ends the transaction of a dry run."""


def _prune(db: Database, keep: Keep, now: datetime) -> dict[str, int]:
    jobs, alerts, sources = (_before(now, days) for days in (keep.job_days, keep.alert_days, SOURCE_DAYS))
    api = _before(now, keep.api_days)[:10]
    return {
        # The latest run stays however old it is, so that it is known when a job ran last.
        "job runs": _deleted(
            db,
            "job_runs WHERE due_at < ? AND due_at < "
            "(SELECT max(due_at) FROM job_runs AS newer WHERE newer.job = job_runs.job)",
            jobs,
        ),
        # Posts of findings stay: their cards are redrawn.
        "posts of digests and of costbot's own troubles": _deleted(
            db, "posts WHERE (subject GLOB 'digest:*' OR subject GLOB 'watch:*') AND claimed_at < ?", alerts
        ),
        "alerts told or held": _deleted(db, "told_alerts WHERE told_at < ?", alerts)
        + _deleted(db, "held_alerts WHERE held_at < ?", alerts),
        "days of AWS calls": _deleted(db, "api_spend WHERE day < ?", api),
        "sources no longer asked": _deleted(db, "source_health WHERE checked_at < ?", sources),
        "audit rows": _without_old_audit(db, keep, now),
    }


def _without_old_audit(db: Database, keep: Keep, now: datetime) -> int:
    """Drop the audit of findings that were settled that long ago, whole or not at all; what is open keeps all of it."""
    if keep.audit_days is None:
        return 0
    before = _before(now, max(keep.audit_days, AUDIT_FLOOR_DAYS))
    name = "audit_refuses_delete"
    (refusal,) = db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", (name,)).fetchone()
    db.execute(f"DROP TRIGGER {name}")
    dropped = _deleted(
        db,
        "audit WHERE finding_id IN (SELECT id FROM findings WHERE state IN ('resolved', 'dismissed')) "
        "AND finding_id NOT IN (SELECT finding_id FROM audit WHERE at >= ?)",
        before,
    )
    db.execute(refusal)
    return dropped


def _before(now: datetime, days: int) -> str:
    return written(now - timedelta(days=days))


def _deleted(db: Database, rest: str, before: str) -> int:
    return int(db.execute(f"DELETE FROM {rest}", (before,)).rowcount)  # noqa: S608 - texts of this file
