"""Which alert of a budget is due: the gravest that holds, and only where the data says enough."""

from __future__ import annotations

from enum import StrEnum

from analysis.budgets.models import CLOSE_SHARE, BudgetState

#: Complete days of a period before its forecast raises an alert, and the share of them that may be unknown.
LEAST_DAYS, MOST_UNKNOWN = 3, 0.1


class Level(StrEnum):
    """What an alert tells, the mildest first."""

    FORECAST_80 = "forecast 80 %"
    FORECAST_100 = "forecast 100 %"
    ACTUAL_100 = "actual 100 %"

    @property
    def and_graver(self) -> tuple[Level, ...]:
        """This level and those that make it needless once they are told."""
        every = tuple(Level)
        return every[every.index(self) :]


def due_level(state: BudgetState) -> Level | None:
    """The gravest level that is reached; None where none is, or too little is known to say.

    A reached amount is told on any data: days that are missing can only add to it. A forecast is told from the third
    complete day on, with an interval, and not where more than a tenth of the days is unknown.
    """
    if state.is_over:
        return Level.ACTUAL_100
    share = state.expected_share
    if share is None or not state.is_forecast or state.days_gone < LEAST_DAYS:
        return None
    if state.unknown_days > MOST_UNKNOWN * state.days_gone:
        return None
    if share >= 1:
        return Level.FORECAST_100
    return Level.FORECAST_80 if share >= CLOSE_SHARE else None
