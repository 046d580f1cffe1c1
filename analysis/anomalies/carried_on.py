"""Verdicts on keys that go on under other names: a new name has the history of the old one, an old one is not gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.anomalies.renamed import NOTHING, SURE_AFTER_DAYS, Rename, Renames
from analysis.anomalies.walk import DROP, NEW, NOT_QUITE, Verdicts
from analysis.daily_series import DailySeries, Row


class Judged:
    """Verdicts on the keys that renames concern, in place of those that take each key by itself."""

    def __init__(self, series: DailySeries, renames: Renames, walk: Callable[[DailySeries], Verdicts]) -> None:
        self._series, self._renames = series, renames
        carried = _carried_on(series, renames.sure)
        self._together = walk(_with_costs(series, renames.sure, carried)) if carried else None

    def put_into(self, verdicts: Verdicts, chosen: NDArray[np.int64]) -> None:
        """Mend columns of `verdicts`, which are of the keys `chosen`."""
        for at in np.flatnonzero(np.isin(chosen, self._renames.columns)):
            column = int(chosen[at])
            own = Verdicts(**{field.name: getattr(verdicts, field.name)[:, at] for field in fields(Verdicts)})
            if held := {day for key, day in self._renames.held if key == column}:
                _hold_back(own, int(self._series.first[column]), held, len(self._series.days))
            self._carry_on(own, column)

    def _carry_on(self, own: Verdicts, column: int) -> None:
        cost = self._series.cost
        for at, pair in enumerate(self._renames.sure):
            if pair.new == column and self._together is not None:
                _carry_on(own, _of(self._together, at), pair, cost[pair.day, pair.old])
            if pair.old == column:
                _forget_drop(own, cost[:, column], pair.day)


def _carried_on(series: DailySeries, sure: Sequence[Rename]) -> list[Row]:
    """The costs of each pair as one key."""
    costs: dict[int, Row] = {}
    for pair in sure:
        old, new = costs.get(pair.old, series.cost[:, pair.old]), series.cost[:, pair.new]
        joined = np.concatenate([old[: pair.day], new[pair.day :]])
        joined[pair.day] += old[pair.day]
        costs[pair.new] = joined
    return [costs[pair.new] for pair in sure]


def _with_costs(series: DailySeries, sure: Sequence[Rename], costs: Sequence[Row]) -> DailySeries:
    matrix = np.stack(costs, axis=1)
    first = np.where((np.nan_to_num(matrix) != 0).any(axis=0), (np.nan_to_num(matrix) != 0).argmax(axis=0), len(matrix))
    keys = pd.Index([series.keys[pair.new] for pair in sure], dtype=object, tupleize_cols=False)
    return DailySeries(keys, series.days, matrix, first.astype(np.int64))


def _of(verdicts: Verdicts, column: int) -> Verdicts:
    return Verdicts(**{field.name: getattr(verdicts, field.name)[:, column] for field in fields(Verdicts)})


def _hold_back(own: Verdicts, first: int, held: set[int], days: int) -> None:
    """A new key is told on the first morning, from that of the rule on, on which it does not look like a rename."""
    if own.kind[first] != NEW or own.score[first] < 1:
        return
    told = first + int(own.wait[first])
    mornings = range(told, min(first + SURE_AFTER_DAYS + 1, days))
    free = next((morning for morning in mornings if morning not in held), None)
    for row in {first, told}:
        if free is None:
            own.kind[row] = 0
            own.score[row] = min(own.score[row], NOT_QUITE)
            own.wait[row] = max(own.wait[row], SURE_AFTER_DAYS)
        else:
            own.wait[row] = free - row


def _carry_on(own: Verdicts, joined: Verdicts, pair: Rename, left_over: float) -> None:
    """From the hand-over on a new key is judged with the history of the old one; told once the pair is sure."""
    sure = pair.day + SURE_AFTER_DAYS
    rows = np.arange(pair.day, len(own.score))
    wait = np.maximum(joined.wait[rows], sure - rows)
    # What was told before is told: it was held to be new, and looks like a rename only since.
    told = (own.score[rows] >= 1) & (rows + own.wait[rows] < sure)
    replaced = rows[~told]
    for name in ("expected", "lower", "upper", "score", "impact", "kind"):
        getattr(own, name)[replaced] = getattr(joined, name)[replaced]
    own.wait[replaced] = wait[~told]
    if not told[0]:
        for limit in (own.expected, own.lower, own.upper):
            limit[pair.day] -= left_over


def _forget_drop(own: Verdicts, cost: Row, day: int) -> None:
    """An old key has not dropped, for as long as it stays away."""
    back = np.flatnonzero(np.abs(cost[day + 1 :]) > NOTHING * np.nanmean(cost[day - 7 : day]))
    rows = np.arange(day, day + 1 + int(back[0]) if len(back) else len(cost))
    drops = rows[own.kind[rows] == DROP]
    own.kind[drops] = 0
    own.score[drops] = np.minimum(own.score[drops], NOT_QUITE)
