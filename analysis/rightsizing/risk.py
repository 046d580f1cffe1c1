"""How likely a smaller type would have been too small, from the peaks of the recorded days, in words."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from pandas import DataFrame, Series

from analysis.models import Risk

_EULER = 0.5772156649
#: Days of a kind (weekdays, weekend) below which their spread says nothing by itself.
_FEWEST_DAYS = 3
_YEAR, _MONTH = 365, 30


def chance_per_day(peaks: DataFrame, ratio: Series[float]) -> Series[float]:
    """Chance that on one day the peak passes 100 % of the new type.

    A Gumbel distribution, the usual one for daily maxima, is fitted by its moments to weekdays and to weekends: taken
    together, the difference between the two would look like spread. It is never below the share of days that did pass.

    Args:
        peaks: one row per instance, one column per day: the day's maximum in per cent of the current type.
        ratio: capacity now over capacity then, on the same index.
    """
    then = peaks.mul(ratio, axis=0) / 100
    weekend = pd.DatetimeIndex(then.columns).day_of_week.to_numpy() >= 5
    kinds = [then.loc[:, is_kind] for is_kind in (~weekend, weekend) if is_kind.any()]
    if any(kind.shape[1] < _FEWEST_DAYS for kind in kinds):
        kinds = [then]
    days = then.notna().sum(axis=1)
    fitted = pd.concat([_beyond(kind) * kind.notna().sum(axis=1) for kind in kinds], axis=1).sum(axis=1) / days
    return fitted.clip(lower=then.gt(1.0).sum(axis=1) / days)


def _beyond(peaks: DataFrame) -> Series[float]:
    """Chance that a peak passes 1; days that are all alike pass it always or never."""
    scale = (peaks.std(axis=1) * math.sqrt(6) / math.pi).clip(lower=1e-6).fillna(1e-6)
    centre = peaks.mean(axis=1) - _EULER * scale
    exponent = ((1.0 - centre) / scale).clip(-50, 700)
    beyond = 1.0 - np.exp(-np.exp(-exponent.to_numpy(dtype="float64")))
    return pd.Series(beyond, index=peaks.index).fillna(0.0)


def level(chance: float) -> Risk:
    """Low: less than once a year; medium: less than once a month; else high."""
    if chance < 1 / _YEAR:
        return Risk.LOW
    return Risk.MEDIUM if chance < 1 / _MONTH else Risk.HIGH


def in_words(chance: float, busiest_percent: float, days: int, what: str, proposed: str) -> str:
    """One sentence for a person who decides.

    Args:
        busiest_percent: the highest daily peak in per cent of the new type.
        what: "CPU" or "memory": the tighter of the two.
    """
    seen = f"In {days} days the highest {what} peak would have taken {busiest_percent:.0f} % of {proposed}"
    if chance < 1 / _YEAR:
        return f"{seen}; as far as these days tell, a peak beyond 100 % comes less than once a year."
    if chance < 1 / _MONTH:
        return f"{seen}; a peak beyond 100 % is expected about every {1 / chance:.0f} days."
    return f"{seen}; a peak beyond 100 % is expected on {chance * _MONTH:.0f} days a month."
