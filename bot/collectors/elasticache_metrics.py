"""The table `elasticache_metrics`: how busy and how full each cache cluster was, day by day, for 14 days."""

from __future__ import annotations

from collections.abc import Iterable

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
OF = "elasticache_clusters"
COLUMNS = METRICS
DAYS = 14

#: Of every engine; ElastiCache publishes them every minute, in use or not.
_ALL = (
    ("CurrConnections", "Maximum"),
    ("CPUUtilization", "p99.5"),
    ("NetworkBytesIn", "Maximum"),
    ("NetworkBytesOut", "Maximum"),
    ("Evictions", "Sum"),
)
_KEY_VALUE = (
    ("GetTypeCmds", "Sum"),
    ("SetTypeCmds", "Sum"),
    ("EngineCPUUtilization", "p99.5"),
    ("DatabaseMemoryUsagePercentage", "p99.5"),
)
_MEMCACHED = (("CmdGet", "Sum"), ("CmdSet", "Sum"))
_BURSTABLE = (("CPUUtilization", "Average"), ("CPUCreditBalance", "Minimum"))


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily figures of the clusters that run and are not left alone.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    running = rows[~rows["status"].isin(["creating", "deleting"]) & ~rows["ignored"]]
    return measure(aws, here, list(_queries(running)), window, days=DAYS)


def _queries(running: DataFrame) -> Iterable[Query]:
    for id_, node_type, engine in running[["resource_id", "node_type", "engine"]].to_numpy():
        asked = _ALL + (_MEMCACHED if engine == "memcached" else _KEY_VALUE)
        for name, statistic in asked + (_BURSTABLE if node_type.startswith("cache.t") else ()):
            yield Query(id_, name, "AWS/ElastiCache", name, (("CacheClusterId", id_),), statistic, DAY_S)
