"""How likely a smaller type would have been too small, from the peaks of the recorded days, in words."""

from __future__ import annotations

import math

from pandas import DataFrame, Series

from analysis.models import Risk

_EULER = 0.5772156649


def chance_per_day(peaks: DataFrame, ratio: Series[float]) -> Series[float]:
    """Chance that on one day the peak passes 100 % of the new type.

    A Gumbel distribution is fitted to the daily maxima by its moments; it is the usual one for maxima of a day.

    Args:
        peaks: one row per instance, one column per day: the day's maximum in per cent of the current type.
        ratio: capacity now over capacity then, on the same index.
    """
    then = peaks.mul(ratio, axis=0) / 100
    scale = then.std(axis=1) * math.sqrt(6) / math.pi
    centre = then.mean(axis=1) - _EULER * scale
    over = then.max(axis=1).gt(1.0).astype("float64")
    spread = scale.where(scale.gt(1e-6))
    exponent = ((centre - 1.0) / spread).clip(-700, 50)
    fitted = 1.0 - (-exponent.map(math.exp, na_action="ignore")).map(math.exp, na_action="ignore")
    observed = then.gt(1.0).sum(axis=1) / then.notna().sum(axis=1)
    return fitted.fillna(over).clip(lower=observed)


def level(chance: float) -> Risk:
    """Low: less than once a year; medium: less than once a month; else high."""
    if chance < 1 / 365:
        return Risk.LOW
    return Risk.MEDIUM if chance < 1 / 30 else Risk.HIGH


def in_words(chance: float, busiest_percent: float, days: int, what: str, proposed: str) -> str:
    """One sentence for a person who decides.

    Args:
        busiest_percent: the highest daily peak in per cent of the new type.
        what: "CPU" or "memory": the tighter of the two.
    """
    seen = f"In {days} days the highest {what} peak would have taken {busiest_percent:.0f} % of {proposed}"
    if chance < 1 / 3650:
        return f"{seen}; a peak beyond 100 % is expected less than once in ten years."
    if chance < 1 / 365:
        return f"{seen}; a peak beyond 100 % is expected less than once a year."
    if chance < 1 / 30:
        return f"{seen}; a peak beyond 100 % is expected about every {1 / chance:.0f} days."
    return f"{seen}; a peak beyond 100 % is expected on {chance * 30:.0f} days a month."
