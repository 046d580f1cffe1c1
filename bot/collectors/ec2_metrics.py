"""The table `ec2_metrics`: daily figures for every running instance, five-minute series where those cannot decide."""

from __future__ import annotations

from collections.abc import Iterable

from pandas import DataFrame

from analysis.checks.ec2.off_hours import NEEDS_HOURS, WEEKS
from analysis.checks.ec2.undersized import NEEDS_P95
from analysis.daily_metrics import DAY_S, HOUR_S, SERIES_S
from analysis.rightsizing.counterpart import NEEDS_MAXIMA, NEEDS_MEANS, NEEDS_SERIES
from analysis.rightsizing.demand import EC2_METRICS, TRAFFIC, Metric
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.daily_metrics import measure
from bot.collectors.metrics import Query
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = metrics.ACTIONS
SCOPE = Scope.PLACE
OF = "ec2_instances"
COLUMNS = EC2_METRICS
NEEDS = (NEEDS_MAXIMA, NEEDS_SERIES, NEEDS_P95, NEEDS_HOURS, NEEDS_MEANS)

_EC2 = "AWS/EC2"
_AGENT = "CWAgent"
#: What the CloudWatch agent calls memory in use on Linux and on Windows; both are per cent.
_MEMORY_NAMES = ("mem_used_percent", "Memory % Committed Bytes In Use")
_NAMES = {
    Metric.CPU: "CPUUtilization",
    Metric.NETWORK_IN: "NetworkIn",
    Metric.NETWORK_OUT: "NetworkOut",
    Metric.EBS_READ_BYTES: "EBSReadBytes",
    Metric.EBS_WRITE_BYTES: "EBSWriteBytes",
    Metric.EBS_READ_OPS: "EBSReadOps",
    Metric.EBS_WRITE_OPS: "EBSWriteOps",
    Metric.CREDIT_BALANCE: "CPUCreditBalance",
    Metric.SURPLUS_CREDITS: "CPUSurplusCreditsCharged",
    Metric.SURPLUS_BALANCE: "CPUSurplusCreditBalance",
}

MemorySeries = dict[str, list[tuple[str, tuple[tuple[str, str], ...]]]]


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily CPU, memory, network and credits of the instances whose load matters; or the further evidence of `NEEDS`.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    if need == NEEDS_MAXIMA:
        return measure(aws, here, traffic_queries(rows["resource_id"]), window)
    if need == NEEDS_MEANS:
        return measure(aws, here, mean_queries(rows["resource_id"]), window)
    if need == NEEDS_HOURS:
        return measure(aws, here, hourly_queries(rows["resource_id"]), window, days=7 * WEEKS)
    asked = rows if need else measured(rows)
    if asked.empty:
        return typed([], COLUMNS)
    memory = memory_series(aws, here.account.id, here.region)
    if need == NEEDS_P95:
        queries = p95_queries(asked["resource_id"], memory)
    else:
        queries = series_queries(asked, memory) if need else load_queries(asked, memory)
    return measure(aws, here, queries, window)


def measured(instances: DataFrame) -> DataFrame:
    """The instances whose load matters: others get their verdict without it."""
    alone = instances["asg_name"].eq("") & ~instances["ignored"]
    plain = instances["platform"].eq("Linux/UNIX") & ~instances["spot"]
    return instances[alone & plain & instances["state"].eq("running")]


