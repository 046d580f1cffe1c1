"""Families with the noise of real meters: weather, cash, households, visitors, plants, clients, terms.

No data is carried here, only laws measured on public meter readings summed to days: how far a day lies from its
weekday's middle (a robust 8 % for visitors, 12 % for a feeder, 20-28 % for cash and households), how much of that is
left a day later (0.3 to 0.84), how heavy the tails are, and how far a month lies from the one before. Independent of
`analysis/`, as `generators` is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.analysis.generators import Family, Values, _holidays, _size

YEAR_DAYS = 365.25


def _lasting(days: pd.DatetimeIndex, rng: np.random.Generator, spread: float, kept: float) -> Values:
    """Log deviations of which `kept` is left a day later; `spread` is what they vary by in the long run."""
    shocks = rng.normal(0, spread * np.sqrt(1 - kept**2), len(days))
    shocks[0] = rng.normal(0, spread)
    for t in range(1, len(days)):
        shocks[t] += kept * shocks[t - 1]
    return shocks


def _tailed(days: pd.DatetimeIndex, rng: np.random.Generator, spread: float) -> Values:
    """Log deviations of single days: Student's t, so that one in a hundred is three spreads away."""
    return np.clip(spread * rng.standard_t(4, len(days)), -8 * spread, 5 * spread)


def _season(days: pd.DatetimeIndex, rng: np.random.Generator, most: float) -> Values:
    """Log deviations over the year: one wave, and a second of half its length."""
    turn = 2 * np.pi * np.asarray(days.day_of_year) / YEAR_DAYS
    first, second = rng.uniform(0, most), rng.uniform(0, most / 2)
    return first * np.cos(turn - rng.uniform(0, 2 * np.pi)) + second * np.cos(2 * turn - rng.uniform(0, 2 * np.pi))


def _shape(days: pd.DatetimeIndex, rng: np.random.Generator, spread: float, weekend: float) -> Values:
    """A factor per weekday."""
    factors = np.exp(rng.normal(0, spread, 7)) * np.where(np.arange(7) >= 5, weekend, 1.0)
    return factors[np.asarray(days.day_of_week)]


def _shifts(days: pd.DatetimeIndex, rng: np.random.Generator, every: float, most: float) -> Values:
    """Log level that jumps by up to `most`, about once in `every` days."""
    jumps = np.where(rng.random(len(days)) < 1 / every, rng.uniform(-most, most, len(days)), 0.0)
    return np.cumsum(jumps)


def _spells(days: pd.DatetimeIndex, rng: np.random.Generator, a_year: float, longest: int) -> Values:
    """1 on days of spells of 2 to `longest` days that come `a_year` times a year, else 0."""
    on = np.zeros(len(days))
    for start in np.flatnonzero(rng.random(len(days)) < a_year / YEAR_DAYS):
        on[start : start + int(rng.integers(2, longest + 1))] = 1.0
    return on


def _waves(days: pd.DatetimeIndex, rng: np.random.Generator, a_year: float, most: float) -> Values:
    """Log deviations of hot or cold waves: up over days, and down again."""
    found = np.zeros(len(days))
    for start in np.flatnonzero(rng.random(len(days)) < a_year / YEAR_DAYS):
        length = int(rng.integers(4, 12))
        wave = rng.uniform(0.1, most) * np.sin(np.pi * (np.arange(length) + 0.7) / (length + 0.4))
        found[start : start + length] += wave[: len(days) - start]
    return found


