"""Metrics as checks read them: one row per point, and what they say of each resource over the days looked at.

A metric without data stays missing: it is never zero. CloudWatch publishes nothing for some metrics while nothing
happens; a check that takes silence for zero must know that its metric is none of those, or ask for another that is
always there.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, Series

from analysis.models import Chart
from analysis.models import Series as Line

#: Columns of every table of metrics: one row per point.
METRICS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",
    "metric": "str",  # as CloudWatch calls it, unless the collector says otherwise
    "statistic": "str",  # p99.5, Maximum, Average, Minimum, Sum, SampleCount
    "period_s": "int64",  # 86400, 3600 or 300
    "time": "datetime64[us]",  # start of the period, UTC
    "value": "float64",
}
#: Columns with few values, which may be texts or categories.
LABELS = ("metric", "statistic")
KEY = ["account_id", "region", "resource_id"]
DAY_S, HOUR_S, SERIES_S = 86_400, 3_600, 300
#: A chart holds this many labels.
_MOST_LABELS = 20


def no_metrics() -> DataFrame:
    """A table of metrics without rows."""
    return DataFrame({name: pd.Series(dtype=dtype) for name, dtype in METRICS.items()})


def over_days(
    rows: DataFrame, metrics: DataFrame, metric: str, statistic: str, how: str, *, period_s: int = DAY_S
) -> Series[float]:
    """One figure per row of `rows` (needs `KEY`): `how` (max, min, sum, mean, median, count) of its points.

    Missing where nothing was measured, except for `count`, which is 0.
    """
    points = metrics[
        metrics["metric"].eq(metric) & metrics["statistic"].eq(statistic) & metrics["period_s"].eq(period_s)
    ]
    found = points.groupby(KEY)["value"].agg(how)
    values = found.reindex(pd.MultiIndex.from_frame(rows[KEY])).to_numpy(dtype="float64")
    result = pd.Series(values, index=rows.index)
    return result.fillna(0.0) if how == "count" else result


def quantile(
    rows: DataFrame, metrics: DataFrame, metric: str, statistic: str, q: float, *, period_s: int = SERIES_S
) -> Series[float]:
    """A quantile (0 to 1) of each row's points; missing where nothing was measured."""
    points = metrics[
        metrics["metric"].eq(metric) & metrics["statistic"].eq(statistic) & metrics["period_s"].eq(period_s)
    ]
    found = points.groupby(KEY)["value"].quantile(q)
    values = found.reindex(pd.MultiIndex.from_frame(rows[KEY])).to_numpy(dtype="float64")
    return pd.Series(values, index=rows.index)


def daily_charts(
    rows: DataFrame,
    metrics: DataFrame,
    lines: dict[str, tuple[str, str]],
    *,
    title: str,
    unit: str,
    scale: float = 1.0,
    limit: tuple[str, Series[float]] | None = None,
) -> list[Chart | None]:
    """One chart per row: its daily values, the newest twenty days; None where nothing was measured.

    Args:
        lines: name of the line → (metric, statistic), at most five.
        scale: factor from the metric's unit to `unit`.
        limit: name and level (in `unit`, one per row) of a horizontal line.
    """
    daily = metrics[metrics["period_s"].eq(DAY_S)]
    wanted = daily[pd.MultiIndex.from_frame(daily[KEY]).isin(pd.MultiIndex.from_frame(rows[KEY]))]
    days = pd.DatetimeIndex(sorted(wanted["time"].unique()))[-_MOST_LABELS:]
    labels = tuple(f"{day:%b} {day.day}" for day in days)
    keys = pd.MultiIndex.from_frame(rows[KEY])
    values = {
        name: wanted[wanted["metric"].eq(metric) & wanted["statistic"].eq(statistic)]
        .pivot_table(index=KEY, columns="time", values="value", aggfunc="max")
        .reindex(index=keys, columns=days)
        .to_numpy(dtype="float64")
        * scale
        for name, (metric, statistic) in lines.items()
    }
    charts: list[Chart | None] = []
    for place, index in enumerate(rows.index):
        drawn = [Line(name, _points(table[place])) for name, table in values.items()]
        if not any(value is not None for line in drawn for value in line.values):
            charts.append(None)
            continue
        if limit is not None:
            drawn.append(Line(limit[0], (round(float(limit[1][index]), 2),) * len(labels)))
        charts.append(Chart(title, labels, tuple(drawn), unit=unit))
    return charts


def _points(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(value) else round(value, 2) for value in values.tolist())
