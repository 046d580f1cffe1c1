"""How others tell an anomaly, with their usual thresholds: each looks at a day with the days before it only.

Sources: the mean and two standard deviations are the usual first recipe of a cost guide; 3 and 3.5 are the customary
limits of a z-score and of the modified z-score (Iglewicz and Hoaglin, 1993); $100 and 40 % are what AWS Cost Anomaly
Detection's default subscription alerts on.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from analysis.daily_series import DailySeries, Mask, Matrix, daily_series

#: Expected cost, and whether the day is out of bounds; both days × keys.
Judged = tuple[Matrix, Mask]
Detector = Callable[[pd.DataFrame], pd.DataFrame]

LEAST_DAYS = 14


def mean_and_two_sigmas(cost: Matrix) -> Judged:
    """Beyond two standard deviations of all days so far."""
    expected, sigma = np.full(cost.shape, np.nan), np.full(cost.shape, np.nan)
    for day in range(LEAST_DAYS, len(cost)):
        expected[day], sigma[day] = cost[:day].mean(axis=0), cost[:day].std(axis=0)
    return expected, np.abs(cost - expected) > 2 * sigma


def mean_and_two_sigmas_in_hindsight(cost: Matrix) -> Judged:
    """Beyond two standard deviations of the whole history, the days to come included: what no morning can know."""
    expected = np.broadcast_to(cost.mean(axis=0), cost.shape)
    return expected, np.abs(cost - expected) > 2 * cost.std(axis=0)


def z_score(cost: Matrix, days: int = 30) -> Judged:
    """Beyond three standard deviations of the last 30 days."""
    before = _windows(cost, days)
    expected = before.mean(axis=-1)
    return expected, np.abs(cost - expected) > 3 * before.std(axis=-1)


def median_and_mad(cost: Matrix, days: int = 30) -> Judged:
    """A modified z-score beyond 3.5 of the last 30 days."""
    before = _windows(cost, days)
    expected = np.median(before, axis=-1)
    spread = np.median(np.abs(before - expected[..., None]), axis=-1)
    return expected, 0.6745 * np.abs(cost - expected) > 3.5 * spread


def seasonal_naive(cost: Matrix, days: int = 28) -> Judged:
    """A difference from the week before beyond three standard deviations of the last 28 such differences."""
    expected = np.full(cost.shape, np.nan)
    expected[7:] = cost[:-7]
    before = _windows(cost - expected, days)
    return expected, np.abs(cost - expected - before.mean(axis=-1)) > 3 * before.std(axis=-1)


def dollars_and_percent(cost: Matrix) -> Judged:
    """More than $100 and 40 % above the mean of the last four same weekdays."""
    expected = np.full(cost.shape, np.nan)
    for day in range(28, len(cost)):
        expected[day] = cost[[day - 7, day - 14, day - 21, day - 28]].mean(axis=0)
    return expected, (cost - expected > 100) & (cost - expected > 0.4 * expected)


def half_more_than_last_week(cost: Matrix) -> Judged:
    """More than 50 % above the mean of the last seven days."""
    expected = _windows(cost, 7).mean(axis=-1)
    return expected, cost > 1.5 * expected


def _windows(cost: Matrix, days: int) -> Matrix:
    """For each day the `days` before it, along the last axis; NaN where there are fewer."""
    windows = np.full((*cost.shape, days), np.nan)
    windows[days:] = sliding_window_view(cost, days, axis=0)[:-1]
    return windows


def flags(series: DailySeries, judged: Judged) -> pd.DataFrame:
    """Verdicts in the columns of `analysis.anomalies.detect`, the anomalies only."""
    expected, out = judged
    day, key = np.nonzero(out & ~np.isnan(expected) & ~np.isnan(series.cost))
    cost, usual = series.cost[day, key], expected[day, key]
    days = series.days.to_numpy()[day]
    return pd.DataFrame({
        "key": series.keys.to_numpy()[key],
        "date": days,
        "alert_date": days,
        "cost": cost,
        "expected": usual,
        "score": 1.0,
        "impact": cost - usual,
        "direction": np.where(cost < usual, "down", "up"),
        "kind": np.where(cost < usual, "drop", "spike"),
        "is_anomaly": True,
    })  # fmt: skip


def _detector(judge: Callable[[Matrix], Judged]) -> Detector:
    def detect(daily: pd.DataFrame) -> pd.DataFrame:
        series = daily_series(daily)
        # They know no keys that begin later: a key that is not there yet costs nothing.
        with np.errstate(invalid="ignore"):
            return flags(series, judge(np.nan_to_num(series.cost)))

    return detect


DETECTORS: dict[str, Detector] = {
    "mean ± 2σ, in hindsight": _detector(mean_and_two_sigmas_in_hindsight),
    "mean ± 2σ, day by day": _detector(mean_and_two_sigmas),
    "z-score, 30 days": _detector(z_score),
    "median and MAD, 30 days": _detector(median_and_mad),
    "seasonal naive residual": _detector(seasonal_naive),
    "$100 and 40 %": _detector(dollars_and_percent),
    "50 % over the last week": _detector(half_more_than_last_week),
}
