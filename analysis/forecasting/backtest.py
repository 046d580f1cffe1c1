"""The rolling backtest: which model would have been better, and how wide an interval would have had to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.daily_series import Matrix, Row
from analysis.forecasting.month_shaped import month_shaped
from analysis.forecasting.project import Projection, project

#: How many days before the end each rehearsal starts.
ORIGINS = (14, 28, 42, 56, 77, 98)

#: Days each rehearsal looks ahead, at most.
AHEAD = 30

#: History a rehearsal needs.
LEAST_HISTORY = 60

#: The month-shaped model must have been this much better to be taken.
MUCH_BETTER = 0.75

#: Rehearsed days that the normal distribution counts for.
PRIOR_DAYS = 60

#: Normal quantiles of the central 80 and 95 %.
Z80, Z95 = 1.2816, 1.96


@dataclass(frozen=True, slots=True)
class Lessons:
    """Per key: whether the month-shaped model is taken, and what the scale must be multiplied with."""

    month_shaped: Row
    wide80: Row
    wide95: Row
    total80: Row
    total95: Row


def rehearse(cost: Matrix, days: pd.DatetimeIndex) -> Lessons:
    """Forecast the last weeks from earlier days and look at what came."""
    keys = cost.shape[1]
    error, error_shaped = np.zeros(keys), np.zeros(keys)
    missed: list[Matrix] = []
    missed_shaped: list[Matrix] = []
    sums: list[Row] = []
    sums_shaped: list[Row] = []
    for back in ORIGINS:
        start = len(days) - back
        if start < LEAST_HISTORY:
            break
        ahead = min(AHEAD, back)
        actual = cost[start : start + ahead]
        plain = project(cost[:start], days[:start], ahead)
        shaped = month_shaped(cost[:start], days[:start], plain)
        error += np.nansum(np.abs(actual - plain.mean), axis=0)
        error_shaped += np.nansum(np.abs(actual - shaped.mean), axis=0)
        for projection, into, into_sums in ((plain, missed, sums), (shaped, missed_shaped, sums_shaped)):
            into.append(np.abs(actual - projection.mean) / day_scale(projection))
            into_sums.append(np.abs((actual - projection.mean).sum(axis=0)) / total_scale(projection))
    if not missed:
        return Lessons(np.zeros(keys), *(np.full(keys, z) for z in (Z80, Z95, Z80, Z95)))
    takes = error_shaped < MUCH_BETTER * error
    day = np.where(takes, np.vstack(missed_shaped), np.vstack(missed))
    total = np.where(takes, np.stack(sums_shaped), np.stack(sums))
    return Lessons(
        takes.astype(float),
        _width(day, 0.80, Z80),
        _width(day, 0.95, Z95),
        _total_width(total, Z80),
        _total_width(total, Z95),
    )


def day_scale(projection: Projection) -> Matrix:
    """What one day may be off by, in dollars."""
    scale: Matrix = np.sqrt(projection.noise**2 + projection.drift**2 + (0.15 * projection.charges) ** 2)
    return np.maximum(scale, np.maximum(0.005 * np.abs(projection.mean), 0.005))


def total_scale(projection: Projection) -> Row:
    """What the sum of all days may be off by: days by themselves average out, a drift does not."""
    own = (projection.noise**2 + (0.15 * projection.charges) ** 2).sum(axis=0)
    wandered = projection.drift.sum(axis=0) ** 2
    scale: Row = np.sqrt(own + wandered)
    least: Row = np.maximum(0.005 * np.abs(projection.mean.sum(axis=0)), 0.005)
    return np.maximum(scale, least)


def _width(misses: Matrix, share: float, normal: float) -> Row:
    """The conformal multiplier: the quantile of the misses, drawn towards the normal one while few are known."""
    ordered = np.sort(np.where(np.isnan(misses), np.inf, misses), axis=0)
    known = (~np.isnan(misses)).sum(axis=0)
    position = np.clip(np.ceil(share * (known + 1)).astype(np.int64) - 1, 0, np.maximum(known - 1, 0))
    found = ordered[position, np.arange(misses.shape[1])]
    weight = known / (known + PRIOR_DAYS)
    width: Row = (
        np.where(known > 0, weight * np.minimum(np.nan_to_num(found, posinf=6.0), 6.0), 0.0) + (1 - weight) * normal
    )
    return np.clip(width, 0.35 * normal, 4 * normal)


def _total_width(misses: Matrix, normal: float) -> Row:
    """Few sums are known: their mean miss stands for the width, drawn towards the normal one."""
    known = (~np.isnan(misses)).sum(axis=0)
    typical = 1.5 * np.nansum(np.nan_to_num(misses), axis=0) / np.maximum(known, 1)
    weight = known / (known + 4.0)
    width: Row = normal * (weight * typical + (1 - weight))
    return np.clip(width, 0.35 * normal, 3 * normal)
