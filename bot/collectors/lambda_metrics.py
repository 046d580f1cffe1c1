"""The table `lambda_metrics`: how often each Lambda function ran, how long, and how often it failed, day by day."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.daily_metrics import DAY_S, METRICS
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.daily_metrics import measure
from bot.collectors.metrics import Query
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here

ACTIONS = metrics.ACTIONS
SCOPE = Scope.PLACE
OF = "lambda_functions"
COLUMNS = METRICS

_COUNTED = (("Invocations", "Sum"), ("Errors", "Sum"), ("Duration", "Average"))


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily sums of runs and failures, and the mean duration in milliseconds.

    CloudWatch publishes nothing of a function on a day without a run: that day has 0 `Invocations` here.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    queries = [
        Query(name, metric, "AWS/Lambda", metric, (("FunctionName", name),), statistic, DAY_S)
        for name in rows["resource_id"]
        for metric, statistic in _COUNTED
    ]
    return with_silent_days(measure(aws, here, queries, window), rows, here, window)


def with_silent_days(found: DataFrame, rows: DataFrame, here: Here, window: Window) -> DataFrame:
    """The points, and 0 invocations for each function on each day of the window that has none."""
    days = pd.date_range(window.start.replace(tzinfo=None), window.end.replace(tzinfo=None), freq="D", inclusive="left")
    every = pd.MultiIndex.from_product([rows["resource_id"], days], names=["resource_id", "time"])
    runs = found[found["metric"].eq("Invocations")]
    silent = every.difference(pd.MultiIndex.from_frame(runs[["resource_id", "time"]]))
    zeros = silent.to_frame(index=False).assign(
        account_id=here.account.id,
        region=here.region,
        metric="Invocations",
        statistic="Sum",
        period_s=DAY_S,
        value=0.0,
    )
    return pd.concat([found, zeros[list(METRICS)].astype(METRICS)], ignore_index=True) if len(zeros) else found
