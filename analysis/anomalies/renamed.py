"""A key that is called otherwise from one day on: neither a new service nor a drop, but one cost that goes on.

AWS renames services and usage types, accounts are moved, tags respelt. The old key stops on the day a new one of the
same level starts; that day may be split between both. The new key is then judged with the old one's history.

Causal: until a pair is sure, `SURE_AFTER_DAYS` after the hand-over, each morning looks at the days so far. As long as
all fits, nothing is told; where it does not, the new key is told that morning. Bills of a day keep growing, so that a
day may be too small for two mornings, never too large.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.anomalies import detectors
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.usual_days import WEEKS, usual_days
from analysis.anomalies.walk import DROP, KINDS, NEW, NOT_QUITE, Verdicts
from analysis.daily_series import DailySeries, Mask, Matrix, Row

#: Days of an old key that say what its level was.
HISTORY_DAYS = 7 * WEEKS

#: Days after the hand-over on which a pair is sure. As long as a drop waits to be told.
SURE_AFTER_DAYS = 2

#: Share of what is usual by which both together may be off, on a day and on the mean of the days: so many sigmas of the
#: old key, at least and at most.
A_DAY, THE_MEAN = (5.0, 0.25, 0.50), (3.0, 0.15, 0.35)

#: A day that may still grow must have this share of what is usual.
PARTIAL = 0.25

#: Share of what is usual that is nothing: what trickles in under an old name.
NOTHING = 0.01

#: A split day shows on the newest morning where the old key lacks this many of its sigmas, and this share.
SPLIT_SIGMAS, SPLIT_SHARE = 2.5, 0.05


@dataclass(frozen=True, slots=True)
class Rename:
    """Columns of the old and the new key, and the position of the new one's first day."""

    old: int
    new: int
    day: int


@dataclass(frozen=True, slots=True)
class Renames:
    """Pairs that are sure, in order of their days, and mornings on which a new key was held back: (column, day)."""

    sure: tuple[Rename, ...]
    held: frozenset[tuple[int, int]]

    @property
    def columns(self) -> NDArray[np.int64]:
        """Of all keys concerned."""
        both = {column for pair in self.sure for column in (pair.old, pair.new)}
        return np.array(sorted(both | {column for column, _ in self.held}), dtype=np.int64)


class Judged:
    """Verdicts on the keys that renames concern, in place of those that take each key by itself."""

    def __init__(self, series: DailySeries, renames: Renames, walk: Callable[[DailySeries], Verdicts]) -> None:
        self.columns = renames.columns
        self._own: dict[int, Verdicts] = {}
        if not len(self.columns):
            return
        alone = walk(_columns(series, self.columns))
        self._own = {int(column): _of(alone, at) for at, column in enumerate(self.columns)}
        for column in sorted({column for column, _ in renames.held}):
            held = {day for key, day in renames.held if key == column}
            _hold_back(self._own[column], int(series.first[column]), held, len(series.days))
        carried = _carried_on(series, renames.sure)
        if not carried:
            return
        together = walk(_with_costs(series, renames.sure, carried))
        for at, pair in enumerate(renames.sure):
            _carry_on(self._own[pair.new], _of(together, at), pair, series.cost[pair.day, pair.old])
            _forget_drop(self._own[pair.old], series.cost[:, pair.old], pair.day)

    def put_into(self, verdicts: Verdicts, chosen: NDArray[np.int64]) -> None:
        """Replace columns of `verdicts`, which are of the keys `chosen`."""
        for at in np.flatnonzero(np.isin(chosen, self.columns)):
            for field in fields(Verdicts):
                getattr(verdicts, field.name)[:, at] = getattr(self._own[int(chosen[at])], field.name)


def renames(series: DailySeries, material: Materiality) -> Renames:
    """Which keys are others under a new name. Looks only at days on which a key begins that costs enough to be told."""
    cost, last = series.cost, len(series.days) - 1
    sure: list[Rename] = []
    held: set[tuple[int, int]] = set()
    least = max(0.5 * material.min_impact, 0.01)
    begins = np.flatnonzero((series.first >= HISTORY_DAYS) & (series.first <= last))
    for day in map(int, np.unique(series.first[begins])):
        began = begins[series.first[begins] == day]
        for morning in range(day, min(day + SURE_AFTER_DAYS, last) + 1):
            days = cost[day : morning + 1]
            # On its first morning a key need not be looked at unless it would be told.
            enough = detectors.NEW_DAYS * material.min_new if morning == day else least
            fresh = began[np.fmax.reduce(days[:, began], axis=0) >= enough]
            stopped = _stopped(cost, day, morning, fresh) if len(fresh) else fresh
            if not len(stopped):
                continue
            before = _history(cost, sure, day, stopped)
            pairs = [(int(stopped[old]), int(fresh[new])) for old, new in _pairs(before, days, stopped, fresh, least)]
            held |= {(new, morning) for _, new in pairs}
            if morning == day + SURE_AFTER_DAYS:
                sure += [Rename(old, new, day) for old, new in pairs]
    return Renames(tuple(sure), frozenset(held))


