"""The walk over the days: each morning's verdict on all keys at once, then what that day teaches the baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies import detectors
from analysis.anomalies.baseline import same_weekday, this_weeks_level
from analysis.anomalies.detectors import Verdict
from analysis.anomalies.explanations import Excuse, excuse
from analysis.anomalies.features import features
from analysis.anomalies.first_days import clean_first_days
from analysis.anomalies.history import Calendar, History
from analysis.anomalies.learned import ASKED_FROM, FALL, RISE, Judge
from analysis.anomalies.learned import RAMP as RISE_OVER_WEEKS
from analysis.anomalies.learning import add_week, learn, unlearn_step
from analysis.anomalies.materiality import Materiality
from analysis.anomalies.new_normal import adopt_lasting_shifts
from analysis.anomalies.novelty import Novelty
from analysis.anomalies.scale import Scale, Spread
from analysis.daily_series import DailySeries, Mask, Matrix, Row

_VERDICT = ("expected", "limit", "impact", "score")

#: Codes of `Verdicts.kind`, in the order of `KINDS`; 0 is none.
KINDS = ("", "spike", "step", "ramp", "drop", "new")
SPIKE, STEP, RAMP, DROP, NEW = 1, 2, 3, 4, 5

#: Days after a ramp's alert in which the same ramp is not told again.
RAMP_REST_DAYS = 28

#: Days that each alerted by themselves, after which the next one is a step.
STEP_DAYS = 4

#: The first day that anything is expected of: its weekday was there twice.
FIRST_EXPECTED = 14

#: The score of what would alert by its size, were it news.
NOT_QUITE = 0.999

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

    def __init__(self, series: DailySeries, material: Materiality, judge: Judge) -> None:
        self._judge_of = judge
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
        self._spread = Spread(shape[1])
        self._novelty = Novelty(series.cost, material)
        self._last_ramp = np.full(shape[1], -10_000)
        self._told_new = np.zeros(shape[1], dtype=bool)
        self._fall, self._fall_is_clear = detectors.nothing(shape[1]), np.zeros(shape[1], dtype=bool)

    def through(self) -> Verdicts:
        """All days judged."""
        with np.errstate(invalid="ignore", over="ignore"):
            for t in range(len(self.history.cost)):
                if t < FIRST_EXPECTED:
                    self._begin(t)
                else:
                    self._judge(t)
        return self.verdicts

    def _begin(self, t: int) -> None:
        """A day on which nothing is expected of any key yet: it may be that of a new one, and is learnt as it is."""
        history = self.history
        history.look_at(t)
        history.level[t] = 1.0
        history.clean[t] = history.seen[t] = history.cost[t]
        add_week(history, t)
        self._note_new(t)
        clean_first_days(history, t)

    def _judge(self, t: int) -> None:
        history, material = self.history, self.material
        history.look_at(t)
        history.base[t] = same_weekday(history, t)
        history.level[t] = this_weeks_level(history, t)
        history.expected[t] = history.base[t] * history.level[t]
        expected = history.expected[t]
        self.verdicts.expected[t] = expected
        spread = self._spread.on(history, self.calendar, t, expected)
        excused = excuse(history, self.calendar, t, expected, spread.sigma)
        self._excused[t] = excused.for_three_days
        day_is_news, three_are_news, week_is_news = self._novelty.on(t)
        ready = detectors.old_enough(history, t)

        spike = detectors.up_for_a_day(history, t, spread, excused.for_a_day, material)
        step = detectors.up_for_three_days(history, t, spread, self._excused[max(0, t - 2) : t + 1], material)
        spike_score = _held(spike.score, ready, day_is_news)
        step_score = _held(step.score, ready, three_are_news)
        spike_score, step_score = self._judged_rise(
            t, spike, step, spike_score, step_score, spread, excused, ready & (day_is_news | three_are_news)
        )
        self._note(t, spike_score, SPIKE, spike)
        self._note(t, self._step_after(t, spike_score, step_score), STEP, step)
        learn(history, self.calendar, t, spread, self._spread, self.verdicts.score)
        self._tell_late(t, step_score)
        add_week(history, t)

        slope = detectors.ramp(history, t, material)
        if slope.score.any():
            resting = t - self._last_ramp < RAMP_REST_DAYS
            ramp_score = _held(np.where(resting, 0.0, slope.score), ready, week_is_news)
            ramp_score = self._judged(
                RISE_OVER_WEEKS, t, slope, ramp_score, spike_score, step_score, spread, excused, ready & week_is_news
            )
            self._last_ramp[(ramp_score >= 1) & (self._last_ramp < t - RAMP_REST_DAYS)] = t
            self._note(t, ramp_score, RAMP, slope, only_if_quiet=True)

        self._note_new(t)

        below = detectors.drop(
            history, t, spread, material, day_off=bool(self.calendar.holiday[t]), before=self.calendar.month_day[t]
        )
        below_score = _held(below.score, ready, self._novelty.below)
        below_score = self._judged(
            FALL, t, below, below_score, spike_score, step_score, spread, excused, ready & self._novelty.below
        )
        if (self._fall.score >= 1).any():
            self._note_drop(t - 1, detectors.lasting(history, t, self._fall, self._fall_is_clear))
        self._fall = Verdict(below.expected, below.limit, below.impact, below_score)
        self._fall_is_clear = detectors.clear_fall(history, t, below, spread)
        self.verdicts.lower[t] = np.fmin(below.limit, expected)
        self.verdicts.upper[t] = spike.limit
        clean_first_days(history, t)
        moved_up = adopt_lasting_shifts(history, t)
        self._last_ramp[moved_up] = t + SHIFT_REST_DAYS - RAMP_REST_DAYS

    def _judged_rise(
        self,
        t: int,
        spike: Verdict,
        step: Verdict,
        spike_score: Row,
        step_score: Row,
        spread: Scale,
        excused: Excuse,
        may: Mask,
    ) -> tuple[Row, Row]:
        """Both scores as the learned one has it, which looks at the stronger of them."""
        score = np.maximum(spike_score, step_score)
        if not _asked(score, may).any():
            return spike_score, step_score
        by_day = spike_score >= step_score
        stronger = Verdict(*(np.where(by_day, getattr(spike, name), getattr(step, name)) for name in _VERDICT))
        judged = self._judged(RISE, t, stronger, score, spike_score, step_score, spread, excused, may)
        ratio = np.divide(judged, score, out=np.ones_like(score), where=score > 0)
        return spike_score * ratio, step_score * ratio

    def _judged(
        self,
        what: str,
        t: int,
        verdict: Verdict,
        score: Row,
        one_day: Row,
        three_days: Row,
        spread: Scale,
        excused: Excuse,
        may: Mask,
    ) -> Row:
        """`score`, for keys close to an alert as the learned one has it; never for less than matters."""
        keys = np.flatnonzero(_asked(score, may))
        if not len(keys):
            return score
        rows = features(
            self.history,
            self.calendar,
            t,
            keys,
            verdict=Verdict(verdict.expected, verdict.limit, verdict.impact, score),
            one_day=one_day,
            three_days=three_days,
            spread=spread,
            excused=excused,
            alerts=self.verdicts.score,
            material=self.material,
        )
        learned = self._judge_of.score(what, t, keys, rows)
        if learned is None:
            return score
        matters = np.abs(verdict.impact[keys]) >= self.material.gate(verdict.expected[keys])
        judged = score.copy()
        judged[keys] = np.where(matters, learned, np.minimum(learned, NOT_QUITE))
        return judged

    def _step_after(self, t: int, spike_score: Row, step_score: Row) -> Row:
        """The step's score, 0 where a spike is told: unless each of the last `STEP_DAYS` alerted, as no spike does."""
        spikes = spike_score >= 1
        if not spikes.any():
            return step_score
        alerts = self.verdicts.score[max(0, t - STEP_DAYS) : t] >= 1
        lasting = np.asarray(alerts.all(axis=0)) & (len(alerts) == STEP_DAYS)
        return np.where(spikes & ~lasting, 0.0, step_score)

    def _note(self, t: int, score: Row, kind: int, verdict: Verdict, *, only_if_quiet: bool = False) -> None:
        """Keep the strongest verdict of the day; its kind decides the words."""
        known = self.verdicts.score[t]
        better = score > known
        if only_if_quiet:
            better &= known < 1
        np.copyto(known, score, where=better)
        alerts = score >= 1
        if not alerts.any():
            return
        told = np.flatnonzero(better & alerts)
        self.verdicts.wait[t, alerts] = 0
        self.verdicts.impact[t, told] = verdict.impact[told]
        self.verdicts.expected[t, told] = verdict.expected[told]
        self.verdicts.kind[t, told] = kind

    def _note_new(self, t: int) -> None:
        """A new key is told on the day its cost is sure to matter, and about its first day."""
        fresh = detectors.new(self.history, t, self.material)
        if not fresh.score.any():
            return
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

    def _note_drop(self, day: int, fall: Verdict) -> None:
        """A fall of `day` that the day after it bears out: both are known when it is told."""
        if day < 0:
            return
        dropped = np.flatnonzero((fall.score >= 1) & (self.verdicts.score[day] < 1))
        self.verdicts.impact[day, dropped] = fall.impact[dropped]
        self.verdicts.score[day, dropped] = fall.score[dropped]
        self.verdicts.kind[day, dropped] = DROP

    def _tell_late(self, t: int, step_score: Row) -> None:
        """The two days before a step's alert belong to it: they are told late, and the baseline unlearns them."""
        keys = np.flatnonzero(step_score >= 1)
        if not len(keys):
            return
        history, verdicts = self.history, self.verdicts
        for day in range(max(0, t - 2), t):
            usual = history.base[day, keys] * history.level[max(0, t - 2), keys]
            unlearn_step(history, day, keys, usual)
            impact = history.cost[day, keys] - usual
            told = (verdicts.kind[day, keys] == 0) & (impact >= self.material.gate(usual))
            late = keys[told]
            verdicts.kind[day, late] = STEP
            verdicts.score[day, late] = step_score[late]
            verdicts.impact[day, late] = impact[told]
            verdicts.expected[day, late] = usual[told]
            verdicts.wait[day, late] = t - day


def _asked(score: Row, may: Mask) -> Mask:
    """Keys close enough to an alert for the learned score to be asked."""
    asked: Mask = (score >= ASKED_FROM) & may
    return asked


def _held(score: Row, ready: Mask, news: Mask) -> Row:
    """`score` where it may alert; 0 for a young key, below 1 where the day is no news among its weekdays."""
    return np.where(ready, np.where(news, score, np.minimum(score, NOT_QUITE)), 0.0)
