"""What costbot keeps about itself: its timetable, how jobs went, which channels refuse it, its open troubles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store import jobs
from bot.store.connection import StoreFile
from bot.store.rows import JobRun, moment, read, written


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """A job as the running costbot has it: what it does in people's words, and how often or after which other job."""

    job: str
    words: str
    every: timedelta | None
    after: str | None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """How a job went.

    Attributes:
        last: its latest run; None where it never ran.
        last_ok_at: the end of the latest run that succeeded.
        failures: runs in a row that failed, up to the latest that ended.
        runs, failed: all runs that are kept.
    """

    last: JobRun | None
    last_ok_at: datetime | None
    failures: int
    runs: int
    failed: int


@dataclass(frozen=True, slots=True)
class ChannelNote:
    """A channel that refused a post; `since` is the first refusal after the last post that arrived."""

    channel: str
    code: str
    sentence: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble that was seen and is not over; `told_at` is None until it was told."""

    key: str
    sentence: str
    since: datetime
    told_at: datetime | None
    times_told: int


class Watch:
    """The room of `bot.watch`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def note_timetable(self, rows: Collection[TimetableRow], now: datetime) -> None:
        """Replace the timetable by that of the process that runs the jobs."""
        with self._file.writing() as db:
            db.execute("DELETE FROM timetable")
            for row in rows:
                seconds = row.every.total_seconds() if row.every else None
                db.execute(
                    "INSERT INTO timetable (job, words, every_seconds, after, noted_at) VALUES (?, ?, ?, ?, ?)",
                    (row.job, row.words, seconds, row.after, written(now)),
                )

    def timetable(self) -> list[TimetableRow]:
        """What runs by itself, in the order it was noted; empty where nothing does."""
        with self._file.reading() as db:
            return [
                TimetableRow(
                    row["job"],
                    row["words"],
                    None if row["every_seconds"] is None else timedelta(seconds=row["every_seconds"]),
                    row["after"],
                )
                for row in db.query("SELECT * FROM timetable ORDER BY rowid")
            ]

    def job_record(self, job: str) -> JobRecord:
        """How a job went, from the runs that are kept."""
        with self._file.reading() as db:
            last = jobs.last(db, job)
            good = db.execute(
                "SELECT due_at, finished_at FROM job_runs WHERE job = ? AND finished_at IS NOT NULL AND error IS NULL "
                "ORDER BY due_at DESC LIMIT 1",
                (job,),
            ).fetchone()
            failures = db.execute(
                "SELECT COUNT(*) FROM job_runs WHERE job = ? AND due_at > ? AND error IS NOT NULL",
                (job, good[0] if good else ""),
            ).fetchone()[0]
            runs, failed = db.execute("SELECT COUNT(*), COUNT(error) FROM job_runs WHERE job = ?", (job,)).fetchone()
        return JobRecord(last, moment(good[1]) if good else None, int(failures), int(runs), int(failed))

    def last_error(self, job: str) -> str | None:
        """The sentence of a job's latest failure."""
        with self._file.reading() as db:
            sql = "SELECT error FROM job_runs WHERE job = ? AND error IS NOT NULL ORDER BY due_at DESC LIMIT 1"
            found = db.execute(sql, (job,)).fetchone()
        return str(found[0]) if found else None

    def channel_refused(self, channel: str, code: str, sentence: str, now: datetime) -> None:
        """A post did not arrive; `since` stays while it does not."""
        with self._file.writing() as db:
            db.execute(
                "INSERT INTO channel_refusals (channel, code, sentence, since) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (channel) DO UPDATE SET code = excluded.code, sentence = excluded.sentence",
                (channel, code, sentence, written(now)),
            )

    def channel_answered(self, channel: str) -> None:
        """A post arrived. Hardly ever is anything to be forgotten, so that is looked at first."""
        with self._file.reading() as db:
            known = db.execute("SELECT 1 FROM channel_refusals WHERE channel = ?", (channel,)).fetchone()
        if known:
            with self._file.writing() as db:
                db.execute("DELETE FROM channel_refusals WHERE channel = ?", (channel,))

    def channel_refusals(self) -> list[ChannelNote]:
        """Channels that refused the last post to them."""
        with self._file.reading() as db:
            return [
                ChannelNote(row["channel"], row["code"], row["sentence"], moment(row["since"]))
                for row in db.query("SELECT * FROM channel_refusals ORDER BY channel")
            ]

    def troubles(self) -> list[Trouble]:
        """What was wrong the last time it was looked, first seen first."""
        with self._file.reading() as db:
            return [
                Trouble(row["key"], row["sentence"], moment(row["since"]), read(row["told_at"]), row["times_told"])
                for row in db.query("SELECT * FROM troubles ORDER BY since, key")
            ]

    def note_troubles(self, found: Sequence[tuple[str, str]], now: datetime) -> None:
        """Keep troubles (key, sentence) that are seen now; a known one keeps since when it is."""
        with self._file.writing() as db:
            for key, sentence in found:
                db.execute(
                    "INSERT INTO troubles (key, sentence, since, times_told) VALUES (?, ?, ?, 0) "
                    "ON CONFLICT (key) DO UPDATE SET sentence = excluded.sentence",
                    (key, sentence, written(now)),
                )

    def troubles_told(self, keys: Collection[str], over: Collection[str], now: datetime) -> None:
        """Some troubles were told, and others are over."""
        with self._file.writing() as db:
            for key in keys:
                db.execute(
                    "UPDATE troubles SET told_at = ?, times_told = times_told + 1 WHERE key = ?", (written(now), key)
                )
            for key in over:
                db.execute("DELETE FROM troubles WHERE key = ?", (key,))

    def findings_by_state(self) -> dict[tuple[str, str], int]:
        """How many findings there are, by kind and state."""
        with self._file.reading() as db:
            rows = db.execute("SELECT kind, state, COUNT(*) FROM findings GROUP BY kind, state ORDER BY kind, state")
            return {(kind, state): int(count) for kind, state, count in rows.fetchall()}
