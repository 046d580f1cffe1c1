"""Runs the jobs: each once per slot, claimed in the store, so that neither a restart nor a second start repeats one.

APScheduler only ticks. Which slot is due is read from the one clock, so the demo's clock moves the jobs too.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from bot.context import Context
from bot.errors import report
from bot.jobs import Job, jobs
from bot.logs.correlation import correlated
from bot.metrics import JOB_RUNS, JOB_SECONDS
from bot.settings import Settings
from bot.slots import RETRY_AFTER, slot
from bot.store.watch import TimetableRow

log = logging.getLogger("costbot.jobs")

TICK_SECONDS = 15


def timetable(settings: Settings) -> list[TimetableRow]:
    """What runs by itself, as people are told of it."""
    return [
        TimetableRow(job.name, job.words, job.every(settings) if job.every else None, job.after)
        for job in jobs().values()
    ]


class Scheduler:
    """Ticks every job with slots; a job that failed is tried again a quarter of an hour later."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._retry_at: dict[str, datetime] = {}
        self._ticked_at = time.monotonic()
        self._ticker = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600}
        )

    def start(self) -> None:
        """Begin ticking; everything that is due runs at once."""
        now = self._context.clock.now()
        self._context.store.watch.note_timetable(timetable(self._context.settings), now)
        for job in jobs().values():
            if job.every:
                first = datetime.now(UTC)
                self._ticker.add_job(self.tick, "interval", seconds=TICK_SECONDS, args=[job], next_run_time=first)
        self._ticker.start()

    def stop(self) -> None:
        """Stop ticking; a job that runs is left to its thread."""
        if self._ticker.running:
            self._ticker.shutdown(wait=False)

    @property
    def seconds_since_tick(self) -> float:
        """How long ago any job was looked at: some tens of seconds at most, unless the scheduler is dead."""
        return time.monotonic() - self._ticked_at

    def tick(self, job: Job) -> None:
        """Run a job if its slot, or its second try, is due and not done yet, and then those that follow it.

        A follower runs too when the process was killed between the two: its own claim tells.
        """
        self._ticked_at = time.monotonic()
        if job.every is None:
            return
        now = self._context.clock.now()
        retry_at = self._retry_at.get(job.name)
        due_at = retry_at if retry_at and now >= retry_at else slot(now, job.every(self._context.settings))
        waiting = [job]
        while waiting:
            leader = waiting.pop(0)
            self._run(leader, due_at)
            if self._has_succeeded(leader, due_at):
                waiting += [follower for follower in jobs().values() if follower.after == leader.name]
        if self._has_failed(job, due_at):
            self._retry_at.setdefault(job.name, now + RETRY_AFTER)
            if self._retry_at[job.name] <= due_at:
                self._retry_at[job.name] = now + RETRY_AFTER
        elif self._has_succeeded(job, due_at):
            self._retry_at.pop(job.name, None)

    def _run(self, job: Job, due_at: datetime) -> None:
        context = self._context
        if not context.store.claim_job(job.name, due_at, context.clock.now()):
            return
        with correlated():
            log.debug("%s starts", job.name, extra={"job": job.name})
            failure: str | None = None
            began = time.monotonic()
            try:
                job.run(context, due_at)
            except Exception as error:  # noqa: BLE001 - the catch-all for jobs: report() makes it a sentence
                failure = str(report(error, f"the job {job.name}"))
            JOB_RUNS.labels(job.name, "failed" if failure else "ok").inc()
            JOB_SECONDS.labels(job.name).inc(time.monotonic() - began)
            context.store.finish_job(job.name, due_at, context.clock.now(), failure)
            log.debug("%s is done", job.name, extra={"job": job.name})

    def _has_succeeded(self, job: Job, due_at: datetime) -> bool:
        last = self._context.store.last_run(job.name)
        return last is not None and last.due_at == due_at and last.finished_at is not None and last.error is None

    def _has_failed(self, job: Job, due_at: datetime) -> bool:
        last = self._context.store.last_run(job.name)
        return last is not None and last.due_at == due_at and last.error is not None
