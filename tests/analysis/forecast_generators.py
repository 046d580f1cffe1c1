"""Bills without incidents for judging forecasts, in two halves: families to tune on, and families held apart.

Independent of `analysis/`, as `generators` is. Whoever tunes a forecast looks at `KNOWN` with seeds below 1000 only;
what is reported comes from `APART` and from seeds of 9000 and above.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.analysis import generators

Values = NDArray[np.float64]
Family = Callable[[pd.DatetimeIndex, np.random.Generator], Values]


def _size(rng: np.random.Generator, low: float = 20, high: float = 3000) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _weekday(days: pd.DatetimeIndex, weekend: float) -> Values:
    return np.where(np.asarray(days.day_of_week) >= 5, weekend, 1.0)


def _sticky_noise(days: pd.DatetimeIndex, rng: np.random.Generator, sigma: float, stick: float) -> Values:
    """Log-normal noise, each day remembering the one before."""
    own = rng.normal(0, sigma * np.sqrt(1 - stick**2), len(days))
    noise = np.zeros(len(days))
    for t in range(1, len(days)):
        noise[t] = stick * noise[t - 1] + own[t]
    return np.exp(noise)


def _wander(days: pd.DatetimeIndex, rng: np.random.Generator, per_month: float, back: float = 1.0) -> Values:
    """A random walk in logs, typically `per_month` away after a month; `back` below 1 pulls it home."""
    steps = rng.normal(0, per_month / np.sqrt(30), len(days))
    wander = np.zeros(len(days))
    for t in range(1, len(days)):
        wander[t] = back * wander[t - 1] + steps[t]
    return np.exp(wander)


def _growth(days: pd.DatetimeIndex, per_month: float) -> Values:
    return np.asarray((1 + per_month) ** (np.arange(len(days)) / 30.4375))


def _dips(days: pd.DatetimeIndex, dip: float) -> Values:
    last_week = (days.month == 12) & (days.day >= 24) | (days.month == 1) & (days.day == 1)
    fixed = (days.month == 7) & (days.day == 4) | (days.month == 12) & (days.day == 25)
    thursday = (days.month == 11) & (days.day_of_week == 3) & (days.day >= 22) & (days.day <= 28)
    monday = (days.month == 5) & (days.day_of_week == 0) & (days.day >= 25)
    return np.where(last_week | fixed | thursday | monday, dip, 1.0)


def drifting(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Compute that drifts 5 to 30 % in a month, with sticky noise."""
    values = _size(rng) * _weekday(days, rng.uniform(0.5, 1.0)) * _growth(days, rng.uniform(-0.05, 0.08))
    values = values * _wander(days, rng, rng.uniform(0.03, 0.22), rng.choice([0.98, 0.99, 1.0]))
    noise = _sticky_noise(days, rng, rng.uniform(0.03, 0.22), rng.choice([0.0, 0.3, 0.6]))
    return np.asarray(values * noise * _dips(days, rng.uniform(0.6, 1.0)))


