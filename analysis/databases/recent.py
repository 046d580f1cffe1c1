"""The last days of a table of metrics, and what is known of each resource in them."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import over_days
from analysis.verdicts import Because


def recent(metrics: DataFrame, days: float) -> DataFrame:
    """The points of the last `days` days that were looked at, for all resources the same."""
    if metrics.empty:
        return metrics
    last = metrics["time"].max()
    return metrics[metrics["time"].gt(last - timedelta(days=days))]


def too_few(
    rows: DataFrame, metrics: DataFrame, metric: str, statistic: str, days: float
) -> tuple[Series[bool], Series[str]]:
    """The rows that were not measured on each of `days` days, and the sentence that says so."""
    measured = over_days(rows, metrics, metric, statistic, "count")
    young = rows["age_days"].fillna(0.0).lt(days)
    why = f"{days:.0f} days of {metric}: CloudWatch has " + measured.astype("int64").astype("str")
    created = rows["age_days"].fillna(0.0).astype("int64").astype("str")
    since = (", as it was created " + created + " days ago").where(young & rows["age_days"].notna(), "")
    return measured.lt(days), why + since + "."


def undecided(index: pd.Index, *reasons: Because) -> Series[bool]:
    """The rows that none of these conditions holds for: what is left to be fine, each with its own reason."""
    found = pd.Series(True, index=index)
    for condition, _ in reasons:
        found &= ~condition.fillna(False).astype(bool)
    return found
