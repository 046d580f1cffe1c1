"""The table `lambda_insights`: memory and processor time of Lambda functions that have Lambda Insights."""

from __future__ import annotations

from pandas import DataFrame

from analysis.daily_metrics import DAY_S, METRICS
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.daily_metrics import as_table, measure
from bot.collectors.metrics import Query
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here

ACTIONS = metrics.ACTIONS
SCOPE = Scope.PLACE
OF = "lambda_functions"
COLUMNS = METRICS

NAMESPACE = "LambdaInsights"
#: Megabytes at the most, and milliseconds of processor time, of each run.
_READ = (("used_memory_max", "Maximum"), ("cpu_total_time", "p95"), ("duration", "Average"))


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily figures of the functions that publish them: one listing tells which do, and only those are asked for.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    listed = metrics.list_metrics(aws, here.account.id, here.region, NAMESPACE, "used_memory_max")
    publishing = {dict(one).get("function_name") for one in listed if {name for name, _ in one} == {"function_name"}}
    queries = [
        Query(name, metric, NAMESPACE, metric, (("function_name", name),), statistic, DAY_S)
        for name in rows["resource_id"]
        if name in publishing
        for metric, statistic in _READ
    ]
    return measure(aws, here, queries, window) if queries else as_table([], here.account.id, here.region)
