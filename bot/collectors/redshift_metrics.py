"""The table `redshift_metrics`: connections and CPU of each cluster that runs, day by day."""

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
OF = "redshift_clusters"
COLUMNS = METRICS


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily connections and CPU; both are published every minute while a cluster runs.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    queries = [
        Query(name, metric, "AWS/Redshift", metric, (("ClusterIdentifier", name),), statistic, DAY_S)
        for name in rows.loc[rows["status"].eq("available"), "resource_id"]
        for metric, statistic in (("DatabaseConnections", "Maximum"), ("CPUUtilization", "Average"))
    ]
    return measure(aws, here, queries, window)
