"""Gathers what costbot knows about itself: from the store, the cost files and the disk; nobody is asked."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import data_lock
from bot.blocks.digest import MissingSource
from bot.context import Context
from bot.cost_files import Window
from bot.errors import NotEnoughData
from bot.slots import RETRY_AFTER, slot
from bot.spending import Spending, Standing
from bot.store import SourceHealth
from bot.store.watch import JobRecord, TimetableRow
from bot.watch.probe import Probe, last_probe
from bot.watch.source_gaps import missing_sources
from bot.watch.stale import stale_reason
from bot.work import Waiting

STARTED = "watch.started_at"
#: Costs of accounts are looked up so far back.
ACCOUNT_DAYS = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A job: what it is, how it went, why it failed last, and when it runs next.

    `next_at` is None while it runs, and for a job that follows another.
    """

    row: TimetableRow
    record: JobRecord
    error: str | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountAge:
    """The newest day for which a cost of an account is stored."""

    account_id: str
    name: str | None
    newest: date


@dataclass(frozen=True, slots=True)
class ChannelProblem:
    """A channel that is to get messages and does not, and why (not escaped)."""

    channel: str
    sentence: str
    is_gone: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the disk that the data directory is on, and of the directory itself."""

    total: int
    free: int
    used_by_costbot: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. Without a `window` nothing is stored, and `no_costs` says what to do."""

    now: datetime
    process: int | None
    started_at: datetime | None
    jobs_on: bool
    jobs: tuple[JobFacts, ...]
    window: Window | None
    no_costs: NotEnoughData | None
    stale: tuple[str, str] | None
    accounts: tuple[AccountAge, ...]
    health: tuple[SourceHealth, ...]
    missing: tuple[MissingSource, ...]
    standing: Standing
    channels: tuple[ChannelProblem, ...]
    disk: Disk
    probe: Probe | None
    waiting: Waiting | None


def gather(context: Context) -> Facts:
    """What is known at this moment."""
    store, settings, now = context.store, context.settings, context.clock.now()
    window, no_costs = _window(context)
    started = store.recall(STARTED)
    return Facts(
        now=now,
        process=data_lock.owner(settings.data_dir),
        started_at=datetime.fromisoformat(started) if started else None,
        jobs_on=settings.jobs,
        jobs=tuple(_job(context, row, now) for row in store.watch.timetable()),
        window=window,
        no_costs=no_costs,
        stale=stale_reason(window, context.clock.today(), settings.stale_hours) if window else None,
        accounts=_accounts(context, window) if window else (),
        health=tuple(store.source_health()),
        missing=missing_sources(context),
        standing=Spending(store, settings, context.clock.now).standing(),
        channels=_channels(context),
        disk=_disk(context),
        probe=last_probe(context),
        waiting=context.work.waiting(),
    )


def _window(context: Context) -> tuple[Window | None, NotEnoughData | None]:
    try:
        return context.costs.window(view=context.settings.cost_view), None
    except NotEnoughData as error:
        return None, error


def _job(context: Context, row: TimetableRow, now: datetime) -> JobFacts:
    record = context.store.watch.job_record(row.job)
    error = context.store.watch.last_error(row.job) if record.failures else None
    return JobFacts(row, record, error, next_run(row, record, now))


def next_run(row: TimetableRow, record: JobRecord, now: datetime) -> datetime | None:
    """When a job is due next: at once where its slot has not been run, and soon after a failure."""
    if row.every is None:
        return None
    this = slot(now, row.every)
    if record.last is not None and record.last.finished_at is None:
        if not record.last.broke_off:
            return None
        return this + row.every if record.last.due_at >= this else now
    if record.last is None or record.last.due_at < this:
        return now
    following = this + row.every
    return min(following, record.last.started_at + RETRY_AFTER) if record.last.error else following


def _accounts(context: Context, window: Window) -> tuple[AccountAge, ...]:
    names = context.costs.account_names()
    start = window.complete_until - ACCOUNT_DAYS
    try:
        daily = context.costs.daily(
            by=("account",), start=start, end=window.last_day + timedelta(days=1), view=window.view
        )
    except NotEnoughData:  # this source does not tell costs by account
        return ()
    newest = daily.groupby("account")["date"].max()
    return tuple(
        AccountAge(str(id_), names.get(str(id_)), day.date()) for id_, day in newest.items() if id_ != "unknown"
    )


def _channels(context: Context) -> tuple[ChannelProblem, ...]:
    """Channels that are to get something: subscribed ones, and those of the settings."""
    settings = context.settings
    subscriptions = context.store.subscriptions()
    wanted = {one.channel for one in subscriptions} | {settings.alert_channel, settings.admin_channel}
    gone = {
        note.channel: ChannelProblem(note.channel, note.sentence, True, note.since)
        for note in context.store.watch.channel_refusals()
        if note.channel in wanted
    }
    flagged = [one for one in subscriptions if one.problem]
    others = {one.channel: ChannelProblem(one.channel, one.problem or "", False, None) for one in flagged}
    return tuple(found for _, found in sorted((others | gone).items()))


def _disk(context: Context) -> Disk:
    folder = context.settings.data_dir
    usage = shutil.disk_usage(folder)
    return Disk(usage.total, usage.free, folder_bytes(context))


def folder_bytes(context: Context) -> int:
    """Bytes of everything in the data directory; what goes while it is counted is not counted."""
    total = 0
    for path in context.settings.data_dir.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
