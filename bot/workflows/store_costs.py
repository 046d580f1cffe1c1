"""Put Cost Explorer's answers into the stored months, and note how far each query reaches now."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.costs import Cut
from bot.collectors import cost_plan, daily_costs
from bot.collectors.cost_plan import following
from bot.collectors.daily_costs import Query
from bot.context import Context
from bot.cost_files.day_totals import day_totals
from bot.cost_files.reach import SOURCE, Reach, query_name, read_reaches
from bot.errors import CostbotError
from bot.workflows.ask_explorer import Answer
from bot.workflows.note_restatements import note

#: Seconds that a refresh waits for another one: they change the same months.
WAIT_SECONDS = 120.0
_BILL = query_name(Cut.CHARGE)


class AlreadyRefreshing(CostbotError):
    """Another thread or process holds the months of Cost Explorer."""


@dataclass(slots=True)
class Stored:
    """The months that were written, those of them that changed, whole days that did, and where the cuts disagree."""

    months: set[date] = field(default_factory=set)
    changed: set[date] = field(default_factory=set)
    restated: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@contextmanager
def only_refresh(folder: Path) -> Iterator[None]:
    """Hold the months of Cost Explorer, against other threads and processes.

    Args:
        folder: of all stored costs.
    Raises:
        AlreadyRefreshing: another refresh holds them for longer than `WAIT_SECONDS`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + WAIT_SECONDS
    with (folder / f"{SOURCE}.lock").open("a+") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise AlreadyRefreshing(
                        "Another refresh is asking Cost Explorer just now.", "Try again when it is done."
                    ) from None
                time.sleep(0.1)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def store(
    context: Context, answers: Sequence[Answer], payer: str, *, at: datetime, requests_a_round: int | None = None
) -> Stored:
    """Store what came of some queries; each month whole or not at all.

    Answers that are given together are stored together, so that whoever reads finds cuts of the same moment.

    Args:
        at: when they were asked, the same for all of a round.
        requests_a_round: what they took, if they are a whole round.
    """
    result = Stored()
    useful = [answer for answer in answers if answer.whole_until > answer.ask.start]
    if not useful:
        return result
    months = context.costs.months
    facts = months.facts(SOURCE)
    reaches = read_reaches(facts)
    reached = {answer.ask.query.name: reach_after(reaches.get(answer.ask.query.name), answer, at) for answer in useful}
    touched = {month for answer in useful for month in answer.ask.months() if month < answer.whole_until}
    for month in sorted(touched):
        merged = _merged(months.read(SOURCE, month), [_of_month(answer, month, payer) for answer in useful])
        result.warnings += _disagreements(merged, useful, reaches, at)
        before = day_totals(months, SOURCE, month)
        if context.costs.replace_month(SOURCE, month, merged):
            result.changed.add(month)
        result.restated += note(context, SOURCE, before, day_totals(months, SOURCE, month))
        result.months.add(month)
    reaches |= {name: reach for name, reach in reached.items() if reach is not None}
    facts["queries"] = {name: reach.as_facts() for name, reach in sorted(reaches.items())}
    facts["months"] = _month_facts(facts.get("months", {}), reaches, fetched=_BILL in reached, at=at)
    if requests_a_round is not None:
        facts["requests_a_round"] = requests_a_round
    months.note_facts(SOURCE, facts)
    return result


def between(frame: DataFrame, first: date, until: date) -> DataFrame:
    """The rows of the days [first, until)."""
    return frame[(frame["date"] >= pd.Timestamp(first)) & (frame["date"] < pd.Timestamp(until))]


def reach_after(before: Reach | None, answer: Answer, at: datetime) -> Reach | None:
    """How far a query reaches with this answer."""
    estimated = answer.frame.loc[answer.frame["estimated"].astype(bool), "date"]
    first = None if estimated.empty else pd.Timestamp(estimated.min()).date()
    return cost_plan.after(before, answer.ask, whole_until=answer.whole_until, first_estimated=first, now=at)


def _of_month(answer: Answer, month: date, payer: str) -> tuple[Answer, DataFrame]:
    return answer, between(answer.frame, month, following(month)).assign(billing_account_id=payer)


def _merged(stored: DataFrame, fresh: Sequence[tuple[Answer, DataFrame]]) -> DataFrame:
    """The stored month with the days that were asked replaced, of the cuts that were asked."""
    asked = pd.Series(False, index=stored.index)
    for answer, _ in fresh:
        days = (stored["date"] >= pd.Timestamp(answer.ask.start)) & (stored["date"] < pd.Timestamp(answer.whole_until))
        asked |= rows_of(stored, answer.ask.query) & days
    parts = [part.dropna(axis="columns", how="all") for part in (stored[~asked], *(f for _, f in fresh)) if len(part)]
    return pd.concat(parts, ignore_index=True).reindex(columns=stored.columns) if parts else stored[~asked]


def rows_of(frame: DataFrame, query: Query) -> pd.Series[bool]:
    """Which rows are a query's."""
    return frame["cut"].eq(query.cut.value) & (frame["tag_key"].eq(query.tag_key) if query.tag_key else True)


def _disagreements(
    month: DataFrame, answers: Sequence[Answer], reaches: Mapping[str, Reach], at: datetime
) -> list[str]:
    """Where the cuts that were just asked do not add up to the bill.

    Beside the bill of the same round every day is compared; beside an earlier one only days that were settled then.
    """
    asked = [answer.ask.query for answer in answers]
    first = max(answer.ask.start for answer in answers)
    until = min(answer.whole_until for answer in answers)
    if not any(query.cut is Cut.CHARGE for query in asked):
        bill = reaches.get(_BILL)
        if bill is None:
            return []
        first = max(first, bill.first)
        until = min(until, bill.until, at.date() - timedelta(days=cost_plan.SETTLING_DAYS))
    rows = (month["cut"] == Cut.CHARGE.value) & (month["date"] >= pd.Timestamp(first))
    for query in asked:
        rows |= rows_of(month, query) & (month["date"] >= pd.Timestamp(first))
    return daily_costs.disagreements(month[rows & (month["date"] < pd.Timestamp(until))])


def _month_facts(
    before: Mapping[str, Mapping[str, Any]], reaches: Mapping[str, Reach], *, fetched: bool, at: datetime
) -> dict[str, Any]:
    """What readers of a single month want to know: how far the whole bill reaches in it, and which queries are there.

    Args:
        before: what was noted. fetched: whether the whole bill was just asked.
    """
    bill = reaches.get(_BILL)
    noted: dict[str, Any] = dict(before)
    if bill is None:
        return noted
    month = bill.first.replace(day=1)
    while month < bill.until:
        name, end = f"{month:%Y-%m}", min(bill.until, following(month))
        known = before.get(name, {})
        is_fresh = "fetched_at" not in known or (fetched and bill.until - timedelta(days=1) < end)
        noted[name] = {
            "cuts": sorted(n for n, r in reaches.items() if r.first < end and r.until > month),
            "fetched_at": at.isoformat(timespec="seconds") if is_fresh else known["fetched_at"],
            "from": max(bill.first, month).isoformat(),
            "open_from": max(bill.open_from, month).isoformat() if bill.open_from < end else None,
            "until": end.isoformat(),
        }
        month = following(month)
    return noted
