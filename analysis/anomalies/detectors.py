"""Five small detectors, each looking at all keys on one day: up for a day, up for three, ramp, drop, new."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies.baseline import WARM_UP_DAYS
from analysis.anomalies.history import History
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.scale import Scale
from analysis.daily_series import Mask, Matrix, Row, median_of_rows

#: Robust sigmas from expectation that one day needs, and the mean of three days.
ONE_DAY_SIGMAS, THREE_DAY_SIGMAS = 5.0, 2.3

#: Robust sigmas of means of three days that the mean of three days needs: noise that lasts is no step.
TRIPLE_SIGMAS = 3.0

#: How far beyond the tail seen on ordinary days a day must be.
BEYOND_TAIL = 1.35

#: How far beyond its third highest burst a bursty key must be.
BEYOND_BURSTS = 1.25

#: Growth of a week over the same weekdays four and six weeks ago that is a ramp.
MIN_RAMP = 0.38

#: Growth a month that a key may carry on from the month before.
MAX_USUAL_GROWTH = 1.15

#: A ramp leads above the highest week of this many days by this share.
RAMP_NOVELTY_DAYS, RAMP_NOVELTY = 112, 1.04

#: Share of the quietest day that is far below it; on a day off only next to nothing is.
FAR_BELOW, FAR_BELOW_ON_A_DAY_OFF = 0.72, 0.2

#: A drop is judged this many days later: bills of one day keep growing for days.
DROP_WAIT_DAYS = 2

#: Days from its first in which a key can be reported as new.
NEW_DAYS = 3

#: Share of a fall that must be left on the next day: a day that went wrong alone is a gap in the bill more often than
#: a service that stopped.
LEFT_NEXT_DAY = 0.4

#: A single day below is told of a key as quiet as this only, in robust sigmas and share of expectation.
QUIET_SIGMA, QUIET_TAIL = 0.08, 0.3

#: A sparse key alerts above this multiple of its highest day in 90.
SPARSE_MULTIPLE = 2.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one detector on one day, for all keys: the expectation, from where on it alerts, dollars above, the score."""

    expected: Row
    limit: Row
    impact: Row
    score: Row


def up_for_a_day(history: History, t: int, scale: Scale, excused: Row, material: Materiality) -> Verdict:
    """One day far above expectation. A partly billed day may say so: it can only grow."""
    expected = history.expected[t]
    distance = np.maximum(ONE_DAY_SIGMAS * scale.sigma, BEYOND_TAIL * scale.tail)
    distance = np.maximum(distance, BEYOND_BURSTS * scale.bursts) * scale.unit
    limit = np.maximum(expected + np.maximum(material.gate(expected), distance), excused)
    sparse = np.flatnonzero(history.sparse)
    if len(sparse):
        limit[sparse] = np.maximum(limit[sparse], SPARSE_MULTIPLE * _highest(history, t, 90, sparse))
    verdict = _verdict(history.cost[t], expected, limit)
    # A credit that is smaller today, or not there, may only be late; three days of it are told.
    late_credit = (expected < 0) & (history.cost[t] <= 0)
    return Verdict(expected, limit, verdict.impact, np.where(late_credit, 0.0, verdict.score))


def up_for_three_days(history: History, t: int, scale: Scale, excused: Matrix, material: Materiality) -> Verdict:
    """Three days in a row above a baseline that ends before them: smaller than one day needs, but lasting.

    Args:
        excused: dollars up to which each of the three days is explained.
    """
    if t < 3:
        return nothing(history.cost.shape[1])
    days = slice(t - 2, t + 1)
    usual = history.base[days] * history.level[t - 2]
    expected = _mean(usual)
    distance = np.maximum(THREE_DAY_SIGMAS * scale.sigma, 0.75 * scale.tail)
    distance = np.maximum(distance, TRIPLE_SIGMAS * scale.three)
    distance = np.maximum(distance, BEYOND_BURSTS * scale.bursts) * scale.unit
    limit = np.maximum(expected + np.maximum(material.gate(expected), distance), _mean(excused))
    cost = history.cost[days]
    each_above = ((cost - usual > 0.5 * (limit - expected)) & (cost >= excused * 0.95)).all(axis=0)
    verdict = _verdict(_mean(cost), expected, limit)
    return Verdict(expected, limit, verdict.impact, np.where(each_above & ~history.sparse, verdict.score, 0.0))


