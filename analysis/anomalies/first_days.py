"""A key's first two weeks have no expectation to be held against: once they are over, each week judges the other."""

from __future__ import annotations

import numpy as np

from analysis.anomalies.baseline import WARM_UP_DAYS
from analysis.anomalies.history import History

#: A day this many times its twin a week apart, and the fortnight's median, was a burst.
TWICE = 1.8


def clean_first_days(history: History, t: int) -> None:
    """Take bursts out of the first fortnight of the keys whose fortnight ends on day `t`."""
    if t < WARM_UP_DAYS - 1 or not history.begins[t - WARM_UP_DAYS + 1]:
        return
    keys = np.flatnonzero(history.age(t) == WARM_UP_DAYS - 1)
    window = np.ix_(np.arange(t - WARM_UP_DAYS + 1, t + 1), keys)
    cost = np.nan_to_num(history.cost[window])
    twin = np.roll(cost, 7, axis=0)
    usual = np.maximum(twin, np.median(cost, axis=0))
    burst = (cost > TWICE * usual) & (cost > 0)
    history.clean[window] = np.where(burst, usual, cost)
    history.seen[window] = history.clean[window]
    history.burst[window] = np.where(burst, cost - usual, 0.0)