def feeder(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Load that follows the weather: warm and cold waves of days, seasons, nearly the same at weekends."""
    log = _season(days, rng, 0.3) + _lasting(days, rng, rng.uniform(0.06, 0.16), rng.uniform(0.75, 0.88))
    log = log + _waves(days, rng, rng.uniform(1, 6), 0.45) + rng.normal(0, 0.03, len(days))
    return _size(rng, 20) * np.exp(log) * _shape(days, rng, 0.02, rng.uniform(0.85, 1.05))


def cash(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Withdrawals: a strong week, days that run dry, peaks on Saturdays in December and nothing on holidays."""
    log = _tailed(days, rng, rng.uniform(0.08, 0.16)) + _lasting(days, rng, rng.uniform(0.04, 0.12), 0.5)
    log = log + np.where(rng.random(len(days)) < rng.uniform(0.0, 0.015), rng.uniform(-2.5, -0.5, len(days)), 0.0)
    advent = ((days.month == 12) & (days.day <= 24)) | ((days.month == 11) & (days.day >= 29))
    log = log + np.where(advent & (days.day_of_week >= 5), rng.uniform(0.1, 0.7), 0.0)
    log = log + np.where(advent & (days.day >= 19), rng.uniform(0.1, 0.4), 0.0) + _shifts(days, rng, 150, 0.2)
    shape = _shape(days, rng, rng.uniform(0.1, 0.3), rng.uniform(0.5, 1.0))
    return _size(rng, 20) * np.exp(log) * shape * _holidays(days, rng.uniform(0.2, 0.8))


def household(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """What one household uses: every day is another, people are away for days, winters differ from summers."""
    log = _season(days, rng, 0.35) + _lasting(days, rng, rng.uniform(0.1, 0.25), rng.uniform(0.4, 0.75))
    log = log + _tailed(days, rng, rng.uniform(0.06, 0.15))
    away = _spells(days, rng, rng.uniform(0, 4), 14)
    return _size(rng, 20, 800) * np.exp(log) * np.where(away > 0, rng.uniform(0.3, 0.7), 1.0)


def visitors(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """People who pass: quiet, but an event adds to a day and rain takes from one."""
    log = _tailed(days, rng, rng.uniform(0.03, 0.08)) + _season(days, rng, 0.12)
    event = np.where(rng.random(len(days)) < rng.uniform(0, 8) / YEAR_DAYS, rng.uniform(0.1, 0.45, len(days)), 0.0)
    rain = np.where(rng.random(len(days)) < rng.uniform(0, 10) / YEAR_DAYS, rng.uniform(-0.9, -0.2, len(days)), 0.0)
    shape = _shape(days, rng, 0.08, rng.uniform(0.25, 1.2))
    return _size(rng, 20) * np.exp(log + event + rain) * shape * _holidays(days, rng.uniform(0.3, 1.1))


def plant(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A plant behind a transformer: batches that last for days, settings that change for good."""
    log = _lasting(days, rng, rng.uniform(0.08, 0.2), rng.uniform(0.55, 0.85)) + _tailed(days, rng, 0.04)
    return _size(rng, 20) * np.exp(log + _shifts(days, rng, rng.uniform(60, 200), 0.25) + _season(days, rng, 0.2))


def client(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A business behind a meter: open on working days, shut for weeks in summer and between the years."""
    shut = (days.month == 8) & (days.day <= rng.integers(8, 24))
    log = _tailed(days, rng, rng.uniform(0.02, 0.07)) + _lasting(days, rng, rng.uniform(0.02, 0.08), 0.7)
    usual = np.exp(log + _season(days, rng, 0.2) + _shifts(days, rng, 200, 0.15))
    closed = np.where(shut, rng.uniform(0.4, 1.0), 1.0) * _holidays(days, rng.uniform(0.2, 0.9))
    return _size(rng, 20) * usual * closed * _shape(days, rng, 0.03, rng.uniform(0.2, 1.0))


def campus(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """Terms and holidays: lower for weeks in summer, at Christmas and in spring, and back."""
    summer = (days.month == 7) | (days.month == 8)
    winter = (days.month == 12) & (days.day >= 18) | (days.month == 1) & (days.day <= 5)
    spring = (days.month == 4) & (days.day <= 10)
    level = np.where(summer, rng.uniform(0.6, 1.0), 1.0) * np.where(winter | spring, rng.uniform(0.5, 0.9), 1.0)
    log = _tailed(days, rng, rng.uniform(0.01, 0.05)) + _lasting(days, rng, rng.uniform(0.02, 0.08), 0.75)
    return (
        _size(rng, 20) * level * np.exp(log + _season(days, rng, 0.12)) * _shape(days, rng, 0.02, rng.uniform(0.4, 1.0))
    )


def queue(days: pd.DatetimeIndex, rng: np.random.Generator) -> Values:
    """A cluster that works off what people submit: full for days, half empty for others, never beyond its size."""
    wanted = rng.uniform(0.5, 1.0) * np.exp(_lasting(days, rng, rng.uniform(0.15, 0.4), rng.uniform(0.5, 0.85)))
    return _size(rng, 20) * np.minimum(wanted, 1.1) * _shape(days, rng, 0.03, rng.uniform(0.7, 1.0))


#: Families and their weights.
METERED: dict[str, tuple[Family, float]] = {
    "feeder": (feeder, 0.18),
    "cash": (cash, 0.18),
    "household": (household, 0.12),
    "visitors": (visitors, 0.12),
    "plant": (plant, 0.10),
    "client": (client, 0.14),
    "campus": (campus, 0.08),
    "queue": (queue, 0.08),
}
