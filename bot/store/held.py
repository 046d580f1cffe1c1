"""What each channel was told on which day, and what was held back because that was enough.

Days are local dates of the channel. A row of a held alert stays when it is told or counted after all: nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from bot.store.connection import StoreFile
from bot.store.rows import moment, written

#: From this many times the money of what was held or told on, it is told anew.
DOUBLED = 2.0
#: The kind of news that went into a thread.
THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Held:
    """An alert that a channel was not told by itself.

    Attributes:
        subject, kind, title, finding_id: as of the alert.
        dollars: money in the unit of its kind, as it was on `day` when it was held last.
        day: the channel's date on which it was held first, or had doubled since.
    """

    channel: str
    subject: str
    kind: str
    day: date
    dollars: float
    title: str
    finding_id: str | None
    held_at: datetime


class HeldAlerts:
    """Alerts by channel: those told count against a day's number, the others are kept."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def admit(self, wanted: Held, *, most: int | None) -> bool:
        """Whether an alert may be told now; if so it counts from now on, else it is held.

        What was held on an earlier day stays held, until its money has doubled.

        Args:
            most: alerts that the channel is told on `wanted.day`; None for however many.
        """
        with self._file.writing() as db:
            if _told(db, wanted):
                return True
            before = _before(db, wanted)
            is_old = before is not None and before.day < wanted.day
            has_doubled = before is None or abs(wanted.dollars) >= DOUBLED * abs(before.dollars)
            if is_old and not has_doubled and most is not None:
                return False
            if most is not None and _count(db, wanted.channel, wanted.day) >= most:
                _hold(db, wanted)
                return False
            _tell(db, wanted)
            return True

    def hold(self, wanted: Held) -> None:
        """Hold an alert back unless it was told."""
        with self._file.writing() as db:
            if not _told(db, wanted):
                _hold(db, wanted)

    def give_back(self, channel: str, subject: str) -> None:
        """An admitted alert was not posted: it counts no longer, and what was held is held again."""
        with self._file.writing() as db:
            db.execute("DELETE FROM told_alerts WHERE channel = ? AND subject = ?", (channel, subject))
            db.execute("UPDATE held_alerts SET told_at = NULL WHERE channel = ? AND subject = ?", (channel, subject))

    def told(self, channel: str, day: date) -> int:
        """Alerts that a channel was told on a day."""
        with self._file.reading() as db:
            return _count(db, channel, day)

    def note_thread(self, wanted: Held) -> None:
        """News went into a card's thread, which counts against no day."""
        with self._file.writing() as db:
            _tell(db, wanted, kind=THREAD)

    def most_told(self, channel: str, subject: str, *, threads: bool = False) -> float | None:
        """The most money that a subject, or news of it, was about when it was told; None where that is not known.

        Args:
            threads: count what was told in its thread too.
        """
        query = (
            "SELECT max(abs(dollars)) AS most FROM told_alerts WHERE channel = ? "
            "AND (subject = ? OR substr(subject, 1, length(?) + 1) = ? || ':') AND (? OR kind <> ?)"
        )
        with self._file.reading() as db:
            row = next(iter(db.query(query, [channel, subject, subject, subject, int(threads), THREAD])))
        return None if row["most"] is None else float(row["most"])

    def held(self, channel: str | None = None, day: date | None = None, *, unfolded: bool = False) -> list[Held]:
        """What was held and not told since, the most money first.

        Args:
            unfolded: only what no digest has counted yet.
        """
        with self._file.reading() as db:
            rows = list(
                db.query(
                    "SELECT * FROM held_alerts WHERE told_at IS NULL AND (? IS NULL OR channel = ?) "
                    "AND (? IS NULL OR day = ?) AND (NOT ? OR folded_at IS NULL) "
                    "ORDER BY abs(dollars) DESC, subject, channel",
                    [channel, channel, _iso(day), _iso(day), int(unfolded)],
                )
            )
        return [_held(row) for row in rows]

    def fold(self, channel: str, subjects: list[str], now: datetime) -> None:
        """A digest has counted these."""
        with self._file.writing() as db:
            for subject in subjects:
                db.execute(
                    "UPDATE held_alerts SET folded_at = ? WHERE channel = ? AND subject = ? AND folded_at IS NULL",
                    (written(now), channel, subject),
                )

    def said(self, channel: str, day: date) -> str | None:
        """What the line about a day's held alerts says; None where there is none."""
        with self._file.reading() as db:
            query = "SELECT said FROM held_lines WHERE channel = ? AND day = ?"
            row = next(iter(db.query(query, [channel, day.isoformat()])), None)
        return None if row is None else str(row["said"])

    def channels(self, since: date) -> set[str]:
        """Channels that a day from `since` on has a line for, or alerts that no digest has counted."""
        query = (
            "SELECT channel FROM held_lines WHERE day >= :since UNION SELECT channel FROM held_alerts "
            "WHERE told_at IS NULL AND folded_at IS NULL AND day >= :since"
        )
        with self._file.reading() as db:
            return {row["channel"] for row in db.query(query, {"since": since.isoformat()})}

    def note_said(self, channel: str, day: date, said: str) -> None:
        """The line about a day's held alerts says this now."""
        with self._file.writing() as db:
            db.execute("INSERT OR REPLACE INTO held_lines VALUES (?, ?, ?)", (channel, day.isoformat(), said))


