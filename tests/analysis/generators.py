"""Daily cost series with known truth: families of ordinary bills, and incidents of known kind, start and end.

Independent of `analysis/`: written from what bills do (month length, weekdays, charges, drift, holidays), so that a
detector cannot be right by construction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Values = NDArray[np.float64]
Family = Callable[[pd.DatetimeIndex, np.random.Generator], Values]

INCIDENTS = ("spike", "step", "ramp", "drop", "new", "weekend")


@dataclass(frozen=True, slots=True)
class Incident:
    """The truth about one injected incident; `end` is the last day on which an alert about it is right."""

    key: str
    kind: str
    start: pd.Timestamp
    end: pd.Timestamp


@dataclass(frozen=True, slots=True)
class Labelled:
    """Long daily costs and the incidents in them."""

    daily: pd.DataFrame
    incidents: tuple[Incident, ...]


def _growth(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    per_month = rng.uniform(-0.05, 0.12) if rng.random() < 0.6 else 0.0
    return np.asarray((1 + per_month) ** (np.arange(len(days)) / 30.4))


def _weekday(days: pd.DatetimeIndex, weekend: float) -> Values:
    return np.where(np.asarray(days.day_of_week) >= 5, weekend, 1.0)


def _noise(days: pd.DatetimeIndex, rng: np.random.Generator, sigma: float) -> Values:
    return np.exp(rng.normal(0, sigma, len(days)) - sigma**2 / 2)


def _drift(days: pd.DatetimeIndex, rng: np.random.Generator, per_month: float) -> Values:
    """A slow wander that pulls back: typically `per_month` away within a month."""
    steps = rng.normal(0, per_month / np.sqrt(30), len(days))
    wander = np.zeros(len(days))
    for t in range(1, len(days)):
        wander[t] = 0.985 * wander[t - 1] + steps[t]
    return np.exp(wander)


def _holidays(days: pd.DatetimeIndex, dip: float) -> Values:
    last_week = (days.month == 12) & (days.day >= 24) | (days.month == 1) & (days.day == 1)
    fixed = (days.month == 7) & (days.day == 4) | (days.month == 5) & (days.day == 1)
    thursday = (days.month == 11) & (days.day_of_week == 3) & (days.day >= 22) & (days.day <= 28)
    return np.where(last_week | fixed | thursday, dip, 1.0)


def _size(rng: np.random.Generator, low: float = 30, high: float = 2000) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def compute(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Busy weekdays, drift, holidays."""
    usual = (
        _size(rng)
        * _weekday(days, rng.uniform(0.45, 1.0))
        * _growth(days, rng)
        * _drift(days, rng, rng.uniform(0.0, 0.15))
    )
    return usual * _holidays(days, rng.uniform(0.6, 1.0)) * _noise(days, rng, rng.uniform(0.02, 0.14))


