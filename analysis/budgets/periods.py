"""Months, quarters and years as bills count them: by the calendar, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.budgets.models import Cadence

MONTHS = {Cadence.MONTH: 1, Cadence.QUARTER: 3, Cadence.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """The days [start, end)."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days


def span_of(cadence: Cadence, day: date) -> Span:
    """The month, quarter or year that a day lies in."""
    months = MONTHS[cadence]
    first = (day.month - 1) // months * months + 1
    start = date(day.year, first, 1)
    return Span(start, _months_later(start, months))


def before(cadence: Cadence, span: Span) -> Span:
    """The period before one."""
    return span_of(cadence, span.start - timedelta(days=1))


def name(cadence: Cadence, start: date) -> str:
    """`November 2026`, `Q4 2026` or `2026`."""
    if cadence is Cadence.MONTH:
        return f"{start:%B %Y}"
    return f"Q{(start.month + 2) // 3} {start.year}" if cadence is Cadence.QUARTER else f"{start.year}"


def _months_later(start: date, months: int) -> date:
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
