"""What people's days off do to a cost: the dip of the same holiday a year ago, else that of any day off."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from analysis.anomalies.holidays import COUNTRIES, days_off
from analysis.daily_series import Mask, Matrix, Row
from analysis.medians import median

#: Days off that must be known before a dip on them is expected.
LEAST_DAYS_OFF = 3

#: Share of the forecast dip that the same day of the year before says, where it is known.
SAME_DAY_WEIGHT = 0.85

#: Days after which a day of the same name is that of another year.
ANOTHER_YEAR = 300

#: The name that all days off around the turn of the year share.
END_OF_YEAR = "end of year"

#: A day off that costs more than this share of an ordinary one is an ordinary one.
NO_DIP = 0.95


def working_days_off(days: pd.DatetimeIndex) -> Mask:
    """Public holidays and the last week of the year that fall on a working day."""
    result: Mask = days_off(days) & np.asarray(days.day_of_week < 5)
    return result


def day_off_factors(actual: Matrix, usual: Matrix, spread: Row, days: pd.DatetimeIndex, since: int) -> Matrix:
    """Share of its usual cost that each of `days` from `since` on costs; 1 on ordinary days.

    Args:
        actual, usual: days of history × keys, charges left out of neither.
        spread: by how much ordinary days differ, as a share.
        days: those of the history and those to come.
    """
    factors = np.ones((len(days), actual.shape[1]))
    off = np.flatnonzero(working_days_off(days))
    past = off[off < len(actual)]
    if len(past) < LEAST_DAYS_OFF:
        return factors
    ratio = np.full((len(past), actual.shape[1]), np.nan)
    np.divide(actual[past], usual[past], out=ratio, where=np.abs(np.nan_to_num(usual[past])) > 0.01)
    names = {row: _names(days[row].date()) for row in map(int, off)}
    # Who closes at the end of the year need not close on every holiday.
    single = [i for i, then in enumerate(past) if END_OF_YEAR not in names[int(then)]]
    enough = len(single) >= LEAST_DAYS_OFF
    any_day = np.clip(np.nan_to_num(median(ratio[single]), nan=1.0), 0.1, 1.0) if enough else np.ones(ratio.shape[1])
    for row in off[off >= since]:
        same = [i for i, then in enumerate(past) if row - then > ANOTHER_YEAR and names[int(then)] & names[int(row)]]
        factor = any_day
        if same:
            then = np.clip(median(ratio[same]), 0.1, 1.0)
            then = np.where(np.isnan(then), any_day, np.where(1 - then > 2 * spread, then, 1.0))
            factor = SAME_DAY_WEIGHT * then + (1 - SAME_DAY_WEIGHT) * any_day
        factors[row] = np.where(factor < NO_DIP, factor, 1.0)
    return factors


@cache
def _names(day: date) -> frozenset[str]:
    end_of_year = (day.month == 12 and day.day >= 24) or (day.month == 1 and day.day <= 2)
    return _public(day.year).get(day, frozenset()) | (frozenset({END_OF_YEAR}) if end_of_year else frozenset())


@cache
def _public(year: int) -> dict[date, frozenset[str]]:
    import holidays  # 0.2 s to import; only who forecasts pays for it

    named: dict[date, set[str]] = {}
    for country in COUNTRIES:
        for day, text in holidays.country_holidays(country, years=year).items():
            names = text.replace(" (observed)", "").split("; ")
            named.setdefault(day, set()).update(f"{country} {name}" for name in names)
    return {day: frozenset(names) for day, names in named.items()}
