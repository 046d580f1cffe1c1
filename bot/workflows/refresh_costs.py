"""Bring the stored costs up to date from Cost Explorer: a round for today, then older history, as the day allows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.costs import Cut
from bot.aws import reading
from bot.blocks.elements import day
from bot.charges import COST_EXPLORER
from bot.collectors import cost_plan, daily_costs
from bot.collectors.cost_plan import Ask
from bot.context import Context
from bot.cost_files.reach import SOURCE, query_name, read_reaches
from bot.errors import CostbotError
from bot.spending import AllowanceUsed, SpendingRefused, next_day, next_month
from bot.workflows.ask_explorer import EXPORT_ANSWERS, Answer, answered_by_export, ask, planned, spending
from bot.workflows.refresh_outcome import Refresh
from bot.workflows.store_costs import AlreadyRefreshing, between, only_refresh, reach_after, rows_of, store

log = logging.getLogger("costbot")

#: Share of the month's cap that older history may use, so that fresh costs go on coming.
HISTORY_SHARE = 0.5
#: Names in a sentence; more are counted.
MOST_NAMED = 4
_BILL = query_name(Cut.CHARGE)
Progress = Callable[[str, float], None]


def refresh(
    context: Context, *, progress: Progress | None = None, force: bool = False, history: bool = True
) -> Refresh:
    """Ask Cost Explorer for what is missing, and again for unsettled days when the last time is long enough ago.

    Args:
        progress: called with what is being asked and the share that is done.
        force: ask for the unsettled days whenever the last time was.
        history: also ask for older days; without it, the first alert need not wait for thirteen months.
    Returns:
        the outcome; an error of AWS is in it, not raised.
    """
    result = Refresh()
    if answered_by_export(context):
        result.by_export = True
        context.store.note_source(SOURCE, None, None, True, EXPORT_ANSWERS, context.clock.now())
        return result
    try:
        with only_refresh(context.costs.months.folder):
            _Refreshing(context, result, progress or (lambda what, share: None)).run(force=force, history=history)
    except CostbotError as error:
        result.error = error
    is_no_fault = result.error is None or isinstance(result.error, (AllowanceUsed, AlreadyRefreshing))
    if result.requests or not is_no_fault:
        _note_health(context, result)
    return result


class HistoryWaits(SpendingRefused):
    """Older history would use more of the month's cap than its share."""


