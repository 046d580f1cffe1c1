"""The table `load_balancer_metrics`: what each load balancer served, day by day, and how many targets it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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
OF = "load_balancers"
COLUMNS = METRICS

#: A redirect or a fixed answer is no request to a target, and is counted apart.
_SERVED: Mapping[str, tuple[str, ...]] = {
    "application": ("RequestCount", "HTTP_Redirect_Count", "HTTP_Fixed_Response_Count", "ProcessedBytes"),
    "network": ("NewFlowCount", "ProcessedBytes"),
}
_NAMESPACES = {"application": "AWS/ApplicationELB", "network": "AWS/NetworkELB"}
_HOSTS = ("HealthyHostCount", "UnHealthyHostCount")


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily sums of what was served, and the highest number of targets over the target groups.

    AWS publishes what was served only where there was something, and the number of targets only where a group has any.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    queries = [query for row in rows.to_dict("records") if row["kind"] in _SERVED for query in _queries(row)]
    found = measure(aws, here, queries, window)
    if found.empty:
        return found
    keys = [name for name in METRICS if name != "value"]
    # Several groups of one balancer are several series of one owner.
    highest: DataFrame = found.groupby(keys)["value"].max().reset_index()
    return highest.astype(METRICS)


def _queries(row: Mapping[Any, Any]) -> Iterator[Query]:
    arn, kind = str(row["resource_id"]), str(row["kind"])
    of = ("LoadBalancer", arn.partition(":loadbalancer/")[2])
    for name in _SERVED[kind]:
        yield Query(arn, name, _NAMESPACES[kind], name, (of,), "Sum", DAY_S)
    for group in str(row["target_groups"]).split():
        in_group = (("TargetGroup", group.rpartition(":")[2]), of)
        for name in _HOSTS:
            yield Query(arn, name, _NAMESPACES[kind], name, in_group, "Maximum", DAY_S)
