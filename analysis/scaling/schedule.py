"""A load by the hour of the week: how well one week tells another, and the plan that follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.scaling.policy import needed

Values = NDArray[np.float64]
Moments = NDArray[np.datetime64]

HOURS_A_WEEK = 168
#: Working days and weekends, as cron calls them, and the days before each of them.
_DAYS, _EVES = ("MON-FRI", "SAT,SUN"), ("SUN-THU", "FRI,SAT")


@dataclass(frozen=True, slots=True)
class WeeklyLoad:
    """Mean and highest load of each hour, a row per week, a column per hour of the week from Monday 00:00 UTC.

    Hours without a load are missing.
    """

    mean: Values
    highest: Values

    @property
    def weeks(self) -> int:
        """Weeks of which at least half of the hours are known."""
        return int((np.isnan(self.mean).mean(axis=1) <= 0.5).sum())


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a plan holds: the use of an instance, and the fewest and most of them."""

    target_percent: float
    minimum: int
    maximum: int


def weekly_load(load: Values, moments: Moments) -> WeeklyLoad:
    """The load by week and hour of the week. Weeks run back from the last hour, so that each of them is whole."""
    hours = moments.astype("datetime64[h]").astype("int64")
    # Hour 0 of the epoch was a Thursday's.
    slot = (hours + 3 * 24) % HOURS_A_WEEK
    week = (hours.max() - hours) // HOURS_A_WEEK if len(hours) else hours
    count = int(week.max()) + 1 if len(week) else 0
    total, points = np.zeros((count, HOURS_A_WEEK)), np.zeros((count, HOURS_A_WEEK))
    highest = np.full((count, HOURS_A_WEEK), -np.inf)
    known = ~np.isnan(load)
    at = (week[known], slot[known])
    np.add.at(total, at, load[known])
    np.add.at(points, at, 1.0)
    np.maximum.at(highest, at, load[known])
    with np.errstate(invalid="ignore"):
        mean = total / points
    return WeeklyLoad(mean, np.where(points > 0, highest, np.nan))


def predictability(weekly: WeeklyLoad) -> float:
    """R² of each week by the mean of the other weeks; missing with fewer than two weeks or a load that never moves.

    A week is never told by itself: two weeks of noise would fit their own mean half-way.
    """
    if weekly.weeks < 2:
        return float("nan")
    errors, spread = 0.0, 0.0
    middle = float(np.nanmean(weekly.mean))
    for own, others in _left_out(weekly.mean):
        with np.errstate(invalid="ignore"):
            told = _mean(others)
        both = ~np.isnan(own) & ~np.isnan(told)
        errors += float(((own - told)[both] ** 2).sum())
        spread += float(((own - middle)[both] ** 2).sum())
    return 1.0 - errors / spread if spread > 1e-9 else float("nan")


def _left_out(weeks: Values) -> Iterator[tuple[Values, Values]]:
    for number in range(len(weeks)):
        yield weeks[number], np.delete(weeks, number, axis=0)


def _mean(weeks: Values) -> Values:
    points = (~np.isnan(weeks)).sum(axis=0)
    mean: Values = np.where(points > 0, np.nansum(weeks, axis=0) / np.maximum(points, 1), np.nan)
    return mean


def plan(weekly: WeeklyLoad, bounds: Bounds, *, without: int | None = None) -> Values:
    """Instances for each of the 24 hours of a working day and of a day of the weekend, shape (2, 24).

    Each hour holds the highest load that any such day of any week had in it; an hour that is not known gets the most.

    Args:
        without: number of a week that the plan must not know.
    """
    weeks = weekly.highest if without is None else np.delete(weekly.highest, without, axis=0)
    days = weeks.reshape(-1, 7, 24)
    sizes = []
    for part in (days[:, :5], days[:, 5:]):
        flat = part.reshape(-1, 24)
        known = ~np.isnan(flat)
        highest = np.where(known, flat, -np.inf).max(axis=0) if len(flat) else np.full(24, -np.inf)
        wanted = np.clip(
            needed(np.where(np.isinf(highest), 0.0, highest), bounds.target_percent), bounds.minimum, bounds.maximum
        )
        sizes.append(np.where(np.isinf(highest), bounds.maximum, wanted))
    return np.array(sizes, dtype="float64")


def planned_at(planned: Values, moments: Moments) -> Values:
    """What a plan (shape (2, 24)) has at each moment."""
    hours = moments.astype("datetime64[h]").astype("int64")
    weekend = ((hours // 24 + 3) % 7 >= 5).astype("int64")
    found: Values = planned[weekend, hours % 24]
    return found


def unseen_plan(weekly: WeeklyLoad, moments: Moments, bounds: Bounds) -> Values:
    """What plans have at each moment that do not know the week they are tried on."""
    hours = moments.astype("datetime64[h]").astype("int64")
    week = (hours.max() - hours) // HOURS_A_WEEK
    found = np.empty(len(moments))
    for number in np.unique(week):
        inside = week == number
        made = plan(weekly, bounds, without=int(number))
        found[inside] = planned_at(made, moments[inside])
    return found


def actions(planned: Values, *, lead_minutes: int) -> list[tuple[str, int]]:
    """The scheduled actions of a plan, as (cron in UTC, size).

    Each change is an action: a rise so many minutes before its hour, a fall on the hour. Each kind of day begins with
    an action, and one before midnight where its first hour asks for more than the hour before.
    """
    found = []
    for number, (days, sizes) in enumerate(zip(_DAYS, planned, strict=True)):
        before = max(planned[number][23], planned[1 - number][23])
        if sizes[0] >= before and sizes[0] > min(planned[number][23], planned[1 - number][23]):
            found.append((f"{60 - lead_minutes} 23 * * {_EVES[number]}", int(sizes[0])))
        found.append((f"0 0 * * {days}", int(sizes[0])))
        for hour in range(1, 24):
            if sizes[hour] > sizes[hour - 1]:
                found.append((f"{60 - lead_minutes} {hour - 1} * * {days}", int(sizes[hour])))
            elif sizes[hour] < sizes[hour - 1]:
                found.append((f"0 {hour} * * {days}", int(sizes[hour])))
    return found
