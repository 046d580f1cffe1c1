"""The days of an allocation in words: what its headline calls them, and how far the data reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.movers import Period
from bot.blocks import elements


@dataclass(frozen=True, slots=True)
class ReportDays:
    """Which days a message speaks of.

    Attributes:
        whole: the days that were asked for; `now` are those of them that are stored and complete.
        before: what they are compared with; None for nothing.
        is_month: whether a calendar month was asked for.
        incomplete: stored days of `whole` that are still filling.
    """

    whole: Period
    now: Period
    before: Period | None
    is_month: bool
    incomplete: Period
    today: date

    @property
    def title(self) -> str:
        """What a headline calls them."""
        if not self.is_month:
            return self.words(self.now)
        month = self._month(self.whole.start)
        if self.now == self.whole:
            return month
        if self.now.start == self.whole.start and self.whole.end > self.today:
            return f"{month} so far"
        return self.words(self.now)

    @property
    def series_names(self) -> tuple[str, str]:
        """What a chart calls them and the days before."""
        now = self.title if self.is_month else "This period"
        before = self.words(self.before) if self.before and self.is_month else "Before"
        return (now, before) if now != before else ("Now", "Before")

    @property
    def reach(self) -> str:
        """How far the data reaches."""
        last = self._day(self.now.end - timedelta(days=1))
        text = f"Data until {last}"
        if self.now.start > self.whole.start:
            text = f"Data from {self._day(self.now.start)}, the first stored day, until {last}"
        if self.incomplete.length:
            open_days = elements.days(self.incomplete.start, self.incomplete.end - timedelta(days=1))
            text += f"; {open_days} still incomplete"
        return text

    def words(self, period: Period) -> str:
        """A period: a month by its name, other days by their ends."""
        last = period.end - timedelta(days=1)
        if period.start.day == 1 and period.end.day == 1 and period.length <= 31:
            return self._month(period.start)
        text = elements.days(period.start, last)
        return text if period.start.year == last.year == self.today.year else f"{text}, {last.year}"

    def _month(self, first: date) -> str:
        return f"{first:%B}" if first.year == self.today.year else f"{first:%B %Y}"

    def _day(self, value: date) -> str:
        return elements.day(value) if value.year == self.today.year else f"{elements.day(value)}, {value.year}"
