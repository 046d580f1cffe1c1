"""Every key changes by one factor on one day: that is money in another currency, not a hundred incidents.

A frame does not say so itself. Loads differ from key to key, and prices that are flat to a tenth of a per cent never
all move alike; only a unit does. Days from the change on are judged against the days before in the new unit.

Causal as `analysis.anomalies.renamed` is: while all fits, nothing is told; it is sure `SURE_AFTER_DAYS` after the
change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.renamed import SURE_AFTER_DAYS
from analysis.anomalies.usual_days import WEEKS, usual_days
from analysis.anomalies.walk import NEW, NOT_QUITE, STEP, Verdicts
from analysis.daily_series import DailySeries, Mask, Matrix, Row

#: Factors between these are no other unit but a price: nothing to be sure of, and little to be wrong about.
LEAST_FALL, LEAST_RISE = 0.8, 1.25

#: Keys whose common factor it must be, and the share of all keys that must go along within their own noise.
LEAST_KEYS, SHARE = 5, 0.8

#: How closely flat keys agree on the factor, and how flat a key must be to have a say.
AGREE, FLAT = 0.002, 0.002

#: From this factor on (or its inverse) keys need not be flat. Six times of everything may be a fleet that ran away, and
#: to be silent about that is worse than a storm of alerts.
FAR = 20.0

#: Factors of small whole numbers are a fleet that doubled, in prices that are flat: no rate of exchange is so round.
ROUND = np.log([many / few for many in range(1, 11) for few in (1, 2, 3)])
ROUND = np.unique(np.concatenate([ROUND, -ROUND]))

#: Sigmas of a key within which it goes along.
SIGMAS = 5.0

#: Keys that are looked at first; a unit moves all of them.
SAMPLE = 48

HISTORY_DAYS = 7 * WEEKS


@dataclass(frozen=True, slots=True)
class Change:
    """From the day at position `day` on, costs are `factor` times what they were.

    `mornings` are those on which all fitted, positions of the first days; it is sure once there were enough of them.
    """

    day: int
    factor: float
    mornings: frozenset[int]
    is_sure: bool


class InOneUnit:
    """Verdicts on days after a change of unit, in place of those that hold different units against each other."""

    def __init__(self, series: DailySeries, walk: Callable[[DailySeries], Verdicts]) -> None:
        self.changes = unit_changes(series)
        self._walk = walk

    def put_into(self, verdicts: Verdicts, block: DailySeries) -> None:
        """Replace the rows of `verdicts` that a change concerns; they are of the keys of `block`."""
        cost = block.cost
        for change in self.changes:
            _hold_back(verdicts, change, len(cost))
            if not change.is_sure:
                continue
            cost = np.concatenate([cost[: change.day] * change.factor, cost[change.day :]])
            told = self._walk(DailySeries(block.keys, block.days, cost, block.first))
            rows, sure = slice(change.day, None), change.day + SURE_AFTER_DAYS
            day = np.arange(change.day, len(cost))[:, None]
            np.maximum(told.wait[rows], sure - day, out=told.wait[rows], casting="unsafe")
            # A new key is new in any unit, and was told when it was.
            stays = (verdicts.score[rows] >= 1) & (day + verdicts.wait[rows] < sure)
            for field in fields(Verdicts):
                own, other = getattr(verdicts, field.name)[rows], getattr(told, field.name)[rows]
                own[~stays] = other[~stays]


def in_newest_unit(series: DailySeries) -> DailySeries:
    """All costs in the unit of the newest ones, by the factors that they changed by."""
    cost = series.cost
    for change in standing_changes(series):
        cost = np.concatenate([cost[: change.day] * change.factor, cost[change.day :]])
    return series if cost is series.cost else DailySeries(series.keys, series.days, cost, series.first)


def standing_changes(series: DailySeries) -> list[Change]:
    """Those of `unit_changes` that are sure, or that the newest day does not speak against."""
    last = len(series.days) - 1
    return [change for change in unit_changes(series) if change.is_sure or max(change.mornings) == last]


def unit_changes(series: DailySeries) -> list[Change]:
    """All changes of unit, in order of their days."""
    cost, last = series.cost, len(series.days) - 1
    changes: list[Change] = []
    for day in _candidates(cost, series.first):
        before = cost[day - HISTORY_DAYS : day]
        mornings = range(day, min(day + SURE_AFTER_DAYS, last) + 1)
        factors = {morning: common_factor(before, cost[day : morning + 1]) for morning in mornings}
        fits = frozenset(morning for morning, factor in factors.items() if factor is not None)
        if fits:
            is_sure = len(fits) == SURE_AFTER_DAYS + 1
            changes.append(Change(day, factors[max(fits)] or 1.0, fits, is_sure))
    return changes


def common_factor(before: Matrix, after: Matrix) -> float | None:
    """The factor by which all keys moved, or None where they did not move alike.

    Args:
        before: the last four weeks × keys. after: the one to three days after them, the newest perhaps incomplete.
    """
    usual = usual_days(before)
    spent = (usual.cost[: len(after)] > 0.1 * usual.mean) & (after > 0)
    fair = usual.known & np.asarray(spent.all(axis=0))
    if fair.sum() < SHARE * usual.known.sum() or _levels(usual.mean[fair]) < LEAST_KEYS:
        return None
    ratio, sigma = np.log(after[:, fair] / usual.cost[: len(after)][:, fair]), usual.sigma[fair]
    flat = sigma <= FLAT
    has_flat = int(flat.sum()) >= LEAST_KEYS
    factor = float(np.median(ratio[0][flat] if has_flat else ratio[0]))
    if np.log(LEAST_FALL) <= factor <= np.log(LEAST_RISE):
        return None
    close = _along(ratio, factor, np.maximum(AGREE, 4 * sigma))
    is_precise = has_flat and int((close & flat).sum()) >= max(LEAST_KEYS, SHARE * flat.sum())
    is_precise &= bool((np.abs(ROUND - factor) > AGREE).all())
    along = _along(ratio, factor, np.clip(SIGMAS * sigma, 0.02, 1.0))
    if along.mean() < SHARE or not (is_precise or abs(factor) >= np.log(FAR)):
        return None
    return float(np.exp(factor))


def _levels(mean: Row) -> int:
    """How many different costs there are: copies of one key are one witness."""
    return len(np.unique(np.round(np.log(mean), 3)))


def _is_alike(before: Matrix, after: Matrix) -> bool:
    """Whether some keys may have moved alike on one day: they need not be flat, nor all."""
    usual = usual_days(before)
    fair = usual.known & (usual.cost[0] > 0.1 * usual.mean) & (after[0] > 0)
    if not fair.any():
        return False
    ratio, sigma = np.log(after[:, fair] / usual.cost[:1, fair]), usual.sigma[fair]
    return float(_along(ratio, float(np.median(ratio)), np.clip(SIGMAS * sigma, 0.05, 1.0)).mean()) >= 0.75 * SHARE


def _along(ratio: Matrix, factor: float, room: Row) -> Mask:
    """Keys that moved by the factor. The newest days may still grow: there they must only not be above it."""
    settled = np.arange(len(ratio))[:, None] <= len(ratio) - 1 - SURE_AFTER_DAYS
    # A rise cannot come from days that are incomplete.
    whole = settled | (factor > 0)
    return np.asarray(((ratio <= factor + room) & (~whole | (ratio >= factor - room))).all(axis=0))


def _candidates(cost: Matrix, first: NDArray[np.int64]) -> list[int]:
    """Days on which the middle one of some keys leaves the week before it behind, or below."""
    if len(cost) <= HISTORY_DAYS:
        return []
    old = np.flatnonzero(first <= HISTORY_DAYS)
    some = cost[:, old[:: max(1, len(old) // SAMPLE)]]
    if some.shape[1] < LEAST_KEYS:
        return []
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.log(some[HISTORY_DAYS:] / some[HISTORY_DAYS - 7 : -7])
    change = np.where(np.isfinite(change), change, np.nan)
    known = (~np.isnan(change)).sum(axis=1) >= LEAST_KEYS
    middle = np.zeros(len(change))
    middle[known] = np.nanmedian(change[known], axis=1)
    far = (middle > np.log(LEAST_RISE)) | (middle < np.log(LEAST_FALL))
    begins = far & (np.abs(np.diff(middle, prepend=0.0)) > np.log(1.2))
    days = (int(at) + HISTORY_DAYS for at in np.flatnonzero(begins))
    return [day for day in days if _is_alike(some[day - HISTORY_DAYS : day], some[day : day + 1])]


def _hold_back(verdicts: Verdicts, change: Change, days: int) -> None:
    """What would be told while all keys move alike waits for the first morning on which they do not."""
    mornings = range(change.day, min(change.day + SURE_AFTER_DAYS, days - 1) + 1)
    for row in range(max(0, change.day - SURE_AFTER_DAYS), mornings.stop):
        told_at = row + verdicts.wait[row].astype(np.int64)
        for morning in mornings:
            if morning not in change.mornings:
                continue
            free = next((later for later in mornings if later > morning and later not in change.mornings), None)
            storm = verdicts.kind[row] != NEW if row >= change.day else verdicts.kind[row] == STEP
            keys = np.flatnonzero((told_at == morning) & (verdicts.score[row] >= 1) & storm)
            if free is None:
                verdicts.score[row, keys] = np.minimum(verdicts.score[row, keys], NOT_QUITE)
                verdicts.kind[row, keys] = 0
                verdicts.wait[row, keys] = np.maximum(verdicts.wait[row, keys], SURE_AFTER_DAYS)
            else:
                verdicts.wait[row, keys] = free - row
