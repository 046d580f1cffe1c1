"""Why a cost changed, from the stored costs: gather the lines each source can tell, explain, say what it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

import pandas as pd
from pandas import DataFrame

from analysis.causes import Effect, Explanation, explain
from analysis.causes.effects import DIMENSIONS, MEASURES, PRICING
from analysis.costs import ChargeCategory, Cut
from bot.causes.explorer_parts import explorer_parts
from bot.causes.export_parts import export_parts
from bot.causes.resource_moves import ResourceMove, resource_moves
from bot.causes.scope import Scope
from bot.cost_files import CostFiles
from bot.cost_files.database import asked_again
from bot.cost_files.summary import Stored
from bot.errors import NotEnoughData

#: A resource's share of a cause from which on it is named with it, and the share that all of them must make.
LEAST_PART, LEAST_TOLD = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """Why a cost changed.

    `resources` are those that can be the first cause, in its place, the largest first; None where no source tells.
    `tags` is the change of each value of the scope's tag, the largest first, in dollars a day; None where not told.
    `from_explorer` says that Cost Explorer told some of it. In dollars a day: `unknown` is the change of lines without
    a quantity, `unsplit` that of prices whose coverage is not told, `unplaced` all moves of lines without an account.
    """

    explanation: Explanation
    resources: tuple[ResourceMove, ...] | None
    tags: tuple[tuple[str, float], ...] | None
    from_explorer: bool
    unknown: float
    unsplit: float
    unplaced: float


@asked_again
def find_causes(costs: CostFiles, scope: Scope) -> Found:
    """Explain the difference between the two sides of a scope's comparison, and where it is.

    Raises:
        NotEnoughData: nothing is stored of these days.
    """
    items = _stored(costs, scope)
    parts = _parts(items, scope)
    before, now = _total(costs, scope, parts)
    explanation = explain(parts, before=before, now=now)
    effect = dict(explanation.effects)
    moved = (parts["cost_now"] - parts["cost_before"]).abs()
    placed = parts["account"].ne("") | parts["category"].ne(ChargeCategory.USAGE.value)
    return Found(
        explanation=explanation,
        resources=_resources(items, scope, explanation),
        tags=_tags(costs, scope, explanation),
        from_explorer=any(not _is_export(item) for item in items),
        unknown=effect.get(Effect.UNKNOWN, 0) / 100,
        unsplit=effect.get(Effect.PRICE, 0) / 100,
        unplaced=float(moved.where(~placed, 0.0).sum()),
    )


@asked_again
def causes_by_usage(costs: CostFiles, scope: Scope) -> Explanation:
    """The same with a line per usage type, and no more than that.

    Raises:
        NotEnoughData: nothing is stored of these days.
    """
    parts = _parts(_stored(costs, scope), scope)
    before, now = _total(costs, scope, parts)
    return explain(parts, before=before, now=now, levels=(("service", "usage_type"),))


def _stored(costs: CostFiles, scope: Scope) -> tuple[Stored, ...]:
    items = costs.stored(scope.comparison.start, scope.comparison.end)
    if not items:
        raise NotEnoughData("No costs are stored of these days.", "`/cost trend` shows which are.")
    return items


def _parts(items: Sequence[Stored], scope: Scope) -> DataFrame:
    """The lines of all sources that the scope is about."""
    ordered = sorted(items, key=lambda item: (_is_export(item), item.provider, str(item.path)))
    found = [
        (export_parts if full else explorer_parts)(list(group), provider, scope)
        for (full, provider), group in groupby(ordered, key=lambda item: (_is_export(item), item.provider))
    ]
    columns = [*DIMENSIONS, PRICING, *MEASURES]
    parts = pd.concat([part[columns] for part in found], ignore_index=True)
    if scope.services:
        parts = parts[parts["service"].isin(scope.services)]
    if scope.accounts:
        parts = parts[parts["account"].isin(scope.accounts)]
    if scope.without:
        parts = parts[~parts["category"].isin(scope.without)]
    if scope.pattern is not None:
        is_part = parts["usage_type"].str.contains(scope.pattern, regex=True)
        parts = parts[is_part & parts["category"].eq(ChargeCategory.USAGE.value)]
    return parts.reset_index(drop=True)


def _total(costs: CostFiles, scope: Scope, parts: DataFrame) -> tuple[float, float]:
    """What the bill says, before and now, not asking for lines; a part of a service has no total beside its lines."""
    if scope.pattern is not None:
        return float(parts["cost_before"].sum()), float(parts["cost_now"].sum())
    frame = _daily(costs, scope, ("charge_category",) if scope.without else ())
    if scope.without:
        frame = frame[~frame["charge_category"].isin(scope.without)]
    return _weighted(frame, scope.comparison.before), _weighted(frame, scope.comparison.now)


def _daily(costs: CostFiles, scope: Scope, by: tuple[str, ...], *, usage_only: bool | None = None) -> DataFrame:
    where: dict[str, str | Sequence[str]] = {}
    if scope.services:
        where["service_name"] = scope.services
    if scope.accounts:
        where["account"] = scope.accounts
    return costs.daily(
        by=by,
        start=scope.comparison.start,
        end=scope.comparison.end,
        view=scope.view,
        where=where,
        usage_only=scope.usage_only if usage_only is None else usage_only,
    )


def _weighted(frame: DataFrame, weights: Mapping[date, float]) -> float:
    by_stamp = {pd.Timestamp(day): weight for day, weight in weights.items()}
    return float((frame["cost"] * frame["date"].map(by_stamp).fillna(0.0)).sum())


def _tags(costs: CostFiles, scope: Scope, explanation: Explanation) -> tuple[tuple[str, float], ...] | None:
    """The change by value of the tag: of the lines where they know it, else by a cut of its own."""
    if scope.tag is None or scope.tag not in costs.tag_keys():
        return None
    if explanation.where["tag"]:
        return tuple((value, cents / 100) for value, cents in explanation.where["tag"])
    if scope.pattern is not None:
        return None
    name = f"tag:{scope.tag}"
    try:
        frame = _daily(costs, scope, (name,), usage_only=True)
    except NotEnoughData:
        return None
    changes = {
        str(value): _weighted(rows, scope.comparison.now) - _weighted(rows, scope.comparison.before)
        for value, rows in frame.groupby(name)
    }
    return tuple(sorted(changes.items(), key=lambda one: (-abs(one[1]), one[0])))


def _resources(items: Sequence[Stored], scope: Scope, explanation: Explanation) -> tuple[ResourceMove, ...] | None:
    """What moved as the first cause did, in its service, account and region."""
    exports = [item for item in items if _is_export(item)]
    if not exports or not explanation.causes:
        return None
    first = explanation.causes[0]
    place = replace(
        scope,
        services=(first.service,) if first.service else scope.services,
        accounts=(first.account,) if first.account else scope.accounts,
    )
    try:
        moves = resource_moves(exports, place)
    except NotEnoughData:
        return None
    there = (move for move in moves if move.region == first.region or not first.region)
    # The bill does not say which usage a resource's cost is of: only moves that can be the cause are told with it.
    size = abs(first.change) / 100
    same_way = (move for move in there if (move.change > 0) == (first.change > 0))
    alike = [move for move in same_way if abs(move.change) >= LEAST_PART * size]
    is_told = sum(abs(move.change) for move in alike) >= LEAST_TOLD * size
    return tuple(alike) if is_told else ()


def _is_export(item: Stored) -> bool:
    return (Cut.FULL.value, "") in item.cuts
