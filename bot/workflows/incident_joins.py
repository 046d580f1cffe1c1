"""Incidents of one cause taken together: in several accounts of a service, and in several services of an account.

What was told as one stays one, and services that were told apart stay apart, however their figures go on: one message
an episode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from analysis.anomalies.life_cycle import QUIET_DAYS
from analysis.causes.correlated import SAME_START_DAYS, Course, Incident, correlated, grouped, main_cause
from analysis.models import AnomalyKind, Direction
from bot.workflows.incident_days import incident_days
from bot.workflows.incident_group import Group
from bot.workflows.incident_lines import lines_of

if TYPE_CHECKING:
    from bot.cost_files import CostFiles, Window


@dataclass(frozen=True, slots=True)
class Told:
    """An incident that was told before, in whatever state it is: the series it is made of, its days, its direction."""

    lines: frozenset[str]
    first_day: date
    last_day: date
    direction: str

    def has(self, group: Group) -> bool:
        """Whether a group is of this incident: it has series of it, and hardly a quiet day lies between."""
        gap = timedelta(days=QUIET_DAYS)
        is_near = group.start <= self.last_day + gap and self.first_day <= group.end + gap
        return is_near and self.direction == group.direction and not self.lines.isdisjoint(group.keys)


@dataclass(frozen=True, slots=True)
class Joining:
    """What joining looks at: stored costs, verdicts, each group's window and owner ("" unknown), what was told."""

    costs: CostFiles
    verdicts: pd.DataFrame
    window_of: Callable[[Group], Window]
    owner_of: Callable[[Group], str]
    told: Sequence[Told]


def one_per_cause(groups: Sequence[Group], joining: Joining) -> list[Group]:
    """Incidents of one cause together, the others as they are.

    The one that began first names the incident: it stays the same when others follow.
    """
    order = {id(group): at for at, group in enumerate(groups)}
    in_accounts = sorted(_in_several_accounts(groups, joining), key=lambda group: order[id(group)])
    return sorted(_in_several_services(in_accounts, joining), key=lambda group: order[id(group)])


def _in_several_accounts(groups: Sequence[Group], joining: Joining) -> list[Group]:
    alike: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        alike.setdefault((group.service, group.direction), []).append(group)
    result: list[Group] = []
    for several in alike.values():
        causes = [_incident(group, joining) for group in several] if len(several) > 1 else [None]
        alike_ones = [[several[at] for at in members] for members in correlated(causes)]
        result += [_joined(members) for members in _as_told(alike_ones, joining.told)]
    return result


def _as_told(found: list[list[Group]], told: Sequence[Told]) -> list[list[Group]]:
    """Groups of one service with those together that were told as one, whatever their causes look like now."""
    result: list[list[Group]] = []
    for members in found:
        keys = {key for group in members for key in group.keys}
        known = {one for group in members if (one := _told_as(group, told))}
        same = next(
            (
                others
                for others in result
                if known & {_told_as(group, told) for group in others}
                and keys.isdisjoint(key for group in others for key in group.keys)
            ),
            None,
        )
        if same is not None:
            same += members
        else:
            result.append(list(members))
    return result


def _incident(group: Group, joining: Joining) -> Incident | None:
    window = joining.window_of(group)
    days = [group.start + timedelta(days=i) for i in range((group.end - group.start).days + 1)]
    found = lines_of(joining.costs, window, group, [day for day in days if day <= window.last_day] or days)
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


def _in_several_services(groups: Sequence[Group], joining: Joining) -> list[Group]:
    before = [_told_as(group, joining.told) for group in groups]
    courses: dict[int, Course] = {}

    def course(at: int) -> Course:
        """Looked at only where it decides: it reads the costs of the days by owner."""
        if at not in courses:
            courses[at] = _course(groups[at], joining)
        return courses[at]

    def belongs(members: list[int], at: int) -> bool:
        own, theirs = before[at], {before[one] for one in members} - {None}
        group, others = groups[at], [groups[one] for one in members]
        if any(not set(one.keys).isdisjoint(group.keys) for one in others):
            return False
        if own is not None and theirs:
            return own in theirs
        if any(one.service == group.service for one in others):
            return False
        first = others[0]
        is_near = abs((first.start - group.start).days) <= SAME_START_DAYS
        can_be = is_near and first.direction == group.direction and set(first.accounts) == set(group.accounts)
        return can_be and course(members[0]).is_like(course(at))

    dearest = sorted(range(len(groups)), key=lambda at: (groups[at].start, before[at] is None, at))
    return [_with_parts([groups[at] for at in members]) for members in grouped(dearest, belongs)]


def _with_parts(groups: list[Group]) -> Group:
    """One of several services; they come the dearest first."""
    first = min(groups, key=lambda group: group.start)
    first.parts = [group for group in groups if group is not first]
    return first


def _told_as(group: Group, told: Sequence[Told]) -> Told | None:
    """What a group was told as, if it was: the one with most of its series, then the latest."""
    found = [one for one in told if one.has(group)]
    return max(found, key=lambda one: (len(one.lines & set(group.keys)), one.first_day), default=None)


def _course(group: Group, joining: Joining) -> Course:
    mine = joining.verdicts[joining.verdicts["key"].isin(group.keys)]
    direction = Direction(group.direction)
    until = joining.window_of(group).complete_until
    found = incident_days(mine, AnomalyKind(group.kind), direction, group.start, group.end, until)
    off = found.lines["impact"].loc[[pd.Timestamp(day) for day in found.told]]
    return Course(
        start=group.start,
        end=found.told[-1],
        rises=direction == Direction.UP,
        accounts=frozenset(group.accounts),
        owner=joining.owner_of(group),
        off={day: float(amount) for day, amount in zip(found.told, off, strict=True)},
    )
