"""From when to when costs are stored, until when they are complete, and what a message must say about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from analysis.services import service_key
from bot.cost_files.summary import Stored, currencies
from bot.errors import NotEnoughData
from bot.settings import CostView

#: A day fills until 50 hours after its start; an older one that is still "estimated" only waits for the invoice.
FILLING = timedelta(hours=50)
#: A provider whose costs end this much earlier than the newest ones is left behind, not waited for.
MOST_LAG_DAYS = 10
#: Notes speak of what a message can show: two windows of 90 days.
NOTE_DAYS = 190

SOURCE_NAMES = {"cost_explorer": "Cost Explorer", "focus": "the FOCUS export", "cur": "the Cost and Usage Report"}

EMPTY = NotEnoughData(
    "No costs are stored yet.",
    "Run `costbot refresh` to ask Cost Explorer, or `costbot ingest focus FILE` to read a billing export.",
)


@dataclass(frozen=True, slots=True)
class Window:
    """The stored days, ends included.

    Days after `complete_until` are still filling. `view` is the cost that can be shown; of the providers `billed_only`
    that is billed cost, though effective cost was asked for. `note` says, in a sentence, which provider is behind.
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


@dataclass(frozen=True, slots=True)
class _Feed:
    """One provider from its sources: how far it reaches."""

    provider: str
    sources: tuple[str, ...]
    last: date
    complete_until: date
    fetched_at: datetime | None


def window(
    active: Iterable[Stored],
    facts: Mapping[str, Mapping[str, Any]],
    *,
    services: Collection[str] = (),
    view: CostView = CostView.EFFECTIVE,
) -> Window:
    """The window of what is stored.

    Args:
        active: what answers (`Summary.active`).
        facts: what was noted beside the months of each source.
        services: canonical keys; empty for all.
    Raises:
        NotEnoughData: nothing is stored, or nothing of these services.
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
    feeds = [_feed([item for item in stored if item.provider == provider], facts) for provider in sorted(providers)]
    newest = max(feed.complete_until for feed in feeds)
    current = [feed for feed in feeds if (newest - feed.complete_until).days <= MOST_LAG_DAYS]
    behind = [feed for feed in feeds if feed not in current]
    last_day = max(feed.last for feed in current)
    recent = [item for item in stored if item.last > newest - timedelta(days=NOTE_DAYS)]
    fetched = [feed.fetched_at for feed in current if feed.fetched_at]
    billed_only = sorted({item.provider for item in recent if not item.has_effective})
    has_effective = any(item.has_effective for item in recent)
    return Window(
        first_day=_first_day(stored, newest),
        last_day=last_day,
        complete_until=min(feed.complete_until for feed in current),
        currency=(currencies(stored) or ("USD",))[0],
        view=view if has_effective else CostView.BILLED,
        fetched_at=min(fetched) if fetched else None,
        sources=tuple(sorted({source for feed in current for source in feed.sources})),
        billed_only=tuple(billed_only) if view is CostView.EFFECTIVE else (),
        note=_note(behind, newest),
    )


def _feed(items: list[Stored], facts: Mapping[str, Mapping[str, Any]]) -> _Feed:
    newest = max(items, key=lambda item: item.last)
    fetched_at = _fetched_at(facts.get(newest.source, {}))
    finals = [item.last_final for item in items if item.last_final]
    full = (fetched_at - FILLING).date() if fetched_at else None
    known = [day for day in (max(finals, default=None), full) if day]
    complete = max(known) if known else newest.last - FILLING
    return _Feed(
        newest.provider,
        tuple(sorted({item.source for item in items})),
        newest.last,
        min(complete, newest.last),
        fetched_at,
    )


def _fetched_at(facts: Mapping[str, Any]) -> datetime | None:
    stamps = [month["fetched_at"] for month in facts.get("months", {}).values() if month.get("fetched_at")]
    return datetime.fromisoformat(max(stamps)).astimezone(UTC) if stamps else None


def _first_day(stored: list[Stored], newest: date) -> date:
    """The first day from which on no month is missing."""
    months = {item.month for item in stored}
    month = first = max(month for month in months if month <= newest)
    while month in months:
        first = month
        month = (month - timedelta(days=1)).replace(day=1)
    return max(first, min(item.first for item in stored if item.month >= first))


def _note(behind: list[_Feed], newest: date) -> str | None:
    notes = [
        f"{feed.provider} is stored until {feed.last:%b} {feed.last.day}, {feed.last.year} only."
        for feed in behind
        if (newest - feed.last).days <= NOTE_DAYS
    ]
    return " ".join(notes) or None
