"""The walk over the days: each morning's verdict on all keys at once, then what that day teaches the baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies import detectors
from analysis.anomalies.baseline import same_weekday, this_weeks_level
from analysis.anomalies.detectors import Verdict
from analysis.anomalies.explanations import excused_up_to, recurs
from analysis.anomalies.first_days import clean_first_days
from analysis.anomalies.history import Calendar, History
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.new_normal import adopt_lasting_shifts
from analysis.anomalies.scale import Scale, scale
from analysis.daily_series import DailySeries, Mask, Matrix, Row

#: Codes of `Verdicts.kind`, in the order of `KINDS`; 0 is none.
KINDS = ("", "spike", "step", "ramp", "drop", "new")
SPIKE, STEP, RAMP, DROP, NEW = 1, 2, 3, 4, 5

#: Days after a ramp's alert in which the same ramp is not told again.
RAMP_REST_DAYS = 28

#: Burst days in 60 that are more than a few charges and batches explain.
DENSE_BURSTS = 6

#: Days that each alerted by themselves, after which the next one is a step.
STEP_DAYS = 4

#: Days after a shift was learnt in which it is no ramp either: as long as a ramp looks back, and a week.
SHIFT_REST_DAYS = 35


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Matrices of days × keys. `wait` is the days between a day and its verdict."""

    expected: Matrix
    lower: Matrix
    upper: Matrix
    score: Matrix
    impact: Matrix
    kind: NDArray[np.int8]
    wait: NDArray[np.int8]


