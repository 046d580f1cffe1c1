"""A key that is called otherwise from one day on: neither a new service nor a drop, but one cost that goes on.

AWS renames services and usage types, accounts are moved, tags respelt. The old key stops on the day a new one of the
same level starts; that day may be split between both. The new key is then judged with the old one's history.

Causal: until a pair is sure, `SURE_AFTER_DAYS` after the hand-over, each morning looks at the days so far. As long as
all fits, nothing is told; where it does not, the new key is told that morning. Bills of a day keep growing, so that a
day may be too small for two mornings, never too large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.anomalies import detectors
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.usual_days import WEEKS, usual_days
from analysis.daily_series import DailySeries, Mask, Matrix, Row

#: Days of an old key that say what its level was, days that it must be known for, and days that are looked through.
LEVEL_DAYS, LEAST_DAYS, MOST_DAYS = 7 * WEEKS, 35, 70

#: Share of what is usual that each of the last days before the hand-over must have cost.
STILL_THERE = 0.5

#: Days after the hand-over on which a pair is sure. As long as a drop waits to be told.
SURE_AFTER_DAYS = 2

#: Share of what is usual by which both together may be off, on a day and on the mean of the days: so many sigmas of the
#: old key, at least and at most.
A_DAY, THE_MEAN = (4.0, 0.15, 0.40), (2.5, 0.06, 0.30)

#: A day that may still grow must have this share of what is usual.
PARTIAL = 0.25

#: What keys of several parts are joined by, where they are text.
_BETWEEN_PARTS = re.compile(r"[\x1f|/]")

#: Share of what is usual that is nothing: what trickles in under an old name.
NOTHING = 0.01

#: A split day shows on the newest morning where the old key lacks this many of its sigmas, and this share, and where
#: both together make the whole, within so many sigmas or that share.
SPLIT_SIGMAS, SPLIT_SHARE = 6.0, 0.08
WHOLE_SIGMAS, WHOLE_SHARE = 2.0, 0.03


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

    def since(self, position: int, first: NDArray[np.int64]) -> Renames:
        """Those that matter for verdicts on days from `position` on; `first` are the keys' first days."""
        kept = {(column, day) for column, day in self.held if first[column] >= position - SURE_AFTER_DAYS}
        return Renames(self.sure, frozenset(kept))

    @property
    def columns(self) -> NDArray[np.int64]:
        """Of all keys concerned."""
        both = {column for pair in self.sure for column in (pair.old, pair.new)}
        return np.array(sorted(both | {column for column, _ in self.held}), dtype=np.int64)


def renames(series: DailySeries, material: Materiality) -> Renames:
    """Which keys are others under a new name. Looks only at days on which a key begins that costs enough to be told."""
    cost, last = series.cost, len(series.days) - 1
    sure: dict[int, Rename] = {}
    held: set[tuple[int, int]] = set()
    least = max(0.5 * material.min_impact, 0.01)
    begins = np.flatnonzero((series.first >= LEAST_DAYS) & (series.first <= last))
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
            distance = _distances(_history(cost, sure, day, stopped), days[:, stopped], days[:, fresh], least)
            pairs = list(_pairs(distance, series.keys, stopped, fresh))
            held |= {(new, morning) for _, new in pairs}
            if morning == day + SURE_AFTER_DAYS:
                sure |= {new: Rename(old, new, day) for old, new in pairs}
    return Renames(tuple(sure.values()), frozenset(held))


def _stopped(cost: Matrix, day: int, morning: int, fresh: NDArray[np.int64]) -> NDArray[np.int64]:
    """Columns that may have stopped on `day`, by a look at few days that is cheap."""
    usual = cost[day - 7 : day].mean(axis=0)
    if morning > day:
        return np.flatnonzero((np.abs(cost[day + 1]) <= NOTHING * usual) & (usual > 0))
    week_before, new = cost[day - 7], cost[day, fresh]
    lacks = week_before - cost[day]
    gone = (np.abs(cost[day]) <= NOTHING * usual) & (lacks >= 0.5 * new.min()) & (lacks <= new.max() / PARTIAL * 1.1)
    split = np.flatnonzero(lacks >= np.maximum(SPLIT_SHARE * week_before, 1.5 * np.abs(week_before - cost[day - 14])))
    room = 0.6 * lacks[split] + 0.05 * week_before[split]
    near = (np.abs(new - lacks[split][:, None]) <= room[:, None]).any(axis=1)
    return np.union1d(np.flatnonzero(gone), split[near])


