"""Patterns that are recorded and not posted until an end: who muted them, why, and who took that back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.errors import UsageError
from bot.store.connection import StoreFile
from bot.store.rows import moment, read, written


@dataclass(frozen=True, slots=True)
class Mute:
    """One pattern.

    Attributes:
        id: as one types it; "" of one that is not kept yet.
        kind: `anomaly` or `recommendation`.
        patterns: keys of services, or ids of savings checks; a finding is muted when all that it is about is among
            them.
        accounts: account ids; empty for all.
        direction: `up` or `down` of an anomaly; None for both.
        label: how it is shown; not escaped.
        finding_id: the finding that it began with, if any.
        unmuted_by, unmuted_at: who took it back before its end.
    """

    kind: str
    patterns: tuple[str, ...]
    accounts: tuple[str, ...]
    direction: str | None
    label: str
    by: str
    at: datetime
    until: datetime
    reason: str
    finding_id: str | None = None
    id: str = ""
    unmuted_by: str | None = None
    unmuted_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it mutes at a moment."""
        return self.at <= now < self.end

    @property
    def end(self) -> datetime:
        """When it ends, or was taken back."""
        return self.until if self.unmuted_at is None else min(self.unmuted_at, self.until)


class Mutes:
    """Mutes, first to last; a row is never changed."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, wanted: Mute, *, channel: str | None = None) -> Mute:
        """Keep one."""
        with self._file.writing() as db:
            db.execute(
                "INSERT INTO mutes (at, by, kind, patterns, accounts, direction, label, until, reason, finding_id, "
                "channel) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    written(wanted.at),
                    wanted.by,
                    wanted.kind,
                    json.dumps(wanted.patterns),
                    json.dumps(wanted.accounts),
                    wanted.direction,
                    wanted.label,
                    written(wanted.until),
                    wanted.reason,
                    wanted.finding_id,
                    channel,
                ),
            )
            return self.every()[-1]

    def end(self, mute_id: str, *, actor: str, now: datetime, channel: str | None = None) -> Mute:
        """Take one back.

        Raises:
            UsageError: there is none of that id, or it has ended.
        """
        with self._file.writing() as db:
            found = next((one for one in self.every() if one.id.casefold() == mute_id.casefold()), None)
            if found is None:
                raise UsageError("There is no mute of that id.", "Type /cost mute to see what is muted.")
            if not found.holds(now):
                raise UsageError(f"{found.id} has ended.", "Type /cost mute to see what is muted.")
            db.execute(
                "INSERT INTO unmutes (mute_id, at, by, channel) VALUES (?, ?, ?, ?)",
                (int(found.id.removeprefix("M-")), written(now), actor, channel),
            )
            return next(one for one in self.every() if one.id == found.id)

    def every(self) -> list[Mute]:
        """All there ever were."""
        with self._file.reading() as db:
            rows = list(
                db.query(
                    "SELECT mutes.*, unmutes.by AS unmuted_by, unmutes.at AS unmuted_at "
                    "FROM mutes LEFT JOIN unmutes ON unmutes.mute_id = mutes.id ORDER BY mutes.id"
                )
            )
        return [
            Mute(
                kind=row["kind"],
                patterns=tuple(json.loads(row["patterns"])),
                accounts=tuple(json.loads(row["accounts"])),
                direction=row["direction"],
                label=row["label"],
                by=row["by"],
                at=moment(row["at"]),
                until=moment(row["until"]),
                reason=row["reason"],
                finding_id=row["finding_id"],
                id=f"M-{row['id']}",
                unmuted_by=row["unmuted_by"],
                unmuted_at=read(row["unmuted_at"]),
            )
            for row in rows
        ]

    def holding(self, now: datetime) -> list[Mute]:
        """Those that mute at a moment."""
        return [one for one in self.every() if one.holds(now)]
