"""Job runs: one row per job and due time, so that a second scheduler does nothing."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.store.claims import MOST_ATTEMPTS, claimant, given_up
from bot.store.rows import JobRun, moment, read, written


def claim(db: Database, job: str, due_at: datetime, now: datetime) -> bool:
    """Whether the caller is to run the job for this due time: once, and once more when its process ended half-way."""
    row = next(iter(db.query("SELECT * FROM job_runs WHERE job = ? AND due_at = ?", [job, written(due_at)])), None)
    if row is None:
        db.execute(
            "INSERT INTO job_runs (job, due_at, started_at, claimed_by, attempts) VALUES (?, ?, ?, ?, 1)",
            (job, written(due_at), written(now), claimant()),
        )
        return True
    # A long run is no stale one: only a process that ended gives its claim up.
    ended = given_up(row["claimed_by"], now, now)
    if row["finished_at"] is not None or row["attempts"] >= MOST_ATTEMPTS or not ended:
        return False
    db.execute(
        "UPDATE job_runs SET started_at = ?, claimed_by = ?, attempts = attempts + 1 WHERE job = ? AND due_at = ?",
        (written(now), claimant(), job, written(due_at)),
    )
    return True


def finish(db: Database, job: str, due_at: datetime, now: datetime, error: str | None) -> None:
    """The run is over; `error` is the sentence of a failed one."""
    db.execute(
        "UPDATE job_runs SET finished_at = ?, error = ? WHERE job = ? AND due_at = ?",
        (written(now), error, job, written(due_at)),
    )


def abandon(db: Database) -> int:
    """Release the runs of a process that ended; returns how many. Only the owner of the data directory may call it."""
    return int(db.execute("UPDATE job_runs SET claimed_by = '' WHERE finished_at IS NULL").rowcount)


def release(db: Database) -> int:
    """At an orderly stop: give up the runs of this process, without counting them as tries that ended it."""
    released = db.execute(
        "UPDATE job_runs SET claimed_by = '', attempts = attempts - 1 WHERE finished_at IS NULL AND claimed_by = ?",
        (claimant(),),
    )
    return int(released.rowcount)


def last(db: Database, job: str) -> JobRun | None:
    """The run with the latest due time."""
    row = next(iter(db.query("SELECT * FROM job_runs WHERE job = ? ORDER BY due_at DESC LIMIT 1", [job])), None)
    if row is None:
        return None
    started_at, finished_at = moment(row["started_at"]), read(row["finished_at"])
    has_ended = finished_at is None and given_up(row["claimed_by"], started_at, started_at)
    return JobRun(row["job"], moment(row["due_at"]), started_at, finished_at, row["error"], broke_off=has_ended)
