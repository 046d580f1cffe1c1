"""Who was told again that nobody reacts to a finding: rows of the audit, which nothing takes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store import audit
from bot.store.connection import StoreFile
from bot.store.findings import get
from bot.store.rows import COSTBOT

VERB = "escalate"


@dataclass(frozen=True, slots=True)
class Escalation:
    """One step: who was told, when."""

    slack_id: str
    at: datetime


class Escalations:
    """The steps that were taken, by finding."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def of(self, finding_id: str) -> list[Escalation]:
        """The steps of a finding, first to last."""
        with self._file.reading() as db:
            rows = audit.of(db, finding_id)
        return [Escalation(row.note or "", row.at) for row in rows if row.verb == VERB]

    def add(self, finding_id: str, slack_id: str, now: datetime, *, channel: str, ts: str | None) -> None:
        """Somebody was told, in the thread of a card."""
        with self._file.writing() as db:
            state = get(db, finding_id).state
            audit.add(
                db,
                finding_id,
                at=now,
                actor=COSTBOT,
                verb=VERB,
                from_state=state,
                to_state=state,
                note=slack_id,
                channel=channel,
                ts=ts,
            )
