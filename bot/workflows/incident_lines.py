"""The lines of an incident, held against the same weekdays before it; incidents of one cause in several accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis.causes import Explanation, against_weekdays_before
from analysis.causes.correlated import Incident, correlated, main_cause
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
    scope = Scope(compared, window.view, tuple(group.names), group.accounts, usage_only=True)
    return causes_by_usage(costs, scope)


def start_of(window: Window, days: Sequence[date]) -> date:
    """From when on costs tell what was usual before these days."""
    return max(window.first_day, min(days) - timedelta(days=BEFORE_DAYS))


def unknown_days(window: Window) -> set[date]:
    """Days of which nothing, or not all, is known."""
    return {part.day for part in window.missing}


def one_per_cause(groups: Sequence[Group], costs: CostFiles, window_of: Callable[[Group], Window]) -> list[Group]:
    """Incidents of one service whose cause is the same in several accounts, taken together; the others as they are.

    The one that began first names the incident: it stays the same when others follow.

    Args:
        window_of: the window of a group's provider.
    """
    alike: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        alike.setdefault((group.service, group.direction), []).append(group)
    result: list[Group] = []
    for several in alike.values():
        told = [_incident(group, costs, window_of(group)) for group in several] if len(several) > 1 else [None]
        for members in correlated(told):
            result.append(_joined([several[at] for at in members]))
    order = {id(group): at for at, group in enumerate(groups)}
    return sorted(result, key=lambda group: order[id(group)])


def _incident(group: Group, costs: CostFiles, window: Window) -> Incident | None:
    days = [group.start + timedelta(days=i) for i in range((group.end - group.start).days + 1)]
    found = lines_of(costs, window, group, [day for day in days if day <= window.last_day] or days)
    cause = main_cause(found) if found else None
    return Incident(group.start, *cause) if cause else None


def _joined(groups: list[Group]) -> Group:
    first = min(groups, key=lambda group: (group.start, group.account))
    for group in groups:
        if group is first:
            continue
        first.keys += group.keys
        first.names += [name for name in group.names if name not in first.names]
        first.others += [one for one in group.accounts if one not in first.accounts]
        first.end = max(first.end, group.end)
    return first