def _is_one_part_apart(old: Any, new: Any) -> bool:
    """Of a key in parts (service and account) a new name changes one. Keys of one part may be anything."""
    one, other = _parts(old), _parts(new)
    return len(one) != len(other) or sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _parts(key: Any) -> tuple[str, ...]:
    return tuple(map(str, key)) if isinstance(key, tuple) else tuple(_BETWEEN_PARTS.split(str(key)))


def _history(cost: Matrix, sure: Mapping[int, Rename], day: int, columns: NDArray[np.int64]) -> Matrix:
    """The days before `day`; of a key that was renamed itself, those under its old name too."""
    start = max(0, day - MOST_DAYS)
    before = cost[start:day, columns].copy()
    for at, column in enumerate(columns.tolist()):
        pair = sure.get(column)
        if pair is not None and (since := pair.day - start) > 0:
            before[:since, at] = cost[start : pair.day, pair.old]
            before[since, at] += cost[pair.day, pair.old]
    return before


def _goes_on(before: Matrix) -> Mask:
    """Keys that cost something to the last, and never rested for three days: only such a key stops.

    One that rests, such as a free tier at the start of a month, comes back.
    """
    idle = np.abs(before) <= 0.01
    rests = (idle[2:] & idle[1:-1] & idle[:-2]).any(axis=0)
    middle = np.median(before[-LEVEL_DAYS:].reshape(WEEKS, 7, -1), axis=0)
    there = (before[-3:] >= STILL_THERE * middle[-3:]).all(axis=0)
    known = (~np.isnan(before[-LEAST_DAYS:])).all(axis=0)
    return np.asarray(~rests & there & known)


def _distances(before: Matrix, old: Matrix, new: Matrix, least: float) -> Matrix:
    """Old × new: how far both together are from what the old key did, as a share; infinite where they do not fit.

    Args:
        before: the days before the hand-over, of the old keys. old, new: the days since.
    """
    usual = usual_days(before[-LEVEL_DAYS:])
    count = len(old)
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
    fits &= _goes_on(before)[:, None]
    fits &= _handed_over(old, new[0], expected, usual.mean, usual.sigma)
    distance = np.abs(over.sum(axis=0)) / np.maximum(unit.sum(axis=0), 0.01)[:, None]
    return np.where(fits, distance, np.inf)


def _pairs(
    distance: Matrix, keys: pd.Index[Any], stopped: NDArray[np.int64], fresh: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """Columns of old and new keys that fit, the closest first; each key once."""
    taken: set[int] = set()
    for position in np.argsort(distance, axis=None, kind="stable")[: int(np.isfinite(distance).sum())]:
        at, other = np.unravel_index(position, distance.shape)
        old, new = int(stopped[at]), int(fresh[other])
        if not {old, new} & taken and _is_one_part_apart(keys[old], keys[new]):
            taken |= {old, new}
            yield old, new


def _handed_over(old: Matrix, new: Row, expected: Matrix, mean: Row, sigma: Row) -> Mask:
    """Old × new: whether the old key has stopped. On the first morning a split day must show what it lacks."""
    nothing = NOTHING * np.maximum(expected, mean)
    if len(old) > 1:
        stopped = np.asarray((np.abs(old[1:]) <= nothing[1:]).all(axis=0))
        return stopped[:, None] & np.ones(len(new), dtype=bool)
    lacks = expected[0] - old[0]
    clear = lacks >= np.maximum(SPLIT_SIGMAS * sigma, SPLIT_SHARE) * expected[0]
    whole = np.maximum(WHOLE_SIGMAS * sigma, WHOLE_SHARE) * expected[0]
    split = clear[:, None] & (np.abs(new - lacks[:, None]) <= whole[:, None])
    return np.asarray((np.abs(old[0]) <= nothing[0])[:, None] | split)
