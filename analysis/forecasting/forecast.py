"""The entry of days to come: daily costs in, each day ahead out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.anomalies.other_unit import in_newest_unit
from analysis.daily_series import Matrix, Row, daily_series
from analysis.forecasting.history import chunks, floor, recent
from analysis.forecasting.known_changes import Facts, before_and_after, cumulative_changes
from analysis.forecasting.project import Projection, project

COLUMNS = ("key", "date", "mean", "lo80", "hi80", "lo95", "hi95")


def forecast(daily: pd.DataFrame, horizon_days: int = 30, *, facts: Facts | None = None) -> pd.DataFrame:
    """What each key will cost on each of the days after the frame's last one.

    Args:
        daily: `date, key, cost`, a row per day and key in any order, its last day complete; a missing row after a
            key's first day is 0, a NaN cost is a day that is not known.
        horizon_days: days to forecast; beyond 90 the intervals say less than they seem to.
        facts: what is known about these keys: `KnownChange`s or a frame `key, date, change` in dollars a day. Those
            of days to come move the forecast; those of days past say that the level before them is over.
    Returns:
        One row per key and day: `key, date, mean, lo80, hi80, lo95, hi95` in dollars. Never negative, unless the
        key's history is (credits).
    Raises:
        ValueError: a column is missing, a cost is infinite, or a fact is about a key without costs.
    """
    series = in_newest_unit(daily_series(daily))
    if not len(series.days) or horizon_days < 1:
        return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in COLUMNS})
    cost, days = recent(series)
    calendar = pd.date_range(days[0], periods=len(days) + horizon_days, freq="D")
    moved = cumulative_changes(facts, series.keys, calendar)
    learnt, more = before_and_after(cost, moved[: len(days)]), moved[len(days) :] - moved[len(days) - 1]
    bands = np.concatenate(
        [
            _day_bands(project(learnt[:, keys], days, horizon_days), more[:, keys], floor(cost[:, keys]))
            for keys in chunks(cost.shape[1])
        ],
        axis=2,
    )
    ahead = calendar[len(days) :].to_numpy()
    frame = {"key": np.repeat(series.keys.to_numpy(), horizon_days), "date": np.tile(ahead, len(series.keys))}
    return pd.DataFrame(frame | {name: band.T.ravel() for name, band in zip(COLUMNS[2:], bands, strict=True)})


def _day_bands(told: Projection, more: Matrix, least: Row) -> Matrix:
    """mean, lo80, hi80, lo95, hi95 × days × keys."""
    mean, wide = np.maximum(told.mean + more, least), told.widths
    below, above = told.scale, told.above
    reach = (0.0, -wide.below80 * below, wide.above80 * above, -wide.below95 * below, wide.above95 * above)
    return np.stack([np.maximum(mean + side, least) for side in reach])


def _dtype(name: str) -> str:
    return {"key": "object", "date": "datetime64[s]"}.get(name, "float64")
