"""What the learned score looks at: how a day stands against everything known on its morning, for few keys at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.detectors import Verdict
from analysis.anomalies.explanations import Excuse
from analysis.anomalies.history import Calendar, History
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.scale import MAD_TO_SIGMA, Scale
from analysis.daily_series import Matrix, Row, median_of_rows

#: Columns of a feature matrix, and which way each may speak for an incident: 1 the more, -1 the less, 0 either.
FEATURES: dict[str, int] = {
    "score of the rule": 1,
    "score of one day": 1,
    "score of three days": 1,
    "dollars against what matters": 1,
    "sigmas from expectation": 1,
    "share of the tail": 1,
    "share of what is excused": 1,
    "change in per cent": 1,
    "against the highest day of 90": 1,
    "against its weekday's highest of 91": 1,
    "against the highest burst": 1,
    "against the farthest day of 180": 1,
    "against the farthest three days of 180": 1,
    "days as far in 180": -1,
    "jump against its usual jumps": 1,
    "sharpest jump of three days": 1,
    "against yesterday": 0,
    "yesterday's distance": 0,
    "the day before's distance": 0,
    "irregular bursts in 120 days": -1,
    "days of bursts in 120": -1,
    "noise of a day": 0,
    "noise that lasts": 0,
    "weight of the tail": 0,
    "this week's level": 0,
    "growth of four weeks": 0,
    "swing of weeks": -1,
    "age in days": 0,
    "idle days in 56": -1,
    "alert days in 90, the last ten left out": -1,
    "at a month's edge": -1,
    "weekend": 0,
    "day off": -1,
    "near a day off": -1,
    "expected dollars": 0,
}

#: Share below which noise is rounding.
LEAST_SIGMA = 0.004

#: A day after one of nothing is infinitely more; this much is enough to know.
MOST_AGAINST_YESTERDAY = 4.0

#: Days looked back on for how far the key went without an alert.
FAR_DAYS = 180

#: Share of today's distance that an earlier day must have had to be as far.
AS_FAR = 0.7

#: Days whose changes from one to the next tell how far a key jumps.
JUMP_DAYS = 56

#: Share below which a jump is rounding.
LEAST_JUMP = 0.01

#: Alerts of these last days may be the same incident: they must not speak for themselves.
REST_DAYS = 10

Keys = NDArray[np.int64]


def features(
    history: History,
    calendar: Calendar,
    t: int,
    keys: Keys,
    *,
    verdict: Verdict,
    one_day: Row,
    three_days: Row,
    spread: Scale,
    excused: Excuse,
    alerts: Matrix,
    material: Materiality,
) -> Matrix:
    """A row per key in the order of `FEATURES`; sizes are of the distance from expectation, whichever way it goes.

    Args:
        verdict: of the detector that speaks; `one_day` and `three_days` are scores of two of them.
        alerts: scores of the days before, days × keys, to see how often a key alerted.
    """
    expected, impact = verdict.expected[keys], np.abs(verdict.impact[keys])
    unit, cost = spread.unit[keys], history.cost[t, keys]
    relative = impact / unit
    sigma, tail = np.maximum(spread.raw[keys], LEAST_SIGMA), spread.tail[keys]
    past, way = _Past.of(history, t, keys, alerts), np.sign(verdict.impact[keys])
    starts = history.burst_start[max(0, t - 120) : max(0, t)].take(keys, axis=1)
    before = history.cost[max(0, t - 1), keys]
    farthest, farthest_three, as_far = _earlier(past, relative, way)
    room = np.maximum(excused.for_a_day[keys] - expected, 0.0)
    columns = [
        verdict.score[keys],
        one_day[keys],
        three_days[keys],
        impact / np.maximum(material.gate(expected), 0.01),
        relative / sigma,
        relative / np.maximum(tail, 0.01),
        impact / np.maximum(room, 0.05 * unit),
        impact / np.maximum(np.abs(expected), 0.15 * unit),
        cost / np.maximum(_highest(past.cost[-90:]), 0.01),
        cost / np.maximum(_highest(past.cost[-7:-92:-7]), 0.01),
        relative / np.maximum(_highest(starts), 0.1),
        relative / np.maximum(farthest, 0.05),
        relative / np.maximum(farthest_three, 0.03),
        as_far,
        *_jumps(past, _share(cost, history.expected[t, keys]), way),
        np.minimum(cost / np.maximum(before, 0.01), MOST_AGAINST_YESTERDAY),
        past.distance(1) / sigma,
        past.distance(2) / sigma,
        (starts > 0).sum(axis=0),
        (history.burst[max(0, t - 120) : t].take(keys, axis=1) > 0).sum(axis=0),
        sigma,
        spread.three[keys] / sigma,
        tail / sigma,
        history.level[t, keys],
        _change(history, t - 1, t - 29, keys),
        _swing(history, t, keys),
        np.minimum(history.age(t)[keys], 200),
        (np.abs(past.cost[-56:]) < 0.01).sum(axis=0),
        past.alerted[-90:-REST_DAYS].sum(axis=0),
        calendar.edge[t],
        calendar.weekend[t],
        calendar.holiday[t],
        calendar.near_holiday[t],
        np.abs(expected),
    ]
    found = np.empty((len(columns), len(keys)))
    for at, column in enumerate(columns):
        found[at] = column
    found = found.T
    return np.where(np.isfinite(found), np.minimum(np.maximum(found, -50.0), 1e4), 0.0)


@dataclass(frozen=True, slots=True)
class _Past:
    """The last `FAR_DAYS` days × the keys asked about, the newest last; what many features look at is gathered once.

    `far` is the distance from expectation as a share of it, `alerted` whether the key alerted.
    """

    cost: Matrix
    far: Matrix
    alerted: NDArray[np.bool_]

    @classmethod
    def of(cls, history: History, t: int, keys: Keys, alerts: Matrix) -> _Past:
        days = slice(max(0, t - FAR_DAYS), t)
        cost = history.cost[days].take(keys, axis=1)
        far = _share(cost, history.expected[days].take(keys, axis=1))
        return cls(cost, far, alerts[days].take(keys, axis=1) >= 1)

    def distance(self, days: int) -> Row:
        """Of one day, so many days ago."""
        return self.far[-days] if days <= len(self.far) else np.zeros(self.far.shape[1])


def _share(cost: Matrix, usual: Matrix) -> Matrix:
    share: Matrix = (cost - usual) / np.maximum(np.abs(usual), 0.01)
    return share


def _highest(days: Matrix) -> Row:
    highest: Row = np.fmax.reduce(days, axis=0, initial=0.0)
    return highest


def _earlier(past: _Past, relative: Row, way: Row) -> tuple[Row, Row, NDArray[np.int64]]:
    """How far a day and three days in a row went that way without an alert, and how many days went about as far."""
    far, alerted = way * past.far[:-REST_DAYS], past.alerted[:-REST_DAYS]
    far = np.where(np.isnan(far) | alerted, 0.0, np.minimum(far, 10.0))
    if len(far) < 3:
        nothing = np.zeros(len(relative))
        return nothing, nothing, nothing.astype(np.int64)
    three = (far[2:] + far[1:-1] + far[:-2]) / 3
    return far.max(axis=0), three.max(axis=0), (far >= AS_FAR * relative).sum(axis=0)


def _jumps(past: _Past, today: Row, way: Row) -> tuple[Row, Row]:
    """How much farther from expectation the day is than yesterday, in usual changes from day to day; and the most of
    the last three days. Weather and moods come over days, an incident comes overnight.

    Args:
        today: the day's distance, as `past.far`.
    """
    far = np.minimum(np.maximum(np.vstack([past.far[-JUMP_DAYS - 4 :], today]), -1.0), 10.0)
    change = far[1:] - far[:-1]
    if len(change) < 10:
        nothing = np.zeros(len(way))
        return nothing, nothing
    scale = MAD_TO_SIGMA * median_of_rows(np.abs(change[:-3])) + LEAST_JUMP
    newest = way * change[-3:]
    newest = np.where(np.isnan(newest), 0.0, newest)
    return newest[-1] / scale, newest.max(axis=0) / scale


def _change(history: History, day: int, other: int, keys: Keys) -> Row:
    """One week over another, as a factor; 1 where there is none."""
    if other < 0:
        return np.ones(len(keys))
    now, then = history.weekly[day, keys], history.weekly[other, keys]
    change: Row = np.divide(now, then, out=np.ones(len(keys)), where=then > 0.01)
    return change


def _swing(history: History, t: int, keys: Keys) -> Row:
    """How much weeks change from one to the next, typically, in the last twelve."""
    weeks = history.weekly[max(t - 1, 0) : max(t - 85, 5) : -7].take(keys, axis=1)
    if len(weeks) < 3:
        return np.zeros(len(keys))
    steps = np.abs(weeks[:-1] - weeks[1:]) / np.maximum(np.abs(weeks[1:]), 0.01)
    swing: Row = np.where(np.isnan(steps), 0.0, np.minimum(steps, 3.0)).mean(axis=0)
    return swing