def stepped(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Lasting shifts every few months; quiet between them."""
    level = np.ones(len(days))
    position = int(rng.integers(10, 90))
    while position < len(days):
        level[position:] *= np.exp(rng.normal(0, 0.2))
        position += int(rng.integers(30, 150))
    noise = _sticky_noise(days, rng, rng.uniform(0.005, 0.06), 0.2)
    return np.asarray(_size(rng) * level * _weekday(days, rng.uniform(0.7, 1.0)) * noise)


def fortnightly(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A batch every second week on top of compute."""
    values = drifting(days, rng)
    phase = int(rng.integers(14))
    batch = rng.uniform(0.8, 3) * float(np.median(values)) * np.exp(rng.normal(0, 0.08, len(days)))
    return values + np.where((np.arange(len(days)) - phase) % 14 == 0, batch, 0.0)


def supported(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A share of the month before, charged on the first; little else."""
    values = _size(rng, 5, 60) * _sticky_noise(days, rng, 0.04, 0.0)
    return values + np.where(days.day == 1, _size(rng, 200, 4000) * _wander(days, rng, 0.08, 1.0), 0.0)


def month_end_batch(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Reports that run on the last two or three days of a month."""
    length = int(rng.integers(1, 4))
    extra = rng.uniform(0.5, 2) * (np.asarray(days.days_in_month - days.day) < length)
    return drifting(days, rng) * (1 + extra)


def young(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A service that began some weeks or months ago and still grows into its size."""
    values = drifting(days, rng)
    first = len(days) - int(rng.integers(50, 250))
    age = np.arange(len(days)) - first
    return np.where(age < 0, 0.0, values * (1 - np.exp(-np.maximum(age, 0) / rng.uniform(3, 30))))


#: To tune on: name, family and weight.
KNOWN: dict[str, tuple[Family, float]] = {
    "drifting": (drifting, 0.24),
    "compute": (generators.compute, 0.14),
    "stepped": (stepped, 0.08),
    "flat": (generators.flat, 0.06),
    "monthly_priced": (generators.monthly_priced, 0.08),
    "storage": (generators.storage, 0.07),
    "charged": (generators.charged, 0.06),
    "fortnightly": (fortnightly, 0.03),
    "supported": (supported, 0.03),
    "month_end_batch": (month_end_batch, 0.03),
    "bursty": (generators.bursty, 0.04),
    "free_tier": (generators.free_tier, 0.03),
    "sparse": (generators.sparse, 0.03),
    "tiny": (generators.tiny, 0.02),
    "office_hours": (generators.office_hours, 0.05),
    "young": (young, 0.03),
}


def heavy_tailed_walk(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A walk whose steps are now and then large, with noise that is."""
    steps = rng.standard_t(3, len(days)) * rng.uniform(0.003, 0.02)
    noise = np.clip(rng.standard_t(4, len(days)), -4, 6) * rng.uniform(0.02, 0.08)
    return np.asarray(_size(rng) * _weekday(days, rng.uniform(0.4, 1.0)) * np.exp(np.cumsum(steps) + noise))


def two_states(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A load that is on for weeks and off for weeks."""
    state = np.cumsum(rng.random(len(days)) < 1 / rng.uniform(15, 60)) % 2
    return np.asarray(_size(rng) * np.where(state, rng.uniform(1.3, 2.5), 1.0) * _sticky_noise(days, rng, 0.06, 0.4))


def yearly(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Summer and winter, weekdays, and noise that sticks."""
    wave = 1 + rng.uniform(0.1, 0.35) * np.sin(2 * np.pi * (np.asarray(days.dayofyear) / 365.25 + rng.random()))
    weekday = np.exp(rng.normal(0, 0.15, 7))[np.asarray(days.day_of_week)]
    return np.asarray(_size(rng) * wave * weekday * _sticky_noise(days, rng, rng.uniform(0.05, 0.15), 0.7))


def migrating(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A load that moves to here, or away, over two or three months."""
    middle, width = rng.uniform(0.3, 1.1) * len(days), rng.uniform(10, 40)
    share = 1 / (1 + np.exp(rng.choice([-1, 1]) * (np.arange(len(days)) - middle) / width))
    noise = _sticky_noise(days, rng, rng.uniform(0.03, 0.1), 0.3)
    return np.asarray(_size(rng) * (0.1 + share) * _weekday(days, rng.uniform(0.5, 1)) * noise)


def queues(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Work by the job: gamma noise, a shape of the week that changes slowly."""
    profile = np.exp(rng.normal(0, 0.25, (2, 7)))
    share = np.linspace(0, 1, len(days))[:, None]
    shape = ((1 - share) * profile[0] + share * profile[1])[np.arange(len(days)), np.asarray(days.day_of_week)]
    grain = rng.uniform(15, 120)
    return np.asarray(_size(rng) * shape * rng.gamma(grain, 1 / grain, len(days)) * _wander(days, rng, 0.08, 0.99))


def training(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """GPU runs of some days, with nothing between."""
    values = np.zeros(len(days))
    position = int(rng.integers(0, 20))
    while position < len(days):
        length = int(rng.integers(2, 12))
        values[position : position + length] = _size(rng, 100, 900) * np.exp(rng.normal(0, 0.1))
        position += length + int(rng.integers(5, 40))
    return values


def above_commitment(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """What is left on demand over a commitment, priced by the hour."""
    usage = _weekday(days, rng.uniform(0.7, 1)) * _wander(days, rng, 0.07, 0.995) * _sticky_noise(days, rng, 0.05, 0.3)
    return np.asarray(_size(rng) * np.maximum(usage - rng.uniform(0.2, 0.6), 0.0))


def telemetry(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Logs and metrics: growth that bends, small noise, a reset of a free amount every month."""
    growth = (1 + np.arange(len(days)) / 365) ** rng.uniform(-0.6, 1.2)
    free = np.where(np.asarray(days.day) <= 2, rng.uniform(0.3, 1.0), 1.0)
    return np.asarray(_size(rng, 10, 400) * growth * free * _sticky_noise(days, rng, 0.04, 0.5))


#: Never tuned on.
APART: dict[str, tuple[Family, float]] = {
    "heavy_tailed_walk": (heavy_tailed_walk, 0.18),
    "two_states": (two_states, 0.07),
    "yearly": (yearly, 0.15),
    "migrating": (migrating, 0.1),
    "queues": (queues, 0.2),
    "training": (training, 0.05),
    "above_commitment": (above_commitment, 0.12),
    "telemetry": (telemetry, 0.13),
}


def account(
    seed: int, families: dict[str, tuple[Family, float]], *, series: int = 60, length: int = 430
) -> pd.DataFrame:
    """One account's daily costs, days × keys; keys are `family-number`, a year begins on another day for each seed."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2023-01-01", periods=length, freq="D", name="date") + pd.Timedelta(
        days=int(rng.integers(700))
    )
    names = list(families)
    weights = np.array([weight for _, weight in families.values()])
    columns = {}
    for number in range(series):
        name = str(rng.choice(names, p=weights / weights.sum()))
        columns[f"{name}-{number:03d}"] = families[name][0](days, rng)
    return pd.DataFrame(columns, index=days)


def long(wide: pd.DataFrame) -> pd.DataFrame:
    """The account as the long frame that the analysis reads."""
    return wide.reset_index().melt(id_vars="date", var_name="key", value_name="cost")


#: Courses of a growth rate; `sticky` is held apart: nothing was chosen on it.
COURSES = ("steady", "bent", "linear", "sticky")


def directions(seed: int, course: str, *, series: int = 120, length: int = 240) -> generators.Growing:
    """Keys that grow or shrink at a known rate over their last 60 days, with all that hides it on top.

    `steady` keeps the rate, `bent` had another before the last 60 days, `linear` grows by dollars instead of per
    cent, `sticky` is steady under noise that stays for days. Rates within a percentage point of ±5 % are left out.
    """
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(rng.integers(600)))
    days = pd.date_range(start, periods=length, freq="D")
    months = (np.arange(length) - (length - 60)) / 30.4375
    frames, growth = [], {}
    for number in range(series):
        rate, earlier = _rate(rng), _rate(rng)
        logs = np.log1p(rate) * months
        if course == "bent":
            logs = np.where(months < 0, np.log1p(earlier) * months, logs)
        if course == "linear":
            logs = np.log(np.maximum(1 + rate * (months - 1), 0.05))
        stick = 0.7 if course == "sticky" else rng.choice([0.0, 0.4])
        values = _size(rng) * np.exp(logs) * _hidden(days, rng, number % 4)
        values = values * _sticky_noise(days, rng, rng.uniform(0.005, 0.1), stick)
        key = f"{course}-{number:03d}"
        frames.append(pd.DataFrame({"date": days, "key": key, "cost": values}))
        growth[key] = rate
    return generators.Growing(pd.concat(frames, ignore_index=True), growth)


def _rate(rng: np.random.Generator) -> float:
    rate = 0.05
    while abs(abs(rate) - 0.05) < 0.01:
        rate = float(rng.uniform(-0.2, 0.2) if rng.random() < 0.6 else rng.uniform(-0.03, 0.03))
    return rate


def _hidden(days: pd.DatetimeIndex, rng: np.random.Generator, kind: int) -> Values:
    """Weekdays and days off, a charge on the first with them, a price per month, or bursts."""
    if kind == 2:
        return 30.4375 / np.asarray(days.days_in_month)
    if kind == 3:
        return 1 + np.where(rng.random(len(days)) < 0.05, rng.uniform(0.5, 2), 0.0)
    week = _weekday(days, rng.uniform(0.3, 1.0)) * _dips(days, rng.uniform(0.6, 1.0))
    return week * np.where(days.day == 1, 4.0, 1.0) if kind == 1 else week
