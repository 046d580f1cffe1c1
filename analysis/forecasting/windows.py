"""The same history as it stood on several days: side by side, so that all rehearsals are calculated at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.ordinary_costs import AROUND, IDLE, OrdinaryCosts, usual_level
from analysis.seasonality import weekday_factors

Values = NDArray[np.float64]

#: Bursts are cut back to this many robust sigmas from what is expected.
CUT_SIGMAS = 2.2


@dataclass(frozen=True, slots=True)
class Windows:
    """Days × starts × keys: the days before each start, the newest last; NaN where nothing is known.

    `plain` is the cost without charges and month lengths, `expected` what its surroundings and weekday say, `level`
    what is left without bursts, weekdays and days off. `by_weekday` is 7 × starts × keys; `charged`, starts × keys, the
    dollars a day that charges made. All starts fall on one weekday.
    """

    starts: tuple[int, ...]
    weekdays: NDArray[np.int64]
    plain: Values
    expected: Values
    by_weekday: Values
    level: Values
    charged: Values


def windows(ordinary: OrdinaryCosts, starts: tuple[int, ...], days: int) -> Windows:
    """The `days` days before each of `starts` (rows of the history, whole weeks apart)."""
    keys = ordinary.even.shape[1]
    plain, usual = (np.full((days, len(starts), keys), np.nan) for _ in range(2))
    off = np.zeros((days, len(starts), keys), dtype=bool)
    charged = np.zeros((len(starts), keys))
    days_of_week = ordinary.weekdays
    for place, start in enumerate(starts):
        known = min(days, start)
        past = slice(start - known, start)
        come = np.where(ordinary.bursts[past], ordinary.charges.expected(start, past), 0.0)
        plain[days - known :, place] = ordinary.even[past] - come
        charged[place] = come.mean(axis=0)
        usual[days - known :, place] = ordinary.usual[past]
        off[days - known :, place] = ordinary.off[past]
        # What surrounds the newest days must not know what came after them.
        recent = slice(max(0, start - 2 * AROUND), start)
        working = np.where(ordinary.off[recent], np.nan, ordinary.even[recent])
        shape = ordinary.by_weekday[days_of_week[recent]]
        newest = usual_level(working, shape, AROUND)
        usual[days - len(newest) :, place] = newest
    weekdays = (days_of_week[0] + starts[0] - days + np.arange(days)) % 7
    expected = usual * ordinary.by_weekday[weekdays][:, None, :]
    edge = CUT_SIGMAS * ordinary.spread * np.abs(usual)
    tame = np.where(np.isnan(expected), plain, expected + np.minimum(np.maximum(plain - expected, -edge), edge))
    tame[off] = np.nan
    by_weekday = weekday_factors(tame, weekdays)
    shape = by_weekday[weekdays]
    level = np.full(tame.shape, np.nan)
    np.divide(tame, shape, out=level, where=shape > IDLE)
    return Windows(starts, weekdays, plain, expected, by_weekday, level, charged)
