"""Families kept apart from training. Rules were mended for some of what they showed (batches that fall together).

Built another way than the others on purpose: from machines, hours, gigabytes and prices, not from a level with noise.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.analysis.generators import Family, Values

HOURS = 24


def _working(days: pd.DatetimeIndex) -> Values:
    return (np.asarray(days.day_of_week) < 5).astype(float)


def _price(rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(0.05), np.log(3.0))))


def autoscaled_fleet(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Machine hours that follow requests: Poisson around a daily curve, a base that is always on, slow growth."""
    base = rng.integers(2, 15)
    load = rng.uniform(5, 60) * np.where(_working(days) > 0, 1.0, rng.uniform(0.4, 1.0))
    load = load * np.exp(rng.uniform(-0.04, 0.09) * np.arange(len(days)) / 30.4)
    mood = np.exp(np.convolve(rng.normal(0, 0.06, len(days) + 13), np.ones(14) / np.sqrt(14), "valid"))
    hours = base * HOURS + rng.poisson(load * mood * HOURS)
    return hours * _price(rng)


def team_of_developers(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Sandboxes of a few people: binomial presence, hours of each, a shared cluster below."""
    people, shared = int(rng.integers(10, 60)), rng.uniform(20, 300)
    present = rng.binomial(people, np.where(_working(days) > 0, 0.85, 0.06))
    holiday = ((days.month == 12) & (days.day >= 22)) | ((days.month == 1) & (days.day <= 2))
    present = np.where(holiday, present * 0.2, present)
    return shared + present * rng.gamma(60, 1 / 60, len(days)) * rng.uniform(3, 15)


def database(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Instances by the hour, storage that grows, input and output that varies; snapshots every Sunday."""
    instances = rng.integers(1, 8) * rng.uniform(8, 60)
    storage = rng.uniform(5, 80) * (1 + rng.uniform(0, 0.08) * np.arange(len(days)) / 30.4)
    traffic = rng.uniform(2, 60) * rng.gamma(25, 1 / 25, len(days)) * (0.5 + 0.5 * _working(days))
    snapshot = np.where(days.day_of_week == 6, rng.uniform(0, 30), 0.0)
    return instances + storage * 30.4 / np.asarray(days.days_in_month) + traffic + snapshot


def log_pipeline(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Gigabytes ingested: log-normal whose spread itself comes and goes."""
    spread = np.zeros(len(days))
    spread[0] = sigma = rng.uniform(0.04, 0.08)
    for t in range(1, len(days)):
        spread[t] = max(0.02, 0.9 * spread[t - 1] + 0.1 * sigma + rng.normal(0, 0.006))
    return rng.uniform(40, 700) * np.exp(rng.normal(0, 1, len(days)) * spread) * (0.75 + 0.25 * _working(days))


def training_jobs(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Machine learning: a notebook always on, jobs that come when they come."""
    jobs = rng.poisson(rng.uniform(0.1, 0.4), len(days)) * rng.gamma(2, 0.5, len(days))
    return rng.uniform(20, 150) * (1 + 0.05 * rng.normal(0, 1, len(days))) + jobs * rng.uniform(30, 300)


def nightly_and_fortnightly(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A warehouse: nightly loads, a large report every second Thursday, month end twice as long."""
    usual = rng.uniform(30, 500)
    values = usual * (0.7 + 0.3 * _working(days)) * rng.gamma(200, 1 / 200, len(days))
    phase = int(rng.integers(14))
    values = values + np.where(np.arange(len(days)) % 14 == phase, usual * rng.uniform(0.8, 2.5), 0)
    last_two = np.asarray(days.days_in_month - days.day) < 2
    return values + np.where(last_two, usual * rng.uniform(0.3, 1.2), 0)


def subscription(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A licence billed on the first, a support fee on the third, near nothing between."""
    values = rng.uniform(2, 40) * rng.gamma(100, 1 / 100, len(days))
    values = values + np.where(days.day == 1, rng.uniform(50, 2000), 0)
    return values + np.where(days.day == 3, rng.uniform(0, 500), 0)


def metered_free_amount(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Requests above a monthly free amount, in two price tiers."""
    used = rng.gamma(30, 1 / 30, len(days))
    month = np.asarray(days.year * 12 + days.month)
    so_far = pd.Series(used).groupby(month).cumsum().to_numpy()
    first, second = rng.uniform(2, 8), rng.uniform(12, 22)
    price = np.where(so_far <= first, 0.0, np.where(so_far <= second, 1.0, 0.8))
    return rng.uniform(20, 250) * used * price


def reserved_base(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A commitment that costs the same each hour, with what exceeds it on top."""
    committed = rng.uniform(50, 800)
    above = np.maximum(0, rng.normal(0.1, 0.15, len(days)) + 0.1 * _working(days))
    return committed * (1 + 0.35 * above) * (1 + 0.001 * rng.normal(0, 1, len(days)))


def rarely_used(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A tool somebody runs a few times a month."""
    runs = rng.random(len(days)) < rng.uniform(0.04, 0.2)
    return np.where(runs, rng.gamma(4, 0.25, len(days)) * rng.uniform(2, 40), 0.0)


def pocket_money(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Cents for keys, parameters and alarms."""
    return rng.uniform(0.01, 2.0) * rng.gamma(3, 1 / 3, len(days))


def regional_copy(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A stand-by region: nearly constant, a dearer generation once, a longer day when the clock turns."""
    values = np.full(len(days), rng.uniform(40, 900)) * (1 + 0.002 * rng.normal(0, 1, len(days)))
    values[int(rng.integers(len(days))) :] *= 1 + rng.uniform(0.03, 0.08)
    values[int(rng.integers(len(days)))] *= 25 / 24
    return values


APART: dict[str, tuple[Family, float]] = {
    "autoscaled_fleet": (autoscaled_fleet, 0.17),
    "team_of_developers": (team_of_developers, 0.12),
    "database": (database, 0.14),
    "log_pipeline": (log_pipeline, 0.10),
    "training_jobs": (training_jobs, 0.05),
    "nightly_and_fortnightly": (nightly_and_fortnightly, 0.06),
    "subscription": (subscription, 0.07),
    "metered_free_amount": (metered_free_amount, 0.05),
    "reserved_base": (reserved_base, 0.08),
    "rarely_used": (rarely_used, 0.04),
    "pocket_money": (pocket_money, 0.05),
    "regional_copy": (regional_copy, 0.07),
}
