"""The table `workspaces_metrics`: how much of each day somebody was connected to a WorkSpace."""

from __future__ import annotations

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
OF = "workspaces"
COLUMNS = METRICS


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily sums and counts of UserConnected, which is 1 or 0 every five minutes.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    queries = [
        Query(id_, "UserConnected", "AWS/WorkSpaces", "UserConnected", (("WorkspaceId", id_),), statistic, DAY_S)
        for id_ in rows["resource_id"]
        for statistic in ("Sum", "SampleCount")
    ]
    return measure(aws, here, queries, window)
