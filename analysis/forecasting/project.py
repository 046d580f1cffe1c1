"""All keys' days to come: the mean, and the scales that intervals are made of.

Charges that come again are taken out and put back on their days; bursts are cut, shifts stay; what is left is level ×
weekday × day off × month length, the level going on in the ways that were right in rehearsals of the last months, and
in part as it did a year ago. Levels that fall back at regular times follow their last cycle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.daily_series import Mask, Matrix, Row
from analysis.forecasting import backtest
from analysis.forecasting.ahead import Ahead, look_ahead
from analysis.forecasting.cycles import cycled
from analysis.forecasting.homes import homes
from analysis.forecasting.last_year import last_year
from analysis.forecasting.levels import MIDDLE, Ways, shifted, ways
from analysis.forecasting.month_shaped import month_shaped
from analysis.forecasting.windows import Windows, windows
from analysis.medians import mean
from analysis.ordinary_costs import OrdinaryCosts, ordinary_costs

Values = NDArray[np.float64]

#: Days that every rehearsal looks ahead at least: a level that must last a few days is judged by four weeks too.
LEAST_AHEAD = 28

#: Days of history that a level is looked for in.
WINDOW_DAYS = 91

#: Days that the noise of a day is taken from.
NOISE_DAYS = 84

#: Below this share of the last eight weeks' days with a cost a key is sparse, and its mean is all one can say.
SPARSE_SHARE, SPARSE_DAYS = 0.5, 56

#: A sparse key that spends more than this on charges is made of them.
MOSTLY = 0.8

#: What a level wanders in four weeks as a share of itself, believed as much as so many rehearsed weeks; what is added
#: for a key that began today, and the days after which nothing is.
WANDERING, WANDERING_WEEKS = 0.02, 4.0
YOUNG_WANDERING, YOUNG_DAYS = 0.6, 70

#: Shares of a day off's cost, at most, and of a charge, that their forecast may be off by.
DAY_OFF_DOUBT, CHARGE_DOUBT = 0.25, 0.15

#: A level is not believed to leave this part of what it was.
LEAST_LEFT, MOST_GROWN = 0.5, 1.6

#: A normal's standard deviation is this many times its mean distance.
SIGMA_OF_MEAN = 1.2533


@dataclass(frozen=True, slots=True)
class Projection:
    """Days to come × keys: `mean`, `scale` of a day and of what it may cost `above`; per key: `total_scale` and widths.

    `noise` is the part of `scale` that is one day's own, `expected` what each day of the history should have cost.
    `missed_totals` (rehearsals × keys) is truth less forecast of the sum of all days, in scales of a total; NaN where
    that is not known.
    """

    mean: Matrix
    scale: Matrix
    above: Matrix
    total_scale: Row
    widths: backtest.Widths
    total80: Row
    total95: Row
    noise: Row
    expected: Matrix
    missed_totals: Matrix


@dataclass(frozen=True, slots=True)
class _Scales:
    """Days ahead × starts × keys, in dollars: what is one day's own, and what all days share."""

    own: Values
    shared: Values
    shared_above: Values

    def above_days(self, told: Values) -> Values:
        """Of what costs more than told: a day off that was told as a working day costs no more for it."""
        return _Scales(self.own, self.shared_above, self.shared_above).of_days(told)

    def of_days(self, told: Values) -> Values:
        scale: Values = np.sqrt(self.own**2 + self.shared**2)
        return np.maximum(scale, np.maximum(0.005 * np.abs(told), 0.005))

    def of_totals(self, told: Values, days: int) -> Values:
        """Of the first `days`: days by themselves average out, a drift does not."""
        scale: Values = np.sqrt((self.own[:days] ** 2).sum(axis=0) + self.shared[:days].sum(axis=0) ** 2)
        least = np.maximum(0.005 * np.abs(told[:days].sum(axis=0)), 0.005)
        return np.asarray(np.maximum(scale, least))


def project(cost: Matrix, days: pd.DatetimeIndex, horizon: int) -> Projection:
    """The `horizon` days after `days`.

    Args:
        cost: days × keys in dollars; NaN before a key's first day and where a day is not known.
    """
    reach = max(horizon, LEAST_AHEAD)
    ordinary = ordinary_costs(cost, days, reach)
    history = len(days)
    starts = (history, *(history - back for back in backtest.BACK if history - back >= backtest.LEAST_HISTORY))
    known = windows(ordinary, starts, WINDOW_DAYS)
    ahead = look_ahead(cost, ordinary, known, reach)
    usable = (~np.isnan(known.level)).sum(axis=0) >= backtest.LEAST_KNOWN
    all_ways = ways(known.level, homes(ordinary.expected, starts))
    truth = backtest.weekly_medians(ahead.level)
    path = all_ways.mixed(backtest.weigh(all_ways, truth, usable, shifted(known.level)))
    sparse = _sparse(known.plain)
    level = _believable(path, all_ways, reach)
    # Rehearsals have no year before them.
    level[:, 0] *= last_year(ordinary.usual, ordinary.spread, reach)
    plain = np.where(sparse, _sparse_cost(known, ahead), ahead.cost(level))
    cycle = ahead.cost(cycled(ordinary.usual, ordinary.spread, starts, all_ways.now[0], reach))
    cycle = np.where(np.isnan(cycle), plain, cycle)
    plain = np.where(backtest.much_better(cycle, plain, ahead.truth), cycle, plain)
    shaped = month_shaped(cost, days, starts, plain)
    told = np.where(backtest.much_better(shaped, plain, ahead.truth), shaped, plain)
    scales = _scales(known, ahead, path, truth, usable, sparse, told)
    scale, total_scale = scales.of_days(told), scales.of_totals(told, horizon)
    missed_total = (ahead.truth - told)[:horizon].sum(axis=0) / total_scale
    total80, total95 = backtest.total_widths(missed_total, usable)
    return Projection(
        mean=told[:horizon, 0],
        scale=scale[:horizon, 0],
        above=scales.above_days(told)[:horizon, 0],
        total_scale=total_scale[0],
        widths=backtest.widths((ahead.truth - told) / scale, usable),
        total80=total80,
        total95=total95,
        noise=scales.own[:, 0].mean(axis=0),
        expected=_expected(ordinary, history),
        missed_totals=np.where(usable[1:], missed_total[1:], np.nan),
    )


