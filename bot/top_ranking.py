"""The ranking behind `/cost top`: every key of a dimension with its cost, share and change, the largest first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from pandas import DataFrame

from analysis.movers import Change, Period, compare
from analysis.top_costs import NOTHING, ranked
from bot.blocks.top_report import Line
from bot.cost_files import CostFiles
from bot.cost_names import short_names, shown_names
from bot.settings import CostView
from bot.words.top import MOST_LINES


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first of `count` lines, the largest first, and everything together.

    `before` is what the changes compare with, `asked_days` how long it should be; `beside` are headings of more
    columns; `rest` is what is in the total and in no line, as "what names no resource".
    """

    lines: tuple[Line, ...]
    total: Line
    count: int
    before: Period
    asked_days: int
    beside: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rest: str | None = None

    def after(self, shown: int) -> Line:
        """What the first lines leave out of the total."""
        lines, total = self.lines[:shown], self.total
        cost = total.cost - math.fsum(line.cost for line in lines)
        was = total.change.before
        before = None if was is None else was - math.fsum(line.change.before or 0.0 for line in lines)
        now = total.change.now - math.fsum(line.change.now for line in lines)
        return Line(self._name(self.count - len(lines)), cost, _share(cost, total.cost), Change(before, now))

    def _name(self, left: int) -> str:
        others = f"{left:,} other{'s' if left != 1 else ''}" if left > 0 else None
        return " and ".join(filter(None, (others, self.rest))) or "The rest"


def dimension_ranking(
    costs: CostFiles, dimension: str, days: int, now: Period, before: Period, view: CostView
) -> Ranking:
    """The keys of a dimension of the stored daily costs.

    Args:
        dimension: as `CostFiles.daily` takes it.
        days: the length that was asked for.
    Raises:
        NotEnoughData: a source does not know it.
    """
    frame = costs.daily(by=(dimension,), start=before.start, end=now.end, view=view)
    by_key = frame.rename(columns={dimension: "key"})
    table = ranked(by_key, now, before)
    lines = tuple(_lines(costs, dimension, table.head(MOST_LINES)))
    return Ranking(lines, everything(by_key, now, now, before), len(table), before, days)


def everything(daily: DataFrame, window: Period, now: Period, before: Period) -> Line:
    """All costs together.

    Args:
        daily: columns date, cost, over all three periods.
        window: the days whose cost is shown.
        now: the days that are compared with those of `before`.
    """
    stamps = pd.to_datetime(daily["date"])
    inside = (stamps >= pd.Timestamp(window.start)) & (stamps < pd.Timestamp(window.end))
    total = float(daily.loc[inside, "cost"].sum())
    return Line("All", total, _share(total, total), compare(daily, now, before))


def line_of(
    name: str,
    figures: tuple[float, float, float, float],
    *,
    label: str,
    subject: str = "",
    beside: tuple[str, ...] = (),
) -> Line:
    """A row of `analysis.top_costs` as a line.

    Args:
        figures: its cost, share, was and is_now; where they are not a number the line has None.
    """
    cost, share, was, is_now = map(float, figures)
    change = Change(None if math.isnan(was) else was, is_now)
    return Line(name, cost, None if math.isnan(share) else share, change, label, subject, beside)


def _lines(costs: CostFiles, dimension: str, table: DataFrame) -> list[Line]:
    name, label = shown_names(costs, dimension), short_names(costs, dimension)
    lines = []
    for key, *figures in table.itertuples(index=False):
        subject = _subject(dimension, str(key), name(str(key)))
        lines.append(line_of(name(str(key)), tuple(figures), label=label(str(key)), subject=subject))
    return lines


def _subject(dimension: str, key: str, name: str) -> str:
    """What begins a sentence: names stand as they are, words have a capital."""
    if dimension.startswith("tag:") and not key:
        return f"What has no tag {dimension.removeprefix('tag:')}"
    return name[:1].upper() + name[1:] if dimension == "usage_type" and name != key else name


def _share(cost: float, total: float) -> float | None:
    return cost / total if total >= NOTHING else None
