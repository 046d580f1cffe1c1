"""Which days Cost Explorer is asked for, by which query: each day once, the unsettled ones again, at a known price.

A request costs a cent and a day has few of them, so a query asks for one span of days and a day that is final is never
asked for again. Days are final when Cost Explorer no longer calls them estimated and they are older than
`SETTLING_DAYS`: until then even a day without the flag is restated. Tax and support are booked on the first day of a
month and grow until its invoice: of a month with open days, the query for the whole bill asks from its first day.

A *round* brings every query up to today. The whole bill comes first, then the other cuts, then the tags, whoever waits
longest first: where they are too many for a day, they take turns. *History* is what is older than the first round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from analysis.costs import Cut
from bot.collectors.daily_costs import Query
from bot.cost_files.reach import NEVER, Reach
from bot.cost_files.window import FILLING

#: Cost Explorer restates a day for two to nine days.
SETTLING_DAYS = 10
#: Full months before this one that Cost Explorer keeps by day; an older start is refused.
HISTORY_MONTHS = 13
#: Days, to the start of their month, that the first round asks for: what detection and the digest need.
RECENT_DAYS = 92
#: Requests a day that are kept for older history while some is missing, however many tags there are.
FOR_HISTORY = 2
#: A job on the hour must not come a minute too early.
SLACK = timedelta(minutes=30)
#: The least time between two rounds while history is missing: a day has one.
ONE_ROUND = timedelta(hours=24) - SLACK


@dataclass(frozen=True, slots=True)
class Ask:
    """One query over the days [start, end)."""

    query: Query
    start: date
    end: date

    def months(self) -> list[date]:
        """First days of the months that it touches."""
        return list(months_of(self.start, self.end))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked, the most important first.

    `kept_for_round` counts requests that the first round of this day will still want, so that nothing else must use
    them. `is_extra` is true where the round is not the first of its day.
    """

    round: tuple[Ask, ...]
    history: tuple[Ask, ...]
    kept_for_round: int
    is_extra: bool


def plan(
    reaches: Mapping[str, Reach],
    queries: Sequence[Query],
    *,
    now: datetime,
    history_days: int,
    requests_a_day: int,
    requests_a_round: int,
    force: bool,
    not_before: date = date.min,
) -> Plan:
    """What to ask now.

    Args:
        reaches: what each query has answered so far, by its name.
        queries: the most important first; the first is the whole bill.
        requests_a_round: what the last round took, its further pages included; 0 before the first.
        force: begin a round whenever the last one was.
        not_before: days before it are not wanted.
    """
    today = now.astimezone(UTC).date()
    wanted_first = max(today - timedelta(days=history_days), oldest_day(today), not_before)
    history = tuple(_history(reaches, queries, wanted_first))
    bill = reaches.get(queries[0].name)
    is_complete = bill is not None and not history
    pause = _pause(max(requests_a_round, len(queries)), requests_a_day) if is_complete else ONE_ROUND
    begins = force or bill is None or now - bill.asked_at >= pause
    waiting = [q for q in queries if begins or (bill and _missed_its_turn(q, reaches.get(q.name), bill, today))]
    recent = max((today - timedelta(days=RECENT_DAYS)).replace(day=1), wanted_first)
    asks = [
        Ask(query, _round_start(query, reaches.get(query.name), today, recent), today + timedelta(days=1))
        for query in sorted(waiting, key=lambda query: _turn(query, queries, reaches.get(query.name)))
    ]
    was_today = bill is not None and bill.asked_at.astimezone(UTC).date() == today
    comes_today = not begins and not was_today and bill is not None and (bill.asked_at + pause).date() == today
    kept = min(len(queries), max(0, requests_a_day - FOR_HISTORY)) if comes_today else 0
    return Plan(tuple(asks), history, kept, is_extra=begins and was_today)


def narrowed(ask: Ask, reach: Reach | None, bill: Reach, first_change: date | None, today: date) -> Ask:
    """The ask of a round without the days that need not be asked again yet.

    All days of a month are called estimated until its invoice. Asking for all of them again every day would cost a big
    organisation a page after the other: those older than `SETTLING_DAYS` are asked again when the whole bill shows that
    they changed, and once more when they are final.

    Args:
        reach, bill: what the query, and the query for the whole bill, have answered; `bill` with its newest answer.
        first_change: the first day from `reach.open_from` on that is not what the bill says now.
    """
    if reach is None or bill.open_from > reach.open_from:
        return ask
    settling = today - timedelta(days=SETTLING_DAYS)
    start = min(settling, first_change or settling, reach.until)
    return replace(ask, start=max(ask.start, start))


