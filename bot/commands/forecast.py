"""`/cost forecast`: where the month ends and what the next days bring, from the stored days; AWS is never asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from analysis.forecasting import HISTORY_DAYS
from analysis.movers import Period
from bot.blocks.forecast_report import ForecastReport, forecast_reply
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.cost_files import Window
from bot.cost_names import shown_names
from bot.cost_remarks import remarks
from bot.forecasts.forecast_costs import Asked, Figures, forecast_costs
from bot.forecasts.known_facts import Known, known_facts
from bot.known_changes import known_changes
from bot.other_charges import other_charges
from bot.words.flags import one_of, parse
from bot.words.forecast import Target, grouping_of, target, typed_again
from bot.words.known_change import EXAMPLE

DAYS = ("7", "14", "30", "90")
#: Days after the last complete one in which the month of today is meant; later, that of the data.
FRESH = timedelta(days=10)


@command(
    "forecast",
    usage="[service|account|team] [--days 7|14|30|90] [--by service|account|region|usage_type|tag:team] | "
    "known [add TARGET -$40/day from DATE [until DATE] [because …] | remove ID]",
    examples=(
        ("/cost forecast", "where this month ends, and the next 30 days, with their bands"),
        ("/cost forecast ec2 --days 14", "one service; an account or a team in its place works too"),
        ("/cost forecast --by tag:team", "where each team's month ends"),
        ("/cost forecast known", "changes that forecasts know of, and approved savings that nobody has carried out"),
        (EXAMPLE.format(day="2026-12-14"), "tells one (approvers); service, account, team or all"),
        ("/cost forecast known remove K-1", "takes one back (approvers)"),
    ),
    order=12,
)
def forecast(request: Request, context: Context) -> Reply:
    """Where the month ends, and the days after it"""
    if request.words[:1] and request.words[0].lower() == "known":
        return known_changes(request, context)
    parsed = parse(request.words, flags=("days", "by"))
    days = int(one_of(parsed.flags.get("days", "30"), DAYS, "days"))
    chosen = target(parsed.positional, context.costs, context.settings.owner_tag)
    by = grouping_of(parsed.flags.get("by"), chosen, context.costs)
    window = context.costs.window(chosen.services or None, view=context.settings.cost_view, by=_tags(chosen, by))
    as_of = _as_of(window.complete_until, context.clock.today())
    month_end = (pd.Timestamp(as_of) + pd.offsets.MonthEnd(0)).date()
    last = max(month_end, window.complete_until + timedelta(days=days))
    known = known_facts(context, chosen.where, chosen.pattern, by=by, until=window.complete_until, last=last)
    asked = Asked(
        where=chosen.where,
        pattern=chosen.pattern,
        by=by,
        view=window.view,
        first_day=window.first_day,
        until=window.complete_until,
        as_of=as_of,
        horizon_days=days,
        unknown=frozenset(part.day for part in window.missing),
        facts=known.facts,
        part_facts=known.part_facts,
    )
    found = context.work.computed(forecast_costs, str(context.settings.data_dir), asked)
    return forecast_reply(_report(context, chosen, by, window, asked, found, known))


def _report(
    context: Context, chosen: Target, by: str, window: Window, asked: Asked, found: Figures, known: Known
) -> ForecastReport:
    until, days = asked.until, asked.horizon_days
    month = Period(min(asked.as_of.replace(day=1), until), until + timedelta(days=1))
    name = shown_names(context.costs, by)
    looked_at = max(window.first_day, until - timedelta(days=HISTORY_DAYS - 1))
    # Of an account or a team nobody tells what it has beside usage.
    plain = not chosen.pattern and set(chosen.where) <= {"service"}
    return ForecastReport(
        label=chosen.label,
        by=by,
        horizon_days=days,
        figures=replace(found, parts=tuple(replace(part, key=name(part.key)) for part in found.parts)),
        as_of=asked.as_of,
        until=until,
        currency=window.currency,
        view=window.view,
        billed_only=window.billed_only,
        other=other_charges(context.costs, month, context.settings.cost_view, chosen.services) if plain else {},
        today=context.clock.today(),
        partial=window.partial,
        several=len(window.feeds) > 1,
        fetched_at=window.fetched_at,
        notes=(*filter(None, (chosen.note,)), *remarks(context, window, looked_at, month)),
        known=known,
        command=typed_again(chosen, by, days),
        commands={length: typed_again(chosen, by, length) for length in (7, 30, 90)},
    )


def _as_of(until: date, today: date) -> date:
    """A day of the month that is meant: this one, unless the data is old."""
    return max(until, today.replace(day=1)) if today - until <= FRESH else until


def _tags(chosen: Target, by: str) -> tuple[str, ...]:
    """Dimensions that may reach less far back than others."""
    return tuple(dict.fromkeys((*chosen.where, by)))
