"""Incidents of known kind put into an ordinary series, from large down to the least that is worth an alert.

Independent of `analysis/`: sizes come from the series itself, so a detector cannot be right by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[np.float64]

#: What is put in. "weekend" and "expiry" are causes: telling them as a spike or a step is right.
KINDS = ("spike", "step", "ramp", "drop", "new", "weekend", "expiry")

#: Dollars a day and share of the usual below which nothing is worth an alert; a new key needs more dollars.
LEAST_DOLLARS, LEAST_SHARE, LEAST_NEW = 10.0, 0.20, 15.0

#: First day on which an incident may begin, the days left after it, and the days between two of one key.
QUIET_DAYS, DAYS_LEFT, APART_DAYS = 75, 28, 75


@dataclass(frozen=True, slots=True)
class Injected:
    """`values` with the incident; positions of its first day and of the last day on which telling it is right."""

    values: Values
    first: int
    last: int


def inject_any(
    values: Values, days: pd.DatetimeIndex, kind: str, rng: np.random.Generator, *, between: tuple[int, int]
) -> Injected | None:
    """One incident of `kind` that begins `between` two positions, or None where the series cannot carry one."""
    first = int(rng.integers(*between))
    usual = float(np.median(values[first - 28 : first]))
    if kind == "new":
        later = values[first : first + 3]
        return Injected(values.copy(), first, first + 4) if later.min() >= LEAST_NEW * 1.1 else None
    if kind == "weekend":
        return _weekend(values, days, first, rng)
    if usual < LEAST_DOLLARS:
        return None
    wild = float(np.median(np.abs(np.diff(values[first - 28 : first])))) * 1.5
    least = max(LEAST_DOLLARS * 1.15, LEAST_SHARE * 1.25 * usual)
    shape = {"spike": _spike, "step": _step, "ramp": _ramp, "drop": _drop, "expiry": _expiry}[kind]
    return shape(values, first, usual, max(least, wild), rng)


def _grown(low: float, share_low: float, share_high: float, usual: float, rng: np.random.Generator) -> float:
    """Dollars a day, even in logarithms between two shares of the usual, never below `low`."""
    return max(low, usual * float(np.exp(rng.uniform(np.log(share_low), np.log(share_high)))))


def _spike(values: Values, first: int, usual: float, least: float, rng: np.random.Generator) -> Injected:
    length = int(rng.integers(1, 4))
    raised = values.copy()
    raised[first : first + length] += _grown(1.4 * least, 0.35, 5.0, usual, rng) * rng.uniform(0.85, 1.15, length)
    return Injected(raised, first, first + length - 1)


def _step(values: Values, first: int, usual: float, least: float, rng: np.random.Generator) -> Injected:
    raised = values.copy()
    added = _grown(least, 0.25, 1.8, usual, rng)
    if rng.random() < 0.5:
        raised[first:] += added
    else:
        raised[first:] *= 1 + added / usual
    return Injected(raised, first, first + 10)


def _expiry(values: Values, first: int, usual: float, least: float, rng: np.random.Generator) -> Injected:
    """A Savings Plan or reservation ends: the covered share of every later day costs its discount more."""
    discount, covered = rng.uniform(0.27, 0.6), rng.uniform(0.5, 1.0)
    factor = max(1 + least / usual, 1 + covered * (1 / (1 - discount) - 1))
    raised = values.copy()
    raised[first:] *= factor
    return Injected(raised, first, first + 10)


def _ramp(values: Values, first: int, usual: float, least: float, rng: np.random.Generator) -> Injected:
    length = int(rng.integers(8, 24))
    top = _grown(1.6 * least, 0.5, 2.5, usual, rng)
    raised = values.copy()
    raised[first:] += top * np.clip((np.arange(len(values) - first) + 1) / length, 0, 1)
    return Injected(raised, first, first + length + 7)


def _drop(values: Values, first: int, usual: float, least: float, rng: np.random.Generator) -> Injected | None:
    length = int(rng.integers(3, 10))
    left = rng.uniform(0.0, 0.45)
    if usual * (1 - left) < max(least, LEAST_DOLLARS):
        return None
    lowered = values.copy()
    lowered[first : first + length] *= left
    return Injected(lowered, first, first + length + 2)


def _weekend(values: Values, days: pd.DatetimeIndex, first: int, rng: np.random.Generator) -> Injected | None:
    """What is switched off at weekends stays on for one."""
    first += int((5 - days[first].day_of_week) % 7)
    working = float(np.median(values[first - 5 : first]))
    off = float(np.median(values[[first - 14, first - 13, first - 7, first - 6]]))
    if working - off < max(LEAST_DOLLARS * 1.2, 0.35 * off):
        return None
    raised = values.copy()
    raised[first : first + 2] = np.maximum(values[first : first + 2], working * rng.uniform(0.85, 1.05, 2))
    return Injected(raised, first, first + 2)
