"""The table `ecs_metrics`: CPU and memory of Fargate services by the day, per cent of what their tasks have."""

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
OF = "ecs_services"
COLUMNS = METRICS

_WANTED = (
    ("CPUUtilization", "p99.5"),
    ("CPUUtilization", "Maximum"),
    # One sample per task and minute: how many tasks ran.
    ("CPUUtilization", "SampleCount"),
    ("MemoryUtilization", "Maximum"),
)


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily figures of every service on Fargate.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    fargate = rows[rows["runs_on"].str.contains("FARGATE")]
    queries = [
        Query(id_, name, "AWS/ECS", name, (("ClusterName", cluster), ("ServiceName", service)), statistic, DAY_S)
        for id_, cluster, service in fargate[["resource_id", "cluster", "service"]].itertuples(index=False)
        for name, statistic in _WANTED
    ]
    return measure(aws, here, queries, window)
