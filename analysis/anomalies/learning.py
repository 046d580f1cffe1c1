"""What a day teaches: which of it a baseline may learn from, what was a burst, and what is a habit after all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.explanations import alike, recurs
from analysis.anomalies.history import Calendar, History
from analysis.anomalies.scale import Scale, Spread
from analysis.daily_series import Mask, Matrix, Row

#: Burst days in 60 that are more than a few charges and batches explain.
DENSE_BURSTS = 6

#: How far below expectation, in its units, a day is more than noise however noisy the key.
NEXT_TO_NOTHING = 0.85

#: Share by which the same weekday's costs of three weeks may differ and be a habit.
HABIT = 0.25


def learn(history: History, calendar: Calendar, t: int, scale: Scale, spread: Spread, scores: Matrix) -> None:
    """What day `t` adds to the clean history.

    Args:
        scale: of day `t`; `spread` is where the next days' scales come from.
        scores: days × keys, up to day `t`; 1 and more alerts.
    """
    cost, expected, score = history.cost[t], history.expected[t], scores[t]
    holiday = bool(calendar.holiday[t])
    known = ~np.isnan(expected) & ~np.isnan(cost)
    distance = np.where(known, cost - expected, 0.0)
    relative = distance / scale.unit
    flagged = score >= 1
    outside = np.maximum(3.5 * scale.sigma, np.minimum(scale.tail, 0.5))
    after_alert = (history.away[t - 1] > 0) & (score > 0.5) if t else np.zeros(len(cost), dtype=bool)
    high = known & (flagged | after_alert | (relative > outside))
    # Noise never explains a day that costs next to nothing.
    low = known & ((relative < -np.minimum(outside, NEXT_TO_NOTHING)) | (holiday & (relative < 0)))
    burst = known & (flagged | (relative > np.maximum(1.3 * outside, 0.2)))
    _keep_bursts(history, calendar, t, spread, burst=burst, distance=distance, relative=relative)
    history.clean[t] = np.where(high | low, expected, cost)
    # A day below is still a day that was seen: it may excuse nothing, but a drop is measured against it.
    history.seen[t] = np.where(high, expected, cost)
    away = high.astype(np.int8)
    if not holiday:
        away -= low
        _learn_habit(history, t, away)
    history.away[t] = away
    off_work = low & holiday
    ordinary = known & ~flagged & ~burst & ~after_alert & ~off_work
    history.relative[t] = np.where(ordinary, np.minimum(np.maximum(relative, -1.0), 1.0), np.nan)
    three_days = history.relative[max(0, t - 2) : t + 1]
    spread.learn(calendar, t, history.relative[t], np.add.reduce(three_days, axis=0) / len(three_days))


def unlearn_step(history: History, day: int, keys: NDArray[np.int64], usual: Row) -> None:
    """Day `day` of `keys` belongs to a step that was seen later: it stands as `usual`, unless it was away already."""
    learnt = history.away[day, keys] == 0
    some = keys[learnt]
    history.clean[day, some] = usual[learnt]
    history.seen[day, some] = usual[learnt]
    history.away[day, some] = 1


def add_week(history: History, t: int) -> None:
    """The week that ends on day `t`, once the day and what it unlearnt are known."""
    history.weekly[t] = history.seen[max(0, t - 6) : t + 1].sum(axis=0) if t >= 6 else np.nan


def _keep_bursts(
    history: History, calendar: Calendar, t: int, spread: Spread, *, burst: Mask, distance: Row, relative: Row
) -> None:
    keys = np.flatnonzero(burst)
    if not len(keys):
        return
    history.burst[t, keys] = distance[keys]
    begins = keys[history.burst[t - 1, keys] <= 0] if t else keys
    # What comes regularly does not make a key bursty; where bursts are dense, some fall on the same day by chance.
    dense = (history.burst[max(0, t - 60) : t, begins] > 0).sum(axis=0) >= DENSE_BURSTS
    again = recurs(history, calendar, t, distance, begins)
    irregular = begins[dense | ~again]
    history.burst_start[t, irregular] = relative[irregular]
    _forgive(history, calendar, t, begins[again & ~dense], distance, spread)


def _forgive(
    history: History, calendar: Calendar, t: int, keys: NDArray[np.int64], distance: Row, spread: Spread
) -> None:
    """A burst that has come again was no bad luck the first time either."""
    if not len(keys):
        return
    earlier = np.ix_(calendar.alike[t], keys)
    same = alike(history.burst[earlier], distance[keys])
    history.burst_start[earlier] = np.where(same, np.nan, history.burst_start[earlier])
    spread.look_again(keys)


def _learn_habit(history: History, t: int, away: NDArray[np.int8]) -> None:
    """What the same weekday shows for the third week running is its habit, however it looked the first time."""
    if t < 14 or not away.any():
        return
    weeks = np.array([t, t - 7, t - 14])
    keys = np.flatnonzero((away != 0) & (history.away[t - 7] == away) & (history.away[t - 14] == away))
    if not len(keys):
        return
    cost = history.cost[np.ix_(weeks, keys)]
    middle = np.median(np.abs(cost), axis=0)
    steady = (np.abs(cost - np.median(cost, axis=0)) <= HABIT * middle).all(axis=0)
    habit = keys[steady]
    history.clean[np.ix_(weeks, habit)] = cost[:, steady]
    history.seen[np.ix_(weeks, habit)] = cost[:, steady]
    history.away[np.ix_(weeks[1:], habit)] = 0
    away[habit] = 0
