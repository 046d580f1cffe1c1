"""An incident of several services, service by service: what each is called, what each was off, why they are one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.causes import Explanation
from analysis.models import AnomalyKind, Part
from analysis.services import PARTS, service_label
from bot.blocks.elements import money
from bot.workflows.incident_days import IncidentDays
from bot.workflows.incident_group import Group
from bot.workflows.incident_lines import lines_of

if TYPE_CHECKING:
    from bot.cost_files import CostFiles, Window

#: Share of the movement that a part of a service must make to be named in its place.
NEARLY_ALL = 0.8
#: Services that the name of an incident of several has.
MOST_NAMED = 2


def parts_of(
    group: Group, each: Sequence[IncidentDays], found: IncidentDays, costs: CostFiles, window: Window
) -> tuple[Part, ...]:
    """What each service of several was off a day, over the days that are told, so that they add up to the whole.

    Args:
        each: the days of each of `group.each`. found: the days of all of them together.
    """
    if not group.parts:
        return ()
    stamps = [pd.Timestamp(day) for day in found.told]
    result: list[Part] = []
    for one, days in zip(group.each, each, strict=True):
        alone = replace(one, others=group.others, parts=[])
        name = name_of(alone, lines_of(costs, window, alone, found.told))
        if name in [part.service_name for part in result]:
            name = service_label(one.names[0])
        off = float(days.lines["impact"].reindex(stamps, fill_value=0.0).mean())
        result.append(Part(one.service, name, AnomalyKind(one.kind), off, tuple(one.keys)))
    return tuple(result)


def together_named(parts: Sequence[Part]) -> str:
    """`NAT gateways and Data Transfer`, those that moved most first; the rest counted."""
    names = [part.service_name for part in _largest_first(parts)]
    rest = len(names) - MOST_NAMED
    return f"{', '.join(names[:MOST_NAMED])} and {rest} more" if rest > 0 else " and ".join(names)


def told_as_one(parts: Sequence[Part], group: Group, currency: str) -> str:
    """Why several services are one incident, each with its money a day."""
    said = ", ".join(
        f"{part.service_name} {money(part.impact_per_day, currency, signed=True)}" for part in _largest_first(parts)
    )
    began = "on the same day" if len({one.start for one in group.each}) == 1 else "within a day of each other"
    where = "in the same accounts" if group.others else "in the same account"
    return f"{said} a day: they began {began} {where} and moved alike, so they are told as one."


def name_of(group: Group, usage_types: Explanation | None) -> str:
    """What to call it: the part of the service that makes nearly all of the movement, else the service."""
    change = usage_types.change if usage_types else 0
    for part in PARTS.values():
        if usage_types is None or (part.services and group.service not in part.services):
            continue
        made = sum(one.change for one in usage_types.causes if re.search(part.pattern, one.usage_type))
        if change and made / change >= NEARLY_ALL:
            return part.label[0].upper() + part.label[1:]
    return service_label(group.names[0])


def _largest_first(parts: Sequence[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: -abs(part.impact_per_day))
