"""The table `log_group_metrics`: how much each log group took in, day by day."""

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
OF = "log_groups"
COLUMNS = METRICS
#: A group that stores less than this, even for a day only, cannot take in what would be worth a word.
LEAST_STORED_GB = 0.1


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily bytes that came in, of the groups that store something. CloudWatch publishes none while nothing comes.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    asked = rows[rows["stored_gb"].ge(LEAST_STORED_GB) & ~rows["ignored"]]
    queries = [
        Query(name, "IncomingBytes", "AWS/Logs", "IncomingBytes", (("LogGroupName", name),), "Sum", DAY_S)
        for name in asked["resource_id"]
    ]
    return measure(aws, here, queries, window)
