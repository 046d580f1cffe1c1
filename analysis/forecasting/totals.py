"""What all the days to come cost together, with bands of their own: those of single days cannot be added up.

Days by themselves average out, a drift does not; how much of each there is, earlier totals of the same length tell,
and whether forecasts of this cost tend to be too low or too high.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.daily_series import Matrix, Row, daily_series
from analysis.forecasting.history import chunks, floor, recent
from analysis.forecasting.known_changes import Facts, before_and_after, cumulative_changes
from analysis.forecasting.project import Projection, project

#: Share of the rehearsals' mean miss that is believed to come again, and rehearsals without a miss that stand beside
#: them. On 32 accounts of known families, four mornings each, the 80 % band of the total over 7, 30 and 90 days held
#: .77, .76 and .72 without it, .79, .79 and .80 with it, at the same width.
COMES_AGAIN, PRIOR_REHEARSALS = 0.5, 4.0

#: The least that an end of the 80 and the 95 % band is away from the mean, in scales of a total.
SHORTEST = (0.2, 0.3)

COLUMNS = ("key", "mean", "lo80", "hi80", "lo95", "hi95")


def horizon_total(daily: pd.DataFrame, horizon_days: int = 30, *, facts: Facts | None = None) -> pd.DataFrame:
    """What each key will cost on all of the days after the frame's last one together.

    Args:
        daily, facts: as in `forecast`.
        horizon_days: days that are added up.
    Returns:
        One row per key: `key, mean, lo80, hi80, lo95, hi95` in dollars; `mean` is the sum of those of `forecast`. The
        bands come from what earlier forecasts of as many days missed in total. Never negative, unless the key's
        history is (credits).
    Raises:
        ValueError: as `forecast`.
    """
    series = daily_series(daily)
    if not len(series.days) or horizon_days < 1:
        empty = {name: pd.Series(dtype="object" if name == "key" else "float64") for name in COLUMNS}
        return pd.DataFrame(empty)
    cost, days = recent(series)
    calendar = pd.date_range(days[0], periods=len(days) + horizon_days, freq="D")
    moved = cumulative_changes(facts, series.keys, calendar)
    learnt, more = before_and_after(cost, moved[: len(days)]), moved[len(days) :] - moved[len(days) - 1]
    bands = np.concatenate(
        [_bands(cost[:, keys], learnt[:, keys], days, more[:, keys]) for keys in chunks(cost.shape[1])], axis=1
    )
    return pd.DataFrame({"key": series.keys.to_numpy()} | dict(zip(COLUMNS[1:], bands, strict=True)))


def _bands(cost: Matrix, learnt: Matrix, days: pd.DatetimeIndex, more: Matrix) -> Matrix:
    """mean, lo80, hi80, lo95, hi95 × keys."""
    low = floor(cost)
    told = project(learnt, days, len(more))
    mean = np.maximum(told.mean + more, low).sum(axis=0)
    least = np.where(np.isneginf(low), -np.inf, 0.0)
    below80, above80, below95, above95 = leaning_sides(told)
    reach = (0.0, -below80, above80, -below95, above95)
    return np.stack([np.maximum(mean + side * told.total_scale, least) for side in reach])


def leaning_sides(told: Projection) -> list[Row]:
    """How far the ends of the 80 and the 95 % band are from the mean, below and above, in scales of a total."""
    lean = leaning(told.missed_totals)
    return [
        np.maximum(width + way * lean, shortest)
        for width, shortest in zip((told.total80, told.total95), SHORTEST, strict=True)
        for way in (-1, 1)
    ]


def leaning(missed: Matrix) -> Row:
    """By how much both ends of a band move, in scales of a total: what rehearsals missed one way tends to come again.

    Args:
        missed: rehearsals × keys: truth less forecast; NaN where it is not known.
    """
    count = (~np.isnan(missed)).sum(axis=0)
    mean = np.nansum(missed, axis=0) / np.maximum(count, 1)
    result: Row = COMES_AGAIN * mean * count / (count + PRIOR_REHEARSALS)
    return result
