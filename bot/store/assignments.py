"""Who looks after a finding: one person at a time, whatever its state; every change is in the audit."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from analysis.lifecycle import State
from bot.store import audit, redraws
from bot.store.findings import get
from bot.store.rows import Finding, NotAllowed

VERB = "assign"
#: What is over needs nobody.
_OVER = frozenset({State.RESOLVED, State.DISMISSED})


def assign(
    db: Database,
    finding_id: str,
    assignee: str | None,
    *,
    actor: str,
    now: datetime,
    channel: str | None = None,
    ts: str | None = None,
) -> Finding:
    """Give a finding to a person, or to nobody; the same again changes nothing.

    Raises:
        NotAllowed: it is resolved or dismissed.
    """
    before = get(db, finding_id)
    if before.state in _OVER:
        raise NotAllowed(f"{before.id} is {before.state}.", f"/cost reopen {before.id} opens what was dismissed.")
    if before.assignee == assignee:
        return before
    db.execute("UPDATE findings SET assignee = ?, version = version + 1 WHERE id = ?", (assignee, before.id))
    audit.add(
        db,
        before.id,
        at=now,
        actor=actor,
        verb=VERB,
        from_state=before.state,
        to_state=before.state,
        note=assignee,
        channel=channel,
        ts=ts,
    )
    redraws.note(db, before.id, now)
    return get(db, before.id)
