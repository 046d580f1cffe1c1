"""Days on which people are off: a dip then is no drop, and no baseline learns from it."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from analysis.daily_series import Mask

#: Whose public holidays count. A day off anywhere here only makes the detector more patient with a dip.
COUNTRIES = ("US", "GB", "DE")


@cache
def _public(year: int) -> frozenset[date]:
    import holidays  # 0.2 s to import; only who detects pays for it

    return frozenset(day for country in COUNTRIES for day in holidays.country_holidays(country, years=year))


def days_off(days: pd.DatetimeIndex) -> Mask:
    """Public holidays of `COUNTRIES`, and the days from Christmas Eve to the second of January."""
    if not len(days):
        return np.zeros(0, dtype=bool)
    off = [day for year in range(days[0].year, days[-1].year + 1) for day in _public(year)]
    public = np.isin(days.to_numpy().astype("datetime64[D]"), np.array(off, dtype="datetime64[D]"))
    last_week = ((days.month == 12) & (days.day >= 24)) | ((days.month == 1) & (days.day <= 2))
    result: Mask = public | np.asarray(last_week)
    return result


def near_days_off(days: pd.DatetimeIndex, within: int = 2) -> Mask:
    """Days off and those up to `within` days before or after one; a calendar knows what is to come."""
    if not len(days):
        return np.zeros(0, dtype=bool)
    around = pd.date_range(days[0] - pd.Timedelta(days=within), days[-1] + pd.Timedelta(days=within), freq="D")
    off = days_off(around)
    near: Mask = np.asarray(np.lib.stride_tricks.sliding_window_view(off, 2 * within + 1).any(axis=1))
    return near
