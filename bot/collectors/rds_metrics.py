"""The table `rds_metrics`: how busy and how full each running database was, day by day, for 32 days."""

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
OF = "rds_instances"
COLUMNS = METRICS
#: Storage is judged by this many days; more points of a series cost nothing.
DAYS = 32

#: RDS publishes them every minute while an instance runs, whether or not anybody uses it.
_ALL = (
    ("DatabaseConnections", "Maximum"),
    ("CPUUtilization", "p99.5"),
    ("FreeableMemory", "Minimum"),
)
#: Of instances with storage of their own; operations and bytes a second.
_OWN_STORAGE = (
    ("FreeStorageSpace", "Minimum"),
    ("ReadIOPS", "p99.9"),
    ("WriteIOPS", "p99.9"),
    ("ReadThroughput", "p99.9"),
    ("WriteThroughput", "p99.9"),
)
_BURSTABLE = (("CPUUtilization", "Average"), ("CPUCreditBalance", "Minimum"))
_NOT_RUNNING = ("stopped", "stopping", "creating", "deleting")


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily figures of the instances that run and are not left alone.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    running = rows[~rows["status"].isin(_NOT_RUNNING) & ~rows["ignored"]]
    return measure(aws, here, list(_queries(running)), window, days=DAYS)


def _queries(running: DataFrame) -> Iterable[Query]:
    for id_, class_, engine in running[["resource_id", "instance_class", "engine"]].to_numpy():
        asked = _ALL if engine.startswith("aurora") else _ALL + _OWN_STORAGE
        for name, statistic in asked + (_BURSTABLE if class_.startswith("db.t") else ()):
            yield Query(id_, name, "AWS/RDS", name, (("DBInstanceIdentifier", id_),), statistic, DAY_S)
