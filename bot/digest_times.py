"""When a message of the schedule is due: a local time, every day or once a week, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from bot.context import Context

#: How long something due waits for a refresh of costs that is under way or about to start.
WAITS_FOR_COSTS = timedelta(minutes=15)


def last_due(at: time, zone: ZoneInfo, now: datetime) -> tuple[date, datetime]:
    """The latest local date whose due time has come, and that moment in UTC.

    An hour that the clocks skip in spring is due when they have skipped it; one that they repeat in autumn is due
    the first time. So every date is due exactly once.
    """
    today = now.astimezone(zone).date()
    due = moment_of(today, at, zone)
    if due <= now:
        return today, due
    yesterday = today - timedelta(days=1)
    return yesterday, moment_of(yesterday, at, zone)


def last_due_of_week(at: time, zone: ZoneInfo, now: datetime, weekday: int = 0) -> tuple[date, datetime]:
    """The latest local date of a weekday whose due time has come, and that moment in UTC.

    Args:
        weekday: 0 is Monday.
    """
    today = now.astimezone(zone).date()
    found = today - timedelta(days=(today.weekday() - weekday) % 7)
    due = moment_of(found, at, zone)
    if due <= now:
        return found, due
    before = found - timedelta(weeks=1)
    return before, moment_of(before, at, zone)


def moment_of(local_date: date, at: time, zone: ZoneInfo) -> datetime:
    """A local date and time as a moment in UTC."""
    return datetime.combine(local_date, at.replace(fold=0), zone).astimezone(UTC)


def waits_for_costs(context: Context, what: str) -> bool:
    """After a long stop the stored costs are old and a refresh comes first; it is waited for, but not for ever.

    Args:
        what: waits, as "digest"; `waited` ends it.
    """
    run = context.store.last_run("costs_refresh")
    now = context.clock.now()
    every = timedelta(hours=context.settings.refresh_hours)
    is_fresh = run is not None and run.finished_at is not None and now - run.started_at <= every + timedelta(minutes=2)
    if is_fresh or not context.settings.jobs:
        return False
    since = context.store.recall(_waiting_since(what))
    if since is None:
        context.store.remember(_waiting_since(what), now.isoformat(), now)
        return True
    return now - datetime.fromisoformat(since) < WAITS_FOR_COSTS


def waited(context: Context, what: str) -> None:
    """The wait is over: the next one counts from its own start."""
    context.store.forget(_waiting_since(what))


def _waiting_since(what: str) -> str:
    return f"{what}.waiting_since"
