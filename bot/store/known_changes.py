"""What people said will change: rows that are never altered; one that was taken back has a row saying by whom."""

from __future__ import annotations

import json
from datetime import date, datetime

from sqlite_utils import Database

from bot.blocks.elements import quoted
from bot.errors import UsageError
from bot.store import short_ids
from bot.store.rows import AlreadyStated, StatedChange, Told, moment, read, written

_PREFIX = "K-"
_EVERY = (
    "SELECT known_changes.*, removed.at AS removed_at, removed.actor AS removed_by FROM known_changes "
    "LEFT JOIN known_change_removals AS removed ON removed.known_change_id = known_changes.id"
)


def add(db: Database, told: Told, *, actor: str, now: datetime, channel: str | None) -> StatedChange:
    """Keep what a person said.

    Raises:
        AlreadyStated: the same stands already.
    """
    for known in every(db):
        if known.told.is_same(told):
            raise AlreadyStated(known)
    inserted = db.execute(
        "INSERT INTO known_changes (at, actor, target, label, dimension, keys, pattern, per_day, currency, first_day, "
        "last_day, why, channel) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            written(now),
            actor,
            told.target,
            told.label,
            told.dimension,
            json.dumps(told.keys),
            told.pattern,
            told.per_day,
            told.currency,
            told.first_day.isoformat(),
            told.last_day.isoformat() if told.last_day else None,
            told.why,
            channel,
        ),
    )
    return _get(db, f"{_PREFIX}{inserted.lastrowid}")


def remove(db: Database, typed: str, *, actor: str, now: datetime, channel: str | None) -> StatedChange:
    """Take one back; it stays in the file, and so does who took it back.

    Raises:
        UsageError: there is no such change, or it was taken back before.
    """
    found = _get(db, typed)
    if found.removed_at is not None:
        raise UsageError(
            f"{found.id} was already taken back on {found.removed_at:%Y-%m-%d}.",
            "/cost forecast known lists those that stand.",
        )
    db.execute(
        "INSERT INTO known_change_removals (known_change_id, at, actor, channel) VALUES (?, ?, ?, ?)",
        (int(found.id.removeprefix(_PREFIX)), written(now), actor, channel),
    )
    return _get(db, found.id)


def every(db: Database, *, removed: bool = False) -> list[StatedChange]:
    """Those that stand, by their first day; with `removed` those that were taken back as well."""
    rows = db.query(f"{_EVERY} ORDER BY known_changes.first_day, known_changes.id")
    return [_row(row) for row in rows if removed or row["removed_at"] is None]


def _get(db: Database, typed: str) -> StatedChange:
    word = short_ids.tidy(typed)
    number = word.removeprefix(_PREFIX)
    is_number = number.isdecimal() and len(number) < 10
    found = list(db.query(f"{_EVERY} WHERE known_changes.id = ?", [int(number)])) if is_number else []
    if not found:
        standing = ", ".join(one.id for one in every(db)[:8]) or "none"
        raise UsageError(f"There is no known change {quoted(typed)}.", f"Those that stand: {standing}.")
    return _row(found[0])


def _row(row: dict[str, object]) -> StatedChange:
    text = {name: None if value is None else str(value) for name, value in row.items()}
    return StatedChange(
        id=f"{_PREFIX}{row['id']}",
        told=Told(
            target=str(row["target"]),
            label=str(row["label"]),
            dimension=text["dimension"],
            keys=tuple(json.loads(str(row["keys"]))),
            pattern=text["pattern"],
            per_day=float(str(row["per_day"])),
            currency=str(row["currency"]),
            first_day=date.fromisoformat(str(row["first_day"])),
            last_day=date.fromisoformat(text["last_day"]) if text["last_day"] else None,
            why=text["why"],
        ),
        by=str(row["actor"]),
        at=moment(str(row["at"])),
        removed_by=text["removed_by"],
        removed_at=read(text["removed_at"]),
    )
