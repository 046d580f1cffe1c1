"""How others forecast daily costs: the guide's straight line, the last week again, and models where they are installed.

Each takes the long frame `date, key, cost` and gives `key, date, mean, lo80, hi80, lo95, hi95` as
`analysis.forecasting.forecast` does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analysis.daily_series import DailySeries, Matrix, daily_series

Forecaster = Callable[[pd.DataFrame, int], pd.DataFrame]

#: Normal quantiles of the central 80 and 95 %.
Z80, Z95 = 1.2816, 1.96

#: Days that every model is given of a key, however young.
LEAST_DAYS = 28


def straight_line(daily: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Least squares over all days, with the residuals' standard deviation."""
    series = daily_series(daily)
    cost = np.nan_to_num(series.cost)
    day = np.arange(len(cost), dtype=float)
    slope, level = np.polyfit(day, cost, 1)
    sigma = (cost - level - np.outer(day, slope)).std(axis=0)
    ahead = np.arange(len(cost), len(cost) + horizon_days, dtype=float)
    return table(series, level + np.outer(ahead, slope), np.broadcast_to(sigma, (horizon_days, len(sigma))))


def last_week_again(daily: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Each day as its weekday was last, with the spread of differences from week to week."""
    series = daily_series(daily)
    cost = np.nan_to_num(series.cost)
    weeks = np.arange(horizon_days) // 7 + 1
    sigma = (cost[7:] - cost[:-7])[-56:].std(axis=0)
    return table(series, cost[-7:][np.arange(horizon_days) % 7], np.sqrt(weeks)[:, None] * sigma)


def prophet(daily: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Prophet as it comes, key by key.

    Raises:
        ImportError: it is not installed.
    """
    import logging

    from prophet import Prophet

    logging.getLogger("cmdstanpy").setLevel(logging.ERROR)
    rows = []
    for key, own in _begun(daily).groupby("key", sort=True):
        history = own.rename(columns={"date": "ds", "cost": "y"})[["ds", "y"]].sort_values("ds")
        model = Prophet(interval_width=0.80).fit(history)
        ahead = model.make_future_dataframe(horizon_days, include_history=False)
        narrow = model.predict(ahead)
        # The width only says which quantiles of its simulations are given.
        model.interval_width = 0.95
        wide = model.predict(ahead)
        rows.append(
            pd.DataFrame({
                "key": key, "date": narrow["ds"].to_numpy(), "mean": narrow["yhat"].to_numpy(),
                "lo80": narrow["yhat_lower"].to_numpy(), "hi80": narrow["yhat_upper"].to_numpy(),
                "lo95": wide["yhat_lower"].to_numpy(), "hi95": wide["yhat_upper"].to_numpy(),
            })
        )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def auto_ets(daily: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """statsforecast's AutoETS with a weekly season.

    Raises:
        ImportError: statsforecast is not installed.
    """
    from statsforecast.models import AutoETS

    return _statsforecast(AutoETS(season_length=7), daily, horizon_days)


def theta(daily: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """statsforecast's optimised Theta method with a weekly season.

    Raises:
        ImportError: statsforecast is not installed.
    """
    from statsforecast.models import OptimizedTheta

    return _statsforecast(OptimizedTheta(season_length=7), daily, horizon_days)


def _statsforecast(model: Any, daily: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    from statsforecast import StatsForecast

    history = _begun(daily).rename(columns={"key": "unique_id", "date": "ds", "cost": "y"})[["unique_id", "ds", "y"]]
    found: Any = StatsForecast([model], freq="D").forecast(h=horizon_days, df=history, level=[80, 95])
    names = {"unique_id": "key", "ds": "date", str(model): "mean"}
    names |= {f"{model}-{side}-{width}": f"{side}{width}" for width in (80, 95) for side in ("lo", "hi")}
    return pd.DataFrame(found.reset_index().rename(columns=names)[list(names.values())])


def _begun(daily: pd.DataFrame) -> pd.DataFrame:
    """Without the days before a key's first cost, which are none of its history."""
    ordered = daily.sort_values(["key", "date"])
    begun = (ordered["cost"] != 0).groupby(ordered["key"]).cummax()
    begun |= ordered.groupby("key")["date"].transform("max") - ordered["date"] < pd.Timedelta(days=LEAST_DAYS)
    return ordered[begun]


def table(series: DailySeries, mean: Matrix, sigma: Matrix) -> pd.DataFrame:
    """A forecast with normal bands; `mean` and `sigma` are horizon days × keys."""
    horizon = len(mean)
    ahead = pd.date_range(series.days[-1] + pd.Timedelta(days=1), periods=horizon, freq="D")
    keys = len(series.keys)
    values = {
        "mean": mean, "lo80": mean - Z80 * sigma, "hi80": mean + Z80 * sigma, "lo95": mean - Z95 * sigma,
        "hi95": mean + Z95 * sigma,
    }  # fmt: skip
    return pd.DataFrame({
        "key": np.repeat(series.keys.to_numpy(), horizon),
        "date": np.tile(ahead.to_numpy(), keys),
        **{name: matrix.T.reshape(-1) for name, matrix in values.items()},
    })  # fmt: skip


FORECASTERS: dict[str, Forecaster] = {"straight line": straight_line, "last week again": last_week_again}
#: These need the extra `peers`, and minutes.
MODELS: dict[str, Forecaster] = {"Theta": theta, "AutoETS": auto_ets, "Prophet": prophet}