def _told(db: Database, wanted: Held) -> bool:
    query = "SELECT 1 AS one FROM told_alerts WHERE channel = ? AND subject = ?"
    return next(iter(db.query(query, [wanted.channel, wanted.subject])), None) is not None


def _before(db: Database, wanted: Held) -> Held | None:
    query = "SELECT * FROM held_alerts WHERE channel = ? AND subject = ?"
    row = next(iter(db.query(query, [wanted.channel, wanted.subject])), None)
    return None if row is None else _held(row)


def _count(db: Database, channel: str, day: date) -> int:
    query = "SELECT count(*) AS n FROM told_alerts WHERE channel = ? AND day = ? AND kind <> ?"
    return int(next(iter(db.query(query, [channel, day.isoformat(), THREAD])))["n"])


def _hold(db: Database, wanted: Held) -> None:
    db.execute(
        "INSERT INTO held_alerts (channel, subject, kind, day, dollars, title, finding_id, held_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, subject) DO UPDATE SET title = excluded.title, "
        # What grows slowly from day to day is held against what it was on the day that it was held for.
        "dollars = CASE WHEN excluded.day > day AND abs(excluded.dollars) < ? * abs(dollars) THEN dollars "
        "ELSE excluded.dollars END, "
        # What has doubled since an earlier day is news of this day, which the next digest counts.
        "day = CASE WHEN abs(excluded.dollars) >= ? * abs(dollars) THEN excluded.day ELSE day END, "
        "folded_at = CASE WHEN abs(excluded.dollars) >= ? * abs(dollars) THEN NULL ELSE folded_at END",
        (
            wanted.channel,
            wanted.subject,
            wanted.kind,
            wanted.day.isoformat(),
            wanted.dollars,
            wanted.title,
            wanted.finding_id,
            written(wanted.held_at),
            DOUBLED,
            DOUBLED,
            DOUBLED,
        ),
    )


def _tell(db: Database, wanted: Held, *, kind: str | None = None) -> None:
    now = written(wanted.held_at)
    db.execute(
        "INSERT OR REPLACE INTO told_alerts (channel, subject, kind, day, dollars, told_at) VALUES (?, ?, ?, ?, ?, ?)",
        (wanted.channel, wanted.subject, kind or wanted.kind, wanted.day.isoformat(), wanted.dollars, now),
    )
    db.execute(
        "UPDATE held_alerts SET told_at = ? WHERE channel = ? AND subject = ?", (now, wanted.channel, wanted.subject)
    )


def _held(row: dict[str, str]) -> Held:
    return Held(
        channel=row["channel"],
        subject=row["subject"],
        kind=row["kind"],
        day=date.fromisoformat(row["day"]),
        dollars=float(row["dollars"]),
        title=row["title"],
        finding_id=row["finding_id"],
        held_at=moment(row["held_at"]),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
