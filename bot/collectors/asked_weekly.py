"""Billed questions about the whole organisation, of which the answer of last week will do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.charges import COST_EXPLORER
from bot.collectors import cost_plan, daily_costs
from bot.context import Context
from bot.cost_files.reach import SOURCE, read_reaches
from bot.errors import SourceUnavailable

ACTIONS: tuple[str, ...] = ()  # those of the tables that ask

AGAIN_AFTER = timedelta(days=7)
#: What of a day's Cost Explorer requests belongs to the costs themselves until they have had theirs.
SHARE_OF_COSTS = 0.5
LEFT_TO_COSTS = "Cost Explorer's requests of today are left to the costs; it is asked on a day that has some to spare."
SWITCHED_OFF = "Cost Explorer is not asked, as COSTBOT_COST_EXPLORER switches it off."


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, as plain rows; `problem` says why there is no answer, and is empty where there is one."""

    rows: tuple[dict[str, Any], ...] = ()
    problem: str = ""


def _why_not_now(context: Context) -> str:
    """Why Cost Explorer is not asked today; empty where it may be."""
    if not context.settings.cost_explorer:
        return SWITCHED_OFF
    many = context.settings.ce_requests_a_day
    used = context.store.requests_of(COST_EXPLORER.service, context.clock.now())
    if used < many * SHARE_OF_COSTS or many - used > _wanted_by_costs(context):
        return ""
    return LEFT_TO_COSTS


def _wanted_by_costs(context: Context) -> int:
    """Requests that the costs themselves may still want today: none once their round is done and history is whole."""
    settings, facts = context.settings, context.costs.months.facts(SOURCE)
    plan = cost_plan.plan(
        read_reaches(facts),
        daily_costs.queries(settings.tag_keys),
        now=context.clock.now(),
        history_days=settings.history_days,
        requests_a_day=settings.ce_requests_a_day,
        requests_a_round=int(facts.get("requests_a_round", 0)),
        force=False,
    )
    return len(plan.history) + max(plan.kept_for_round, 0 if plan.is_extra else len(plan.round))


def asked_weekly(context: Context, fact: str, ask: Callable[[], list[dict[str, Any]]]) -> Answer:
    """The answer of the last seven days, else a fresh one; each question to Cost Explorer costs a cent.

    Where a fresh one is refused, or would cost more than costbot may spend, an older answer goes on.

    Args:
        fact: what the store keeps it under.
        ask: asks Cost Explorer; what it returns is kept as JSON.
    """
    now = context.clock.now()
    told = context.store.recall(fact)
    kept = json.loads(told) if told else None
    if kept and now - datetime.fromisoformat(kept["at"]).astimezone(UTC) < AGAIN_AFTER:
        return Answer(tuple(kept["rows"]))
    problem = _why_not_now(context)
    if problem:
        return Answer(tuple(kept["rows"])) if kept else Answer(problem=problem)
    try:
        rows = ask()
    except SourceUnavailable as error:
        return Answer(tuple(kept["rows"])) if kept else Answer(problem=str(error))
    context.store.remember(fact, json.dumps({"at": now.isoformat(), "rows": rows}), now)
    return Answer(tuple(rows))
