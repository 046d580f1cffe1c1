"""How fast detection is, as ratios to one plain pass in the same run: `python -m benchmarks.analysis.speed`.

The plain pass is vectorised over all keys and causal per day: the median of the last eight same weekdays, and the
median absolute deviation of the last 56 residuals.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.anomalies import detect
from analysis.daily_series import Matrix

WEEKS, RESIDUALS = 8, 56


def plain_pass(cost: Matrix) -> Matrix:
    """Robust z of each day and key, from days before it alone."""
    residual, z = np.full(cost.shape, np.nan), np.full(cost.shape, np.nan)
    for t in range(14, len(cost)):
        weeks = cost[max(t - 7 * WEEKS, t % 7) : t : 7]
        residual[t] = cost[t] - np.median(weeks, axis=0)
        window = residual[max(14, t - RESIDUALS) : t]
        if len(window) >= WEEKS:
            middle = np.median(window, axis=0)
            spread = 1.4826 * np.median(np.abs(window - middle), axis=0)
            z[t] = (residual[t] - middle) / np.maximum(spread, 0.01)
    return z


def many_bills(keys: int, days: int) -> pd.DataFrame:
    """Long daily costs: weekdays, noise of 1-15 %, growth, charges on the first, bursts now and then."""
    rng = np.random.default_rng(0)
    stamps = pd.date_range("2025-01-06", periods=days, freq="D")
    usual = np.exp(rng.uniform(np.log(3), np.log(2000), keys))
    weekend = np.where(np.asarray(stamps.day_of_week)[:, None] >= 5, rng.uniform(0.4, 1.0, keys), 1.0)
    growth = (1 + rng.uniform(-0.03, 0.06, keys)) ** (np.arange(days)[:, None] / 30.4)
    cost = usual * weekend * growth * np.exp(rng.normal(0, 1, (days, keys)) * rng.uniform(0.01, 0.15, keys))
    cost += np.where((np.asarray(stamps.day) == 1)[:, None] & (rng.random(keys) < 0.1), 2 * usual, 0)
    cost += np.where(rng.random((days, keys)) < 0.002, usual * rng.uniform(0.5, 3, (days, keys)), 0)
    names = np.array([f"service-{number:05d}" for number in range(keys)])
    return pd.DataFrame({"date": np.tile(stamps, keys), "key": np.repeat(names, days), "cost": cost.T.ravel()})


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=400)
    given = parser.parse_args()
    daily = many_bills(given.keys, given.days)
    cost = daily["cost"].to_numpy().reshape(given.keys, given.days).T.copy()
    last = daily["date"].max()
    plain = seconds(lambda: plain_pass(cost))
    print(f"{given.keys:,} series x {given.days} days; the plain pass took {plain:.1f} s on this machine")
    print(f"  all days, anomalies       {seconds(lambda: detect(daily)) / plain:.2f} x the plain pass")
    print(f"  the newest day (since)    {seconds(lambda: detect(daily, since=last)) / plain:.2f} x the plain pass")
    week = last - pd.Timedelta(days=6)
    print(f"  the newest seven days     {seconds(lambda: detect(daily, since=week)) / plain:.2f} x the plain pass")


if __name__ == "__main__":
    main()
