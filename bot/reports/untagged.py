"""Whose costs they are: each owner's part of the month, and the share that nobody has put a name to."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd
from pandas import DataFrame

from analysis.models import Chart, Series
from analysis.movers import Period
from bot.blocks import elements
from bot.blocks.elements import name, percent
from bot.blocks.report import Section, Table
from bot.errors import NotEnoughData
from bot.reports.given import Given, span_words

#: Weeks of the picture.
WEEKS = 8
MOST_OWNERS = 10
UNTAGGED = "(untagged)"
#: A change of the share in points that is worth a word.
MOVED = 0.001


def untagged_section(given: Given) -> Section:
    """The share of usage without the owner's tag, week by week."""
    tag = given.context.settings.owner_tag
    title = f"Without the tag {name(tag)}"
    if given.scope.team:
        return Section("untagged", title, problem=f"All costs of a team have the tag {name(tag)}.")
    dimension = f"tag:{tag}"
    costs, view = given.context.costs, given.window.view
    try:
        window = costs.window(view=view, by=(dimension, *given.scope.where))
        start = max(window.first_day, min(given.month_before.start, given.day - timedelta(days=7 * WEEKS - 1)))
        end = min(window.complete_until, given.day) + timedelta(days=1)
        daily = costs.daily(by=(dimension,), start=start, end=end, view=view, where=given.scope.where)
    except NotEnoughData as error:
        return Section("untagged", title, problem=str(error))
    month = given.month.clipped(start, end)
    if daily.empty or not month.length:
        return Section("untagged", title, problem=f"No costs by the tag {name(tag)} are stored for this month.")
    by_owner = _sums(daily, dimension, month)
    total, bare = math.fsum(by_owner.values()), by_owner.get("", 0.0)
    share = share_of(bare, total)
    of = f"{given.money(bare)} of {given.money(total)}"
    lead = f"{percent(share)} of {span_words(month)} has no tag {name(tag)}: {of}"
    return Section(
        key="untagged",
        title=title,
        lines=(f"{lead}{_against(given, daily, dimension, share, start)}.",),
        table=_table(given, by_owner, total, tag),
        chart=_chart(daily, dimension, given, start, end),
        notes=("Usage only: tax, credits and fees carry no tag.",),
    )


def share_of(bare: float, total: float) -> float | None:
    """The untagged share; None where the costs do not add up to something positive."""
    return bare / total if total > 0.005 else None


def _sums(daily: DataFrame, dimension: str, period: Period) -> dict[str, float]:
    days = pd.to_datetime(daily["date"])
    inside = daily[(days >= pd.Timestamp(period.start)) & (days < pd.Timestamp(period.end))]
    sums = inside.groupby(dimension)["cost"].sum().sort_values(ascending=False)
    return {str(owner): float(cost) for owner, cost in sums.items()}


def _against(given: Given, daily: DataFrame, dimension: str, share: float | None, start: date) -> str:
    before = given.month_before
    if share is None or before.start < start:
        return ""
    sums = _sums(daily, dimension, before)
    was = share_of(sums.get("", 0.0), math.fsum(sums.values()))
    if was is None:
        return ""
    if abs(share - was) < MOVED:
        return f", as in {span_words(before)}"
    word = "up" if share > was else "down"
    return f", {word} from {percent(was)} in {span_words(before)}"


def _table(given: Given, by_owner: dict[str, float], total: float, tag: str) -> Table:
    owners = [(owner, cost) for owner, cost in by_owner.items() if owner]
    rest = owners[MOST_OWNERS:]
    lines = [*owners[:MOST_OWNERS]]
    if rest:
        lines.append((f"{len(rest):,} others", math.fsum(cost for _, cost in rest)))
    lines += [(UNTAGGED, by_owner.get("", 0.0)), ("All", total)]
    rows = tuple((owner, given.money(cost), percent(share_of(cost, total))) for owner, cost in lines)
    return Table((tag, span_words(given.month), "Share"), rows, (1, 2), sums=1)


def _chart(daily: DataFrame, dimension: str, given: Given, start: date, end: date) -> Chart | None:
    """Per cent without a tag, of each whole week that is stored, oldest first."""
    labels, values = [], []
    for back in range(WEEKS, 0, -1):
        week = Period(end - timedelta(days=7 * back), end - timedelta(days=7 * (back - 1)))
        if week.start < start:
            continue
        sums = _sums(daily, dimension, week)
        share = share_of(sums.get("", 0.0), math.fsum(sums.values()))
        labels.append(elements.day(week.start))
        values.append(None if share is None else 100 * share)
    if len([value for value in values if value is not None]) < 2:
        return None
    return Chart("Share without an owner, by week", tuple(labels), (Series("Untagged", tuple(values)),), "per cent")
