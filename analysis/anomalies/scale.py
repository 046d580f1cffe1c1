"""How far from expectation an ordinary day is, by type of day, with the tail a bursty service has earned itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.anomalies.history import Calendar, History
from analysis.daily_series import Row, quantile_of_rows

#: Even a flat service has blips (clock changes, rounding) of this share.
MIN_SCALE = 0.02

#: Until this many ordinary days are known, the scale is at least `YOUNG_SCALE`.
YOUNG_DAYS, YOUNG_SCALE = 12, 0.12

#: A value of ordinary days is the standard deviation when the middle half is normal.
MAD_TO_SIGMA = 1.4826


#: Weekends are few: their scale is at least this share of the working days', and the other way round.
BORROWED = 0.8

#: Irregular bursts of 120 days from which on a key is bursty, and very bursty.
BURSTY, VERY_BURSTY = 2, 3


@dataclass(frozen=True, slots=True)
class Scale:
    """Of one day, all relative to `unit`: the robust sigma, the tail seen, and how high bursts must be to be news."""

    sigma: Row
    tail: Row
    bursts: Row
    unit: Row


def scale(history: History, calendar: Calendar, t: int, expected: Row) -> Scale:
    """The scale of day `t` from ordinary days of the same type (working day or weekend) before it."""
    ordered = np.sort(np.abs(history.deviation[calendar.same_type[t]]), axis=0)
    known = (~np.isnan(ordered)).sum(axis=0)
    sigma = np.nan_to_num(MAD_TO_SIGMA * quantile_of_rows(ordered, 0.5), nan=YOUNG_SCALE)
    kind = int(calendar.weekend[t])
    history.sigma[kind] = sigma
    sigma = np.maximum(sigma, BORROWED * history.sigma[1 - kind])
    floor = np.where(known < YOUNG_DAYS, YOUNG_SCALE, MIN_SCALE)
    tail = np.nan_to_num(quantile_of_rows(ordered, 0.97))
    return Scale(np.maximum(sigma, floor), tail, _usual_bursts(history, t), unit_of(history, t, expected))


def unit_of(history: History, t: int, expected: Row) -> Row:
    """What deviations are relative to: the expectation, but never a vanishing one (an idle weekend)."""
    week = history.clean[max(0, t - 7) : t]
    known = np.maximum((~np.isnan(week)).sum(axis=0), 1)
    mean = np.abs(np.nansum(week, axis=0)) / known
    unit: Row = np.maximum(np.maximum(np.abs(np.nan_to_num(expected)), 0.15 * mean), 0.01)
    return unit


def _usual_bursts(history: History, t: int) -> Row:
    """The second highest burst of 120 days, the last week left out; of a very bursty key the highest. 0 below two."""
    rows = history.burst_start[max(0, t - 120) : max(0, t - 7)]
    if len(rows) < BURSTY:
        return np.zeros(history.cost.shape[1])
    ordered = np.sort(np.nan_to_num(rows), axis=0)
    often = (ordered > 0).sum(axis=0) >= VERY_BURSTY
    usual: Row = np.where(often, 1.15 * ordered[-1], ordered[-BURSTY])
    return usual
