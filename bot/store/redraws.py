"""Which cards show an old state: noted in the transaction that changed it, so that a crash forgets none."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from analysis.lifecycle import UNDO_WINDOW
from bot.store.rows import COSTBOT, Finding, written


def note(db: Database, finding_id: str, due_at: datetime) -> None:
    """The cards of a finding are to be redrawn at `due_at`."""
    db.execute("INSERT OR REPLACE INTO redraws (finding_id, due_at) VALUES (?, ?)", (finding_id, written(due_at)))


def due(db: Database, now: datetime) -> list[str]:
    """Ids of findings whose cards are to be redrawn by now, longest waiting first."""
    rows = db.query("SELECT finding_id FROM redraws WHERE due_at <= ? ORDER BY due_at, finding_id", [written(now)])
    return [row["finding_id"] for row in rows]


def done(db: Database, drawn: Finding, now: datetime) -> None:
    """The cards show `drawn`. If it has moved on since, the note stays; while its decider may undo it, they are due
    once more when that ends, to take the button away."""
    current = next(db.query("SELECT version FROM findings WHERE id = ?", [drawn.id]))["version"]
    if current != drawn.version:
        return
    undo_ends = drawn.decided_at + UNDO_WINDOW if drawn.decided_at and drawn.decided_by != COSTBOT else None
    if undo_ends and now <= undo_ends:
        note(db, drawn.id, undo_ends)
        return
    forget(db, drawn.id)


def forget(db: Database, finding_id: str) -> None:
    """Give up on a redraw."""
    db.execute("DELETE FROM redraws WHERE finding_id = ?", (finding_id,))
