"""How a cost moves: within the week, within the day, within the month, and over months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import numpy as np

from bot.demo.aws.ledger_noise import Days, Floats


class Rhythm(StrEnum):
    """What drives a cost."""

    STEADY = "steady"  # runs around the clock: provisioned things, storage
    TRAFFIC = "traffic"  # follows customers: a little less at the weekend
    BUSINESS = "business"  # follows colleagues: half at the weekend
    OFFICE = "office"  # development: nearly nothing at the weekend
    BATCH = "batch"  # nightly jobs, a bigger one each Sunday


# Monday to Sunday, around 1.
_WEEK = {
    Rhythm.STEADY: (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    Rhythm.TRAFFIC: (1.02, 1.03, 1.04, 1.04, 1.05, 0.93, 0.89),
    Rhythm.BUSINESS: (1.16, 1.18, 1.18, 1.17, 1.13, 0.60, 0.58),
    Rhythm.OFFICE: (1.26, 1.30, 1.30, 1.28, 1.22, 0.34, 0.30),
    Rhythm.BATCH: (0.98, 0.97, 0.97, 0.98, 0.97, 0.95, 1.18),
}
# Day-to-day noise (standard deviation) and slow drift (amplitude), as shares.
_NOISE = {
    Rhythm.STEADY: 0.004,
    Rhythm.TRAFFIC: 0.025,
    Rhythm.BUSINESS: 0.03,
    Rhythm.OFFICE: 0.04,
    Rhythm.BATCH: 0.04,
}
_WOBBLE = {
    Rhythm.STEADY: 0.01,
    Rhythm.TRAFFIC: 0.03,
    Rhythm.BUSINESS: 0.03,
    Rhythm.OFFICE: 0.03,
    Rhythm.BATCH: 0.03,
}
_WORKING_HOURS = (0.25,) * 7 + (0.7, 1.2) + (1.9,) * 8 + (1.3, 0.9, 0.7, 0.6, 0.5, 0.4, 0.3)
_WAKING_HOURS = (0.62, 0.55, 0.5, 0.5, 0.55, 0.65, 0.8, 0.95) + (1.15,) * 12 + (1.1, 1.0, 0.85, 0.73)
_NIGHT_HOURS = (2.6, 3.0, 3.0, 2.6, 1.8) + (0.5,) * 15 + (0.8, 0.9, 1.0, 1.2)
_DAY = {
    Rhythm.STEADY: (1.0,) * 24,
    Rhythm.TRAFFIC: _WAKING_HOURS,
    Rhythm.BUSINESS: _WORKING_HOURS,
    Rhythm.OFFICE: _WORKING_HOURS,
    Rhythm.BATCH: _NIGHT_HOURS,
}


def weekday_factors(rhythms: Sequence[Rhythm], days: Days) -> Floats:
    """A row per rhythm, a column per day."""
    table = np.array([_WEEK[rhythm] for rhythm in rhythms])
    factors: Floats = table[:, (days + 6) % 7]  # ordinal 1 was a Monday
    return factors


def noise_shares(rhythms: Sequence[Rhythm]) -> Floats:
    """Standard deviation of the daily noise, a row per rhythm."""
    return np.array([[_NOISE[rhythm]] for rhythm in rhythms])


def wobble_shares(rhythms: Sequence[Rhythm]) -> Floats:
    """Amplitude of the slow drift, a row per rhythm."""
    return np.array([[_WOBBLE[rhythm]] for rhythm in rhythms])


def hour_weights(rhythms: Sequence[Rhythm]) -> Floats:
    """Share of each of the 24 hours, a row per rhythm; rows sum to 1."""
    table = np.array([_DAY[rhythm] for rhythm in rhythms])
    shares: Floats = table / table.sum(axis=1, keepdims=True)
    return shares


def growth_factors(monthly: Sequence[float], days: Days, anchor: int) -> Floats:
    """Compound growth per 30 days, 1 on the anchor day."""
    months = (days - anchor) / 30.0
    return np.power(1.0 + np.array(monthly)[:, None], months[None, :])


def month_lengths(days: Days) -> Floats:
    """Days in the month of each day: what is priced per GB-month costs less a day in a long month."""
    return np.array([_days_in_month(date.fromordinal(int(day))) for day in days], dtype=np.float64)


def days_of_month(days: Days) -> Days:
    """1 to 31."""
    return np.array([date.fromordinal(int(day)).day for day in days], dtype=np.int64)


def _days_in_month(day: date) -> int:
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return (following - first).days
