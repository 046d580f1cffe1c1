"""The sums of a report, of one reading of the stored costs; made in the worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from pandas import DataFrame

from analysis.daily_summary import MonthEnd
from analysis.forecasting import HISTORY_DAYS, KnownChange
from analysis.models import Chart
from analysis.month_curve import month_curve
from analysis.month_ends import last_of_month, month_end_of
from analysis.month_fair import month_fair
from analysis.movers import Change, Period, by_day, compare, movers
from analysis.services import service_label
from bot.cost_files import CostFiles
from bot.settings import CostView


@dataclass(frozen=True, slots=True)
class Asked:
    """What to sum up; periods as in `bot.reports.given.Given`, `where` as `CostFiles.daily` takes it.

    `until` is the last complete day of the bill, `facts` what is known beforehand of these costs together.
    """

    data_dir: Path
    view: CostView
    currency: str
    where: Mapping[str, str]
    first_day: date
    day: date
    until: date
    month: Period
    month_before: Period
    span: Period
    span_before: Period
    facts: tuple[KnownChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A service's cost a day, before and now, like weekdays compared; None where nothing can be compared."""

    name: str
    before: float | None
    now: float
    change: float | None
    fraction: float | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What a service cost in the month so far, and in the same days of the month before; None where that is unknown."""

    name: str
    cost: float
    before: float | None


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures; `before` and `last_month` are None where not all of those days are known, `before` also where
    the month so far lacks a day.

    `change` is a day of the month so far against one of the same days before, `week` a day of the span; both like
    weekdays compared, prices per month evened. `spent` and `moved` are all services, the largest first.
    """

    month: float
    before: float | None
    last_month: float | None
    change: Change
    end: MonthEnd | None
    spent: tuple[Spent, ...]
    span: float
    week: Change
    moved: tuple[Moved, ...]
    curve: Chart | None


def sums(asked: Asked) -> Sums:
    """Read and sum up.

    Raises:
        NotEnoughData: a source does not know costs by what the scope names.
    """
    start = max(asked.first_day, asked.until - timedelta(days=HISTORY_DAYS - 1))
    end = asked.until + timedelta(days=1)
    costs = CostFiles(asked.data_dir)
    daily = costs.daily(by=("service_name",), start=start, end=end, view=asked.view, where=asked.where)
    named = daily.assign(key=daily["service_name"].map(service_label))[["date", "key", "cost"]]
    of_month = month_fair(named, asked.month, _stored(asked.month_before, asked)).daily
    of_span = month_fair(named, asked.span, asked.span_before).daily
    # A sum that lacks a day is held against none.
    before = _known_sum(named, asked.month_before, asked) if _is_known(asked.month, asked) else None
    return Sums(
        month=_sum(named, asked.month),
        before=before,
        last_month=_known_sum(named, Period(asked.month_before.start, asked.month.start, asked.month.without), asked),
        change=compare(of_month, asked.month, _stored(asked.month_before, asked)),
        end=_end(daily, asked, start),
        spent=_spent(named, asked, is_compared=before is not None),
        span=_sum(named, asked.span),
        week=compare(of_span, asked.span, asked.span_before),
        moved=_moved(of_span, asked),
        curve=_curve(named, asked, start),
    )


def _end(daily: DataFrame, asked: Asked, start: date) -> MonthEnd | None:
    """Of a month whose first days are not stored nobody knows the end."""
    is_whole = asked.month.start >= asked.first_day and len(daily) > 0
    if not is_whole:
        return None
    until = min(asked.until, last_of_month(asked.month.start))
    return month_end_of(daily, until, first_day=start, unknown=asked.month.without, facts=asked.facts)


def _stored(period: Period, asked: Asked) -> Period:
    return period.clipped(asked.first_day, period.end)


def _inside(daily: DataFrame, period: Period) -> DataFrame:
    days = pd.to_datetime(daily["date"])
    return daily[(days >= pd.Timestamp(period.start)) & (days < pd.Timestamp(period.end))]


def _sum(daily: DataFrame, period: Period) -> float:
    return float(_inside(daily, period)["cost"].sum())


def _known_sum(daily: DataFrame, period: Period, asked: Asked) -> float | None:
    """None where a day of the period is not stored or not known: a sum without it would be too small."""
    return _sum(daily, period) if _is_known(period, asked) else None


def _is_known(period: Period, asked: Asked) -> bool:
    return period.start >= asked.first_day and len(period.known_days()) == period.length


def _spent(daily: DataFrame, asked: Asked, *, is_compared: bool) -> tuple[Spent, ...]:
    now = _inside(daily, asked.month).groupby("key")["cost"].sum()
    before = _inside(daily, asked.month_before).groupby("key")["cost"].sum()
    keys = sorted({*now.index, *before.index}, key=lambda key: (-float(now.get(key, 0.0)), str(key)))
    return tuple(
        Spent(str(key), float(now.get(key, 0.0)), float(before.get(key, 0.0)) if is_compared else None) for key in keys
    )


def _moved(daily: DataFrame, asked: Asked) -> tuple[Moved, ...]:
    if not asked.span_before.length or daily.empty:
        return ()
    table = movers(daily, asked.span, asked.span_before)
    return tuple(
        Moved(str(key), _known(before), float(now), _known(change), _known(share))
        for key, before, now, change, share in table[["key", "before", "now", "change", "pct"]].itertuples(index=False)
    )


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _curve(daily: DataFrame, asked: Asked, start: date) -> Chart | None:
    whole = Period(start, asked.day + timedelta(days=1), asked.month.without)
    total = {day: cost for day, cost in by_day(daily, whole) if day not in whole.without}
    return month_curve(total, asked.day, asked.currency)
