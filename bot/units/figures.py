"""What a unit costs now and before, of stored costs and counts; AWS is never asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta

import pandas as pd

from analysis.models import Chart, Series
from analysis.movers import Period, by_day
from analysis.unit_costs import Every, Stretch, change, month_before, shared, together, weeks, within
from bot.blocks import elements
from bot.blocks.units_report import UnitLine
from bot.context import Context
from bot.cost_files import Window
from bot.errors import CostbotError, NotEnoughData
from bot.units.counts_file import read_counts
from bot.units.definitions import UnitOf
from bot.units.refresh import metric_words
from bot.words.forecast import Target, target

#: Points of a chart; a longer time is drawn by week.
MOST_POINTS = 20
#: Months of a chart where counts are of months.
MONTHS = 12


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit as it is shown, and whose costs it is made of, as `CostFiles.daily` takes it; empty for all."""

    line: UnitLine
    where: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Counted:
    every: Every
    counts: dict[date, float]
    source: str


def unit_figures(context: Context, unit: UnitOf, days: int) -> UnitFigures:
    """One unit over the last days, against as many before; of counts by month the last month against the one before.

    What stands against it is in `problem`; nothing is raised for a wrong scope or file.
    """
    currency = context.costs.currency() or "USD"
    try:
        counted = _counted(context, unit)
        whose = target((unit.of,) if unit.of else (), context.costs, context.settings.owner_tag)
        window = context.costs.window(whose.services or None, view=context.settings.cost_view, by=tuple(whose.where))
        return _figures(context, unit, days, counted, whose, window)
    except CostbotError as error:
        return UnitFigures(UnitLine(unit.key, unit.unit, unit.label, unit.per, currency, problem=str(error)), {})


def _counted(context: Context, unit: UnitOf) -> _Counted:
    if unit.csv is not None:
        found = read_counts(unit.csv)
        return _Counted(found.every, found.by_start, f"the file {unit.csv.name}")
    stored = context.store.units.of(unit.key)
    if stored is not None:
        day = elements.day(stored.loaded_at.astimezone(UTC).date())
        return _Counted(Every(stored.every), stored.by_start, f"{stored.source}, read {day}")
    if unit.metric is not None:
        raise NotEnoughData(
            f"CloudWatch has not told yet how many {unit.unit} there were ({metric_words(unit.metric)}).",
            "It is asked once a day; `costbot units` says how that went.",
        )
    raise NotEnoughData(
        f"Nobody has told how many {unit.unit} there were.", f"`costbot units load {unit.key} FILE` reads a CSV file."
    )


def _figures(
    context: Context, unit: UnitOf, days: int, counted: _Counted, whose: Target, window: Window
) -> UnitFigures:
    end = window.complete_until + timedelta(days=1)
    first = window.first_day if counted.every is Every.MONTH else max(window.first_day, end - timedelta(days=2 * days))
    stretches = shared(_costs(context, whose, window, first, end), counted.counts, counted.every)
    if not stretches:
        raise NotEnoughData(
            f"No {counted.every} has both a stored cost of {whose.label} and a count of {unit.unit}.",
            f"Counts come from {counted.source}.",
        )
    now: Stretch | None
    before: Stretch | None
    if counted.every is Every.MONTH:
        now, before = stretches[-1], month_before(stretches)
    else:
        middle = end - timedelta(days=days)
        now, before = together(within(stretches, middle, end)), together(within(stretches, first, middle))
    line = UnitLine(
        key=unit.key,
        unit=unit.unit,
        label=unit.label,
        per=unit.per,
        currency=window.currency,
        whose=whose.label if unit.of else "all costs",
        every=counted.every,
        days=days,
        now=now,
        before=before,
        moved=change(now, before),
        chart=_chart(unit, stretches, counted.every, end, days, window.currency),
        source=counted.source,
        problem=None if now else f"None of the last {days} days has a count of {unit.unit}.",
    )
    return UnitFigures(line, whose.where)


def _costs(context: Context, whose: Target, window: Window, first: date, end: date) -> dict[date, float]:
    """By day; days of which something is missing are unknown."""
    by = ("usage_type",) if whose.pattern else ()
    frame = context.costs.daily(by=by, start=first, end=end, view=window.view, where=whose.where)
    if whose.pattern:
        frame = frame[frame["usage_type"].str.contains(whose.pattern, regex=True)]
    period = Period(first, end, frozenset(part.day for part in window.missing))
    return {day: cost for day, cost in by_day(frame, period) if not pd.isna(cost)}


def _chart(unit: UnitOf, stretches: list[Stretch], every: Every, end: date, days: int, currency: str) -> Chart | None:
    if every is Every.MONTH:
        shown: list[tuple[str, Stretch | None]] = [(f"{one.start:%b %Y}", one) for one in stretches[-MONTHS:]]
    elif days <= MOST_POINTS:
        inside = within(stretches, end - timedelta(days=days), end)
        shown = [(elements.day(one.start), one) for one in inside]
    else:
        count = min(2 * days // 7, MOST_POINTS)
        starts = [end - timedelta(days=7 * back) for back in range(count, 0, -1)]
        shown = list(zip(map(elements.day, starts), weeks(stretches, end, count), strict=True))
        while shown and shown[0][1] is None:
            shown.pop(0)
    values = tuple(None if one is None or one.each is None else one.each * unit.per for _, one in shown)
    known = sum(value is not None for value in values)
    if known < 2 or 2 * known <= len(values):
        return None
    by = "month" if every is Every.MONTH else "day" if days <= MOST_POINTS else "week"
    title = elements.name(f"Cost of {unit.label}", 38)
    return Chart(f"{title}, by {by}", tuple(label for label, _ in shown), (Series(title[:20], values),), currency)
