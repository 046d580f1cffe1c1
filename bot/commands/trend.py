"""`/cost trend`: how costs moved, from the stored days; AWS is never asked."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Collection
from datetime import date, timedelta

import pandas as pd
from pandas import DataFrame

from analysis.models import Chart, Direction, Series
from analysis.month_fair import MonthFair, history_start, lengths_differ, month_fair
from analysis.movers import Change, Period, by_day, compare, movers, periods, weekly
from analysis.services import Selection
from analysis.trends import trend as direction_of
from analysis.usage_types import usage_region, usage_words
from bot.blocks import elements
from bot.blocks.trend_report import MAX_MOVERS, Course, Mover, TrendReport, is_steady, trend_reply
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.cost_files import CostFiles, Window
from bot.cost_names import shown_names
from bot.cost_remarks import remarks
from bot.errors import NotEnoughData
from bot.other_charges import other_charges
from bot.settings import CostView
from bot.words.flags import one_of, parse
from bot.words.trend import grouping, selection

DAYS = ("7", "14", "30", "90")
#: Longer windows are drawn by week.
MAX_DAILY_POINTS = 20
#: Days whose direction is told, whatever the window; days before them that steady it.
COURSE_DAYS, STEADYING_DAYS = 60, 120
#: Keys, dearest first, of which the past is read to see whether their price is per month.
MOST_EVENED = 500
#: From these shares of a change on, what drives it is named with "mostly" or "led by".
MOSTLY_SHARE, LED_BY_SHARE = 0.5, 1 / 3


@command(
    "trend",
    usage="[service] [--days 7|14|30|90] [--by service|account|region|usage_type|tag:team]",
    examples=(
        ("/cost trend", "all costs, the last 30 days against the 30 before"),
        ("/cost trend ec2 --days 7", "one service, this week against last week"),
        ("/cost trend --by tag:team", "who moved"),
    ),
    order=10,
)
def trend(request: Request, context: Context) -> Reply:
    """How costs moved, and what moved them"""
    parsed = parse(request.words, flags=("days", "by"))
    days = int(one_of(parsed.flags.get("days", "30"), DAYS, "days"))
    chosen = selection(parsed.positional, context.costs)
    by = grouping(parsed.flags.get("by"), chosen, context.costs)
    return trend_reply(_report(context, chosen, by, days))


def _report(context: Context, selection: Selection, by: str, days: int) -> TrendReport:
    costs = context.costs
    window = costs.window(selection.services or None, view=context.settings.cost_view, by=(by,))
    unknown = {part.day for part in window.missing}
    now, before = periods(days, window.complete_until, window.first_day, unknown)
    daily = _Daily(costs, selection, window.first_day, now, before, context.settings.cost_view)
    by_key, fair = daily.both(by)
    change = compare(fair.daily, now, before)
    name = shown_names(costs, by)
    inside = by_key[pd.to_datetime(by_key["date"]) >= pd.Timestamp(now.start)]
    return TrendReport(
        label=selection.label,
        by=by,
        window_days=days,
        now=now,
        before=before,
        change=change,
        total=float(inside["cost"].sum()),
        course=_course(costs, selection, window, context.settings.cost_view),
        movers=_movers(fair.daily, now, before, name),
        evened=tuple(name(key) for key in fair.keys),
        driver=None if is_steady(change) else _driver(daily, change, now, before),
        chart=_chart(by_key, now, before, selection.label, window),
        other={} if selection.pattern else other_charges(costs, now, context.settings.cost_view, selection.services),
        currency=window.currency,
        view=window.view,
        billed_only=window.billed_only,
        today=context.clock.today(),
        partial=window.partial,
        several=len(window.feeds) > 1,
        fetched_at=window.fetched_at,
        notes=(*filter(None, (selection.note,)), *remarks(context, window, before.start, now)),
        command=_typed(selection, by, days),
        commands={length: _typed(selection, by, length) for length in (7, 30, 90)},
    )


class _Daily:
    """Costs of both periods, by whatever is asked: columns date, key, cost."""

    def __init__(
        self, costs: CostFiles, selection: Selection, first_day: date, now: Period, before: Period, view: CostView
    ) -> None:
        self.costs, self.selection, self.view = costs, selection, view
        self.first_day, self.now, self.before = first_day, now, before

    def by(
        self, name: str, start: date | None = None, end: date | None = None, keys: Collection[str] | None = None
    ) -> DataFrame:
        """Over [start, end), by default both periods; of some keys alone where that spares reading."""
        start, end = start or self.before.start, end or self.now.end
        if self.selection.pattern:
            return self._part(name, start, end)
        where: dict[str, Collection[str]] = {"service": self.selection.services} if self.selection.services else {}
        if keys is not None:
            where[name] = keys
        frame = self.costs.daily(by=(name,), start=start, end=end, view=self.view, where=where)
        return frame.rename(columns={name: "key"})

    def both(self, name: str) -> tuple[DataFrame, MonthFair]:
        """As billed, and to be compared: a price per month is no cheaper by the day in a long month."""
        billed = self.by(name)
        start = max(self.first_day, history_start(self.now, self.before))
        if not lengths_differ(self.now, self.before) or start >= self.before.start:
            return billed, month_fair(billed, self.now, self.before)
        dearest = billed.groupby("key")["cost"].sum().abs().nlargest(MOST_EVENED).index
        try:
            earlier = self.by(name, start, self.before.start, list(dearest))
        except NotEnoughData:  # earlier months may not tell this dimension
            earlier = billed.head(0)
        history = pd.concat([earlier, billed], ignore_index=True)
        return billed, month_fair(history, self.now, self.before)

    def fair(self, name: str) -> DataFrame:
        """To be compared."""
        return self.both(name)[1].daily

    def _part(self, name: str, start: date, end: date) -> DataFrame:
        """Only the usage types of the selection; a region is read from the usage type itself."""
        pattern = self.selection.pattern or ""
        with_account = name == "account"
        where = {} if with_account or not self.selection.services else {"service": self.selection.services}
        extra = () if name in ("usage_type", "region") else (name,)
        names = (*extra, "usage_type")
        frame = self.costs.daily(by=names, start=start, end=end, view=self.view, where=where)
        frame = frame[frame["usage_type"].str.contains(pattern, regex=True)]
        keys = (
            frame["usage_type"].map(lambda text: usage_region(text) or "global")
            if name == "region"
            else frame[names[0]]
        )
        sums = frame.assign(key=keys).groupby(["date", "key"], sort=True)["cost"].sum()
        return sums.reset_index()


def _course(costs: CostFiles, selection: Selection, window: Window, view: CostView) -> Course | None:
    """Where the cost is going, over more days than a short window has; None where too few are known."""
    end = window.complete_until + timedelta(days=1)
    start = max(end - timedelta(days=COURSE_DAYS + STEADYING_DAYS), window.first_day)
    period = Period(start, end)
    daily = _Daily(costs, selection, start, period, period, view).by("service")
    days = pd.date_range(start, end - timedelta(days=1))
    sums = daily.assign(date=pd.to_datetime(daily["date"])).groupby("date")["cost"].sum().reindex(days, fill_value=0.0)
    sums[days.isin([pd.Timestamp(part.day) for part in window.missing])] = math.nan
    told = direction_of(pd.DataFrame({"date": days, "key": "", "cost": sums.to_numpy()}), COURSE_DAYS)
    per_month = float(told["pct_per_month"].iloc[0])
    if math.isnan(per_month):
        return None
    return Course(Direction(str(told["direction"].iloc[0])), per_month, min(COURSE_DAYS, len(days)))


def _movers(by_key: DataFrame, now: Period, before: Period, name: Callable[[str], str]) -> tuple[Mover, ...]:
    table = movers(by_key, now, before)
    rows = zip(table["key"], table["before"], table["now"], strict=True)
    found = [Mover(name(str(key)), None if pd.isna(was) else float(was), float(is_now)) for key, was, is_now in rows]
    return tuple(mover for mover in found if abs(mover.now) >= 0.005 or abs(mover.before or 0) >= 0.005)[:MAX_MOVERS]


def _driver(daily: _Daily, change: Change, now: Period, before: Period) -> str | None:
    """What the change comes from, as a phrase: for all services a service and its usage, else usage or an account."""
    if change.per_day is None:
        return None
    costs, selection = daily.costs, daily.selection
    if not selection.key:
        found = _largest(daily.fair("service"), change.per_day, now, before)
        if found is None:
            return None
        service, words, its_change = found
        inner = _Daily(costs, Selection(service, service, (service,)), daily.first_day, now, before, daily.view)
        usage = _largest(inner.fair("usage_type"), its_change, now, before)
        detail = f" ({usage[1]} {usage_words(usage[0])})" if usage and usage[0] != "unknown" else ""
        return f"{words} {shown_names(costs, 'service')(service)}{detail}"
    usage = _largest(daily.fair("usage_type"), change.per_day, now, before)
    if usage and usage[0] != "unknown":
        return f"{usage[1]} {usage_words(usage[0])}"
    account = _largest(daily.fair("account"), change.per_day, now, before)
    return (
        f"{account[1]} in {shown_names(costs, 'account')(account[0])}" if account and account[0] != "unknown" else None
    )


def _largest(by_key: DataFrame, change_per_day: float, now: Period, before: Period) -> tuple[str, str, float] | None:
    """The key with the largest share of a change, "mostly" or "led by", and its own change a day."""
    table = movers(by_key, now, before)
    if table.empty or not change_per_day:
        return None
    shares = table["change"] / change_per_day
    at = int(shares.argmax())
    share = float(shares.iloc[at])
    if not share >= LED_BY_SHARE:
        return None
    return str(table["key"].iloc[at]), "mostly" if share >= MOSTLY_SHARE else "led by", float(table["change"].iloc[at])


def _chart(by_key: DataFrame, now: Period, before: Period, label: str, window: Window) -> Chart:
    """Both periods over the same axis, per day; by week, and whole weeks only, where days would be too many."""
    if now.length <= MAX_DAILY_POINTS:
        current = [(f"{day:%a} {elements.day(day)}", cost) for day, cost in by_day(by_key, now)]
        earlier = [cost for _, cost in by_day(by_key, before)]
        unit = f"{window.currency} per day"
    else:
        weeks = weekly(by_key, now)
        current = [(elements.days(week.start, week.end - timedelta(days=1)), cost) for week, cost in weeks]
        earlier = [cost for _, cost in weekly(by_key, before)]
        unit = f"{window.currency} per day, mean of a week"
    pad: list[float | None] = [None] * (len(current) - len(earlier))
    series = [Series(f"Last {now.length} days", tuple(cost for _, cost in current))]
    if earlier:
        series.append(Series(f"{before.length} days before", (*pad, *earlier[-len(current) :])))
    label = elements.name(label[:1].upper() + label[1:], 34)
    title = f"{label}, {'daily' if now.length <= MAX_DAILY_POINTS else 'weekly'}"
    return Chart(title, tuple(day for day, _ in current), tuple(series), unit)


def _typed(selection: Selection, by: str, days: int) -> str:
    service = f" {shlex.quote(selection.key)}" if selection.key else ""
    return f"/cost trend{service} --days {days} --by {shlex.quote(by)}"