def _stopped(cost: Matrix, day: int, morning: int, fresh: NDArray[np.int64]) -> NDArray[np.int64]:
    """Columns that may have stopped on `day`, by a look at few days that is cheap."""
    usual = cost[day - 7 : day].mean(axis=0)
    if morning > day:
        return np.flatnonzero((np.abs(cost[day + 1]) <= NOTHING * usual) & (usual > 0))
    week_before, new = cost[day - 7], cost[day, fresh]
    lacks = week_before - cost[day]
    return np.flatnonzero(
        (lacks >= SPLIT_SHARE * week_before) & (lacks >= 0.4 * new.min()) & (lacks <= 4.5 * new.max())
    )


def _history(cost: Matrix, sure: Sequence[Rename], day: int, columns: NDArray[np.int64]) -> Matrix:
    """The four weeks before `day`; of a key that was renamed itself, those under its old name too."""
    before = cost[day - HISTORY_DAYS : day, columns].copy()
    for pair in sure:
        at = np.flatnonzero(columns == pair.new)
        since = pair.day - (day - HISTORY_DAYS)
        if len(at) and since > 0:
            before[:since, at] = cost[day - HISTORY_DAYS : pair.day, pair.old][:, None]
            before[since, at] += cost[pair.day, pair.old]
    return before


def _pairs(
    before: Matrix, days: Matrix, stopped: NDArray[np.int64], fresh: NDArray[np.int64], least: float
) -> Iterator[tuple[int, int]]:
    """Positions in `stopped` and `fresh` that fit on all days so far, the closest first; each key once."""
    old, new = days[:, stopped], days[:, fresh]
    usual = usual_days(before)
    count = len(days)
    unit = np.maximum(usual.cost, 0.25 * usual.mean)[:count]
    off, off_together = (
        np.clip(sigmas * usual.sigma, least_off, most) for sigmas, least_off, most in (A_DAY, THE_MEAN)
    )
    expected = usual.cost[:count]
    both = old[:, :, None] + new[:, None, :]
    over = both - expected[:, :, None]
    fits = (over <= (off * unit)[:, :, None]).all(axis=0)
    fits &= over.sum(axis=0) <= (off_together * unit.sum(axis=0))[:, None]
    settled = np.arange(count)[:, None] <= count - 1 - SURE_AFTER_DAYS
    low = np.where(settled, expected - off * unit, PARTIAL * expected)
    fits &= (both >= low[:, :, None]).all(axis=0)
    fits &= (usual.known & (usual.mean >= least) & (expected[0] > NOTHING * usual.mean))[:, None]
    fits &= _handed_over(old, new[0], expected, usual.mean, usual.sigma)
    distance = np.abs(over.sum(axis=0)) / np.maximum(unit.sum(axis=0), 0.01)[:, None]
    taken_old, taken_new = set[int](), set[int]()
    for position in np.argsort(np.where(fits, distance, np.inf), axis=None, kind="stable")[: int(fits.sum())]:
        one, other = (int(place) for place in np.unravel_index(position, fits.shape))
        if one not in taken_old and other not in taken_new:
            taken_old.add(one)
            taken_new.add(other)
            yield one, other


def _handed_over(old: Matrix, new: Row, expected: Matrix, mean: Row, sigma: Row) -> Mask:
    """Old × new: whether the old key has stopped. On the first morning a split day must show what it lacks."""
    nothing = NOTHING * np.maximum(expected, mean)
    if len(old) > 1:
        stopped: Mask = (np.abs(old[1:]) <= nothing[1:]).all(axis=0)[:, None] & np.ones(len(new), dtype=bool)
        return stopped
    lacks = expected[0] - old[0]
    share = np.maximum(SPLIT_SIGMAS * sigma, SPLIT_SHARE) * expected[0]
    split = (lacks >= share)[:, None] & (new >= 0.5 * lacks[:, None])
    return np.asarray((np.abs(old[0]) <= nothing[0])[:, None] | split)


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


def _columns(series: DailySeries, columns: NDArray[np.int64]) -> DailySeries:
    return DailySeries(series.keys[columns], series.days, series.cost[:, columns], series.first[columns])


def _of(verdicts: Verdicts, column: int) -> Verdicts:
    return Verdicts(**{field.name: getattr(verdicts, field.name)[:, column].copy() for field in fields(Verdicts)})


def _hold_back(own: Verdicts, first: int, held: set[int], days: int) -> None:
    """A new key is told on the first morning, from that of the rule on, on which it does not look like a rename."""
    if KINDS[own.kind[first]] != KINDS[NEW] or own.score[first] < 1:
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
