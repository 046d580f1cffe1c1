"""The table `dynamodb_metrics`: what each table and index consumed, by the day for 30 days; by the hour where asked."""

from __future__ import annotations

from collections.abc import Iterable

from pandas import DataFrame

from analysis.daily_metrics import DAY_S, HOUR_S, METRICS
from analysis.databases.capacity import NEEDS_HOURS
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.daily_metrics import measure
from bot.collectors.metrics import Query
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here

ACTIONS = metrics.ACTIONS
SCOPE = Scope.PLACE
OF = "dynamodb_tables"
COLUMNS = METRICS
NEEDS = (NEEDS_HOURS,)
#: Days looked at by the day and by the hour.
DAYS, HOURLY_DAYS = 30, 14

_CONSUMED = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
_THROTTLED = ("ReadThrottleEvents", "WriteThrottleEvents")


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Consumed units of everything that is not left alone; by the hour, and what was refused, where it is needed.

    DynamoDB publishes none of these while nothing is consumed or refused: silence is zero.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    asked = rows[~rows["ignored"]]
    if need == NEEDS_HOURS:
        return measure(aws, here, list(_queries(asked, HOUR_S, _CONSUMED + _THROTTLED)), window, days=HOURLY_DAYS)
    return measure(aws, here, list(_queries(asked, DAY_S, _CONSUMED)), window, days=DAYS)


def _queries(rows: DataFrame, period_s: int, names: tuple[str, ...]) -> Iterable[Query]:
    for id_, table, index in rows[["resource_id", "table_name", "index_name"]].to_numpy():
        of_index = (("GlobalSecondaryIndexName", index),) if index else ()
        for name in names:
            yield Query(id_, name, "AWS/DynamoDB", name, (("TableName", table), *of_index), "Sum", period_s)
