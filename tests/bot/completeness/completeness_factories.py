"""Parts of days, and stored months whose source says how many hours it has seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.completeness import NOTHING, Basis, Completeness, PartialDay
from bot.cost_files.stored_days import StoredDay
from bot.cost_files.summary import Stored
from bot.store import Restatement

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
TODAY = NOW.date()


def part(day: int, share: float | None, basis: Basis = Basis.LEARNT, **changed: Any) -> PartialDay:
    """A part of a day of November: learnt from 34 days unless changed."""
    provider = changed.pop("provider", "AWS")
    seen = {Basis.LEARNT: (34,), Basis.HOURS: (19, 24)}.get(basis, ())
    values = {"share": share, "low": share, "high": share, "is_complete": False, "basis": basis, "seen": seen} | changed
    return PartialDay(date(2026, 11, day), provider, Completeness(**values))


def nothing(day: int, provider: str = "Microsoft") -> PartialDay:
    return PartialDay(date(2026, 11, day), provider, NOTHING)


def restated(day: date, before: float, after: float | None, **changed: Any) -> Restatement:
    """Billed and effective alike unless changed."""
    values: dict[str, Any] = {
        "source": "cost_explorer",
        "provider": "AWS",
        "day": day,
        "noted_at": NOW,
        "billed_before": before,
        "billed_after": after,
        "effective_before": before,
        "effective_after": after,
        "currency": "USD",
    }
    return Restatement(**(values | changed))


def stored(
    first: date,
    count: int,
    *,
    provider: str = "AWS",
    source: str = "cost_explorer",
    estimated_from: date = date.max,
    hours: int | None = None,
    newest_hours: int | None = None,
    without: Iterable[date] = (),
) -> list[Stored]:
    """The months of a provider with usage every day, except on days `without`."""
    days = [first + timedelta(days=n) for n in range(count)]
    days = [day for day in days if day not in set(without)]
    told = [
        StoredDay(day, day >= estimated_from, newest_hours if day == days[-1] and newest_hours is not None else hours)
        for day in days
    ]
    months = sorted({day.replace(day=1) for day in days})
    return [
        _month(month, [one for one in told if one.day.replace(day=1) == month], provider, source) for month in months
    ]


def _month(month: date, told: list[StoredDay], provider: str, source: str) -> Stored:
    finals = [one.day for one in told if not one.estimated]
    return Stored(
        path=Path(source) / f"{month:%Y-%m}.parquet",
        summed=None,
        source=source,
        month=month,
        provider=provider,
        first=told[0].day,
        last=told[-1].day,
        last_final=max(finals, default=None),
        has_usage=True,
        has_effective=True,
        currencies=("USD",),
        service_names=("Amazon Simple Storage Service",),
        cuts=frozenset({("charge,service", "")}),
        tag_keys=frozenset(),
        days=tuple(told),
    )


def fetched(at: datetime, *months: str, **more: Any) -> dict[str, Any]:
    """What is noted beside the months of a source that was asked at a moment."""
    return {"months": {month: {"fetched_at": at.isoformat()} | more for month in months}}
