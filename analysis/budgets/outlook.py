"""Where a period will end: the forecast as far as it was rehearsed, and beyond it only what this pace comes to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.budgets.models import Cadence
from analysis.budgets.periods import Span
from analysis.forecasting import LEAST_DAYS, TOTAL, KnownChange, forecast, month_end
from analysis.forecasting.backtest import LEAST_HISTORY
from analysis.forecasting.period import period_end

#: Days to come of which intervals were measured: `docs/analysis.md` has them for 7, 30 and 90 days.
MOST_AHEAD = 92
#: Days ahead that a short history is believed about.
SHORT_AHEAD = 35
#: Last days of the forecast whose mean goes on where it ends.
PACE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Outlook:
    """The end of a period: `bands` are low95, low80, mean, high80, high95, or None where only `expected` is known.

    `ahead` are the days of the period to come with what each is expected to cost; `holes` is what its complete days
    that are not known are expected to have cost. `why` says what cannot be said.
    """

    expected: float | None
    bands: tuple[float, float, float, float, float] | None
    ahead: tuple[tuple[date, float], ...] = ()
    holes: float = 0.0
    why: str = ""


def outlook(costs: pd.Series[float], span: Span, cadence: Cadence, facts: Collection[KnownChange] = ()) -> Outlook:
    """The end of a period.

    Args:
        costs: dollars by day (an index of dates without a gap), up to the last complete one; NaN where not known.
        facts: what is known beforehand, of the key `TOTAL`.
    """
    until = costs.index[-1].date()
    spent = costs.ne(0) & costs.notna()
    if not spent.any():
        return Outlook(None, None, why="Nothing of this has cost anything yet.")
    known = int(costs[spent.idxmax() :].notna().sum())
    left = max((span.last - until).days, 0)
    if left and known < LEAST_DAYS:
        return Outlook(None, None, why=f"A forecast needs {LEAST_DAYS} days of costs; {known} are known.")
    daily = pd.DataFrame({"date": costs.index, "key": TOTAL, "cost": costs.to_numpy()})
    reach = min(left, MOST_AHEAD)
    ahead = _ahead(daily, reach, span, facts) if reach else ()
    if left > MOST_AHEAD:
        return _at_this_pace(costs, span, ahead, facts, f"forecasts are rehearsed for {MOST_AHEAD} days ahead")
    if left > SHORT_AHEAD and known < left + LEAST_HISTORY:
        return _at_this_pace(costs, span, ahead, facts, f"{known} days of history are too few to rehearse so many days")
    row = _row(daily, span, cadence, until, facts)
    expected = float(row["mean"])
    holes = max(expected - float(row["mtd"]) - sum(cost for _, cost in ahead), 0.0)
    low95, low80, high80, high95 = (float(row[name]) for name in ("lo95", "lo80", "hi80", "hi95"))
    return Outlook(expected, (low95, low80, expected, high80, high95), ahead, holes)


def _row(
    daily: pd.DataFrame, span: Span, cadence: Cadence, until: date, facts: Collection[KnownChange]
) -> pd.Series[float]:
    """Of a month what every other message says of its end."""
    if cadence is Cadence.MONTH:
        return month_end(daily, min(max(until, span.start), span.last), facts=facts).iloc[0]
    return period_end(daily, span.start, span.end, until, facts=facts).iloc[0]


def _ahead(
    daily: pd.DataFrame, days: int, span: Span, facts: Collection[KnownChange]
) -> tuple[tuple[date, float], ...]:
    told = forecast(daily, days, facts=facts)
    pairs = zip(told["date"].dt.date, told["mean"].astype(float), strict=True)
    return tuple((day, float(cost)) for day, cost in pairs if span.start <= day < span.end)


def _at_this_pace(
    costs: pd.Series[float],
    span: Span,
    ahead: tuple[tuple[date, float], ...],
    facts: Collection[KnownChange],
    why: str,
) -> Outlook:
    inside = costs[costs.index >= pd.Timestamp(span.start)]
    known = inside.dropna()
    recent = ahead[-PACE_DAYS:]
    a_day = sum(cost for _, cost in recent) / len(recent) if recent else 0.0
    last = ahead[-1][0] if ahead else span.start - timedelta(days=1)
    holes = float(len(inside) - len(known)) * (float(known.mean()) if len(known) else a_day)
    beyond = (span.last - last).days * a_day + _moved_beyond(facts, [day for day, _ in recent], last, span)
    expected = float(known.sum()) + holes + sum(cost for _, cost in ahead) + (max(beyond, 0.0) if a_day > 0 else beyond)
    to_come = (span.last - costs.index[-1].date()).days
    said = f"The end is what this pace comes to, without a chance: {to_come} days are to come, and {why}."
    return Outlook(expected, None, ahead, holes, said)


def _moved_beyond(facts: Collection[KnownChange], recent: list[date], last: date, span: Span) -> float:
    """Dollars that known changes add to the days after `last`, which their pace does not have yet."""
    moved = 0.0
    for fact in facts:
        if fact.date > last:
            moved += fact.change * max((span.end - fact.date).days, 0)
        elif recent:
            share_before = sum(day < fact.date for day in recent) / len(recent)
            moved += fact.change * share_before * (span.last - last).days
    return moved
