"""Which days Cost Explorer is asked for: each day once, the unsettled ones again, at a known price.

A request costs a cent, so a day that is final is never asked for again. Days are final when Cost Explorer no longer
calls them estimated and they are older than `SETTLING_DAYS`: until then even a day without the flag is restated. Tax
and support are booked on the first day of a month and grow until its invoice: of a month with open days, the cut that
is the whole bill is asked for from its first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from analysis.costs import Cut
from bot.collectors.daily_costs import Query

#: Cost Explorer restates a day for two to nine days.
SETTLING_DAYS = 10
#: Billed requests that the daily refresh may make; the first fetch of the history is not limited.
REQUESTS_A_DAY = 12
#: Months asked for at once: a failure loses at most these.
MONTHS_AT_ONCE = 2
#: Full months before this one that Cost Explorer keeps by day; an older start is refused.
HISTORY_MONTHS = 13


@dataclass(frozen=True, slots=True)
class Batch:
    """Queries over the days [start, end); stored together or not at all. The whole bill starts at `bill_start`."""

    queries: tuple[Query, ...]
    start: date
    end: date
    bill_start: date

    def start_of(self, query: Query) -> date:
        """The first day asked for by a query."""
        return self.bill_start if query.cut is Cut.CHARGE else self.start

    def months(self) -> list[date]:
        """First days of the months that it touches."""
        return list(_months(self.bill_start, self.end))


def plan(
    facts: Mapping[str, Any], queries: Sequence[Query], *, today: date, history_days: int, due: bool
) -> list[Batch]:
    """What to ask, the newest days first.

    Args:
        facts: what was noted at earlier refreshes (`after`).
        due: whether unsettled days are to be asked again; days never asked for before the newest one are asked anyway.
    """
    months: Mapping[str, Any] = facts.get("months", {})
    oldest = oldest_day(today)
    first, end = max(today - timedelta(days=history_days), oldest), today + timedelta(days=1)
    newest = max(months, default="")
    open_days: list[tuple[date, date]] = []
    bill_start = end
    backfill: list[tuple[date, date]] = []
    lacking: list[Batch] = []
    for month in _months(first, end):
        begin, stop = max(first, month), min(_following(month), end)
        fact = months.get(_name(month))
        if fact is None:
            (open_days if newest and _name(month) > newest else backfill).append((begin, stop))
            continue
        unsettled = date.fromisoformat(fact["open_from"] or fact["until"])
        if unsettled < stop:
            open_days.append((unsettled, stop))
            bill_start = min(bill_start, max(date.fromisoformat(fact["from"]), oldest))
        missing = tuple(query for query in queries if query.name not in fact["cuts"])
        if missing:
            since = max(date.fromisoformat(fact["from"]), oldest)
            lacking.append(Batch(missing, since, date.fromisoformat(fact["until"]), since))
    batches = [
        Batch(tuple(queries), start, stop, min(bill_start, start) if stop == end else start)
        for start, stop in (_joined(open_days) if due else ())
    ]
    batches += [Batch(tuple(queries), start, stop, start) for start, stop in _joined(backfill)]
    return sorted([*batches, *lacking], key=lambda batch: batch.start, reverse=True)


def oldest_day(today: date) -> date:
    """The first day that Cost Explorer still knows: the first of the month `HISTORY_MONTHS` back."""
    months = today.year * 12 + today.month - 1 - HISTORY_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def is_due(facts: Mapping[str, Any], now: datetime) -> bool:
    """Whether the unsettled days were last asked long enough ago to stay within `REQUESTS_A_DAY`."""
    stamps = [fact["fetched_at"] for fact in facts.get("months", {}).values()]
    if not stamps:
        return True
    rounds_a_day = max(1, REQUESTS_A_DAY // max(1, int(facts.get("requests_a_round", 1))))
    # Half an hour less, so that a job on the hour is not a minute too early.
    pause = timedelta(hours=24 / rounds_a_day) - timedelta(minutes=30)
    return now - datetime.fromisoformat(max(stamps)) >= pause


def after(
    fact: Mapping[str, Any] | None, batch: Batch, month: date, *, first_estimated: date | None, now: datetime
) -> dict[str, Any]:
    """What to note for a month once a batch is stored.

    Args:
        fact: what was noted before.
        first_estimated: the month's first stored day that Cost Explorer calls estimated.
    """
    begin, stop = max(batch.bill_start, month), min(batch.end, _following(month))
    cuts = {query.name for query in batch.queries}
    if fact is not None and not cuts >= set(
        fact["cuts"]
    ):  # only cuts that were lacking: nothing is fresher than before
        return {**fact, "cuts": sorted({*fact["cuts"], *cuts})}
    since = min(begin, date.fromisoformat(fact["from"])) if fact else begin
    settling = now.date() - timedelta(days=SETTLING_DAYS)
    open_from = min(day for day in (first_estimated, max(settling, month), stop) if day)
    return {
        "cuts": sorted(cuts),
        "fetched_at": now.isoformat(timespec="seconds"),
        "from": since.isoformat(),
        "open_from": open_from.isoformat() if open_from < stop else None,
        "until": stop.isoformat(),
    }


def _joined(spans: Sequence[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Spans that follow each other as one, of `MONTHS_AT_ONCE` months at most; counted from the newest."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(spans, reverse=True):
        if joined and joined[-1][0] == end and len(list(_months(start, joined[-1][1]))) <= MONTHS_AT_ONCE:
            joined[-1] = (start, joined[-1][1])
        else:
            joined.append((start, end))
    yield from joined


def _months(start: date, end: date) -> Iterator[date]:
    """First days of the months that [start, end) touches."""
    month = start.replace(day=1)
    while month < end:
        yield month
        month = _following(month)


def _following(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _name(month: date) -> str:
    return f"{month:%Y-%m}"
