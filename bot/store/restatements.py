"""What sources told of a day's usage at which time, and the days that changed after they had counted as complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.store.rows import moment, written

#: Days whose observations are kept.
OBSERVED_FOR = timedelta(days=120)
#: Restatements are kept for two windows of 90 days, and a month.
RESTATED_FOR = timedelta(days=210)
#: A smaller difference is rounding.
CENT = 0.005

_DROP_LATER = "DELETE FROM observations WHERE source = ? AND provider = ? AND day = ? AND observed_at > ?"
_CONFIRM_NOT_LATER = (
    "UPDATE observations SET confirmed_at = observed_at "
    "WHERE source = ? AND provider = ? AND day = ? AND confirmed_at > ?"
)
_LAST = "SELECT * FROM observations WHERE source = ? AND provider = ? AND day = ? ORDER BY observed_at DESC LIMIT 1"
_CONFIRM = (
    "UPDATE observations SET confirmed_at = ?, is_complete = max(is_complete, ?) "
    "WHERE source = ? AND provider = ? AND day = ? AND observed_at = ?"
)
_ADD = (
    "INSERT OR REPLACE INTO observations (source, provider, day, observed_at, confirmed_at, billed_cost, "
    "effective_cost, currency, is_complete) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Observation:
    """A provider's usage of a day as a source told it from `observed_at` on, and last at `confirmed_at`.

    `is_complete` says whether the day counted as complete while this amount was told.
    """

    source: str
    provider: str
    day: date
    observed_at: datetime
    confirmed_at: datetime
    billed_cost: float
    effective_cost: float
    currency: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Restatement:
    """A day that counted as complete and is told differently now; the amounts after are None where it is gone."""

    source: str
    provider: str
    day: date
    noted_at: datetime
    billed_before: float
    billed_after: float | None
    effective_before: float
    effective_after: float | None
    currency: str


def observe(db: Database, observations: Iterable[Observation]) -> None:
    """Keep what was told: a row where an amount is new, else the moment at which it was told again.

    What was observed later than now was stamped by a wrong clock, and is dropped.
    """
    for seen in observations:
        key = (seen.source, seen.provider, seen.day.isoformat())
        at = written(seen.observed_at)
        db.execute(_DROP_LATER, (*key, at))
        db.execute(_CONFIRM_NOT_LATER, (*key, at))
        last = next(db.query(_LAST, key), None)
        if last is not None and _is_same(last, seen):
            db.execute(_CONFIRM, (at, int(seen.is_complete), *key, last["observed_at"]))
            continue
        amounts = (seen.billed_cost, seen.effective_cost)
        db.execute(_ADD, (*key, at, at, *amounts, seen.currency, int(seen.is_complete)))


def forget_old(db: Database, now: datetime) -> None:
    """Drop observations of days, and restatements, that nobody asks about any more."""
    db.execute("DELETE FROM observations WHERE day < ?", ((now - OBSERVED_FOR).date().isoformat(),))
    db.execute("DELETE FROM restatements WHERE noted_at < ?", (written(now - RESTATED_FOR),))


def restate(db: Database, restatements: Iterable[Restatement]) -> None:
    """Note days that changed."""
    for row in restatements:
        db.execute(
            "INSERT OR REPLACE INTO restatements (source, provider, day, noted_at, billed_before, billed_after, "
            "effective_before, effective_after, currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.source,
                row.provider,
                row.day.isoformat(),
                written(row.noted_at),
                row.billed_before,
                row.billed_after,
                row.effective_before,
                row.effective_after,
                row.currency,
            ),
        )


def observations(db: Database, source: str) -> list[Observation]:
    """All that is kept of a source, by provider, day and time."""
    rows = db.query("SELECT * FROM observations WHERE source = ? ORDER BY provider, day, observed_at", [source])
    return [
        Observation(
            source=row["source"],
            provider=row["provider"],
            day=date.fromisoformat(row["day"]),
            observed_at=moment(row["observed_at"]),
            confirmed_at=moment(row["confirmed_at"]),
            billed_cost=row["billed_cost"],
            effective_cost=row["effective_cost"],
            currency=row["currency"],
            is_complete=bool(row["is_complete"]),
        )
        for row in rows
    ]


def restatements(db: Database, since: datetime, source: str | None) -> list[Restatement]:
    """Those noted at `since` or later, first to last."""
    rows = db.query(
        "SELECT * FROM restatements WHERE noted_at >= ? AND (source = ? OR ? IS NULL) "
        "ORDER BY noted_at, source, provider, day",
        [written(since), source, source],
    )
    return [
        Restatement(
            source=row["source"],
            provider=row["provider"],
            day=date.fromisoformat(row["day"]),
            noted_at=moment(row["noted_at"]),
            billed_before=row["billed_before"],
            billed_after=row["billed_after"],
            effective_before=row["effective_before"],
            effective_after=row["effective_after"],
            currency=row["currency"],
        )
        for row in rows
    ]


def _is_same(row: dict[str, Any], seen: Observation) -> bool:
    same_bill = abs(row["billed_cost"] - seen.billed_cost) <= CENT
    return bool(
        same_bill and abs(row["effective_cost"] - seen.effective_cost) <= CENT and row["currency"] == seen.currency
    )
