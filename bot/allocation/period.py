"""Which days `/cost allocation` speaks of: a calendar month or the last days, and the equally long time before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.movers import Period
from bot.blocks.elements import quoted
from bot.cost_files import Window
from bot.errors import NotEnoughData, UsageError

MOST_DAYS = 400
EXAMPLE = "Write it as --month 2026-10, --month this or --month last."


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """What was asked for.

    Attributes:
        now: the days that are stored and complete.
        before: what they are compared with; None where it is not stored in full.
        whole: the days that were asked for, the open and the lacking ones too.
        month: whether that is a calendar month.
    """

    now: Period
    before: Period | None
    whole: Period
    month: bool


def asked_period(month: str | None, days: str | None, window: Window, today: date) -> AskedPeriod:
    """The period that was typed; without anything, the last month that is over, else the one that is running.

    Raises:
        UsageError: it cannot be read.
        NotEnoughData: no day of it is stored and complete.
    """
    if month is not None and days is not None:
        raise UsageError("--month and --days exclude each other.", "Leave one of them out.")
    if days is not None:
        return _last_days(_count(days), window)
    first = _month(month, today) if month is not None else _latest_month(window, today)
    end = _next_month(first)
    whole = Period(first, end)
    now = _known(whole, window)
    if not now.length:
        raise NotEnoughData(f"No complete day of {first:%B %Y} is stored.", _reach(window))
    earlier = (first - timedelta(days=1)).replace(day=1)
    # A month that runs is compared with as many days of the month before; 31 March with all of February.
    until = first if now.end == end else min(first, earlier + (now.end - first))
    return AskedPeriod(now, _before(Period(earlier, until), now, whole, window), whole, month=True)


def _last_days(count: int, window: Window) -> AskedPeriod:
    end = window.complete_until + timedelta(days=1)
    whole = Period(end - timedelta(days=count), end)
    now = _known(whole, window)
    before = Period(whole.start - timedelta(days=count), whole.start)
    return AskedPeriod(now, _before(before, now, whole, window), whole, month=False)


def _before(before: Period, now: Period, whole: Period, window: Window) -> Period | None:
    """The period before, where both are stored from their first day on."""
    return before if now.start == whole.start and before.start >= window.first_day else None


def _known(whole: Period, window: Window) -> Period:
    return whole.clipped(window.first_day, window.complete_until + timedelta(days=1))


def _latest_month(window: Window, today: date) -> date:
    running = today.replace(day=1)
    last = (running - timedelta(days=1)).replace(day=1)
    reached = window.complete_until.replace(day=1)
    if window.first_day <= last <= window.complete_until:
        return last
    return min(running, reached)


def _month(typed: str, today: date) -> date:
    word = typed.strip().lower()
    running = today.replace(day=1)
    if word == "this":
        return running
    if word == "last":
        return (running - timedelta(days=1)).replace(day=1)
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", word)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 2000:
        raise UsageError(f"--month {quoted(typed)} is no month.", EXAMPLE)
    return date(int(found[1]), int(found[2]), 1)


def _count(typed: str) -> int:
    if typed.strip().isdecimal() and 1 <= int(typed) <= MOST_DAYS:
        return int(typed)
    raise UsageError(f"--days {quoted(typed)} is not possible.", f"Write a number from 1 to {MOST_DAYS}.")


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _reach(window: Window) -> str:
    first, last = window.first_day, window.complete_until
    return f"Complete days are stored from {first:%b} {first.day}, {first.year} to {last:%b} {last.day}, {last.year}."
