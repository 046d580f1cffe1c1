"""What every section of a report starts from: the window of stored costs, and the days that are compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.movers import Period, periods
from bot.blocks import elements
from bot.context import Context
from bot.cost_files import Window
from bot.reports.scope import Length, Scope

WEEK = 7


@dataclass(frozen=True, slots=True)
class Given:
    """The days, ends of periods not included.

    `month` are the days of the month up to the last complete one, `month_before` the same days of the month before;
    `span` is what the report is about, a week or the month, and `span_before` what it is compared with.
    """

    context: Context
    scope: Scope
    length: Length
    window: Window
    day: date
    month: Period
    month_before: Period
    span: Period
    span_before: Period

    @property
    def stored_month(self) -> Period:
        """The days of the month that are stored: of a young bill not all of them."""
        return self.month.clipped(self.window.first_day, self.month.end)

    @property
    def currency(self) -> str:
        """Of the bill."""
        return self.window.currency

    def money(self, amount: float | None, *, signed: bool = False) -> str:
        """An amount in the bill's currency."""
        return elements.money(amount, self.currency, signed=signed)


def given(context: Context, scope: Scope, length: Length) -> Given:
    """The days as they are stored.

    Raises:
        NotEnoughData: no day is.
    """
    window = context.costs.window(view=context.settings.cost_view, by=tuple(scope.where))
    unknown = frozenset(part.day for part in window.missing)
    day = window.complete_until
    while day in unknown and day > window.first_day:
        day -= timedelta(days=1)
    first, end = day.replace(day=1), day + timedelta(days=1)
    month = Period(first, end, unknown)
    before_first = (first - timedelta(days=1)).replace(day=1)
    month_before = Period(before_first, min(before_first + timedelta(days=month.length), first), unknown)
    span, span_before = periods(WEEK, day, window.first_day, unknown)
    if length is Length.MONTH:
        span = month.clipped(window.first_day, end)
        span_before = month_before.clipped(window.first_day, first)
    return Given(context, scope, length, window, day, month, month_before, span, span_before)


def span_words(period: Period) -> str:
    """`Nov 18–24`."""
    return elements.days(period.start, period.end - timedelta(days=1))
