"""Where the month ends, as the digest and the Home tab say it: computed once for the costs that are stored."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path

from analysis.daily_summary import MonthEnd
from analysis.forecasting import HISTORY_DAYS, KnownChange
from analysis.month_ends import last_of_month, month_end_of
from bot.context import Context
from bot.cost_files import CostFiles, Window
from bot.forecasts.known_facts import counted_mark, known_facts
from bot.settings import CostView

_FACT = "month_end"


def known_month_end(context: Context, window: Window) -> MonthEnd | None:
    """What was computed of just these costs before; None where nothing was, or nothing could be said."""
    told = context.store.recall(_FACT)
    found = json.loads(told) if told else {}
    return MonthEnd(*found["end"]) if found.get("of") == _of(context, window) and found["end"] else None


def computed_month_end(context: Context, window: Window) -> MonthEnd | None:
    """The same, computed where it is not known yet; owns a thread, as it waits for the worker process."""
    told = context.store.recall(_FACT)
    of = _of(context, window)
    if told and json.loads(told)["of"] == of:
        return known_month_end(context, window)
    until = window.complete_until
    facts = known_facts(context, {}, None, by=None, until=until, last=last_of_month(until)).facts
    unknown = frozenset(part.day for part in window.missing)
    end = context.work.computed(think, context.settings.data_dir, window.view, window.first_day, until, unknown, facts)
    text = json.dumps({"of": of, "end": astuple(end) if end else None})
    context.store.remember(_FACT, text, context.clock.now())
    return end


def think(
    data_dir: Path,
    view: CostView,
    first_day: date,
    day: date,
    unknown: Collection[date],
    facts: Collection[KnownChange],
) -> MonthEnd | None:
    """The arithmetic, in the worker process; arguments as `month_end_of` takes them."""
    start = max(first_day, day - timedelta(days=HISTORY_DAYS - 1))
    daily = CostFiles(data_dir).daily(start=start, end=day + timedelta(days=1), view=view)
    return month_end_of(daily, day, first_day=start, unknown=unknown, facts=facts)


def _of(context: Context, window: Window) -> str:
    mark = counted_mark(context, window.complete_until)
    return f"{window.view} {window.first_day} {window.complete_until} {window.fetched_at} {mark}"
