"""Where the month ends, as the digest and the Home tab say it: computed once for the costs that are stored."""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path

from analysis.daily_summary import MonthEnd
from analysis.month_ends import month_end_of
from bot.context import Context
from bot.cost_files import CostFiles, Window
from bot.settings import CostView

#: Days of history that the forecast looks at.
FORECAST_DAYS = 400
_FACT = "month_end"


def known_month_end(context: Context, window: Window) -> MonthEnd | None:
    """What was computed of just these costs before; None where nothing was, or nothing could be said."""
    told = context.store.recall(_FACT)
    found = json.loads(told) if told else {}
    return MonthEnd(*found["end"]) if found.get("of") == _of(window) and found["end"] else None


def computed_month_end(context: Context, window: Window) -> MonthEnd | None:
    """The same, computed where it is not known yet; owns a thread, as it waits for the worker process."""
    told = context.store.recall(_FACT)
    if told and json.loads(told)["of"] == _of(window):
        return known_month_end(context, window)
    end = context.work.computed(think, context.settings.data_dir, window.view, window.first_day, window.complete_until)
    text = json.dumps({"of": _of(window), "end": astuple(end) if end else None})
    context.store.remember(_FACT, text, context.clock.now())
    return end


def think(data_dir: Path, view: CostView, first_day: date, day: date) -> MonthEnd | None:
    """The arithmetic, in the worker process."""
    start = max(first_day, day - timedelta(days=FORECAST_DAYS))
    return month_end_of(CostFiles(data_dir).daily(start=start, end=day + timedelta(days=1), view=view), day)


def _of(window: Window) -> str:
    return f"{window.view} {window.first_day} {window.complete_until} {window.fetched_at}"