class _Refreshing:
    """One refresh, while it holds the months."""

    def __init__(self, context: Context, result: Refresh, progress: Progress) -> None:
        self._context = context
        self._result = result
        self._progress = progress
        self._books = spending(context)
        self._at = context.clock.now()
        self._queries = len(daily_costs.queries(context.settings.tag_keys))
        self._payer = ""
        self._done, self._steps = 0, 1

    def run(self, *, force: bool, history: bool) -> None:
        """A round for today, then older history with the requests that are left."""
        plan = planned(self._context, force=force)
        standing = self._books.standing()
        room = standing.requests_left
        is_too_long = self._queries > standing.requests_a_day - cost_plan.FOR_HISTORY
        if is_too_long and (plan.history or not read_reaches(self._facts())):
            room = max(0, room - cost_plan.FOR_HISTORY)
        if plan.is_extra and not force and len(plan.round) > room:
            plan = replace(plan, round=())  # a second round of the day is worth nothing by halves
        self._steps = max(1, min(len(plan.round), room) + (len(plan.history) if history else 0))
        waits = self._round(plan.round, room)
        if plan.round and not standing.requests_left:
            self._result.error = self._books.allowance_used()
        elif waits and not self._result.error:
            self._result.left.append(self._waits("Not brought up to today", waits))
        if history and not self._result.error:
            self._history()
        self._progress("done", 1.0)

    def _round(self, asks: Sequence[Ask], room: int) -> Sequence[Ask]:
        """Bring queries up to today, the whole bill first, and store together what they answered.

        Returns:
            the asks that have no whole answer.
        """
        answers: list[Answer] = []
        for planned_ask in asks[:room]:
            answers.append(self._ask(self._narrowed(planned_ask, answers)))
            if self._broke_off(answers[-1]):
                break
        done = sum(answer.error is None for answer in answers)
        self._store(answers, requests_a_round=self._result.requests if done == self._queries else None)
        return asks[done:]

    def _history(self) -> None:
        """Ask for older days, one query after the other, each stored as soon as it is there."""
        plan = planned(self._context)
        room = self._books.standing().requests_left
        room = max(room - plan.kept_for_round, min(cost_plan.FOR_HISTORY, room))
        waits = list(plan.history)
        for asked in plan.history[:room]:
            answer = self._ask(asked, may_go_on=self._history_waits)
            self._store([answer])
            if isinstance(answer.error, HistoryWaits):
                self._result.left.append(str(answer.error))
                return
            if self._broke_off(answer):
                break
            waits.remove(asked)
        if waits and not self._result.error:
            self._result.left.append(self._waits("Older days wait", waits))

    def _ask(self, asked: Ask, *, may_go_on: Callable[[], CostbotError | None] = lambda: None) -> Answer:
        self._progress(f"costs by {asked.query.words} from {asked.start:%Y-%m-%d}", min(1.0, self._done / self._steps))
        if not self._payer:
            with reading("sts:GetCallerIdentity"):
                self._payer = self._context.aws.caller_account()
        answer = ask(self._context, asked, may_go_on=may_go_on)
        self._done += 1
        self._result.requests += answer.requests
        self._result.pages += max(0, answer.requests - 1)
        return answer

    def _broke_off(self, answer: Answer) -> bool:
        """Whether nothing more is to be asked now; what AWS or the cap said is the error of the refresh.

        That another command used the day's last request meanwhile is none: what waits is said with its time.
        """
        if answer.error is not None and not (isinstance(answer.error, AllowanceUsed) and self._result.requests):
            self._result.error = answer.error
        return answer.error is not None

    def _store(self, answers: Sequence[Answer], *, requests_a_round: int | None = None) -> None:
        stored = store(self._context, answers, self._payer, at=self._at, requests_a_round=requests_a_round)
        self._result.months |= stored.months
        self._result.changed |= stored.changed
        self._result.warnings += stored.warnings
        self._result.restated += stored.restated

    def _narrowed(self, asked: Ask, answers: Sequence[Answer]) -> Ask:
        """The ask without days that are only waiting for the invoice and have not changed on the bill."""
        reaches = read_reaches(self._facts())
        reach, bill = reaches.get(asked.query.name), reaches.get(_BILL)
        rows: DataFrame | None = None
        for answer in answers:
            if answer.ask.query.cut is Cut.CHARGE:
                bill, rows = reach_after(bill, answer, self._at), answer.frame
        if asked.query.cut is Cut.CHARGE or reach is None or bill is None:
            return asked
        first, until = reach.open_from, self._at.date() - timedelta(days=cost_plan.SETTLING_DAYS)
        if first >= until:
            return asked
        stored = self._stored(first, until)
        rows = between(stored[rows_of(stored, daily_costs.Query(Cut.CHARGE))] if rows is None else rows, first, until)
        changed = daily_costs.first_change(rows, stored[rows_of(stored, asked.query)], asked.query)
        return cost_plan.narrowed(asked, reach, bill, changed, self._at.date())

    def _stored(self, first: date, until: date) -> DataFrame:
        """The stored rows of the days [first, until)."""
        months = [self._context.costs.months.read(SOURCE, month) for month in cost_plan.months_of(first, until)]
        return between(pd.concat(months, ignore_index=True), first, until)

    def _history_waits(self) -> HistoryWaits | None:
        """Why older history may not go on: it must leave fresh costs their share of the month's cap."""
        standing = self._books.standing()
        share = (standing.cap_usd or 0.0) * HISTORY_SHARE
        if standing.cap_usd is None or standing.usd_this_month + COST_EXPLORER.of(1) <= share:
            return None
        return HistoryWaits(
            f"Older days wait until {day(next_month(self._at))}: ${standing.usd_this_month:.2f} are spent this month, "
            f"and history may use half of its cap of ${standing.cap_usd:.2f}.",
            "COSTBOT_MONTHLY_API_CAP allows more.",
        )

    def _waits(self, what: str, asks: Sequence[Ask]) -> str:
        names = [ask.query.words for ask in asks[:MOST_NAMED]]
        names += [f"{len(asks) - MOST_NAMED} more"] if len(asks) > MOST_NAMED else []
        return (
            f"{what}: costs by {_listed(names)}; of {self._context.settings.ce_requests_a_day} Cost Explorer requests "
            f"a day none is left for them, so they follow from {day(next_day(self._at))} 00:00 UTC on."
        )

    def _facts(self) -> dict[str, Any]:
        return self._context.costs.months.facts(SOURCE)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _note_health(context: Context, result: Refresh) -> None:
    for warning in result.warnings:
        log.warning("%s", warning)
    problem = str(result.error) if result.error else " ".join(result.warnings)
    context.store.note_source(SOURCE, None, None, result.error is None, problem, context.clock.now())
