"""More families of ordinary bills: what meters, prices and people do to a daily cost. Thresholds may be tuned on these.

Independent of `analysis/`, as `generators` is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.analysis.generators import (
    FAMILIES,
    Family,
    Values,
    _drift,
    _growth,
    _holidays,
    _noise,
    _size,
    _weekday,
    compute,
    monthly_priced,
)


def drifting(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Compute that wanders 20-30 % in a month and is noisy from day to day."""
    return (
        _size(rng, 40, 1500)
        * _weekday(days, rng.uniform(0.6, 1.0))
        * _drift(days, rng, rng.uniform(0.08, 0.22))
        * _noise(days, rng, rng.uniform(0.04, 0.14))
    )


def shaped_week(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Every weekday has a level of its own."""
    factors = np.exp(rng.normal(0, rng.uniform(0.05, 0.35), 7))
    return (
        _size(rng)
        * factors[np.asarray(days.day_of_week)]
        * _growth(days, rng)
        * _holidays(days, rng.uniform(0.5, 1.0))
        * _noise(days, rng, rng.uniform(0.02, 0.1))
    )


def benign_steps(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A few steps of 3-8 % either way on a quiet series."""
    values = _size(rng) * _noise(days, rng, rng.uniform(0.003, 0.04)) * _weekday(days, rng.uniform(0.7, 1.0))
    for _ in range(int(rng.integers(1, 5))):
        values[rng.integers(len(days)) :] *= 1 + rng.uniform(0.03, 0.08) * rng.choice([-1, 1])
    return values


def clock_changes(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Flat to 0.1 %, 23 and 25 hours on the days the clock changes."""
    values = _size(rng) * _noise(days, rng, 0.001)
    spring = (days.month == 3) & (days.day_of_week == 6) & (days.day >= 25)
    autumn = (days.month == 10) & (days.day_of_week == 6) & (days.day >= 25)
    return values * np.where(spring, 23 / 24, np.where(autumn, 25 / 24, 1.0))


def month_end_batch(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """The books are closed: one to three days at the end of the month, sometimes into the next."""
    values = compute(days, rng)
    length, shift = int(rng.integers(1, 4)), int(rng.integers(0, 2))
    from_end = np.asarray((days - pd.Timedelta(days=shift)).days_in_month - (days - pd.Timedelta(days=shift)).day)
    size = values.mean() * rng.uniform(0.5, 3)
    return values + np.where(from_end < length, size * _noise(days, rng, 0.1), 0)


def two_charges(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A subscription on one day of the month and a smaller one on another, over little usage."""
    values = _size(rng, 20, 300) * _noise(days, rng, rng.uniform(0.01, 0.1))
    for _ in range(2):
        values = values + np.where(days.day == rng.integers(1, 29), rng.uniform(30, 900), 0)
    return values


def heavy_tailed(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Student's t with three or four degrees of freedom: quiet, with a day now and then far out."""
    noise = rng.standard_t(rng.integers(3, 6), len(days)) * rng.uniform(0.03, 0.1)
    return (
        _size(rng, 30, 800)
        * np.exp(np.clip(noise, -1.2, 1.2))
        * _weekday(days, rng.uniform(0.6, 1))
        * _growth(days, rng)
    )


def requests(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Traffic whose noise lasts: today's surprise is half of tomorrow's."""
    sigma, rho = rng.uniform(0.03, 0.09), rng.uniform(0.3, 0.8)
    shocks = rng.normal(0, sigma, len(days))
    for t in range(1, len(days)):
        shocks[t] += rho * shocks[t - 1]
    return (
        _size(rng)
        * np.exp(shocks)
        * _weekday(days, rng.uniform(0.5, 1.1))
        * _growth(days, rng)
        * _holidays(days, rng.uniform(0.6, 1.0))
    )


def transfer(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Data transfer: a free amount each month, then a price per gigabyte on bursty traffic."""
    traffic = _noise(days, rng, rng.uniform(0.1, 0.25)) * _weekday(days, rng.uniform(0.6, 1.0))
    free = rng.uniform(1, 8)
    used = pd.Series(traffic).groupby(np.asarray(days.year * 12 + days.month)).cumsum().to_numpy()
    return _size(rng, 30, 400) * np.where(used > free, traffic, 0.0)


def stored(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Storage that grows by the day, priced per month, and is cleaned up by half every few months."""
    growth = rng.uniform(0.0005, 0.004)
    kept = np.zeros(len(days))
    level = 1.0
    for t in range(len(days)):
        level = level * rng.uniform(0.4, 0.9) if rng.random() < 1 / 120 else level + growth
        kept[t] = level
    return _size(rng) * kept * 30.4 / np.asarray(days.days_in_month) * _noise(days, rng, 0.004)


def counted(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A handful of machines at a price each; one more or less now and then, as people work."""
    machines = float(rng.integers(12, 40))
    count = np.zeros(len(days))
    for t in range(len(days)):
        if rng.random() < 0.04:
            machines = max(8.0, machines + rng.choice([-1, 1]))
        count[t] = machines
    return (
        count * _size(rng, 2, 60) * _weekday(days, rng.choice([1.0, 0.8])) * _noise(days, rng, rng.uniform(0.005, 0.05))
    )


def slow_december(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Office use with deep holidays and a slow end of the year."""
    values = _size(rng, 40, 900) * _weekday(days, rng.uniform(0.15, 0.6)) * _noise(days, rng, rng.uniform(0.03, 0.1))
    slow = (days.month == 12) & (days.day >= 20)
    return values * _holidays(days, rng.uniform(0.2, 0.6)) * np.where(slow, rng.uniform(0.5, 0.9), 1.0)


def monthly_drifting(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A price per month on something that is used more or less."""
    return (
        monthly_priced(days, rng) * _drift(days, rng, rng.uniform(0.0, 0.1)) * _noise(days, rng, rng.uniform(0.0, 0.03))
    )


def weather(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Use that follows seasons and weather: slow waves, spells, and bad days that halve it."""
    season = 1 + rng.uniform(0.0, 0.35) * np.sin(2 * np.pi * (np.asarray(days.day_of_year) / 365 + rng.random()))
    spell = np.zeros(len(days))
    for t in range(1, len(days)):
        spell[t] = 0.7 * spell[t - 1] + rng.normal(0, rng.uniform(0.03, 0.09))
    bad = np.where(rng.random(len(days)) < rng.uniform(0.02, 0.12), rng.uniform(0.4, 0.9, len(days)), 1.0)
    return _size(rng, 40, 900) * season * np.exp(spell) * bad * _weekday(days, rng.uniform(0.5, 1.2))


def attention(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """What is talked about is looked at: bursts of any size that fade over days, on a slow wander."""
    pulse = np.where(rng.random(len(days)) < rng.uniform(0.02, 0.08), rng.lognormal(-1, 0.8, len(days)), 0.0)
    for t in range(1, len(days)):
        pulse[t] += 0.6 * pulse[t - 1]
    usual = _size(rng, 30, 600) * _drift(days, rng, rng.uniform(0.05, 0.15)) * _weekday(days, rng.uniform(0.7, 1.1))
    return usual * (1 + pulse) * _noise(days, rng, rng.uniform(0.03, 0.1))


def calm_spells(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Volatility that comes in spells."""
    sigma = np.zeros(len(days))
    sigma[0] = 0.06
    for t in range(1, len(days)):
        sigma[t] = np.exp(0.95 * np.log(sigma[t - 1]) + 0.05 * np.log(0.06) + rng.normal(0, 0.15))
    noise = np.clip(rng.normal(0, 1, len(days)) * np.minimum(sigma, 0.2), -0.6, 0.6)
    return _size(rng, 40, 1200) * np.exp(noise) * _weekday(days, rng.uniform(0.6, 1.0)) * _growth(days, rng)


#: Families and their weights: those of `generators`, and these.
WIDE: dict[str, tuple[Family, float]] = FAMILIES | {
    "compute": (compute, 0.24),
    "drifting": (drifting, 0.10),
    "shaped_week": (shaped_week, 0.08),
    "benign_steps": (benign_steps, 0.06),
    "clock_changes": (clock_changes, 0.04),
    "month_end_batch": (month_end_batch, 0.05),
    "two_charges": (two_charges, 0.05),
    "heavy_tailed": (heavy_tailed, 0.07),
    "requests": (requests, 0.08),
    "transfer": (transfer, 0.04),
    "stored": (stored, 0.06),
    "counted": (counted, 0.06),
    "slow_december": (slow_december, 0.05),
    "monthly_drifting": (monthly_drifting, 0.05),
    "weather": (weather, 0.04),
    "attention": (attention, 0.03),
    "calm_spells": (calm_spells, 0.05),
}
