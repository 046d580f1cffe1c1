"""One incident as an `Anomaly`: figures, what drives it, whose it is, its picture and its sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.anomalies.drivers import drivers, leading
from analysis.anomalies.severity import severity
from analysis.causes import Explanation
from analysis.models import Anomaly, AnomalyKind, Contribution, Direction
from analysis.services import service_label
from bot.blocks.reach import how_much
from bot.causes.cause_words import how_it_moved
from bot.errors import NotEnoughData
from bot.settings import CostView
from bot.workflows.anomaly_words import explanation
from bot.workflows.incident_days import IncidentDays, incident_days, together
from bot.workflows.incident_group import Group
from bot.workflows.incident_joins import Told
from bot.workflows.incident_lines import lines_of, start_of, unknown_days
from bot.workflows.incident_parts import name_of, parts_of, together_named, told_as_one

if TYPE_CHECKING:
    from bot.cost_files import CostFiles, Window

#: Usage types a card names.
TOP = 3

#: Share of the movement that one region or team must make to be named as the one.
MOST = 0.6

#: Accounts that a sentence names besides the first.
MOST_ACCOUNTS = 4


def describe(group: Group, verdicts: pd.DataFrame, costs: CostFiles, window: Window, question: Question) -> Anomaly:
    """The anomaly of a group of incidents.

    Args:
        verdicts: all days of all keys, as `detect(return_all=True)` gives them.
    """
    kind, direction = AnomalyKind(group.kind), Direction(group.direction)
    mine = verdicts[verdicts["key"].isin(group.all_keys)]
    each = [_days_of(one, verdicts, window) for one in group.each]
    found = together(each)
    figures = figures_of(found, question)
    days = list(found.told)
    movements = _Movements(costs, window, group, days, rising=direction == Direction.UP)
    usage_types = movements.usage_types()
    parts = parts_of(group, each, found, costs, window)
    name = together_named(parts) if parts else name_of(group, usage_types)
    why = explanation(found, window.currency, min_impact=question.min_impact, min_pct=question.min_pct)
    if parts:
        why = f"{told_as_one(parts, group, window.currency)} {why}"
    elif name != service_label(group.names[0]):
        why = f"{' and '.join(group.names)} there: {why} Nearly all of the difference is {name}."
    if group.others:
        also = ", ".join(question.account_names.get(one, one) for one in group.others[:MOST_ACCOUNTS])
        rest = len(group.others) - MOST_ACCOUNTS
        why = f"{why} The same moved in the same way in {also}{f' and {rest} more' if rest > 0 else ''}."
    if direction == Direction.UP:
        why = " ".join(filter(None, (why, _may_grow(days, window))))
    judged = mine.loc[mine["alert_date"] <= pd.Timestamp(window.last_day), "date"].max().date()
    return Anomaly(
        service=group.service,
        service_name=name,
        account_id=group.account,
        account_name=_account_name(group, question),
        region=leading(movements.by("region"), MOST),
        owner=leading(movements.by(f"tag:{question.owner_tag}"), 0.0) or None,
        kind=kind,
        direction=direction,
        first_day=group.start,
        last_day=found.last,
        currency=window.currency,
        cost_view=window.view.value,
        top_usage_types=_worth_naming(usage_types),
        chart=found.chart(),
        data_until=window.complete_until,
        explanation=why,
        phase=found.phase(judged, question.min_impact),
        stayed=found.stayed(),
        lines=group.all_keys,
        daily=found.daily(),
        also_in=tuple(group.others),
        parts=parts,
        **figures,
    )


def owner_of(group: Group, costs: CostFiles, window: Window, tag: str) -> str:
    """Whose most of an incident is; "" where nobody's, or no source tells."""
    days = [group.start + timedelta(days=i) for i in range((group.end - group.start).days + 1)]
    known = [day for day in days if day <= window.last_day] or days
    movements = _Movements(costs, window, group, known, rising=group.direction == Direction.UP)
    return leading(movements.by(f"tag:{tag}"), MOST) or ""


