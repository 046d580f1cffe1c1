"""Runs the jobs: each once per slot, claimed in the store, so that neither a restart nor a second start repeats one.

APScheduler only ticks. Which slot is due is read from the one clock, so the demo's clock moves the jobs too.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot.context import Context
from bot.errors import report
from bot.jobs import Job, jobs

log = logging.getLogger("costbot.jobs")

TICK_SECONDS = 15
RETRY_AFTER = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def slot(now: datetime, every: timedelta) -> datetime:
    """The start of the slot that `now` lies in; slots of a length begin at the same moments for ever."""
    return EPOCH + (now - EPOCH) // every * every


class Scheduler:
    """Ticks every job with slots; a job that failed is tried again a quarter of an hour later."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._retry_at: dict[str, datetime] = {}
        self._first_round = threading.Event()
        self._waiting = {job.name for job in jobs().values() if job.every}
        self._ticker = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600}
        )

    def start(self) -> None:
        """Begin ticking; everything that is due runs at once."""
        for job in jobs().values():
            if job.every:
                self._ticker.add_job(
                    self._tick,
                    "interval",
                    seconds=TICK_SECONDS,
                    args=[job],
                    id=job.name,
                    next_run_time=datetime.now(UTC),
                )
        self._ticker.start()

    def stop(self) -> None:
        """Stop ticking; a job that runs is left to its thread."""
        if self._ticker.running:
            self._ticker.shutdown(wait=False)

    def wait_first_round(self, timeout_seconds: float) -> bool:
        """Whether every job has had its first turn within the time."""
        return self._first_round.wait(timeout_seconds)

    def run_now(self, job: Job, due_at: datetime) -> bool:
        """Run a job and those that follow it; False when the slot was claimed before or the job failed."""
        context = self._context
        if not context.store.claim_job(job.name, due_at, context.clock.now()):
            return False
        log.info("%s starts", job.name)
        try:
            job.run(context, due_at)
        except Exception as error:  # noqa: BLE001 - the catch-all for jobs: report() logs it and makes it a sentence
            context.store.finish_job(job.name, due_at, context.clock.now(), str(report(error, f"the job {job.name}")))
            return False
        context.store.finish_job(job.name, due_at, context.clock.now(), None)
        log.info("%s is done", job.name)
        for follower in jobs().values():
            if follower.after == job.name:
                self.run_now(follower, due_at)
        return True

    def _tick(self, job: Job) -> None:
        if job.every is None:
            return
        now = self._context.clock.now()
        retry_at = self._retry_at.get(job.name)
        due_at = retry_at if retry_at and now >= retry_at else slot(now, job.every(self._context.settings))
        try:
            if self.run_now(job, due_at):
                self._retry_at.pop(job.name, None)
            elif self._failed(job, due_at):
                self._retry_at[job.name] = now.replace(microsecond=0) + RETRY_AFTER
        finally:
            self._waiting.discard(job.name)
            if not self._waiting:
                self._first_round.set()

    def _failed(self, job: Job, due_at: datetime) -> bool:
        last = self._context.store.last_run(job.name)
        scheduled = self._retry_at.get(job.name)
        is_new = scheduled is None or scheduled <= due_at
        return last is not None and last.due_at == due_at and last.error is not None and is_new
