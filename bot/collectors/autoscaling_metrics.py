"""The table `autoscaling_metrics`: CPU and size of groups by the day; by five minutes where a policy is to be tried."""

from __future__ import annotations

from datetime import timedelta

from pandas import DataFrame

from analysis.daily_metrics import DAY_S, HOUR_S, METRICS, SERIES_S
from analysis.scaling.load import CPU, DESIRED, IN_SERVICE, NEEDS_SERIES, REQUESTS
from analysis.scaling.memory import MEMORY
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.daily_metrics import measure
from bot.collectors.metrics import Query
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here

ACTIONS = metrics.ACTIONS
SCOPE = Scope.PLACE
OF = "autoscaling_groups"
COLUMNS = METRICS
NEEDS = (NEEDS_SERIES,)
#: Weeks tell a schedule; a query costs the same however many points it has.
SERIES_DAYS = 28


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily CPU and size of every group; on need four weeks of five minutes, and memory of its instances.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    if need == NEEDS_SERIES:
        longer = Window(min(window.start, window.end - timedelta(days=SERIES_DAYS)), window.end)
        return measure(aws, here, [*series_queries(rows), *_memory_queries(aws, here, rows)], longer)
    return measure(aws, here, daily_queries(rows), window)


def daily_queries(groups: DataFrame) -> list[Query]:
    """CPU of every group that has instances, and its desired capacity where it is published."""
    queries: list[Query] = []
    for name, desired, published in groups[["resource_id", "desired", "group_metrics"]].itertuples(index=False):
        if desired > 0:
            queries += [_cpu(name, statistic, DAY_S) for statistic in ("Average", "Maximum")]
        if desired > 0 and published:
            queries.append(_size(name, DESIRED, DAY_S))
    return queries


def series_queries(groups: DataFrame) -> list[Query]:
    """CPU at five minutes and size by the hour; requests per target where the group has a target group."""
    queries: list[Query] = []
    columns = ["resource_id", "group_metrics", "target_group"]
    for name, published, target in groups[columns].itertuples(index=False):
        queries.append(_cpu(name, "Average", SERIES_S))
        if published:
            queries += [_size(name, metric, HOUR_S) for metric in (IN_SERVICE, DESIRED)]
        if target:
            dimensions = (("TargetGroup", target),)
            queries.append(Query(name, REQUESTS, "AWS/ApplicationELB", REQUESTS, dimensions, "Sum", SERIES_S))
    return queries


def _memory_queries(aws: Aws, here: Here, groups: DataFrame) -> list[Query]:
    """The agent's memory of every instance of these groups, where its configuration adds the group's name."""
    wanted = set(groups["resource_id"])
    listed = metrics.list_metrics(aws, here.account.id, here.region, "CWAgent", MEMORY)
    return [
        Query(group, MEMORY, "CWAgent", MEMORY, dimensions, "Maximum", DAY_S)
        for dimensions in listed
        if (group := dict(dimensions).get("AutoScalingGroupName", "")) in wanted
    ]


def _cpu(name: str, statistic: str, period_s: int) -> Query:
    return Query(name, CPU, "AWS/EC2", CPU, (("AutoScalingGroupName", name),), statistic, period_s)


def _size(name: str, metric: str, period_s: int) -> Query:
    return Query(name, metric, "AWS/AutoScaling", metric, (("AutoScalingGroupName", name),), "Average", period_s)
