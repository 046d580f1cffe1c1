"""Asking Cost Explorer, within the day's requests and the month's dollars; what came before a failure is kept.

The limits are kept where the call is made (`bot.aws.clients`); here is decided who may use what they leave.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from pandas import DataFrame

from bot.aws import reading
from bot.collectors import cost_plan, daily_costs
from bot.collectors.cost_plan import Ask, Plan
from bot.context import Context
from bot.cost_files.reach import SOURCE, read_reaches
from bot.cost_files.window import MOST_LAG_DAYS
from bot.errors import CostbotError, SourceUnavailable
from bot.spending import Spending

ACTION = "ce:GetCostAndUsage"
EXPORT_ANSWERS = "An export answers for AWS; Cost Explorer is not asked."


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of the days [start, whole_until) that one query returned; `error` says why it broke off before its end."""

    ask: Ask
    frame: DataFrame
    whole_until: date
    requests: int
    error: CostbotError | None


def spending(context: Context) -> Spending:
    """The books of this bot."""
    return Spending(context.store, context.settings, context.clock.now)


def answered_by_export(context: Context) -> bool:
    """Whether an export answers for AWS, so that nothing of Cost Explorer would ever be shown, or it is switched off.

    An export whose last day is further back than `MOST_LAG_DAYS`, in a month that is over, is no longer counted on.
    """
    if not context.settings.cost_explorer:
        return True
    export = context.costs.newest_export(daily_costs.PROVIDER)
    if export is None:
        return False
    today = context.clock.today()
    return export.month >= today.replace(day=1) or (today - export.last).days <= MOST_LAG_DAYS


def planned(context: Context, *, force: bool = False) -> Plan:
    """What is to be asked now."""
    settings, facts = context.settings, context.costs.months.facts(SOURCE)
    export = context.costs.newest_export(daily_costs.PROVIDER)
    return cost_plan.plan(
        read_reaches(facts),
        daily_costs.queries(settings.tag_keys),
        now=context.clock.now(),
        history_days=settings.history_days,
        requests_a_day=settings.ce_requests_a_day,
        requests_a_round=int(facts.get("requests_a_round", 0)),
        force=force,
        not_before=cost_plan.following(export.month) if export else date.min,
    )


def fetch(context: Context, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """All pages of a query of somebody's own, which must leave today's round its requests.

    Raises:
        CostbotError: an export answers for AWS, today has no request left for it (the sentence says when), the month's
            cap is reached, or AWS does not answer.
    """
    if answered_by_export(context):
        raise SourceUnavailable(EXPORT_ANSWERS)
    books, plan = spending(context), planned(context)
    standing = books.standing()
    kept = 0 if plan.is_extra else max(len(plan.round), plan.kept_for_round)
    if standing.requests_left and standing.requests_left <= kept:
        left = "1 request is" if standing.requests_left == 1 else f"{standing.requests_left} requests are"
        raise books.allowance_used(f"Only {left} left for today, and the next refresh of the costs needs them.")
    with reading(ACTION):
        return list(daily_costs.pages(context.aws.client("ce"), parameters))


def ask(context: Context, asked: Ask, *, may_go_on: Callable[[], CostbotError | None] = lambda: None) -> Answer:
    """The answer to one query of a plan; never raises what AWS or the limits say.

    Args:
        may_go_on: asked before each request; an error ends the paging.
    """
    found: list[dict[str, Any]] = []
    error: CostbotError | None = None
    try:
        with reading(ACTION):
            client = context.aws.client("ce")
            error = may_go_on()
            pages = daily_costs.pages(client, asked.query.parameters(asked.start, asked.end))
            while error is None and (page := next(pages, None)) is not None:
                found.append(page)
                if page.get("NextPageToken"):
                    error = may_go_on()
    except CostbotError as stopped:
        error = stopped
    until = daily_costs.whole_until(found, asked.start, asked.end)
    try:
        frame = daily_costs.parse(found, asked.query)
        context.costs.check_currency(frame)
    except CostbotError as other_currency:
        error, until, frame = other_currency, asked.start, daily_costs.parse([], asked.query)
    except (KeyError, ValueError) as strange:
        error = SourceUnavailable(
            f"Cost Explorer's answer by {asked.query.name} cannot be read: {strange}.", "Nothing of it was stored."
        )
        until, frame = asked.start, daily_costs.parse([], asked.query)
    return Answer(asked, frame[frame["date"] < pd.Timestamp(until)], until, len(found), error)
