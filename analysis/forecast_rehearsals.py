"""How far off forecasts were: of stretches that are over, made from the days before each alone."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from analysis.forecasting import forecast

#: Stretches that are rehearsed, and the days between the starts of two of them.
MOST, APART_DAYS = 6, 14

#: Days of history that a rehearsal needs.
LEAST_DAYS = 60


def rehearsals(daily: pd.DataFrame, horizon_days: int) -> tuple[float, ...]:
    """By which share the forecast total of each of the last stretches missed what came, newest first.

    Args:
        daily: `date, key, cost` of one key, a row per day, its last day complete; NaN is a day that is not known.
        horizon_days: days of a stretch.
    Returns:
        Shares of what came: -0.03 was 3 % too low. Stretches with an unknown day, next to no cost, or too little
        history before them are left out.
    """
    costs = daily.assign(date=pd.to_datetime(daily["date"])).sort_values("date")
    if costs.empty:
        return ()
    first, last = costs["date"].iloc[0], costs["date"].iloc[-1]
    found = []
    for turn in range(MOST):
        start = last - timedelta(days=horizon_days - 1 + APART_DAYS * turn)
        before = costs[costs["date"] < start]
        stretch = costs.loc[costs["date"].between(start, start + timedelta(days=horizon_days - 1)), "cost"]
        if (start - first).days < LEAST_DAYS:
            break
        came = float(stretch.sum())
        if stretch.isna().any() or abs(came) < 0.01 * horizon_days:
            continue
        said = float(forecast(before, horizon_days)["mean"].sum())
        found.append((said - came) / abs(came))
    return tuple(found)
