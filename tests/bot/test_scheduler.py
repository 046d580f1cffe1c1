"""Jobs run once a slot, followers after them, and neither a failure nor a kill loses one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot import scheduler as scheduler_module
from bot.context import Context
from bot.jobs import Job, jobs
from bot.scheduler import RETRY_AFTER, Scheduler, slot
from bot.settings import Settings
from bot.store import Store

MORNING = datetime(2026, 11, 20, 10, 7, 30, tzinfo=UTC)


@dataclass
class Time:
    value: datetime = MORNING

    def now(self):
        return self.value


class Bench:
    """A scheduler over jobs of the test's own, with a log of what ran."""

    def __init__(self, monkeypatch, tmp_path):
        self.clock = Time()
        self.ran = []
        self.failing = set()
        self.store = Store(tmp_path / "costbot.db")
        self.jobs = {
            "refresh": Job("refresh", self._run("refresh"), lambda _: timedelta(hours=6), None),
            "scan": Job("scan", self._run("scan"), None, "refresh"),
            "history": Job("history", self._run("history"), None, "scan"),
            "digest": Job("digest", self._run("digest"), None, "refresh"),
        }
        monkeypatch.setattr(scheduler_module, "jobs", lambda: self.jobs)
        self.restart()

    def _run(self, name):
        def run(context, due_at):
            self.ran.append(name)
            if name in self.failing:
                raise ZeroDivisionError

        return run

    def restart(self):
        context = Context(Settings(), self.clock, self.store, None, None, None)
        self.scheduler = Scheduler(context)

    def tick(self, after=timedelta(0)):
        self.clock.value += after
        self.ran.clear()
        self.scheduler.tick(self.jobs["refresh"])
        return self.ran[:]


@pytest.fixture
def bench(monkeypatch, tmp_path):
    made = Bench(monkeypatch, tmp_path)
    yield made
    made.store.close()


def test_followers_run_after_their_leader_the_nearest_first(bench):
    assert bench.tick() == ["refresh", "scan", "digest", "history"]


def test_nothing_runs_twice_in_a_slot_not_even_after_a_restart(bench):
    bench.tick()
    assert bench.tick(timedelta(minutes=1)) == []
    bench.restart()
    assert bench.tick(timedelta(minutes=1)) == []


def test_the_next_slot_runs_again(bench):
    bench.tick()
    assert bench.tick(timedelta(hours=6))[0] == "refresh"


def test_a_failed_job_holds_its_followers_back_and_is_tried_again_later(bench):
    bench.failing = {"refresh"}
    assert bench.tick() == ["refresh"]
    assert bench.tick(RETRY_AFTER / 2) == []
    assert bench.tick(RETRY_AFTER / 2) == ["refresh"]
    assert bench.tick(timedelta(seconds=15)) == []
    bench.failing = set()
    assert bench.tick(RETRY_AFTER) == ["refresh", "scan", "digest", "history"]


def test_a_failing_follower_does_not_hold_back_its_siblings(bench):
    bench.failing = {"scan"}
    assert bench.tick() == ["refresh", "scan", "digest"]
    assert bench.store.last_run("scan").error.startswith("Something unexpected stopped the job scan")


def test_a_follower_that_a_kill_prevented_runs_after_the_restart(bench):
    due_at = slot(MORNING, timedelta(hours=6))
    assert bench.store.claim_job("refresh", due_at, MORNING)
    bench.store.finish_job("refresh", due_at, MORNING, None)
    assert bench.tick() == ["scan", "digest", "history"]


@pytest.mark.parametrize("every", [timedelta(minutes=1), timedelta(hours=6), timedelta(hours=24)])
def test_slots_start_at_the_same_moments_for_ever(every):
    start = slot(MORNING, every)
    assert start <= MORNING < start + every
    assert slot(start, every) == start


def test_every_job_of_costbot_is_found_and_follows_one_that_exists():
    found = jobs()
    assert {"costs_refresh", "anomaly_scan", "savings_scan", "daily_digest"} <= set(found)
    assert all(job.after in found for job in found.values() if job.after)
