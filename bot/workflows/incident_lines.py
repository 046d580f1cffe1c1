"""The lines of an incident, held against the same weekdays before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis.causes import Explanation, against_weekdays_before
from bot.causes.scope import Scope
from bot.workflows.find_causes import causes_by_usage

if TYPE_CHECKING:
    from bot.cost_files import CostFiles, Window
    from bot.workflows.incident_group import Group

#: Days before an incident that are looked at.
BEFORE_DAYS = 42


def lines_of(costs: CostFiles, window: Window, group: Group, days: Sequence[date]) -> Explanation | None:
    """The incident by usage type; None where there is no weekday before to compare with."""
    compared = against_weekdays_before(
        days, first=min(days), start=start_of(window, days), unknown=unknown_days(window)
    )
    if not compared.is_possible:
        return None
    scope = Scope(compared, window.view, group.all_names, group.accounts, usage_only=True)
    return causes_by_usage(costs, scope)


def start_of(window: Window, days: Sequence[date]) -> date:
    """From when on costs tell what was usual before these days."""
    return max(window.first_day, min(days) - timedelta(days=BEFORE_DAYS))


def unknown_days(window: Window) -> set[date]:
    """Days of which nothing, or not all, is known."""
    return {part.day for part in window.missing}
