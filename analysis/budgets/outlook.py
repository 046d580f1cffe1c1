"""Where a period will end: the forecast as far as it was rehearsed, and beyond it only what this pace comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.budgets.models import Cadence
from analysis.budgets.periods import Span
from analysis.forecasting import forecast, month_end
from analysis.forecasting.backtest import LEAST_HISTORY
from analysis.forecasting.period import period_end

#: Days to come of which intervals were measured: `docs/analysis.md` has them for 7, 30 and 90 days.
MOST_AHEAD = 92
#: Days of history without which nothing is forecast; days ahead that so short a history is believed about.
LEAST_DAYS, SHORT_AHEAD = 28, 35
#: Last days of the forecast whose mean goes on where it ends.
PACE_DAYS = 28
KEY = "budget"


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


def outlook(costs: pd.Series[float], span: Span, cadence: Cadence) -> Outlook:
    """The end of a period.

    Args:
        costs: dollars by day (an index of dates without a gap), up to the last complete one; NaN where not known.
    """
    until = costs.index[-1].date()
    spent = costs.ne(0) & costs.notna()
    if not spent.any():
        return Outlook(None, None, why="Nothing of this has cost anything yet.")
    known = int(costs[spent.idxmax() :].notna().sum())
    left = max((span.last - until).days, 0)
    if left and known < LEAST_DAYS:
        return Outlook(None, None, why=f"A forecast needs {LEAST_DAYS} days of costs; {known} are known.")
    daily = pd.DataFrame({"date": costs.index, "key": KEY, "cost": costs.to_numpy()})
    reach = min(left, MOST_AHEAD)
    ahead = _ahead(daily, reach, span) if reach else ()
    if left > MOST_AHEAD:
        return _at_this_pace(costs, span, ahead, f"forecasts are rehearsed for {MOST_AHEAD} days ahead")
    if left > SHORT_AHEAD and known < left + LEAST_HISTORY:
        return _at_this_pace(costs, span, ahead, f"{known} days of history are too few to rehearse so many days")
    row = _row(daily, span, cadence, until)
    expected = float(row["mean"])
    holes = max(expected - float(row["mtd"]) - sum(cost for _, cost in ahead), 0.0)
    low95, low80, high80, high95 = (float(row[name]) for name in ("lo95", "lo80", "hi80", "hi95"))
    return Outlook(expected, (low95, low80, expected, high80, high95), ahead, holes)


def _row(daily: pd.DataFrame, span: Span, cadence: Cadence, until: date) -> pd.Series[float]:
    """Of a month what every other message says of its end."""
    if cadence is Cadence.MONTH:
        return month_end(daily, min(max(until, span.start), span.last)).iloc[0]
    return period_end(daily, span.start, span.end, until).iloc[0]


def _ahead(daily: pd.DataFrame, days: int, span: Span) -> tuple[tuple[date, float], ...]:
    told = forecast(daily, days)
    pairs = zip(told["date"].dt.date, told["mean"].astype(float), strict=True)
    return tuple((day, float(cost)) for day, cost in pairs if span.start <= day < span.end)


def _at_this_pace(costs: pd.Series[float], span: Span, ahead: tuple[tuple[date, float], ...], why: str) -> Outlook:
    inside = costs[costs.index >= pd.Timestamp(span.start)]
    known = inside.dropna()
    recent = [cost for _, cost in ahead][-PACE_DAYS:]
    a_day = sum(recent) / len(recent) if recent else 0.0
    last = ahead[-1][0] if ahead else span.start - timedelta(days=1)
    beyond = (span.last - last).days
    holes = float(len(inside) - len(known)) * a_day
    expected = float(known.sum()) + holes + sum(cost for _, cost in ahead) + beyond * a_day
    to_come = (span.last - costs.index[-1].date()).days
    said = f"The end is what this pace comes to, without a chance: {to_come} days are to come, and {why}."
    return Outlook(expected, None, ahead, holes, said)