def _believable(path: Ways, all_ways: Ways, horizon: int) -> Values:
    level = path.at(np.arange(1.0, horizon + 1))[:, 0]
    now = all_ways.now[MIDDLE]
    return np.where(now > 0, np.clip(level, LEAST_LEFT * now, MOST_GROWN * now), level)


def _sparse(plain: Values) -> Mask:
    recent = plain[-SPARSE_DAYS:]
    spent = (np.abs(np.nan_to_num(recent)) > 0.01).sum(axis=0)
    result: Mask = spent < SPARSE_SHARE * (~np.isnan(recent)).sum(axis=0)
    return result


def _sparse_cost(known: Windows, ahead: Ahead) -> Values:
    """The mean of all days, or charges on their days where they are nearly all that is spent.

    Among few days with a cost some fall on one day of the month by chance.
    """
    between = mean(known.plain)
    all_days = between + known.charged
    return np.where(known.charged > MOSTLY * all_days, ahead.come_on_top(between), all_days * ahead.length)


def _scales(
    known: Windows, ahead: Ahead, path: Ways, truth: Values, usable: Mask, sparse: Mask, told: Values
) -> _Scales:
    shape = known.by_weekday[known.weekdays]
    off = np.abs(known.plain - known.expected)[-NOISE_DAYS:] / np.maximum(shape[-NOISE_DAYS:], 0.15)
    noise = SIGMA_OF_MEAN * mean(off) * np.maximum(ahead.shape, 0.15) * ahead.length
    recent = known.plain[-90:]
    spread = np.sqrt(mean((recent - mean(recent)) ** 2))
    own = np.where(sparse, spread, noise)
    size = backtest.level_size(path.now)
    wandered = SIGMA_OF_MEAN * (_wandering(path, truth, usable) + _youth(known)) * size
    weeks = np.sqrt(np.arange(1, len(told) + 1) / 28)[:, None, None]
    drift = np.where(sparse, 0.0, wandered * weeks * ahead.shape * ahead.length)
    # Whether and how much people's absence shows is never quite known, but hardly more than on a weekend.
    quietest = known.by_weekday.min(axis=0)
    human = (quietest < 0.95) & ~sparse
    absent = np.minimum(DAY_OFF_DOUBT, 1 - quietest)
    doubt = np.where(ahead.off[..., None] & human, absent * np.abs(told), 0.0)
    foretold = np.abs(told) * (1 / np.maximum(ahead.dips, 0.1) - 1)
    charged = CHARGE_DOUBT * ahead.charges
    below, above = (np.sqrt(drift**2 + one**2) for one in (doubt, np.minimum(doubt, np.maximum(foretold, 0.0))))
    return _Scales(np.sqrt(own**2 + charged**2), below, above)


def _youth(known: Windows) -> Values:
    """Starts × keys: what a key wanders more that has just begun; rehearsals would take it for the whole width."""
    age = (~np.isnan(known.plain[-YOUNG_DAYS:])).sum(axis=0)
    youth: Values = YOUNG_WANDERING * (1 - age / YOUNG_DAYS)
    youth[1:] = 0.0
    return youth


def _wandering(path: Ways, truth: Values, usable: Mask) -> Row:
    """By how much of itself the level is missed four weeks ahead, from the rehearsals."""
    error = backtest.level_errors(path, truth, usable)[:, 0]
    reach = np.where(np.isnan(error), 0.0, np.sqrt(backtest.week_middles(len(truth)) / 28)[:, None, None])
    total = np.nansum(error, axis=(0, 1)) + WANDERING_WEEKS * WANDERING
    result: Row = total / (reach.sum(axis=(0, 1)) + WANDERING_WEEKS)
    return result


def _expected(ordinary: OrdinaryCosts, history: int) -> Matrix:
    known = slice(0, history)
    come = ordinary.charges.expected(history, known)
    expected: Matrix = (ordinary.expected + come) * ordinary.length[known]
    return expected
