"""Stored costs against where they came from: Cost Explorer asked once more by month, and each export read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from bot.aws import reading
from bot.collectors import daily_costs
from bot.collectors.cost_plan import following, oldest_day
from bot.collectors.daily_costs import Query
from bot.context import Context
from bot.cost_files.reach import in_common, read_reaches
from bot.reconciliation import COLUMNS, Reconciliation, compared
from bot.spending import SpendingRefused
from bot.workflows.ask_explorer import ACTION, EXPORT_ANSWERS, answered_by_export
from bot.workflows.reconcile_exports import Progress, reconcile_exports
from bot.workflows.store_costs import between

#: Every record type by service, and usage by service and account: Cost Explorer groups by two keys.
_QUERIES = (Query(Cut.CHARGE), Query(Cut.ACCOUNT))
#: Cost Explorer tells charges that are not usage by service only.
ANY_ACCOUNT = "(all accounts)"


def reconcile(context: Context, *, progress: Progress = lambda at, share: None) -> Reconciliation:
    """Compare everything that is stored with its source, by month, service, account and kind of charge.

    Raises:
        CostbotError: Cost Explorer does not answer, or a file of an export can no longer be read.
    """
    explorer = _explorer(context, progress)
    exports, problems = reconcile_exports(context, progress)
    filled = [frame for frame in (explorer.cells, exports) if len(frame)]
    cells = pd.concat(filled, ignore_index=True) if filled else DataFrame(columns=list(COLUMNS))
    return Reconciliation(
        cells.astype({"open": bool}),
        (*explorer.problems, *_cuts(context), *problems),
        explorer.requests,
        explorer.notes,
    )


@dataclass(frozen=True, slots=True)
class _Explorer:
    """What Cost Explorer was compared with."""

    cells: DataFrame
    requests: int = 0
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _explorer(context: Context, progress: Progress) -> _Explorer:
    """Two monthly queries over the stored days that both answered and Cost Explorer still knows; a request a page."""
    nothing = DataFrame(columns=list(COLUMNS))
    known = read_reaches(context.costs.months.facts(daily_costs.SOURCE))
    reaches = {query.name: known[query.name] for query in _QUERIES if query.name in known}
    answered = in_common(reaches) if len(reaches) == len(_QUERIES) else None
    start = max(answered[0], oldest_day(context.clock.today())) if answered else date.max
    end = answered[1] if answered else date.min
    if start >= end:
        return _Explorer(nothing)
    if answered_by_export(context):
        return _Explorer(nothing, notes=(f"{EXPORT_ANSWERS} What is stored of it was not compared.",))
    answers: list[DataFrame] = []
    requests = 0
    for query in _QUERIES:
        progress(f"asking Cost Explorer by {query.words}", len(answers) / 2)
        try:
            pages = _ask(context, {**query.parameters(start, end), "Granularity": "MONTHLY"})
        except SpendingRefused as refused:
            return _Explorer(nothing, requests, (f"Cost Explorer was not compared. {refused}",))
        answers.append(daily_costs.parse(pages, query))
        requests += len(pages)
    actual = pd.concat([answer.dropna(axis="columns", how="all") for answer in answers], ignore_index=True)
    actual = actual.reindex(columns=list(daily_costs.COLUMNS))
    months = pd.to_datetime(actual["date"]).dt.strftime("%Y-%m")
    open_from = min(reach.open_from for reach in reaches.values())
    parts = []
    for month in _months(start, end):
        stored = context.costs.months.read(daily_costs.SOURCE, month)
        inside = stored[(stored["date"] >= pd.Timestamp(start)) & (stored["date"] < pd.Timestamp(end))]
        theirs = _cells(actual[months == f"{month:%Y-%m}"])
        is_open = open_from < following(month)
        parts.append(compared(daily_costs.SOURCE, f"{month:%Y-%m}", _cells(inside), theirs, is_open=is_open))
    return _Explorer(pd.concat(parts, ignore_index=True), requests)


def _months(start: date, end: date) -> Iterator[date]:
    """The first days of the months of [start, end)."""
    month = start.replace(day=1)
    while month < end:
        yield month
        month = following(month)


def _ask(context: Context, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """All pages of one query, each a billed request within the day's allowance.

    Somebody typed this: it may use what a later refresh of the day would have used.

    Raises:
        SpendingRefused: the allowance or the month's cap is used up.
        CostbotError: AWS does not answer.
    """
    with reading(ACTION):
        return list(daily_costs.pages(context.aws.client("ce"), parameters))


def _cells(rows: DataFrame) -> DataFrame:
    """Usage by service and account, and everything else by service: each dollar once."""
    usage = ChargeCategory.USAGE.value
    charges = rows[(rows["cut"] == Cut.CHARGE.value) & (rows["charge_category"] != usage)]
    found = pd.concat([charges, rows[rows["cut"] == Cut.ACCOUNT.value]], ignore_index=True)
    return DataFrame(
        {
            "service_name": found["service_name"].astype(object).fillna("unknown"),
            "account": found["sub_account_id"].astype(object).fillna(ANY_ACCOUNT),
            "charge": found["charge_category"],
            "billed_cost": found["billed_cost"].astype(float).fillna(0.0),
            "effective_cost": found["effective_cost"].astype(float).fillna(0.0),
        }
    )


def _cuts(context: Context) -> Iterator[str]:
    """Where Cost Explorer's own groupings, as stored, do not add up to the same usage on the days they all know."""
    facts = context.costs.months.facts(daily_costs.SOURCE)
    common = in_common(read_reaches(facts))
    if common is None:
        return
    first, until = common
    for name in sorted(facts.get("months", {})):
        month = context.costs.months.read(daily_costs.SOURCE, date.fromisoformat(f"{name}-01"))
        yield from daily_costs.disagreements(between(month, first, until))