def ramp(history: History, t: int, material: Materiality) -> Verdict:
    """This week against the same weekdays four and six weeks ago, the key's usual growth allowed for."""
    keys = history.cost.shape[1]
    if t < 49:
        return nothing(keys)
    week = history.weekly[t]
    before = np.maximum(history.weekly[t - 28], history.weekly[t - 42])
    growth = np.ones(keys)
    if t >= 63:
        earlier = history.weekly[t - 56]
        growth = np.divide(history.weekly[t - 28], earlier, out=np.ones(keys), where=earlier > 0.01)
        growth = np.fmin(np.fmax(growth, 1.0), MAX_USUAL_GROWTH)
    expected = before * growth / 7
    limit = expected + np.maximum(material.gate(expected), MIN_RAMP * np.abs(expected))
    rising = (week >= 7 * limit) & (week > 1.05 * history.weekly[t - 7]) & (expected > 0) & ~history.sparse
    lately = np.fmin.reduce(history.cost[t - 2 : t + 1], axis=0) > expected
    some = np.flatnonzero(rising & lately)
    if not len(some):
        return nothing(keys)
    score = np.zeros(keys)
    swing = 1.6 * _usual_swing(history, t, some) * np.abs(expected[some])
    limit[some] = np.maximum(limit[some], expected[some] + swing)
    highest = np.fmax.reduce(history.weekly[max(6, t - RAMP_NOVELTY_DAYS) : t - 20, some], axis=0)
    limit[some] = np.fmax(limit[some], RAMP_NOVELTY * highest / 7)
    verdict = _verdict(week / 7, expected, limit)
    score[some] = verdict.score[some]
    return Verdict(expected, limit, verdict.impact, score)


def drop(
    history: History, t: int, scale: Scale, material: Materiality, *, day_off: bool, before: NDArray[np.int64]
) -> Verdict:
    """Day `t` far below the quietest day of any weekday in six weeks. To be told `DROP_WAIT_DAYS` later.

    Args:
        day_off: whether people are off.
        before: about the same days of the last two months.
    """
    expected = history.expected[t]
    if t < 1:
        return nothing(history.cost.shape[1])
    quietest = np.fmin.reduce(history.seen[max(0, t - 42) : t], axis=0)
    gate = np.maximum(material.gate(expected), np.maximum(4.0 * scale.sigma, scale.tail) * scale.unit)
    share = FAR_BELOW_ON_A_DAY_OFF if day_off else FAR_BELOW
    limit = np.minimum(expected - gate, np.minimum(share * quietest, quietest - 0.5 * material.min_impact))
    # A store that is cleaned up every few months falls to where it was, not below; nothing is below nothing.
    lowest = quietest
    if t > 42:
        lowest = np.fmin(lowest, np.fmin.reduce(history.seen[max(0, t - 120) : t - 42], axis=0))
    limit = np.minimum(limit, 0.95 * lowest - 0.01 * np.abs(expected))
    shortfall = expected - history.cost[t]
    room = np.maximum(expected - limit, 0.01)
    counts = (expected > 0) & (history.cost[t] >= 0) & ~history.sparse
    # What was raised for weeks returns to where it was, as the season has it by now.
    counts &= ~((history.raised_until >= t) & (history.cost[t] >= FAR_BELOW * lowest))
    if len(before):
        # What is free at the start of every month falls to nothing there.
        counts &= ~(history.cost[t] >= 0.9 * np.fmin.reduce(history.cost[before], axis=0))
    return Verdict(expected, limit, -shortfall, np.where(counts, shortfall / room, 0.0))