class Walk:
    """Judges day after day; holds what it learnt in `history`."""

    def __init__(self, series: DailySeries, material: Materiality) -> None:
        self.history = History.of(series)
        self.calendar = Calendar.of(series.days)
        self.material = material
        shape = series.cost.shape
        self.verdicts = Verdicts(
            expected=np.full(shape, np.nan),
            lower=np.full(shape, np.nan),
            upper=np.full(shape, np.nan),
            score=np.zeros(shape),
            impact=np.full(shape, np.nan),
            kind=np.zeros(shape, dtype=np.int8),
            wait=np.full(shape, detectors.DROP_WAIT_DAYS, dtype=np.int8),
        )
        self._excused = np.full(shape, np.nan)
        self._drops = np.zeros(shape)
        self._last_ramp = np.full(shape[1], -10_000)
        self._told_new = np.zeros(shape[1], dtype=bool)

    def through(self) -> Verdicts:
        """All days judged."""
        with np.errstate(invalid="ignore"):
            for t in range(len(self.history.cost)):
                self._judge(t)
        return self.verdicts

    def _judge(self, t: int) -> None:
        history, material = self.history, self.material
        history.base[t] = same_weekday(history, t)
        history.level[t] = this_weeks_level(history, t)
        history.expected[t] = history.base[t] * history.level[t]
        self.verdicts.expected[t] = history.expected[t]
        spread = scale(history, self.calendar, t, history.expected[t])
        excused = excused_up_to(history, self.calendar, t, history.expected[t], spread.sigma)
        # Three days in a row are not all at their noisiest: for them only the plain tolerance counts.
        self._excused[t] = excused_up_to(history, self.calendar, t, history.expected[t], np.zeros_like(spread.sigma))
        ready = detectors.old_enough(history, t)

        spike = detectors.up_for_a_day(history, t, spread, excused, material)
        step = detectors.up_for_three_days(history, t, spread, self._excused[max(0, t - 2) : t + 1], material)
        spike_score, step_score = spike.score * ready, step.score * ready
        self._note(t, spike_score, SPIKE, spike)
        self._note(t, np.where((spike_score >= 1) & ~self._lasting(t), 0.0, step_score), STEP, step)
        self._learn(t, spread, step_score)

        slope = detectors.ramp(history, t, material)
        resting = t - self._last_ramp < RAMP_REST_DAYS
        ramp_score = np.where(resting, 0.0, slope.score * ready)
        self._last_ramp = np.where((ramp_score >= 1) & (self._last_ramp < t - RAMP_REST_DAYS), t, self._last_ramp)
        self._note(t, ramp_score, RAMP, slope, only_if_quiet=True)

        self._note_new(t)

        below = detectors.drop(history, t, spread, material, day_off=bool(self.calendar.holiday[t]))
        self._drops[t] = below.score * ready
        self._note_drop(t, below.impact)
        self.verdicts.lower[t] = np.minimum(below.limit, history.expected[t])
        self.verdicts.upper[t] = spike.limit
        clean_first_days(history, t)
        moved_up = adopt_lasting_shifts(history, t)
        self._last_ramp = np.where(moved_up, t + SHIFT_REST_DAYS - RAMP_REST_DAYS, self._last_ramp)

    def _lasting(self, t: int) -> Mask:
        """Keys that alerted on every day of the last `STEP_DAYS`: what is high for longer is no spike any more."""
        alerts = self.verdicts.score[max(0, t - STEP_DAYS) : t] >= 1
        return np.asarray(alerts.all(axis=0)) & (len(alerts) == STEP_DAYS)

    def _note(self, t: int, score: Row, kind: int, verdict: Verdict, *, only_if_quiet: bool = False) -> None:
        """Keep the strongest verdict of the day; its kind decides the words."""
        known = self.verdicts.score[t]
        better = score > known
        if only_if_quiet:
            better &= known < 1
        alert = score >= 1
        told = better & alert
        self.verdicts.impact[t] = np.where(told, verdict.impact, self.verdicts.impact[t])
        self.verdicts.expected[t] = np.where(told, verdict.expected, self.verdicts.expected[t])
        self.verdicts.score[t] = np.where(better, score, known)
        self.verdicts.kind[t] = np.where(told, kind, self.verdicts.kind[t])
        self.verdicts.wait[t] = np.where(alert, 0, self.verdicts.wait[t])

    def _note_new(self, t: int) -> None:
        """A new key is told on the day its cost is sure to matter, and about its first day."""
        fresh = detectors.new(self.history, t, self.material)
        score = np.where(self._told_new, 0.0, fresh.score)
        told = score >= 1
        self._told_new |= told
        self._note(t, score, NEW, fresh)
        for key in np.flatnonzero(told):
            first = self.history.first[key]
            self.verdicts.kind[first, key] = NEW
            self.verdicts.score[first, key] = score[key]
            self.verdicts.impact[first, key] = fresh.impact[key]
            self.verdicts.expected[first, key] = 0.0
            self.verdicts.wait[first, key] = t - first

    def _note_drop(self, t: int, impact: Row) -> None:
        score = self._drops[t]
        quiet = self.verdicts.score[t] < 1
        dropped = (score >= 1) & quiet
        self.verdicts.impact[t] = np.where(dropped, impact, self.verdicts.impact[t])
        self.verdicts.score[t] = np.where(dropped, score, self.verdicts.score[t])
        self.verdicts.kind[t] = np.where(dropped, DROP, self.verdicts.kind[t])

    def _learn(self, t: int, spread: Scale, step_score: Row) -> None:
        """What day `t` adds to the clean history."""
        history = self.history
        cost, expected = history.cost[t], history.expected[t]
        known = ~np.isnan(expected) & ~np.isnan(cost)
        distance = np.where(known, cost - np.nan_to_num(expected), 0.0)
        relative = distance / spread.unit
        flagged = self.verdicts.score[t] >= 1
        outside = np.maximum(3.5 * spread.sigma, np.minimum(spread.tail, 0.5))
        after_alert = (
            (history.away[t - 1] > 0) & (self.verdicts.score[t] > 0.5) if t else np.zeros(len(cost), dtype=bool)
        )
        high = known & (flagged | after_alert | (relative > outside))
        low = known & ((relative < -outside) | (self.calendar.holiday[t] & (relative < 0)))
        burst = known & (flagged | (relative > np.maximum(1.3 * outside, 0.2)))
        history.burst[t] = np.where(burst, distance, 0.0)
        begins = burst & (history.burst[t - 1] <= 0) if t else burst
        # What comes regularly does not make a key bursty; where bursts are dense, some fall on the same day by chance.
        dense = (history.burst[max(0, t - 60) : t] > 0).sum(axis=0) >= DENSE_BURSTS
        begins &= dense | ~recurs(history, self.calendar, t, distance)
        history.burst_start[t] = np.where(begins, relative, np.nan)
        history.clean[t] = np.where(high | low, expected, cost)
        # A day below is still a day that was seen: it may excuse nothing, but a drop is measured against it.
        history.seen[t] = np.where(high, expected, cost)
        off_work = low & self.calendar.holiday[t]
        history.away[t] = high.astype(np.int8) - (low & ~off_work).astype(np.int8)
        explained = history.burst[t] > 0
        history.deviation[t] = np.where(
            known & ~flagged & ~explained & ~after_alert & ~off_work, np.clip(relative, -1.0, 1.0), np.nan
        )
        self._take_back(t, step_score)
        history.weekly[t] = history.seen[max(0, t - 6) : t + 1].sum(axis=0) if t >= 6 else np.nan

    def _take_back(self, t: int, step_score: Row) -> None:
        """The two days before a step's alert belong to it: they are told late, and the baseline unlearns them."""
        history, verdicts = self.history, self.verdicts
        stepped = step_score >= 1
        for day in (t - 1, t - 2):
            if day < 0:
                continue
            learnt = stepped & (history.away[day] == 0)
            usual = history.base[day] * history.level[max(0, t - 2)]
            history.clean[day] = np.where(learnt, usual, history.clean[day])
            history.seen[day] = np.where(learnt, usual, history.seen[day])
            history.away[day] = np.where(learnt, 1, history.away[day])
            impact = history.cost[day] - usual
            told = stepped & (verdicts.kind[day] == 0) & (impact >= self.material.gate(usual))
            verdicts.kind[day] = np.where(told, STEP, verdicts.kind[day])
            verdicts.score[day] = np.where(told, step_score, verdicts.score[day])
            verdicts.impact[day] = np.where(told, impact, verdicts.impact[day])
            verdicts.expected[day] = np.where(told, usual, verdicts.expected[day])
            verdicts.wait[day] = np.where(told, t - day, verdicts.wait[day])
