"""One provider's stored costs as a feed: how far it reaches, which of its newest days are parts, which are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from analysis.arrival_curve import PRIOR
from analysis.completeness import NOTHING, Completeness, PartialDay, completeness, usual_hours
from bot.cost_files.arrival import Curves
from bot.cost_files.stored_days import StoredDay
from bot.cost_files.summary import Stored

#: Without a word from its source, the two newest days are taken for parts.
NEWEST_PARTS = 2
#: A part further back than this does not hold back whole days after it: it stays one until its month is read again.
MOST_FILLING_DAYS = 10
#: Days that are looked at.
LOOK_BACK_DAYS = 190
#: Share of days with usage from which on a day without any is a hole and not a quiet day.
DAILY_SHARE = 0.9
#: A longer gap is no hole: nothing was stored then.
MOST_HOLE_DAYS = 31


@dataclass(frozen=True, slots=True)
class Feed:
    """A provider: its stored days from `first` to `last`, ends included.

    `partial` are days up to `last` that are not complete yet; the first of them follows `complete_until`. `missing` are
    days before, of which a part only is stored, or nothing though there is usage nearly every day.
    """

    provider: str
    sources: tuple[str, ...]
    first: date
    last: date
    complete_until: date
    fetched_at: datetime | None
    partial: tuple[PartialDay, ...]
    missing: tuple[PartialDay, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """A stored day, its source, and when that told it."""

    stored: StoredDay
    source: str
    at: datetime | None


def feed(items: Sequence[Stored], facts: Mapping[str, Mapping[str, Any]], curves: Curves) -> Feed:
    """The feed of one provider.

    Args:
        items: its stored months, from one source each.
        facts: what was noted beside the months of each source: `fetched_at`, and `told_at` where an export says how
            old it is.
        curves: learnt late-arrival curves by source and provider.
    """
    provider = items[0].provider
    told = _told(items, facts)
    newest = max(items, key=lambda item: item.last)
    first = min(told) if told else min(item.first for item in items)
    last = max(told) if told else newest.last
    judged = _judged(told, provider, curves) if told else {}
    parts = [PartialDay(day, provider, found) for day, found in judged.items() if not found.is_complete]
    last_whole = max(set(told) - {part.day for part in parts}, default=first - timedelta(days=1))
    partial = tuple(part for part in parts if part.day > last_whole or (last - part.day).days < MOST_FILLING_DAYS)
    lasting = [part for part in parts if part not in partial]
    return Feed(
        provider=provider,
        sources=tuple(sorted({item.source for item in items})),
        first=first,
        last=last,
        complete_until=partial[0].day - timedelta(days=1) if partial else last,
        fetched_at=_fetched_at(facts.get(newest.source, {})),
        partial=partial,
        missing=tuple(sorted([*lasting, *_absent(told, provider)], key=lambda part: part.day)),
    )


def _told(items: Sequence[Stored], facts: Mapping[str, Mapping[str, Any]]) -> dict[date, _Told]:
    """The days with usage, in order; a day of two billing months is as complete as its worse part."""
    found: dict[date, _Told] = {}
    for item in items:
        noted = facts.get(item.source, {}).get("months", {}).get(f"{item.month:%Y-%m}", {})
        stamp = noted.get("told_at") or noted.get("fetched_at")
        at = datetime.fromisoformat(stamp).astimezone(UTC) if stamp else None
        # A day after the one on which it was told is a wrong date, or a wrong clock.
        for stored in (one for one in item.days if at is None or one.day <= at.date()):
            other = found.get(stored.day)
            if other is None or (stored.estimated and not other.stored.estimated):
                found[stored.day] = _Told(stored, item.source, at)
    return dict(sorted(found.items()))


def _judged(told: Mapping[date, _Told], provider: str, curves: Curves) -> dict[date, Completeness]:
    """How complete the newest days are, in order."""
    last = max(told)
    finals = [day for day, one in told.items() if not one.stored.estimated]
    taken_for_whole = max(finals) if finals else last - timedelta(days=NEWEST_PARTS)
    whole = usual_hours([one.stored.hours_seen for one in told.values()])
    result = {}
    for day, one in told.items():
        unknown = one.at is None and one.stored.estimated and day <= taken_for_whole
        if unknown or (last - day).days > LOOK_BACK_DAYS:
            continue
        result[day] = completeness(
            day,
            told_at=one.at,
            estimated=one.stored.estimated,
            hours_seen=one.stored.hours_seen,
            usual_hours=whole,
            is_newest=day == last,
            curve=curves.get((one.source, provider), PRIOR),
        )
    return result


def _absent(told: Mapping[date, _Told], provider: str) -> tuple[PartialDay, ...]:
    """The holes: days without usage among days that have some."""
    known = list(told)
    gaps = [n for n in range(1, len(known)) if (known[n] - known[n - 1]).days > MOST_HOLE_DAYS]
    known = known[gaps[-1] if gaps else 0 :]
    if not known:
        return ()
    days = [known[0] + timedelta(days=n) for n in range((known[-1] - known[0]).days + 1)]
    absent = [day for day in days if day not in told]
    if len(absent) > (1 - DAILY_SHARE) * len(days):
        return ()
    return tuple(PartialDay(day, provider, NOTHING) for day in absent)


def _fetched_at(facts: Mapping[str, Any]) -> datetime | None:
    stamps = [month["fetched_at"] for month in facts.get("months", {}).values() if month.get("fetched_at")]
    return datetime.fromisoformat(max(stamps)).astimezone(UTC) if stamps else None
