"""The rolling backtest: which ways were right on earlier days, and how wide an interval would have had to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.daily_series import Mask, Row
from analysis.forecasting.levels import PRIOR, QUICKEST, SLOW, Ways
from analysis.medians import mean, median, quantile

Values = NDArray[np.float64]

#: Days before the end on which rehearsals start: whole weeks, so that all see the same weekdays. Every second week
#: would take three quarters of the time, and miss bills by one to four per cent more.
BACK = tuple(range(14, 337, 7))

#: History that a rehearsal needs, and the days a key must be known by then.
LEAST_HISTORY, LEAST_KNOWN = 42, 28

#: Weeks of a rehearsal that levels are compared in, by their medians.
WEEKS = 4

#: How steeply weight falls with error, and the rehearsals that the belief in all ways being alike counts for.
POWER, PRIOR_REHEARSALS = 8.0, 6.0

#: The month-shaped model must have been this much better to be taken, the other having missed this share of the cost.
MUCH_BETTER, WORTH_IT = 0.75, 0.01

#: Rehearsed days, and rehearsed totals, that the normal distribution counts for.
PRIOR_DAYS, PRIOR_TOTALS = 120, 4.0

#: How much of an interval's side is learnt from that side alone.
OWN_SIDE = 0.5

#: Share, normal quantile, and what rehearsals that chose their own weights fall short by: of days, then of totals.
SHARES = ((0.80, 1.2816, 1.02, 1.0), (0.95, 1.96, 1.06, 1.22))


@dataclass(frozen=True, slots=True)
class Widths:
    """Per key, in scales of a day: how far each interval reaches below and above the mean."""

    below80: Row
    above80: Row
    below95: Row
    above95: Row


def weekly_medians(level: Values) -> Values:
    """Weeks × starts × keys of a level by days ahead."""
    weeks = min(WEEKS, len(level) // 7)
    if not weeks:
        return np.empty((0, *level.shape[1:]))
    return np.stack([median(level[7 * week : 7 * week + 7]) for week in range(weeks)])


def week_middles(weeks: int) -> NDArray[np.float64]:
    """Days ahead that weekly medians stand for."""
    return np.asarray(7.0 * np.arange(weeks) + 4, dtype=np.float64)


def weigh(all_ways: Ways, truth: Values, usable: Mask, shifted: Mask) -> Values:
    """Ways × starts × keys: how much to believe each, by its errors in the other rehearsals.

    That a rehearsal has no say in its own weights keeps it honest about how far off it would have been.

    Args:
        truth: weeks × starts × keys, the first start being the present.
        usable: starts × keys: rehearsals that say something.
        shifted: starts × keys: there the newest days alone say where the level is, and the quickest way is taken.
    """
    error = level_errors(all_ways, truth, usable)
    known = (~np.isnan(error)).any(axis=1)
    total = np.nansum(error, axis=0)
    count = (~np.isnan(error)).sum(axis=0)[:1]
    others, counted = total.sum(axis=1, keepdims=True) - total, count.sum(axis=1, keepdims=True) - count
    rehearsals = known.any(axis=0)
    rehearsals = rehearsals.sum(axis=0, keepdims=True) - rehearsals
    typical = others / np.maximum(counted, 1)
    drawn = (rehearsals * typical + PRIOR_REHEARSALS * typical.mean(axis=0)) / (rehearsals + PRIOR_REHEARSALS)
    weight = PRIOR[:, None, None] * (drawn / np.maximum(drawn.mean(axis=0), 1e-12) + 1e-3) ** -POWER
    weight = np.where(rehearsals > 0, weight, PRIOR[:, None, None])
    weight[:, shifted] = np.eye(len(PRIOR))[QUICKEST][:, None]
    result: Values = weight / weight.sum(axis=0)
    return result


def level_errors(told: Ways, truth: Values, usable: Mask) -> Values:
    """Weeks × ways × starts × keys, as a share of the level; NaN for the present and where nothing is known.

    A level from nearly nothing is off by any share at all: more than all of it says no more than all of it.
    """
    error = np.abs(truth[:, None] - told.at(week_middles(len(truth)))) / level_size(told.now)
    error = np.where(usable, np.minimum(error, 1.0), np.nan)
    error[:, :, 0] = np.nan
    return error


def level_size(now: Values) -> Values:
    """Starts × keys: the dollars that errors of the level are shares of."""
    size: Values = np.maximum(np.abs(now[min(SLOW, len(now) - 1)]), 0.01)
    return size


def much_better(shaped: Values, plain: Values, truth: Values) -> Mask:
    """Keys for which the month-shaped forecasts would have been much better."""
    error, error_shaped = (np.nansum(np.abs(truth - told)[:, 1:], axis=(0, 1)) for told in (plain, shaped))
    missed = error > WORTH_IT * np.nansum(np.abs(truth)[:, 1:], axis=(0, 1))
    result: Mask = missed & (error_shaped < MUCH_BETTER * error)
    return result


def widths(missed: Values, usable: Mask) -> Widths:
    """What the scale of a day must be multiplied with.

    Args:
        missed: days ahead × starts × keys: truth less forecast, in scales of a day; NaN where it is not known.
    """
    known = np.where(usable[1:], missed[:, 1:], np.nan).reshape(-1, missed.shape[2])
    signed, either = np.sort(known, axis=0), np.sort(np.abs(known), axis=0)
    count = (~np.isnan(either)).sum(axis=0)
    weight = count / (count + PRIOR_DAYS)
    sides = []
    for share, normal, short, _ in SHARES:
        both = quantile(either, share)
        for side in (-quantile(signed, 0.5 - share / 2), quantile(signed, 0.5 + share / 2)):
            found = np.nan_to_num((1 - OWN_SIDE) * both + OWN_SIDE * side)
            width = weight * np.minimum(found, 8.0) + (1 - weight) * normal
            sides.append(np.clip(short * width, 0.35 * normal, 5 * normal))
    return Widths(*sides)


def total_widths(missed: Values, usable: Mask) -> tuple[Row, Row]:
    """The same for totals, 80 and 95 %: few are known, so that their mean miss stands for the width.

    Args:
        missed: starts × keys: truth less forecast of the sum of all days, in scales of a total.
    """
    known = np.where(usable[1:], np.abs(missed[1:]), np.nan)
    count = (~np.isnan(known)).sum(axis=0)
    weight = count / (count + PRIOR_TOTALS)
    factor = weight * 1.2533 * mean(known) + (1 - weight)
    w80, w95 = (short * normal * np.clip(factor, 0.35, 3.0) for _, normal, _, short in SHARES)
    return w80, w95
