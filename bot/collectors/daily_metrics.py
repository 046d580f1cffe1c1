"""Metrics of an inventory table's resources, in the one form that checks read: a row per point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.daily_metrics import METRICS
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.metrics import Points, Query
from bot.collectors.scopes import Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()


def measure(aws: Aws, here: Here, queries: Sequence[Query], window: Window, *, days: int | None = None) -> DataFrame:
    """What CloudWatch answers to the queries, with `METRICS`.

    Args:
        days: of the window's end that are looked at; None: the whole window.
    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    start: datetime = window.start if days is None else window.end - timedelta(days=days)
    points = metrics.fetch(aws, here.account.id, here.region, queries, start, window.end) if queries else []
    return as_table(points, here.account.id, here.region)


def as_table(points: Sequence[Points], account_id: str, region: str) -> DataFrame:
    """The points as a table with `METRICS`; `resource_id` is the query's owner."""
    if not points:
        return typed([], METRICS)
    sizes = [len(series.times) for series in points]
    labels = DataFrame(
        {
            "account_id": account_id,
            "region": region,
            "resource_id": [series.query.owner for series in points],
            "metric": [series.query.metric for series in points],
            "statistic": [series.query.statistic for series in points],
            "period_s": [series.query.period_s for series in points],
        }
    )
    table = labels.loc[labels.index.repeat(sizes)].reset_index(drop=True)
    moments = np.array([moment.timestamp() for series in points for moment in series.times])
    table["time"] = pd.to_datetime(moments, unit="s")
    table["value"] = np.concatenate([np.asarray(series.values, dtype="float64") for series in points])
    return table.astype(dict(METRICS))