def _days_of(group: Group, verdicts: pd.DataFrame, window: Window) -> IncidentDays:
    """The days of a group without its parts."""
    mine = verdicts[verdicts["key"].isin(group.keys)]
    kind, direction = AnomalyKind(group.kind), Direction(group.direction)
    return incident_days(mine, kind, direction, group.start, group.end, window.complete_until)


def figures_of(found: IncidentDays, question: Question) -> dict[str, Any]:
    """What an incident cost against what, as fields of `Anomaly`."""
    told = found.lines.loc[[pd.Timestamp(day) for day in found.told]]
    actual, expected, impact = (float(told[name].mean()) for name in ("cost", "expected", "impact"))
    pct = impact / abs(expected) if abs(expected) >= 0.01 else None
    direction = Direction.DOWN if impact < 0 else Direction.UP
    return {
        "actual": actual,
        "expected": expected,
        "impact_per_day": impact,
        "impact_total": found.impact_total,
        "pct": pct,
        "severity": severity(impact, pct, direction, unit=question.min_impact),
    }


def _account_name(group: Group, question: Question) -> str:
    """`prod`, or `prod and 2 more accounts`."""
    name = question.account_names.get(group.account, group.account)
    more = len(group.others)
    return f"{name} and {more} more account{'s' if more > 1 else ''}" if more else name


def _may_grow(days: list[date], window: Window) -> str:
    """What to know about figures of days that are not all in: nothing, where the incident has a complete day."""
    if min(days) <= window.complete_until:
        return ""
    first = next((part for part in window.partial if part.day in days), None)
    return f"{how_much(first)}: these figures can only grow." if first else ""


def _worth_naming(usage_types: Explanation | None) -> tuple[Contribution, ...]:
    """The fewest usage types that explain most of it, and how each moved."""
    told = usage_types.causes[:TOP] if usage_types else ()
    return tuple(Contribution(one.usage_type, one.change / 100, how_it_moved(one)) for one in told)


@dataclass(frozen=True, slots=True)
class Question:
    """What the worker needs to know besides the data directory; small and picklable.

    `told` are the incidents that channels still see as open: what became of them is answered for. `known` are all that
    were told, in whatever state: what was one stays one.
    """

    view: CostView
    owner_tag: str
    account_names: Mapping[str, str]
    min_impact: float
    min_pct: float
    told: tuple[Anomaly, ...] = ()
    known: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class _Movements:
    """Asks the stored costs who moved on the days of an incident; a source that cannot say gives nothing."""

    costs: CostFiles
    window: Window
    group: Group
    days: list[date]
    rising: bool

    def by(self, dimension: str) -> tuple[Contribution, ...]:
        """Contributions by region or tag: in the account where the source knows both, else in the service."""
        service: dict[str, str | Collection[str]] = {"service_name": list(self.group.all_names)}
        frame = self._daily(dimension, {**service, "account": self.group.accounts})
        return self._drivers(frame if frame is not None else self._daily(dimension, service))

    def usage_types(self) -> Explanation | None:
        """The lines of the incident taken apart; None where there is no weekday before to compare with."""
        return lines_of(self.costs, self.window, self.group, self.days)

    def _daily(self, dimension: str, where: Mapping[str, str | Collection[str]]) -> pd.DataFrame | None:
        try:
            frame = self.costs.daily(
                by=(dimension,),
                start=self._start(),
                end=max(self.days) + timedelta(days=1),
                view=self.window.view,
                where=where,
            )
        except NotEnoughData:
            return None
        return frame.rename(columns={dimension: "name"})

    def _drivers(self, frame: pd.DataFrame | None) -> tuple[Contribution, ...]:
        if frame is None:
            return ()
        return drivers(frame, self.days, start=self._start(), rising=self.rising, unknown=unknown_days(self.window))

    def _start(self) -> date:
        return start_of(self.window, self.days)
