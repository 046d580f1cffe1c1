"""How far from expectation an ordinary day is, by type of day, with the tail a bursty service has earned itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.history import Calendar, History
from analysis.daily_series import Matrix, Row

#: Even a flat service has blips (clock changes, rounding) of this share.
MIN_SCALE = 0.02

#: Until this many ordinary days are known, the scale is at least `YOUNG_SCALE`.
YOUNG_DAYS, YOUNG_SCALE = 12, 0.12

#: A value of ordinary days is the standard deviation when the middle half is normal.
MAD_TO_SIGMA = 1.4826

#: Weekends are few: their scale is at least this share of the working days', and the other way round.
BORROWED = 0.8

#: Ordinary days a scale looks back on: nine weeks of working days, twelve of weekends, eight of means of three days.
WORKING_DAYS, WEEKEND_DAYS, TRIPLES = 45, 24, 56

#: Weekdays after which the scale of working days is measured again; that of weekends is after their Sunday.
MEASURED_AFTER = (0, 2, 4)

#: Irregular bursts of 120 days from which on a key is bursty, and very bursty.
BURSTY, VERY_BURSTY = 2, 3


@dataclass(frozen=True, slots=True)
class Scale:
    """Of one day, all relative to `unit`.

    `raw` is the robust sigma as measured, `sigma` the same but never below what a flat service's blips make it, `tail`
    the 97th percentile of ordinary days, `bursts` how high bursts must be to be news, and `three` the robust sigma of
    means of three days: larger than `sigma` says where noise lasts.
    """

    sigma: Row
    raw: Row
    tail: Row
    bursts: Row
    three: Row
    unit: Row


class Spread:
    """The newest ordinary deviations of every key; rows are keys, so that a key's deviations are sorted fast."""

    def __init__(self, keys: int) -> None:
        self._seen = [np.full((keys, length), np.nan) for length in (WORKING_DAYS, WEEKEND_DAYS, TRIPLES)]
        self._next = [0, 0, 0]
        self._sigma = [np.full(keys, YOUNG_SCALE) for _ in range(3)]
        self._tail = [np.zeros(keys), np.zeros(keys)]
        self._young = [np.ones(keys, dtype=bool), np.ones(keys, dtype=bool)]
        self._bursts = np.zeros(keys)
        self._look_again = np.zeros(keys, dtype=bool)

    def on(self, history: History, calendar: Calendar, t: int, expected: Row) -> Scale:
        """The scale of day `t` from ordinary days of the same type (working day or weekend) before it."""
        kind = int(calendar.weekend[t])
        sigma = np.maximum(self._sigma[kind], BORROWED * self._sigma[1 - kind])
        sigma = np.maximum(sigma, np.where(self._young[kind], YOUNG_SCALE, MIN_SCALE))
        self._keep_bursts(history, t)
        return Scale(
            sigma, self._sigma[kind], self._tail[kind], self._bursts, self._sigma[2], unit_of(history, t, expected)
        )

    def learn(self, calendar: Calendar, t: int, deviation: Row, three: Row) -> None:
        """Add day `t`: relative distances of the day and of the three days to it; NaN where they are no rule."""
        kind, weekday = int(calendar.weekend[t]), int(calendar.weekday[t])
        self._add(kind, deviation)
        self._add(2, three)
        if weekday in MEASURED_AFTER or weekday == 6:
            ordered = np.sort(self._seen[kind], axis=1)
            known = _known(ordered)
            self._sigma[kind] = _sigma(ordered, known)
            self._tail[kind] = np.where(known > 0, _quantile(ordered, known, 0.97), 0.0)
            self._young[kind] = known < YOUNG_DAYS
        if weekday == 6:
            ordered = np.sort(self._seen[2], axis=1)
            self._sigma[2] = _sigma(ordered, _known(ordered))

    def look_again(self, keys: NDArray[np.int64]) -> None:
        """Bursts of the past of `keys` were found to be none."""
        self._look_again[keys] = True

    def _add(self, which: int, values: Row) -> None:
        seen, place = self._seen[which], self._next[which]
        seen[:, place] = np.abs(values)
        self._next[which] = (place + 1) % seen.shape[1]

    def _keep_bursts(self, history: History, t: int) -> None:
        """The second highest burst of 120 days, the last week left out; of a very bursty key above the highest.

        0 below two. Only where a burst comes into the window or leaves it is there anything to do.
        """
        changed = self._look_again
        self._look_again = np.zeros(len(changed), dtype=bool)
        for day in (t - 8, t - 121):
            if day >= 0:
                changed |= history.burst_start[day] > 0
        keys = np.flatnonzero(changed)
        if not len(keys):
            return
        starts = history.burst_start[max(0, t - 120) : t - 7].take(keys, axis=1)
        ordered = np.sort(np.where(np.isnan(starts), 0.0, starts), axis=0)
        if len(ordered) < BURSTY:
            return
        often = (ordered > 0).sum(axis=0) >= VERY_BURSTY
        self._bursts[keys] = np.where(often, 1.15 * ordered[-1], ordered[-BURSTY])


def unit_of(history: History, t: int, expected: Row) -> Row:
    """What deviations are relative to: the expectation, but never a vanishing one (an idle weekend)."""
    week = history.clean[max(0, t - 7) : t]
    known = ~np.isnan(week)
    mean = np.abs(np.where(known, week, 0.0).sum(axis=0)) / np.maximum(np.add.reduce(known, axis=0, dtype=np.int8), 1)
    unit: Row = np.fmax(np.fmax(np.abs(expected), 0.15 * mean), 0.01)
    return unit


def _known(ordered: Matrix) -> NDArray[np.int64]:
    return np.asarray(ordered.shape[1] - np.isnan(ordered).sum(axis=1), dtype=np.int64)


def _sigma(ordered: Matrix, known: NDArray[np.int64]) -> Row:
    return np.where(known > 0, MAD_TO_SIGMA * _quantile(ordered, known, 0.5), YOUNG_SCALE)


def _quantile(ordered: Matrix, known: NDArray[np.int64], share: float) -> Row:
    """A quantile of each row of `ordered`, NaN last, interpolated."""
    position = np.maximum(known - 1, 0) * share
    below = position.astype(np.int64)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    row = np.arange(len(ordered))
    low = ordered[row, below]
    result: Row = low + (ordered[row, above] - low) * (position - below)
    return result
