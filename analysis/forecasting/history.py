"""The part of a history that forecasts look at, and how keys share the work."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.daily_series import DailySeries, Matrix, Row

#: Days of history that are looked at: a year for the days off and the seasons, and what shows that they come again.
HISTORY_DAYS = 430

#: Days of history without which nothing is told of the future.
LEAST_DAYS = 28

#: Keys worked on at once: so many that calls weigh little, so few that what is calculated stays near the processor.
KEYS_AT_ONCE = 256


def recent(series: DailySeries) -> tuple[Matrix, pd.DatetimeIndex]:
    """Dollars days × keys of the days that are looked at, and those days; a key without any cost has none."""
    never = series.first >= len(series.days)
    cost = np.where(never, 0.0, series.cost)[-HISTORY_DAYS:]
    return cost, series.days[-HISTORY_DAYS:]


def floor(cost: Matrix) -> Row:
    """0, or no floor for keys that had a credit in the last 90 days."""
    credit = np.nan_to_num(cost[-90:]).min(axis=0) < 0
    return np.where(credit, -np.inf, 0.0)


def chunks(keys: int) -> list[slice]:
    """Stretches of keys that are worked on together."""
    return [slice(start, start + KEYS_AT_ONCE) for start in range(0, keys, KEYS_AT_ONCE)]
