"""Terms to come, drawn from what is known: growth, decline, parts that leave, levels that wander, hours as they were.

Each scenario takes hours of past weeks, all groups together, so that what peaks together stays together, and moves
their levels. The same seed gives the same scenarios.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.commitments.objective import Groups, Ints
from analysis.commitments.scenarios_outlook import WEEK_H, Outlook, weekly_means
from analysis.commitments.usage import Floats, HourlyUsage

SCENARIOS, SEED = 200, 20261126
MONTH_H = 730
#: Hours that stand for a month: with twelve of them every hour of a week comes once a year.
_HOURS_A_MONTH = 14
#: Weeks whose hours are drawn, and those that the present level is taken from.
_SHAPE_WEEKS, _LEVEL_WEEKS = 13, 4
#: Parts below this share of the whole are none that a scenario lets go.
_LEAST_PART = 0.02
#: With fewer parts than this one leaves less often, as each goes by its own chance: an organisation of a single part
#: would have to leave as a whole.
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Change:
    """What is known to change of a line: a right-sizing that is pending, an end that was announced.

    Attributes:
        line: its row in `HourlyUsage.lines`.
        start_hour: hours from the start of the term.
        remaining: share of its usage that stays, 0 for an end.
    """

    line: int
    start_hour: float
    remaining: float


@dataclass(frozen=True, slots=True)
class Scenarios:
    """On-demand dollars an hour in terms to come.

    Attributes:
        spend: (groups, scenarios, hours), the hours by month.
        weights: hours of the term that each stands for, (hours,); they add up to the term.
        months: from 0, (hours,).
    """

    spend: Floats
    weights: Floats
    months: Ints

    @property
    def flat(self) -> Floats:
        """All scenarios' hours side by side, (groups, scenarios * hours)."""
        return self.spend.reshape(len(self.spend), -1)

    def first(self, count: int) -> Scenarios:
        """At most so many of the scenarios."""
        return self if self.spend.shape[1] <= count else Scenarios(self.spend[:, :count], self.weights, self.months)

    def thinned(self, every: int) -> Scenarios:
        """Each so-manieth hour alone, standing for the others."""
        kept = slice(None, None, every)
        weights = self.weights[kept]
        return Scenarios(self.spend[:, :, kept], weights * self.weights.sum() / weights.sum(), self.months[kept])


def scenarios(
    usage: HourlyUsage,
    groups: Groups,
    outlook: Outlook,
    *,
    years: int,
    changes: Sequence[Change] = (),
    count: int = SCENARIOS,
    seed: int = SEED,
) -> Scenarios:
    """So many terms of so many years that begin where the usage ends.

    Raises:
        ValueError: less than a week of hours.
    """
    months = 12 * years
    rng = np.random.default_rng(seed)
    means = weekly_means(groups.spend)
    levels = means[:, -_LEVEL_WEEKS:].mean(axis=1)
    factors = _levels(groups, levels, outlook, months, count, rng)
    factors *= _kept(usage, groups, changes, months)[:, None, :]
    shapes = _shapes(groups.spend, means)
    hours = _hours_of_the_week(months, count, rng)
    weeks = rng.integers(shapes.shape[1], size=(count, months, 1))
    drawn = shapes[:, weeks, hours]
    spend = levels[:, None, None, None] * factors[..., None] * drawn
    size = months * _HOURS_A_MONTH
    return Scenarios(
        np.ascontiguousarray(spend.reshape(len(levels), count, size)),
        np.full(size, months * MONTH_H / size),
        np.repeat(np.arange(months), _HOURS_A_MONTH),
    )