def oldest_day(today: date) -> date:
    """The first day that Cost Explorer still knows: the first of the month `HISTORY_MONTHS` back."""
    months = today.year * 12 + today.month - 1 - HISTORY_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def after(
    reach: Reach | None, ask: Ask, *, whole_until: date, first_estimated: date | None, now: datetime
) -> Reach | None:
    """What a query reaches after an answer; None while nothing of it is known.

    Args:
        whole_until: days before it are whole; earlier than the end of the ask where the answer broke off.
        first_estimated: the first day of the answer that Cost Explorer calls estimated.
    """
    if whole_until <= ask.start:
        return reach
    if reach is not None and ask.end <= reach.first:
        return _after_history(reach, ask, whole_until, first_estimated)
    is_gap = reach is not None and ask.start > reach.until
    first = ask.start if reach is None or is_gap else min(reach.first, ask.start)
    settling = now.astimezone(UTC).date() - timedelta(days=SETTLING_DAYS)
    skipped = reach is not None and not is_gap and oldest_day(now.date()) <= reach.open_from < ask.start
    left_open = reach.open_from if reach is not None and skipped else None
    open_from = min(day for day in (first_estimated, settling, whole_until, left_open) if day)
    is_whole = whole_until == ask.end
    return Reach(
        first=first,
        until=max(reach.until, whole_until) if reach is not None else whole_until,
        open_from=max(open_from, first),
        complete_until=min((now - FILLING).date(), whole_until - timedelta(days=1)),
        asked_at=now if is_whole else reach.asked_at if reach is not None else NEVER,
        older=reach.older if reach is not None and not is_gap else None,
    )


def _after_history(reach: Reach, ask: Ask, whole_until: date, first_estimated: date | None) -> Reach:
    goes_on = reach.older is not None and ask.start == reach.older[1]
    first = reach.older[0] if reach.older is not None and goes_on else ask.start
    if whole_until < ask.end:
        return replace(reach, older=(first, whole_until))
    open_from = min(reach.open_from, first_estimated) if first_estimated else reach.open_from
    return replace(reach, first=first, open_from=open_from, older=None)


def _pause(requests_a_round: int, requests_a_day: int) -> timedelta:
    """The least time between two rounds, so that a day's rounds stay within its requests."""
    rounds_a_day = max(1, requests_a_day // max(1, requests_a_round))
    return timedelta(hours=24 / rounds_a_day) - SLACK


def _missed_its_turn(query: Query, reach: Reach | None, bill: Reach, today: date) -> bool:
    """Whether a query is still to be asked in the round that the whole bill has begun.

    Tags that were too many for a day wait for the next round: asked on the next day, they would take its requests.
    """
    if reach is not None and reach.asked_at >= bill.asked_at:
        return False
    return query.cut is not Cut.TAG or bill.asked_at.astimezone(UTC).date() == today


def _turn(query: Query, queries: Sequence[Query], reach: Reach | None) -> tuple[int, datetime, int]:
    """The place of a query in a round."""
    kind = 0 if query.cut is Cut.CHARGE else 2 if query.cut is Cut.TAG else 1
    return kind, reach.asked_at if reach else NEVER, queries.index(query)


def _round_start(query: Query, reach: Reach | None, today: date, recent: date) -> date:
    if reach is None:
        return recent
    start = reach.open_from
    if query.cut is Cut.CHARGE:
        start = max(start.replace(day=1), reach.first)
    return max(start, oldest_day(today))


def _history(reaches: Mapping[str, Reach], queries: Sequence[Query], wanted_first: date) -> Iterator[Ask]:
    """The days before the first round, of each query that has had one."""
    for query in queries:
        reach = reaches.get(query.name)
        if reach is None or reach.first <= wanted_first:
            continue
        has_begun = reach.older is not None and reach.older[0] <= wanted_first < reach.older[1]
        start = reach.older[1] if reach.older is not None and has_begun else wanted_first
        yield Ask(query, start, reach.first)


def following(month: date) -> date:
    """The first day of the month after that of a day."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_of(start: date, end: date) -> Iterator[date]:
    """First days of the months that [start, end) touches."""
    month = start.replace(day=1)
    while month < end:
        yield month
        month = following(month)
