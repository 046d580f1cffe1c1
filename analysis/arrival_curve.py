"""How late a provider's charges reach the bill: the share of a day's final cost that is in, by the day's age.

Learnt from what a source told about the same day at different times; with too few days, a stated prior.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame

#: Hours after the start of a day after which its cost changes no more: Amazon restates a day for two to nine days.
SETTLED_HOURS = 216.0
#: A cost that stood still for so many hours, and was looked at meanwhile, is final before that.
STILL_HOURS = 96.0
#: A change of less than this share is none: late corrections of some ten thousandths come for days.
STILL_SHARE = 0.0005
#: Settled days without which nothing is learnt: one of each weekday.
LEAST_DAYS = 7
#: Only the newest days count: providers change how late they are.
NEWEST_DAYS = 60
#: Between two looks further apart than this nothing is known of a day.
MOST_HOURS_APART = 30.0
#: A day that cost less says nothing about lateness.
LEAST_COST = 0.05
#: Of the days learnt from, the share that is behind `low`, `typical` and `high`.
QUANTILES = (0.1, 0.5, 0.9)

_GRID = np.array([*range(0, 73, 4), 84, 96, 108, 120, 144, 168, 192, SETTLED_HOURS], dtype=np.float64)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arrived:
    """The share of a day that is in: the usual one, and the range that holds four days of five."""

    low: float
    typical: float
    high: float


@dataclass(frozen=True, slots=True)
class ArrivalCurve:
    """Shares of the final cost by age in hours since the start of the day; rising, between 0 and 1.

    `days` is the number of days it was learnt from; 0 is the prior.
    """

    ages: tuple[float, ...]
    low: tuple[float, ...]
    typical: tuple[float, ...]
    high: tuple[float, ...]
    days: int

    @property
    def is_learnt(self) -> bool:
        """Whether it was seen here; else it is the prior."""
        return self.days > 0

    def at(self, age_hours: float) -> Arrived:
        """What is in at an age; nothing before the day begins, all after the last age."""
        shares = [float(np.interp(age_hours, self.ages, line)) for line in (self.low, self.typical, self.high)]
        return Arrived(*shares)


#: Yesterday is 35 to 80 per cent in on the next morning at ten; two hours into the third day the last services have
#: told all of it; corrections follow until the ninth.
#: Source: daily AWS bills, fetched again every morning. Other providers have no prior of their own.
PRIOR = ArrivalCurve(
    ages=(0.0, 10.0, 24.0, 34.0, 50.0, SETTLED_HOURS),
    low=(0.0, 0.02, 0.15, 0.35, 0.97, 1.0),
    typical=(0.0, 0.10, 0.38, 0.58, 0.985, 1.0),
    high=(0.0, 0.25, 0.60, 0.80, 1.0, 1.0),
    days=0,
)


def arrival_curves(observations: DataFrame) -> dict[str, ArrivalCurve]:
    """A curve for every provider that was observed.

    Args:
        observations: as `arrival_curve` takes them, with a column `provider`.
    """
    groups = observations.groupby("provider", sort=True) if len(observations) else ()
    return {str(provider): arrival_curve(rows) for provider, rows in groups}


def arrival_curve(observations: DataFrame) -> ArrivalCurve:
    """The curve of one provider; the prior where fewer than `LEAST_DAYS` days have settled.

    A day's final cost is what was told once it was `SETTLED_HOURS` old, or what stood still for `STILL_HOURS`. Days
    that are not settled, cost nothing or were corrected to less than nothing are left out.

    Args:
        observations: a row each time a source told the cost of a day, in any order: `date`, `cost`, and `observed_at`
            (aware) or `age_hours` since the start of the day in UTC. With a column `source`, two sources' days are
            kept apart. Rows from before the day began are ignored.
    """
    if observations.empty:
        return PRIOR
    frame = DataFrame(
        {
            "source": observations["source"] if "source" in observations.columns else "",
            "date": pd.to_datetime(observations["date"]),
            "age": age_hours(observations),
            "cost": observations["cost"].astype(float),
        }
    ).dropna()
    frame = frame[(frame["age"] > 0) & np.isfinite(frame["cost"])]
    # Of two amounts told at one moment the larger one is newer: days grow.
    told = frame.groupby(["date", "source", "age"], sort=True)["cost"].max().reset_index()
    days = [_shares(day["age"].to_numpy(), day["cost"].to_numpy()) for _, day in told.groupby(["date", "source"])]
    settled = [shares for shares in days if shares is not None][-NEWEST_DAYS:]
    return _curve(np.vstack(settled)) if len(settled) >= LEAST_DAYS else PRIOR


def age_hours(observations: DataFrame) -> pd.Series[float]:
    """Hours from the start of the day, in UTC, to when it was told."""
    if "age_hours" in observations.columns:
        return observations["age_hours"].astype(float)
    told = pd.to_datetime(observations["observed_at"], utc=True)
    begun = pd.to_datetime(observations["date"]).dt.tz_localize("UTC")
    return (told - begun).dt.total_seconds() / 3600.0


def _shares(ages: Floats, costs: Floats) -> Floats | None:
    """A day's share at every age of the grid, NaN where it was not looked at; None while it is not settled."""
    final = costs[-1]
    if final < LEAST_COST or not _is_settled(ages, costs):
        return None
    known_ages, known = np.append(0.0, ages), np.append(0.0, np.clip(costs / final, 0.0, 1.0))
    shares = np.interp(_GRID, known_ages, known, right=1.0)
    after = np.minimum(np.searchsorted(known_ages, _GRID), len(known_ages) - 1)
    before = np.maximum(after - 1, 0)
    is_final = known_ages[-1] <= _GRID
    is_near = known_ages[after] - known_ages[before] <= MOST_HOURS_APART
    return np.where(is_final | is_near | np.isin(_GRID, known_ages), shares, np.nan)


def _is_settled(ages: Floats, costs: Floats) -> bool:
    if ages[-1] >= SETTLED_HOURS:
        return True
    moved = np.flatnonzero(np.abs(costs - costs[-1]) > STILL_SHARE * abs(costs[-1]))
    still_since = ages[moved[-1] + 1] if len(moved) else ages[0]
    return bool(ages[-1] - still_since >= STILL_HOURS)


def _curve(shares: Floats) -> ArrivalCurve:
    """Quantiles over days at each age that enough days know; made rising from the right, so that none is too high."""
    shares = shares.copy()
    shares[:, -1] = 1.0  # by definition
    enough = (~np.isnan(shares)).sum(axis=0) >= LEAST_DAYS
    enough[-1] = True
    lines = []
    for quantile in QUANTILES:
        line = np.nanquantile(shares[:, enough], quantile, axis=0)
        lines.append(np.minimum.accumulate(line[::-1])[::-1])
    ages = _GRID[enough]
    if ages[0] > 0:
        ages, lines = np.append(0.0, ages), [np.append(0.0, line) for line in lines]
    low, typical, high = (tuple(float(value) for value in line) for line in lines)
    return ArrivalCurve(tuple(float(age) for age in ages), low, typical, high, len(shares))