def memory_series(aws: Aws, account_id: str, region: str) -> MemorySeries:
    """Memory metrics (name and dimensions) by instance id: the agent may add any dimension to InstanceId.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    found: MemorySeries = {}
    for name in _MEMORY_NAMES:
        for dimensions in metrics.list_metrics(aws, account_id, region, _AGENT, name):
            instance_id = dict(dimensions).get("InstanceId")
            if instance_id:
                found.setdefault(instance_id, []).append((name, dimensions))
    return found


def load_queries(instances: DataFrame, memory: MemorySeries) -> list[Query]:
    """Daily CPU, memory and bytes in and out of every instance; burst credits of the T families."""
    queries: list[Query] = []
    for instance_id, instance_type in zip(instances["resource_id"], instances["instance_type"], strict=True):
        queries += [_ec2(instance_id, Metric.CPU, statistic, DAY_S) for statistic in ("p99.5", "Maximum")]
        queries += [_ec2(instance_id, metric, "Sum", DAY_S) for metric in (Metric.NETWORK_IN, Metric.NETWORK_OUT)]
        queries += [
            _memory(instance_id, series, statistic, DAY_S)
            for series in memory.get(instance_id, ())
            for statistic in ("p99.5", "Maximum")
        ]
        if instance_type.startswith("t"):
            queries += [
                _ec2(instance_id, Metric.CPU, "Average", DAY_S),
                _ec2(instance_id, Metric.CREDIT_BALANCE, "Minimum", DAY_S),
                _ec2(instance_id, Metric.SURPLUS_CREDITS, "Sum", DAY_S),
                _ec2(instance_id, Metric.SURPLUS_BALANCE, "Maximum", DAY_S),
            ]
    return queries


def traffic_queries(instance_ids: Iterable[str]) -> list[Query]:
    """Daily maxima and p99.5 of network and volumes, and the samples a day that say how long one lasts."""
    queries: list[Query] = []
    for instance_id in instance_ids:
        for one, other, _ in TRAFFIC.values():
            queries += [
                _ec2(instance_id, metric, statistic, DAY_S)
                for metric in (one, other)
                for statistic in ("Maximum", "p99.5")
            ]
            queries.append(_ec2(instance_id, one, "SampleCount", DAY_S))
    return queries


def mean_queries(instance_ids: Iterable[str]) -> list[Query]:
    """Five-minute means of CPU: what burst credits would be spent on."""
    return [_ec2(instance_id, Metric.CPU, "Average", SERIES_S) for instance_id in instance_ids]


def hourly_queries(instance_ids: Iterable[str]) -> list[Query]:
    """Hour by hour: the highest CPU, and bytes in and out."""
    queries: list[Query] = []
    for instance_id in instance_ids:
        queries.append(_ec2(instance_id, Metric.CPU, "Maximum", HOUR_S))
        queries += [_ec2(instance_id, metric, "Sum", HOUR_S) for metric in (Metric.NETWORK_IN, Metric.NETWORK_OUT)]
    return queries


def p95_queries(instance_ids: Iterable[str], memory: MemorySeries) -> list[Query]:
    """What CPU and memory stood above for an hour and a quarter of each day."""
    queries: list[Query] = []
    for instance_id in instance_ids:
        queries.append(_ec2(instance_id, Metric.CPU, "p95", DAY_S))
        queries += [_memory(instance_id, series, "p95", DAY_S) for series in memory.get(instance_id, ())]
    return queries


def series_queries(instances: DataFrame, memory: MemorySeries) -> list[Query]:
    """Five-minute series of everything; of the T families also the mean, which is what spends burst credits."""
    queries: list[Query] = []
    for instance_id, instance_type in zip(instances["resource_id"], instances["instance_type"], strict=True):
        queries.append(_ec2(instance_id, Metric.CPU, "Maximum", SERIES_S))
        if instance_type.startswith("t"):
            queries.append(_ec2(instance_id, Metric.CPU, "Average", SERIES_S))
        queries += [_memory(instance_id, series, "Maximum", SERIES_S) for series in memory.get(instance_id, ())]
        for one, other, _ in TRAFFIC.values():
            queries += [_ec2(instance_id, metric, "Sum", SERIES_S) for metric in (one, other)]
    return queries


def _ec2(instance_id: str, metric: Metric, statistic: str, period_s: int) -> Query:
    return Query(instance_id, metric.value, _EC2, _NAMES[metric], (("InstanceId", instance_id),), statistic, period_s)


def _memory(
    instance_id: str,
    series: tuple[str, tuple[tuple[str, str], ...]],
    statistic: str,
    period_s: int,
) -> Query:
    name, dimensions = series
    return Query(instance_id, Metric.MEMORY.value, _AGENT, name, dimensions, statistic, period_s)
