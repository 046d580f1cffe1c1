"""What a budget is, and how it stands on a day; both turn into JSON and back (`analysis.models`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from analysis.models import Chart


class Cadence(StrEnum):
    """How often a budget begins anew; by the calendar, in UTC, as bills do."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Origin(StrEnum):
    """Who keeps a budget; what AWS keeps is only read."""

    COSTBOT = "costbot"
    AWS = "AWS Budgets"


class Standing(StrEnum):
    """How a budget stands, the gravest first."""

    OVER = "over"
    EXPECTED_OVER = "expected to go over"
    CLOSE = "close"
    ON_TRACK = "on track"
    UNKNOWN = "unknown"


#: Share of a budget from which on its expected end is close.
CLOSE_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Part:
    """What costs count: those with one of `keys` in a dimension, as `service`, `account`, `region` or `tag:team`."""

    dimension: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """Money that a scope may cost in each month, quarter or year.

    `scope` are parts that must all hold, empty for everything; of a part of a service `pattern` finds its usage types.
    `label` is how the scope is shown, `typed` how one writes it after `/cost budget set`; neither is escaped.
    `remark` says what of AWS's own budget is counted otherwise here, `since` from which day on AWS has this amount.
    """

    id: str
    label: str
    amount: float
    currency: str
    cadence: Cadence
    scope: tuple[Part, ...] = ()
    pattern: str | None = None
    typed: str = ""
    origin: Origin = Origin.COSTBOT
    by: str = ""
    channel: str = ""
    remark: str = ""
    since: date | None = None

    def keys(self, dimension: str) -> tuple[str, ...]:
        """The keys of one dimension that count; empty where all do."""
        return next((part.keys for part in self.scope if part.dimension == dimension), ())


@dataclass(frozen=True, slots=True)
class Driver:
    """One key of the breakdown: dollars a day in the comparable period before, and now."""

    name: str
    before: float
    now: float

    @property
    def change(self) -> float:
        """Dollars a day more than before."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class BudgetState:
    """How a budget stands in the period [start, end), as of the last complete day `until`.

    Money is in the budget's currency and in the cost `view`. What cannot be said is None, and `why` tells it in a
    sentence. `spent` sums the `days_gone` complete days without those of which something is missing
    (`unknown_days`); `expected` is where the period ends, `low` to `high` hold four cases of five and `low95` to
    `high95` nineteen of twenty; `chance` is that of ending above the amount, 0 to 1. `breach_day` is when the amount
    was reached, or is expected to be. Where `expected` has no interval it is only what this pace comes to. `drivers`
    are dollars a day against `compared`, a stretch of days in words; `known` are ids of the known changes that
    `expected` counts.
    """

    budget: Budget
    start: date
    end: date
    until: date | None
    view: str
    spent: float | None = None
    days_gone: int = 0
    unknown_days: int = 0
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    low95: float | None = None
    high95: float | None = None
    chance: float | None = None
    breach_day: date | None = None
    why: str = ""
    drivers: tuple[Driver, ...] = ()
    compared: str = ""
    chart: Chart | None = None
    known: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Days of the whole period."""
        return (self.end - self.start).days

    @property
    def share_gone(self) -> float:
        """Part of the period's days that are complete."""
        return self.days_gone / self.days

    @property
    def share_used(self) -> float | None:
        """Part of the amount that is spent."""
        return None if self.spent is None else self.spent / self.budget.amount

    @property
    def pace(self) -> float | None:
        """Spent for each dollar that an even plan would have spent by now; None before the first complete day."""
        known = self.days_gone - self.unknown_days
        if self.spent is None or known <= 0:
            return None
        return self.spent / (self.budget.amount * known / self.days)

    @property
    def is_over(self) -> bool:
        """Whether the amount is reached; half a cent does not decide."""
        return self.spent is not None and self.spent >= self.budget.amount - 0.005

    @property
    def is_forecast(self) -> bool:
        """Whether the expected end has an interval that earlier forecasts of its length support."""
        return self.expected is not None and self.low is not None

    @property
    def expected_share(self) -> float | None:
        """The expected end as a part of the amount."""
        return None if self.expected is None else self.expected / self.budget.amount

    @property
    def standing(self) -> Standing:
        """The verdict: what is spent, and else what is expected."""
        if self.is_over:
            return Standing.OVER
        share = self.expected_share
        if share is None:
            return Standing.UNKNOWN
        if share >= 1:
            return Standing.EXPECTED_OVER
        return Standing.CLOSE if share >= CLOSE_SHARE else Standing.ON_TRACK
