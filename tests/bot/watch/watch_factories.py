"""A costbot that is well, and facts about it that tests change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.context import Context
from bot.cost_files.feeds import Feed
from bot.cost_files.window import Window
from bot.settings import CostView
from bot.spending import Standing
from bot.store import JobRun
from bot.store.watch import JobRecord, TimetableRow
from bot.watch.facts import STARTED, Disk, Facts, JobFacts
from bot.work import Waiting
from tests.bot.costs.cost_factories import days, full, store
from tests.bot.decisions_factories import NOW, DirectWork, FakeSlack, context

REFRESH = TimetableRow("costs_refresh", "the refresh of costs", timedelta(hours=6), None)
SCAN = TimetableRow("anomaly_scan", "looking for anomalies", None, "costs_refresh")
FEED = Feed("AWS", ("focus",), date(2026, 9, 1), date(2026, 11, 18), date(2026, 11, 18), NOW, (), ())
WINDOW = Window(
    first_day=date(2026, 9, 1),
    last_day=date(2026, 11, 18),
    complete_until=date(2026, 11, 18),
    currency="USD",
    view=CostView.EFFECTIVE,
    fetched_at=NOW,
    sources=("focus",),
    billed_only=(),
    note=None,
    feeds=(FEED,),
)


class Lasting:
    """AWS credentials that end when told."""

    end: datetime | None = None

    def credentials_end(self) -> datetime | None:
        return self.end


class Serving(DirectWork):
    """Work with an empty queue."""

    def waiting(self) -> Waiting:
        return Waiting(0, 0)


class AuthTest:
    """What Slack answers to `auth.test`: a dict, or an error that is raised."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] | Exception = {"ok": True}

    def auth_test(self) -> dict[str, Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def run(error: str | None = None, *, ago: timedelta = timedelta(hours=2)) -> JobRun:
    """A run of the refresh that ended."""
    at = NOW - ago
    return JobRun("costs_refresh", NOW.replace(hour=6), at, at + timedelta(seconds=40), error)


def job(row: TimetableRow = REFRESH, **changed: Any) -> JobFacts:
    """A job that ran two hours ago; `record`, `error` and `next_at` may be changed."""
    record = JobRecord(run(), NOW - timedelta(hours=2), 0, 12, 0)
    return replace(JobFacts(row, record, None, NOW + timedelta(hours=2)), **changed)


def facts(**changed: Any) -> Facts:
    """All is well."""
    well = Facts(
        now=NOW,
        process=4711,
        started_at=NOW - timedelta(days=3),
        jobs_on=True,
        jobs=(job(), job(SCAN, next_at=None)),
        window=WINDOW,
        no_costs=None,
        stale=None,
        accounts=(),
        health=(),
        missing=(),
        standing=Standing(3, 12, 0.42, 20.0),
        channels=(),
        disk=Disk(100_000_000_000, 50_000_000_000, 312_000_000),
        probe=None,
        waiting=Waiting(0, 0),
    )
    return replace(well, **changed)


def running(tmp_path: Path, **parts: Any) -> Context:
    """A costbot with a week of costs until Nov 18; who holds `sole_owner` of `tmp_path` makes it one that runs."""
    settings = {"alert_channel": "C0COSTS", "admin_channel": "C0ADMIN"} | parts.pop("settings", {})
    bot = context(tmp_path, settings=settings, aws=Lasting(), work=Serving(), **parts)
    slack = bot.slack
    if isinstance(slack, FakeSlack):
        slack.client = AuthTest()  # type: ignore[attr-defined]
    store(bot.costs, [full(day, 10.0) for day in days(date(2026, 10, 1), 49)], "focus")
    bot.store.watch.note_timetable([REFRESH, SCAN], NOW)
    bot.store.remember(STARTED, (NOW - timedelta(days=3)).isoformat(), NOW)
    return bot