def _levels(
    groups: Groups, levels: Floats, outlook: Outlook, months: int, count: int, rng: np.random.Generator
) -> Floats:
    """By what each group's level is multiplied, (groups, scenarios, months)."""
    years = (np.arange(months) + 0.5) / 12
    goes_on = rng.random((count, 1)) < outlook.goes_on
    as_seen = outlook.growth + outlook.seen_spread * rng.standard_normal((count, 1))
    anew = outlook.growth_spread * rng.standard_t(outlook.freedom, (count, 1))
    growth = np.where(goes_on, as_seen, anew)
    own = outlook.own_spread * rng.standard_normal((len(levels), count, 1))
    common_walk = np.cumsum(outlook.wander * rng.standard_normal((count, months)), axis=1)
    own_walk = np.cumsum(outlook.own_wander[:, None, None] * rng.standard_normal((len(levels), count, months)), axis=2)
    # Growth does not go on for ever: what a year brings less of the next.
    ahead = (1 - np.exp(-outlook.damping * years)) / outlook.damping if outlook.damping else years
    rise = (growth + own) * ahead + common_walk + own_walk
    # A mean of exponentials lies above the exponential of the mean; a wandering level is expected where it is.
    months_on = np.arange(1, months + 1)
    drift = 0.5 * (outlook.wander**2 + outlook.own_wander[:, None, None] ** 2) * months_on
    return np.exp(np.clip(rise - drift, -4.0, 2.0)) * _stays(groups, levels, outlook, months, count, rng)


def _stays(
    groups: Groups, levels: Floats, outlook: Outlook, months: int, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """1 while a group is there, 0 once its part has left, (groups, scenarios, months)."""
    stays = np.ones((len(levels), count, months))
    names, of_group = np.unique(groups.parts, return_inverse=True)
    shares = np.bincount(of_group, levels, len(names)) / max(levels.sum(), 1e-12)
    leavers = np.flatnonzero(shares >= _LEAST_PART)
    if not len(leavers):
        return stays
    a_year = outlook.leaving * min(1.0, len(leavers) / _PARTS)
    leaves = rng.random(count) < 1 - (1 - a_year) ** (months / 12)
    who, when = rng.choice(leavers, count), rng.uniform(0, months, count)
    gone = (np.arange(months) >= when[:, None]) & leaves[:, None]
    stays[(of_group[:, None] == who)[:, :, None] & gone] = 0.0
    return stays


def _kept(usage: HourlyUsage, groups: Groups, changes: Sequence[Change], months: int) -> Floats:
    """Share of each group that the changes leave, (groups, months)."""
    recent = usage.on_demand[-_LEVEL_WEEKS * WEEK_H :].mean(axis=0)
    whole = np.bincount(groups.line_groups[groups.line_groups >= 0], recent[groups.line_groups >= 0], len(groups.spend))
    of_line = np.ones((len(recent), months))
    starts = np.arange(months) * MONTH_H
    for change in changes:
        elapsed = np.clip((starts + MONTH_H - change.start_hour) / MONTH_H, 0, 1)
        of_line[change.line] *= 1 - (1 - change.remaining) * elapsed
    kept = np.ones((len(groups.spend), months))
    for line in {change.line for change in changes}:
        group = groups.line_groups[line]
        if group >= 0 and whole[group] > 0:
            kept[group] -= (1 - of_line[line]) * recent[line] / whole[group]
    return np.clip(kept, 0.0, None)


def _shapes(spend: Floats, means: Floats) -> Floats:
    """Hours of the last weeks beside their week's mean, (groups, weeks, hours); 1 in weeks without usage."""
    weeks = min(_SHAPE_WEEKS, means.shape[1])
    recent = spend[:, -weeks * WEEK_H :].reshape(len(spend), weeks, WEEK_H)
    mean = means[:, -weeks:, None]
    return np.divide(recent, mean, out=np.ones_like(recent), where=mean > 0)


def _hours_of_the_week(months: int, count: int, rng: np.random.Generator) -> Ints:
    """(scenarios, months, hours): of twelve months that follow each other, no two have the same hour."""
    years = [rng.permuted(np.tile(np.arange(WEEK_H), (count, 1)), axis=1) for _ in range(-(-months // 12))]
    return np.concatenate(years, axis=1).reshape(count, -1, _HOURS_A_MONTH)[:, :months]
