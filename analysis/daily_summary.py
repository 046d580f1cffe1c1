"""The figures of a daily digest: the last complete day, the month so far, its end, and what moved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from pandas import DataFrame

from analysis.models import Chart, Series
from analysis.month_fair import month_fair
from analysis.movers import Change, Period, by_day, compare, movers

#: Same weekdays before it that a day is compared with.
USUAL_WEEKS = 4
CHART_DAYS = 14
MOVER_DAYS = 7
MAX_MOVERS = 5
#: Dollars a day, and share of the day's cost, below which a service has not moved.
LEAST_MOVE = 0.5
LEAST_MOVE_SHARE = 0.001
#: Share of a day's difference from the usual above which one service is its main cause.
MAIN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What the month will cost, with the range that holds it in four of five cases."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mover:
    """A service's cost a day in the last week and in the week before; `fraction` is None where it means nothing."""

    name: str
    before: float | None
    now: float
    change: float
    fraction: float | None


@dataclass(frozen=True, slots=True)
class DailySummary:
    """What a digest says about costs.

    `usual` is the median of the same weekdays before; None without one. `main_cause` is the service that makes up
    most of the difference from it; None where no single one does.
    """

    day: date
    cost: float
    usual: float | None
    main_cause: str | None
    month_first: date
    month_to_date: float
    month_end: MonthEnd | None
    last_month: float | None
    week: Change
    movers: tuple[Mover, ...]
    chart: Chart

    @property
    def fraction(self) -> float | None:
        """The day's cost against the usual one, as a share of it."""
        if self.usual is None or self.usual <= 0.005:
            return None
        return (self.cost - self.usual) / self.usual


def daily_summary(
    daily: DataFrame,
    *,
    day: date,
    first_day: date,
    currency: str = "USD",
    month_end: MonthEnd | None = None,
    without: Collection[date] = (),
) -> DailySummary:
    """Sum up.

    Args:
        daily: columns date, key (a service's name), cost; at least the 70 days before `day` as far as stored.
        day: the last complete day; later rows are left out.
        first_day: the first stored day; before it nothing is known, which is not zero.
        month_end: the forecast for the month of `day`.
        without: days before that are unknown; nothing is compared with them.
    """
    unknown = frozenset(without)
    known = daily[pd.to_datetime(daily["date"]) <= pd.Timestamp(day)]
    stored = Period(first_day, day + timedelta(days=1), unknown)
    total = _known(known, stored)
    month_first = day.replace(day=1)
    end = day + timedelta(days=1)
    now = Period(end - timedelta(days=MOVER_DAYS), end, unknown).clipped(first_day, end)
    before = Period(now.start - timedelta(days=MOVER_DAYS), now.start, unknown).clipped(first_day, now.start)
    fair = month_fair(known, now, before).daily
    return DailySummary(
        day=day,
        cost=total.get(day, 0.0),
        usual=_usual(total, day),
        main_cause=_main_cause(known, day, stored),
        month_first=month_first,
        month_to_date=float(known.loc[pd.to_datetime(known["date"]) >= pd.Timestamp(month_first), "cost"].sum()),
        month_end=month_end,
        last_month=_last_month(known, month_first, first_day),
        week=compare(fair, now, before),
        movers=_movers(fair, now, before),
        chart=_chart(total, day, currency),
    )


def _known(daily: DataFrame, period: Period) -> dict[date, float]:
    """Cost of each known day."""
    return {at: cost for at, cost in by_day(daily, period) if at not in period.without}


def _main_cause(daily: DataFrame, day: date, period: Period) -> str | None:
    """The service whose own difference from its usual cost makes up most of the day's."""
    differences: dict[str, float] = {}
    for name, rows in daily.groupby("key", observed=True):
        costs = _known(rows, period)
        usual = _usual(costs, day)
        if usual is not None:
            differences[str(name)] = costs.get(day, 0.0) - usual
    if not differences:
        return None
    whole = sum(differences.values())
    name = max(differences, key=lambda key: differences[key] if whole > 0 else -differences[key])
    return name if whole and differences[name] / whole >= MAIN_SHARE else None


def _usual(total: dict[date, float], day: date) -> float | None:
    earlier = [day - timedelta(weeks=week) for week in range(1, USUAL_WEEKS + 1)]
    costs = [total[at] for at in earlier if at in total]
    return float(pd.Series(costs).median()) if costs else None


def _last_month(daily: DataFrame, month_first: date, first_day: date) -> float | None:
    start = (month_first - timedelta(days=1)).replace(day=1)
    if start < first_day:
        return None
    days = pd.to_datetime(daily["date"])
    return float(daily.loc[(days >= pd.Timestamp(start)) & (days < pd.Timestamp(month_first)), "cost"].sum())


def _movers(daily: DataFrame, now: Period, before: Period) -> tuple[Mover, ...]:
    if not before.length or not len(daily):
        return ()
    ranked = movers(daily, now, before)
    least = max(LEAST_MOVE, LEAST_MOVE_SHARE * float(ranked["now"].abs().sum()))
    found = [
        Mover(
            name=str(row.key),
            before=None if pd.isna(row.before) else float(row.before),  # type: ignore[arg-type]
            now=float(row.now),  # type: ignore[arg-type]
            change=float(row.change),  # type: ignore[arg-type]
            fraction=None if pd.isna(row.pct) else float(row.pct),  # type: ignore[arg-type]
        )
        for row in ranked.dropna(subset=["change"]).itertuples()
        if abs(float(row.change)) >= least  # type: ignore[arg-type]
    ]
    return tuple(found[:MAX_MOVERS])


def _chart(total: dict[date, float], day: date, currency: str) -> Chart:
    """The stored ones of the last days; beside them the same weekdays before, if all of those are stored."""
    days = [at for back in range(CHART_DAYS - 1, -1, -1) if (at := day - timedelta(days=back)) in total]
    earlier = [at - timedelta(days=CHART_DAYS) for at in days]
    series = [Series("Cost", tuple(total[at] for at in days))]
    if all(at in total for at in earlier):
        series.append(Series("Two weeks before", tuple(total[at] for at in earlier)))
    return Chart(
        title=f"Cost a day, last {len(days)} days",
        labels=tuple(f"{at:%b} {at.day}" for at in days),
        series=tuple(series),
        unit=currency,
    )
