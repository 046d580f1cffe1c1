"""From when to when costs are stored, until when they are complete, and what a message must say about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from analysis.completeness import FILLING_HOURS, NOTHING, PartialDay
from analysis.services import service_key
from bot.cost_files.arrival import Curves
from bot.cost_files.feeds import Feed, feed
from bot.cost_files.summary import Stored, currencies
from bot.errors import NotEnoughData
from bot.settings import CostView

#: A provider whose costs end this much earlier than the newest ones is left behind, not waited for.
MOST_LAG_DAYS = 10
#: Notes speak of what a message can show: two windows of 90 days.
NOTE_DAYS = 190

#: How long a day fills after its start.
FILLING = timedelta(hours=FILLING_HOURS)
SOURCE_NAMES = {"cost_explorer": "Cost Explorer", "focus": "the FOCUS export", "cur": "the Cost and Usage Report"}

EMPTY = NotEnoughData(
    "No costs are stored yet.",
    "Run `costbot refresh` to ask Cost Explorer, or `costbot ingest focus FILE` to read a billing export.",
)


@dataclass(frozen=True, slots=True)
class Window:
    """The stored days, ends included.

    Days after `complete_until` are left out of comparisons: `partial` says of each which provider's part is not all in,
    and how much of it is. `missing` are days before it of which a provider has nothing: they are unknown, not zero.
    `view` is the cost that can be shown; of the providers `billed_only` that is billed cost, though effective cost was
    asked for. `note` says, in a sentence, which provider is behind. `feeds` are all providers, those behind as well.
    """

    first_day: date
    last_day: date
    complete_until: date
    currency: str
    view: CostView
    fetched_at: datetime | None
    sources: tuple[str, ...]
    billed_only: tuple[str, ...]
    note: str | None
    partial: tuple[PartialDay, ...] = ()
    missing: tuple[PartialDay, ...] = ()
    feeds: tuple[Feed, ...] = ()


def window(
    active: Iterable[Stored],
    facts: Mapping[str, Mapping[str, Any]],
    *,
    services: Collection[str] = (),
    view: CostView = CostView.EFFECTIVE,
    curves: Curves | None = None,
) -> Window:
    """The window of what is stored.

    Args:
        active: what answers (`Summary.active`).
        facts: what was noted beside the months of each source.
        services: canonical keys; empty for all.
        curves: learnt late-arrival curves, where there are some.
    Raises:
        NotEnoughData: nothing is stored, nothing of these services, or no whole day.
    """
    stored = list(active)
    if not stored:
        raise EMPTY
    wanted = set(services)
    providers = {
        item.provider for item in stored if not wanted or wanted & {service_key(name) for name in item.service_names}
    }
    stored = [item for item in stored if item.provider in providers]
    if not stored:
        raise NotEnoughData(
            f"No cost of {', '.join(sorted(wanted))} is stored.", "`/cost trend` shows which services are."
        )
    feeds = [
        feed([item for item in stored if item.provider == provider], facts, curves or {})
        for provider in sorted(providers)
    ]
    newest = max(feed.complete_until for feed in feeds)
    current = [one for one in feeds if (newest - one.complete_until).days <= MOST_LAG_DAYS]
    behind = [one for one in feeds if one not in current]
    last_day = max(one.last for one in current)
    first_day = _first_day(stored, newest)
    complete_until = min(one.complete_until for one in current)
    if complete_until < first_day:
        raise NotEnoughData(
            f"No whole day of costs is stored yet: {first_day:%b} {first_day.day} is still filling.",
            "It is complete about two days after it began; ask again then.",
        )
    recent = [item for item in stored if item.last > newest - timedelta(days=NOTE_DAYS)]
    fetched = [one.fetched_at for one in current if one.fetched_at]
    billed_only = sorted({item.provider for item in recent if not item.has_effective})
    has_effective = any(item.has_effective for item in recent)
    return Window(
        first_day=first_day,
        last_day=last_day,
        complete_until=complete_until,
        currency=(currencies(stored) or ("USD",))[0],
        view=view if has_effective else CostView.BILLED,
        fetched_at=min(fetched) if fetched else None,
        sources=tuple(sorted({source for one in current for source in one.sources})),
        billed_only=tuple(billed_only) if view is CostView.EFFECTIVE else (),
        note=_note(behind, newest),
        partial=_partial(current, last_day),
        missing=tuple(day for one in feeds for day in one.missing if first_day <= day.day <= complete_until),
        feeds=tuple(feeds),
    )


def _partial(current: list[Feed], last_day: date) -> tuple[PartialDay, ...]:
    """What is not all in yet, by day; of a provider that ends before the others the rest is not there at all."""
    found = [day for one in current for day in one.partial]
    for one in current:
        absent = (last_day - one.last).days
        found += [PartialDay(one.last + timedelta(days=n + 1), one.provider, NOTHING) for n in range(absent)]
    return tuple(sorted(found, key=lambda day: (day.day, day.provider)))


def _first_day(stored: list[Stored], newest: date) -> date:
    """The first day from which on no month is missing."""
    months = {item.month for item in stored}
    month = first = max((month for month in months if month <= newest), default=min(months))
    while month in months:
        first = month
        month = (month - timedelta(days=1)).replace(day=1)
    return max(first, min(item.first for item in stored if item.month >= first))


def _note(behind: list[Feed], newest: date) -> str | None:
    notes = [
        f"{one.provider} is stored until {one.last:%b} {one.last.day}, {one.last.year} only."
        for one in behind
        if (newest - one.last).days <= NOTE_DAYS
    ]
    return " ".join(notes) or None
