"""Twelve ways to carry a level on: smoothed at three speeds or one long mean; still, with a damped or a long trend, on
its way back to where it was for a year, or rising by the step that weeks usually make, which a reset to nothing does
not bend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.medians import median
from analysis.small_products import product
from analysis.theil_sen import slopes

Values = NDArray[np.float64]

#: Weight of the newest day in each smoothing.
SPEEDS = (0.5, 0.2, 0.07)

#: The smoothing that follows a shift, the one that others are held against, and the one that scales errors.
QUICKEST, MIDDLE, SLOW = 0, 1, 2

#: Weeks that the damped trend looks at, the newest of them that must go on in its direction, its damping per day.
TREND_WEEKS, NEWEST_WEEKS, DAMPING = 8, 4, 0.96

#: Steps from week to week that the usual one is the median of.
STEPS = 8

#: Share of the way home that a level goes in the end. On real series that nothing was chosen on, the error of 30 days
#: fell from 1.12 to 1.11 of that from week to week, most where demand has seasons; on generated bills it stayed.
HOMEWARDS = 0.6

#: Days that a level must have lasted, held against so many before them, and the robust sigmas and the share that it
#: lies away, to be a new one whatever the past says about shifts.
SHIFT_DAYS, BEFORE_DAYS, SHIFT_SIGMAS, SHIFT_SHARE = 5, 28, 6.0, 0.01

#: How likely each way is before anything is known, in the order of `ways`.
PRIOR = np.array([1.0, 1.0, 1.0, 0.8, 0.8, 0.8, 0.8, 0.5, 0.5, 0.8, 0.8, 0.5])


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways × …: the level on the last day, dollars a day by which it goes on damped, and straight on."""

    now: Values
    damped: Values
    straight: Values

    def at(self, ahead: NDArray[np.float64]) -> Values:
        """Ahead × ways × …: the level that many days after the last one."""
        steps = ahead.reshape(-1, *(1 for _ in self.now.shape))
        result: Values = self.now + self.damped * faded(steps) + self.straight * steps
        return result

    def mixed(self, weights: Values) -> Ways:
        """One way of them all; `weights` is ways × …, summing to 1."""
        return Ways(*((weights * part).sum(axis=0, keepdims=True) for part in (self.now, self.damped, self.straight)))


def faded(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many days' growth a damped trend has made after `steps` days."""
    result: NDArray[np.float64] = DAMPING * (1 - DAMPING**steps) / (1 - DAMPING)
    return result


def shifted(level: Values) -> NDArray[np.bool_]:
    """Where the newest days of `level` all lie on a new level, far away from the days before them."""
    newest, before = level[-SHIFT_DAYS:], level[-SHIFT_DAYS - BEFORE_DAYS : -SHIFT_DAYS]
    middle = median(before)
    noise = 1.4826 * median(np.abs(before - middle))
    away = median(newest) - middle
    far = np.abs(away) > np.maximum(SHIFT_SIGMAS * noise, SHIFT_SHARE * np.abs(middle))
    all_of_them = ((newest - middle) * np.sign(away) > 0.5 * np.abs(away)).all(axis=0)
    result: NDArray[np.bool_] = far & all_of_them
    return result


def ways(level: Values, home: Values) -> Ways:
    """All ways to carry a level on.

    Args:
        level: days × …, the newest last, NaN where nothing is known.
        home: where it was for a year; NaN where that is not known, and the long mean stands for it.
    """
    shape = level.shape[1:]
    flat = level.reshape(len(level), -1)
    smooth, lag = _smoothed(flat)
    damped, straight = _damped(_weeks(flat[-7 * TREND_WEEKS :])), _straight(_weeks(flat))
    stepping = _stepping(_weeks(flat[-7 * (STEPS + 1) :]))
    moving = len(SPEEDS)
    nothing = np.zeros_like(damped)
    now = [*smooth, *(smooth[:moving] + damped * lag[:moving]), *(smooth[:2] + straight * lag[:2])]
    leaving = (smooth[QUICKEST], smooth[SLOW])
    now += [*leaving, smooth[0] + stepping * lag[0]]
    usually = np.where(np.isnan(home.reshape(-1)), smooth[moving], home.reshape(-1))
    back = [HOMEWARDS * (usually - one) * (1 - DAMPING) / DAMPING for one in leaving]
    falls = [nothing] * (moving + 1) + [damped] * moving + [nothing] * 2 + back + [nothing]
    goes = [nothing] * (2 * moving + 1) + [straight] * 2 + [nothing] * 2 + [stepping]
    return Ways(*(np.stack(part).reshape(len(part), *shape) for part in (now, falls, goes)))


def _smoothed(level: Values) -> tuple[Values, Values]:
    """Each smoothing and the long mean, and by how many days it lags behind."""
    known = ~np.isnan(level)
    value = np.where(known, level, 0.0)
    age = np.arange(len(level))[::-1]
    weight = np.stack([speed * (1 - speed) ** age for speed in SPEEDS] + [np.full(len(level), 1 / len(level))])
    there = known.astype(float)
    total = product(weight, there)
    enough = total > 1e-6
    mean = value.sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    safe = np.where(enough, total, 1.0)
    return (
        np.where(enough, product(weight, value) / safe, mean),
        np.where(enough, product(weight * age, there) / safe, 0.0),
    )


def _weeks(level: Values) -> Values:
    """The means of whole weeks, oldest first; NaN for a week with fewer than two known days."""
    count = len(level) // 7
    days = level[-7 * count :].reshape(count, 7, -1)
    known = ~np.isnan(days)
    total = np.where(known, days, 0.0).sum(axis=1)
    return np.where(known.sum(axis=1) >= 2, total / np.maximum(known.sum(axis=1), 1), np.nan)


def _straight(weeks: Values) -> Values:
    """Dollars a day per day, as far as the trend stands out of its own noise."""
    return _certain(weeks, np.nan_to_num(slopes(weeks)))


def _certain(weeks: Values, slope: Values) -> Values:
    place = np.arange(len(weeks))[:, None]
    away = weeks - slope * place
    sigma = 1.4826 * np.nan_to_num(median(np.abs(away - median(away))))
    travelled = np.abs(slope) * max(len(weeks) - 1, 1)
    certain = np.clip(travelled / np.maximum(3 * sigma, 1e-9) - 0.5, 0.0, 1.0)
    result: Values = slope * certain / 7
    return result


def _stepping(weeks: Values) -> Values:
    """Dollars a day per day by the median step from week to week, as far as it stands out of their differences."""
    steps = np.diff(weeks, axis=0)
    typical = np.nan_to_num(median(steps))
    sigma = 1.4826 * np.nan_to_num(median(np.abs(steps - typical)))
    certain = np.clip(1.1 * np.abs(typical) / np.maximum(sigma, 1e-9) - 0.5, 0.0, 1.0)
    result: Values = typical * certain / 7
    return result


def _damped(weeks: Values) -> Values:
    """The trend as far as the newest weeks still follow it.

    After a shift the newest weeks lie still: then there is no trend, however steep the line through all of them.
    """
    slope = np.nan_to_num(slopes(weeks))
    trend, slope = _certain(weeks, slope), slope / 7
    newest = np.nan_to_num(slopes(weeks[-NEWEST_WEEKS:])) / 7
    share = np.minimum(np.abs(newest) / np.maximum(np.abs(slope), 1e-9), 1.0)
    return np.where(newest * slope > 0, trend * share, 0.0)
