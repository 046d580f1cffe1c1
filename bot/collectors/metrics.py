"""CloudWatch series in as few calls as AWS allows: GetMetricData in batches, paged, every series told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.aws import Aws, reading

ACTIONS = ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics")

MOST_QUERIES = 500
MOST_POINTS = 100_800


@dataclass(frozen=True, slots=True)
class Query:
    """One series: what to ask CloudWatch for, and whose it is."""

    owner: str
    metric: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    period_s: int


@dataclass(frozen=True, slots=True)
class Points:
    """The answer to one query; times are starts of periods."""

    query: Query
    times: tuple[datetime, ...]
    values: tuple[float, ...]


def fetch(
    aws: Aws,
    account_id: str,
    region: str,
    queries: Sequence[Query],
    start: datetime,
    end: datetime,
) -> list[Points]:
    """The series of all queries between two moments that are aligned to their periods.

    A series whose answer stays incomplete after the last page is left out: half a series is no evidence.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    found: list[Points] = []
    client = aws.client("cloudwatch", account_id=account_id, region=region)
    with reading("cloudwatch:GetMetricData", account_id, region):
        for batch in batches(queries, start, end):
            asked = {f"q{number}": query for number, query in enumerate(batch)}
            found += parse(asked, _pages(client, asked, start, end))
    return found


def batches(queries: Sequence[Query], start: datetime, end: datetime) -> Iterator[list[Query]]:
    """Cut the queries so that each call stays within AWS's limits of queries and of points."""
    batch: list[Query] = []
    points = 0
    for query in queries:
        size = -int(-(end - start).total_seconds() // query.period_s)
        if batch and (len(batch) == MOST_QUERIES or points + size > MOST_POINTS):
            yield batch
            batch, points = [], 0
        batch.append(query)
        points += size
    if batch:
        yield batch


def parse(asked: Mapping[str, Query], pages: Iterable[Mapping[str, Any]]) -> list[Points]:
    """Join the pages: a series may be spread over several, and its last status decides whether it is whole."""
    times: dict[str, list[datetime]] = {id_: [] for id_ in asked}
    values: dict[str, list[float]] = {id_: [] for id_ in asked}
    status: dict[str, str] = {}
    for page in pages:
        for result in page["MetricDataResults"]:
            times[result["Id"]] += result["Timestamps"]
            values[result["Id"]] += result["Values"]
            status[result["Id"]] = result.get("StatusCode", "Complete")
    return [
        Points(query, tuple(times[id_]), tuple(values[id_]))
        for id_, query in asked.items()
        if status.get(id_) == "Complete" and times[id_]
    ]


def list_metrics(
    aws: Aws,
    account_id: str,
    region: str,
    namespace: str,
    name: str,
) -> list[tuple[tuple[str, str], ...]]:
    """Every set of dimensions a metric exists with, whatever the agent was told to add.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    with reading("cloudwatch:ListMetrics", account_id, region):
        client = aws.client("cloudwatch", account_id=account_id, region=region)
        pages = client.get_paginator("list_metrics").paginate(Namespace=namespace, MetricName=name)
        metrics = [metric for page in pages for metric in page["Metrics"]]
    return [tuple((d["Name"], d["Value"]) for d in metric.get("Dimensions", ())) for metric in metrics]


def _pages(client: Any, asked: Mapping[str, Query], start: datetime, end: datetime) -> Iterator[Mapping[str, Any]]:
    queries = [
        {
            "Id": id_,
            "MetricStat": {
                "Metric": {
                    "Namespace": query.namespace,
                    "MetricName": query.name,
                    "Dimensions": [{"Name": name, "Value": value} for name, value in query.dimensions],
                },
                "Period": query.period_s,
                "Stat": query.statistic,
            },
        }
        for id_, query in asked.items()
    ]
    paginator = client.get_paginator("get_metric_data")
    yield from paginator.paginate(MetricDataQueries=queries, StartTime=start, EndTime=end, ScanBy="TimestampAscending")