def clear_fall(history: History, t: int, fall: Verdict, scale: Scale) -> Mask:
    """Keys so quiet that one day next to nothing is no bad luck, whatever the day after it."""
    quiet = (scale.raw <= QUIET_SIGMA) & (scale.tail <= QUIET_TAIL)
    clear: Mask = quiet & (history.cost[t] <= FAR_BELOW_ON_A_DAY_OFF * fall.expected)
    return clear


def lasting(history: History, t: int, fall: Verdict, clear: Mask) -> Verdict:
    """The fall of the day before where day `t` bears it out, or cannot: it is expected to cost next to nothing anyway.

    Args:
        fall: of the day before; clear: where nothing has to be borne out.
    """
    usual = history.expected[t]
    share = -fall.impact / np.maximum(np.abs(fall.expected), 0.01)
    still = usual - history.cost[t] >= LEFT_NEXT_DAY * share * np.abs(usual)
    idle = np.abs(usual) < 0.3 * np.abs(fall.expected)
    borne_out = clear | still | idle
    return Verdict(fall.expected, fall.limit, fall.impact, np.where(borne_out, fall.score, 0.0))


def new(history: History, t: int, material: Materiality) -> Verdict:
    """A key that began after the others and already cost more than matters over its first days.

    Alerts as soon as the mean of its first `NEW_DAYS` days is sure to pass: days to come cannot lower the sum.
    """
    if not history.begins[max(0, t - NEW_DAYS + 1) : t + 1].any():
        return nothing(len(history.first))
    age = history.age(t)
    spent = np.nansum(history.cost[max(0, t - NEW_DAYS + 1) : t + 1], axis=0)
    young = (age >= 0) & (age < NEW_DAYS) & (history.first > 0)
    score = np.where(young, spent / (NEW_DAYS * material.min_new), 0.0) if material.min_new > 0 else young.astype(float)
    zero = np.zeros(len(age))
    return Verdict(
        zero, np.full(len(age), material.min_new), spent / np.minimum(np.maximum(age + 1, 1), NEW_DAYS), score
    )


def nothing(keys: int) -> Verdict:
    """The verdict of a detector that cannot say yet."""
    unknown = np.full(keys, np.nan)
    return Verdict(unknown, unknown, unknown, np.zeros(keys))


def old_enough(history: History, t: int) -> Mask:
    """Keys past their warm-up."""
    return np.asarray(history.age(t) >= WARM_UP_DAYS)


def _verdict(actual: Row, expected: Row, limit: Row) -> Verdict:
    impact = actual - expected
    score = impact / np.maximum(limit - expected, 0.01)
    return Verdict(expected, limit, impact, np.where(np.isnan(score), 0.0, score))


def _mean(days: Matrix) -> Row:
    # The method `mean` looks at its arguments for longer than it takes to add up a few days.
    mean: Row = np.add.reduce(days, axis=0) / len(days)
    return mean


def _highest(history: History, t: int, days: int, keys: NDArray[np.int64]) -> Row:
    recent = history.cost[max(0, t - days) : t].take(keys, axis=1)
    if not len(recent):
        return np.zeros(len(keys))
    highest: Row = np.fmax(np.fmax.reduce(recent, axis=0), 0.0)
    return highest


def _usual_swing(history: History, t: int, keys: NDArray[np.int64]) -> Row:
    """How much weeks used to differ from those four weeks before them, typically, in the last four months."""
    weeks = history.weekly[max(t - 147, t % 7) : t - 13 : 7].take(keys, axis=1)
    if len(weeks) <= 4:
        return np.zeros(len(keys))
    now, then = weeks[4:], weeks[:-4]
    change = np.full(now.shape, np.nan)
    np.divide(np.abs(now - then), np.abs(then), out=change, where=np.abs(then) > 0.01)
    swing = median_of_rows(change)
    return np.where(np.isnan(swing), 0.0, swing)
