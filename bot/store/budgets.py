"""Budgets that people set: what stands, and an append-only row for every time one was set, changed or removed."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from analysis.budgets import Budget, Cadence, Part
from bot.blocks.elements import quoted
from bot.errors import UsageError
from bot.store import short_ids
from bot.store.connection import StoreFile
from bot.store.rows import moment, written

PREFIX = "B-"
LIST = "/cost budget"


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """One decision about a budget: who, when, what; amounts are None where there was, or is, none.

    `undoes` is the id of the change that it takes back.
    """

    id: int
    budget_id: str
    at: datetime
    actor: str
    verb: str
    amount_before: float | None
    amount: float | None
    channel: str | None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A budget after a decision; without `change` it was as wanted already."""

    budget: Budget
    change: BudgetChange | None


class Budgets:
    """The budgets of this workspace."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def every(self) -> list[Budget]:
        """Those that stand, in the order they were set in."""
        with self._file.reading() as db:
            return [_budget(row) for row in db.query("SELECT * FROM budgets WHERE is_removed = 0 ORDER BY id")]

    def get(self, typed: str) -> Budget:
        """One that stands.

        Raises:
            UsageError: there is none of that id.
        """
        with self._file.reading() as db:
            return _budget(_standing(db, typed))

    def changes(self, typed: str) -> list[BudgetChange]:
        """What was decided about a budget, first to last."""
        with self._file.reading() as db:
            number = _row(db, typed)["id"]
            return [
                _change(row) for row in db.query("SELECT * FROM budget_changes WHERE budget = ? ORDER BY id", [number])
            ]

    def set(self, wanted: Budget, *, actor: str, now: datetime, channel: str | None) -> Changed:
        """Set a budget, or change the one of the same scope and period; its id and the setter come from here.

        Raises:
            UsageError: that one is in another currency, so that its change could not be taken back.
        """
        with self._file.writing() as db:
            known = _same(db, wanted)
            if known is None:
                return _inserted(db, wanted, actor=actor, now=now, channel=channel)
            if known["currency"] != wanted.currency:
                raise UsageError(
                    f"{_id(known)}, of the same, is in {quoted(known['currency'])}; the bill is not.",
                    f"{LIST} remove {_id(known)} ends it; then set this one.",
                )
            if _is_as(known, wanted):
                return Changed(_budget(known), None)
            db.execute(
                "UPDATE budgets SET amount = ?, label = ?, typed = ?, by = ?, channel = ? WHERE id = ?",
                (
                    wanted.amount,
                    wanted.label,
                    wanted.typed,
                    actor,
                    channel or known["channel"],
                    known["id"],
                ),
            )
            return _noted(db, known, "change", wanted.amount, actor=actor, now=now, channel=channel)

    def remove(self, typed: str, *, actor: str, now: datetime, channel: str | None) -> Changed:
        """Remove a budget; its row and its history stay.

        Raises:
            UsageError: there is none of that id, or it was removed before.
        """
        with self._file.writing() as db:
            return _removed(db, _standing(db, typed), actor=actor, now=now, channel=channel)

    def undo(self, typed: str, change: int | None, *, actor: str, now: datetime, channel: str | None) -> Changed:
        """Take the last decision about a budget back.

        Args:
            change: the decision that is meant; None is the last one, whatever it is.
        Raises:
            UsageError: it was taken back before, or somebody decided since.
        """
        with self._file.writing() as db:
            row = _row(db, typed)
            last = _change(
                next(db.query("SELECT * FROM budget_changes WHERE budget = ? ORDER BY id DESC LIMIT 1", [row["id"]]))
            )
            if last.undoes is not None or change not in (None, last.id):
                raise UsageError(
                    f"There is nothing to take back: {_id(row)} was changed by <@{last.actor}> since then."
                    if last.undoes is None
                    else f"That was taken back already, by <@{last.actor}>.",
                    f"{LIST} shows how it stands.",
                )
            who: dict[str, Any] = {"actor": actor, "now": now, "channel": channel, "undoes": last.id}
            if last.verb == "set":
                return _removed(db, row, **who)
            if last.verb == "change":
                db.execute("UPDATE budgets SET amount = ? WHERE id = ?", (last.amount_before, row["id"]))
                return _noted(db, row, "change", last.amount_before, **who)
            if _same(db, _budget(row)) is not None:
                raise UsageError(
                    f"Another budget of the same was set since {_id(row)} was removed.", f"{LIST} shows it."
                )
            db.execute("UPDATE budgets SET is_removed = 0 WHERE id = ?", (row["id"],))
            return _noted(db, row | {"amount": None}, "restore", row["amount"], **who)


def _inserted(db: Database, wanted: Budget, *, actor: str, now: datetime, channel: str | None) -> Changed:
    number = db.execute(
        "INSERT INTO budgets (label, typed, scope, pattern, cadence, amount, currency, by, channel, is_removed) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        (
            wanted.label,
            wanted.typed,
            _scope(wanted),
            wanted.pattern or "",
            wanted.cadence.value,
            wanted.amount,
            wanted.currency,
            actor,
            channel or "",
        ),
    ).lastrowid
    return _noted(
        db, {"id": number, "amount": None}, "set", wanted.amount, actor=actor, now=now, channel=channel, undoes=None
    )


def _removed(
    db: Database,
    row: dict[str, Any],
    *,
    actor: str,
    now: datetime,
    channel: str | None,
    undoes: int | None = None,
) -> Changed:
    db.execute("UPDATE budgets SET is_removed = 1 WHERE id = ?", (row["id"],))
    return _noted(db, row, "remove", None, actor=actor, now=now, channel=channel, undoes=undoes)


def _noted(
    db: Database,
    row: dict[str, Any],
    verb: str,
    amount: float | None,
    *,
    actor: str,
    now: datetime,
    channel: str | None,
    undoes: int | None = None,
) -> Changed:
    """Append what was decided, in the transaction that decides it."""
    number = db.execute(
        "INSERT INTO budget_changes (budget, at, actor, verb, amount_before, amount, channel, undoes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (row["id"], written(now), actor, verb, row["amount"], amount, channel, undoes),
    ).lastrowid
    kept = _change(next(db.query("SELECT * FROM budget_changes WHERE id = ?", [number])))
    return Changed(_budget(next(db.query("SELECT * FROM budgets WHERE id = ?", [row["id"]]))), kept)


def _same(db: Database, wanted: Budget) -> dict[str, Any] | None:
    """The standing budget of the same scope and period."""
    rows = db.query(
        "SELECT * FROM budgets WHERE is_removed = 0 AND scope = ? AND pattern = ? AND cadence = ?",
        [_scope(wanted), wanted.pattern or "", wanted.cadence.value],
    )
    return next(iter(rows), None)


def _is_as(row: dict[str, Any], wanted: Budget) -> bool:
    return abs(float(row["amount"]) - wanted.amount) < 0.005


def _standing(db: Database, typed: str) -> dict[str, Any]:
    row = _row(db, typed)
    if row["is_removed"]:
        change = next(db.query("SELECT * FROM budget_changes WHERE budget = ? ORDER BY id DESC LIMIT 1", [row["id"]]))
        raise UsageError(
            f"{_id(row)} was already removed on {change['at'][:10]} by <@{change['actor']}>.",
            f"{LIST} undo {_id(row)} brings it back.",
        )
    return row


def _row(db: Database, typed: str) -> dict[str, Any]:
    word = short_ids.tidy(typed)
    number = word.removeprefix(PREFIX)
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    found = list(db.query("SELECT * FROM budgets WHERE id = ?", [int(number)])) if is_number else []
    if found:
        return dict(found[0])
    standing = [_id(row) for row in db.query("SELECT id FROM budgets WHERE is_removed = 0 ORDER BY id LIMIT 8")]
    raise UsageError(f"There is no budget {quoted(typed)}.", f"Those that stand: {', '.join(standing) or 'none'}.")


def _id(row: dict[str, Any]) -> str:
    return f"{PREFIX}{row['id']}"


def _scope(wanted: Budget) -> str:
    """The same scope is the same text, in whatever order it was given."""
    parts = sorted((part.dimension, sorted(part.keys)) for part in wanted.scope)
    return json.dumps(parts, ensure_ascii=False)


def _budget(row: dict[str, Any]) -> Budget:
    return Budget(
        id=_id(row),
        label=row["label"],
        amount=row["amount"],
        currency=row["currency"],
        cadence=Cadence(row["cadence"]),
        scope=tuple(Part(dimension, tuple(keys)) for dimension, keys in json.loads(row["scope"])),
        pattern=row["pattern"] or None,
        typed=row["typed"],
        by=row["by"],
        channel=row["channel"],
    )


def _change(row: dict[str, Any]) -> BudgetChange:
    values = {field.name: row[field.name] for field in dataclasses.fields(BudgetChange) if field.name in row}
    return BudgetChange(**(values | {"budget_id": f"{PREFIX}{row['budget']}", "at": moment(row["at"])}))