def flat(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Constant to 0.1 %, with clock-change blips and a small step."""
    values = _size(rng) * _noise(days, rng, 0.001)
    values[rng.integers(len(days))] *= 1 + rng.choice([-1, 1]) / 24
    values[rng.integers(len(days)) :] *= 1 + rng.uniform(0.03, 0.08) * rng.choice([-1, 1])
    return values


def monthly_priced(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A price per month: cost per day follows the month's length."""
    return _size(rng) * 30.4 / np.asarray(days.days_in_month) * _growth(days, rng) * _noise(days, rng, 0.005)


def storage(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Linear growth with a clean-up every few months."""
    period = int(rng.integers(60, 150))
    position = (np.arange(len(days)) + rng.integers(period)) % period
    return (
        _size(rng)
        * (1 + rng.uniform(0.05, 0.15) * position / 30)
        * 30.4
        / np.asarray(days.days_in_month)
        * _noise(days, rng, 0.01)
    )


def charged(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A charge on a day of the month, counted from its start or its end."""
    values = compute(days, rng)
    day = int(rng.choice([0, 0, 1, 4, 14]))
    position = np.asarray(days.day) - 1 if rng.random() < 0.7 else np.asarray(days.days_in_month - days.day)
    return values + np.where(position == day, values.mean() * rng.uniform(0.8, 6) * _noise(days, rng, 0.05), 0)


def batch(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A batch every week or every second week."""
    values = compute(days, rng)
    period = int(rng.choice([7, 14]))
    return values + np.where(
        np.arange(len(days)) % period == rng.integers(period), values.mean() * rng.uniform(0.8, 3), 0
    )


def bursty(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Heavy tails: a burst every week or two, of any size."""
    burst = np.where(rng.random(len(days)) < rng.uniform(0.06, 0.2), rng.lognormal(0, 0.5, len(days)), 0)
    return _size(rng, 30, 500) * _noise(days, rng, 0.15) * (1 + burst)


def free_tier(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Nothing until the month's free amount is used up."""
    return np.where(np.asarray(days.day) <= rng.integers(3, 12), 0.0, _size(rng, 30, 300) * _noise(days, rng, 0.08))


def sparse(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A few days a month, of very different size."""
    return np.where(
        rng.random(len(days)) < rng.uniform(0.05, 0.2), _size(rng, 3, 40) * rng.lognormal(0, 0.35, len(days)), 0.0
    )


def tiny(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Cents to a dollar or two, wild in per cent."""
    return _size(rng, 0.01, 1.5) * _noise(days, rng, 0.4) * (1 + 2 * (rng.random(len(days)) < 0.05))


def office_hours(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Switched off at weekends."""
    return (
        _size(rng, 40, 800) * _weekday(days, rng.uniform(0.05, 0.25)) * _holidays(days, 0.3) * _noise(days, rng, 0.05)
    )


FAMILIES: dict[str, tuple[Family, float]] = {
    "compute": (compute, 0.34),
    "flat": (flat, 0.08),
    "monthly_priced": (monthly_priced, 0.10),
    "storage": (storage, 0.08),
    "charged": (charged, 0.09),
    "batch": (batch, 0.06),
    "bursty": (bursty, 0.05),
    "free_tier": (free_tier, 0.04),
    "sparse": (sparse, 0.04),
    "tiny": (tiny, 0.05),
    "office_hours": (office_hours, 0.10),
}

#: Families on which an incident can be told from what they do anyway.
_INJECTABLE = ("compute", "flat", "monthly_priced", "storage", "charged", "office_hours", "batch")


def bills(
    seed: int, series: int = 120, length: int = 400, incident_share: float = 0.6, start: str = "2025-01-06"
) -> Labelled:
    """A bill of `series` keys; about `incident_share` of the keys that can carry one get an incident.

    Incidents start after day 90, so that a detector has had a chance to learn.
    """
    rng = np.random.default_rng(seed)
    days = pd.date_range(start, periods=length, freq="D")
    names = list(FAMILIES)
    weights = np.array([weight for _, weight in FAMILIES.values()])
    frames, truth = [], []
    for number in range(series):
        name = str(rng.choice(names, p=weights / weights.sum()))
        key = f"{name}-{number:03d}"
        values = FAMILIES[name][0](days, rng)
        if name in _INJECTABLE and rng.random() < incident_share:
            kind = str(rng.choice(INCIDENTS if name == "office_hours" else INCIDENTS[:-1]))
            values, first, last = inject(values, days, kind, rng)
            truth.append(Incident(key, kind, days[first], days[min(last, length - 1)]))
            if kind == "new":
                frames.append(pd.DataFrame({"date": days[first:], "key": key, "cost": values[first:]}))
                continue
        frames.append(pd.DataFrame({"date": days, "key": key, "cost": values}))
    return Labelled(pd.concat(frames, ignore_index=True), tuple(truth))


def inject(values: Values, days: pd.DatetimeIndex, kind: str, rng: np.random.Generator) -> tuple[Values, int, int]:
    """`values` with one incident of `kind`; its first day and the last day on which telling it is right."""
    values = values.copy()
    first = int(rng.integers(90, len(days) - 40))
    if kind == "weekend":
        first += int((5 - days[first].day_of_week) % 7)
        weekday_level = float(np.median(values[first - 7 : first - 2]))
        values[first : first + 2] = weekday_level * rng.uniform(0.9, 1.05, 2)
        return values, first, first + 2
    typical = float(np.median(values[first - 28 : first]))
    if kind == "spike":
        length = int(rng.integers(1, 4))
        values[first : first + length] += max(20.0, typical * rng.uniform(0.5, 4))
        return values, first, first + length - 1
    if kind == "step":
        values[first:] += max(20.0, typical * rng.uniform(0.3, 1.5))
        return values, first, first + 10
    if kind == "ramp":
        length = int(rng.integers(10, 22))
        top = max(25.0, typical * rng.uniform(0.6, 2))
        values[first:] += top * np.clip((np.arange(len(days) - first) + 1) / length, 0, 1)
        return values, first, first + length + 7
    if kind == "drop":
        length = int(rng.integers(2, 9))
        values[first : first + length] *= rng.uniform(0.0, 0.3)
        return values, first, first + length + 2
    return values, first, first + 3


@dataclass(frozen=True, slots=True)
class Growing:
    """Long daily costs whose growth per month is known, as a share by key."""

    daily: pd.DataFrame
    growth: dict[str, float]


def growing(seed: int, series: int = 120, length: int = 150) -> Growing:
    """Keys that grow or shrink at a known rate, with weekdays, charges, month lengths and noise on top.

    Rates closer than a percentage point to ±5 % a month are left out: no method can tell them.
    """
    rng = np.random.default_rng(seed)
    days = pd.date_range("2025-09-01", periods=length, freq="D")
    frames, growth = [], {}
    for number in range(series):
        rate = 0.05
        while abs(abs(rate) - 0.05) < 0.01:
            rate = float(rng.uniform(-0.2, 0.2)) if rng.random() < 0.6 else float(rng.uniform(-0.03, 0.03))
        values = _size(rng) * (1 + rate) ** (np.arange(length) / 30.4375)
        kind = number % 4
        if kind in (0, 1):
            values = values * _weekday(days, rng.uniform(0.3, 1.0)) * _holidays(days, rng.uniform(0.6, 1.0))
        if kind == 1:
            values = values + np.where(days.day == 1, 3 * values, 0)
        if kind == 2:
            values = values * 30.4375 / np.asarray(days.days_in_month)
        if kind == 3:
            values = values * (1 + np.where(rng.random(length) < 0.05, rng.uniform(0.5, 2), 0))
        key = f"growing-{number:03d}"
        values = values * _noise(days, rng, rng.uniform(0.005, 0.1))
        frames.append(pd.DataFrame({"date": days, "key": key, "cost": values}))
        growth[key] = rate
    return Growing(pd.concat(frames, ignore_index=True), growth)
