"""CloudWatch's three read operations, answered from the organisation's signals when they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from bot.clock import Clock
from bot.demo.aws import cloudwatch_rules as rules
from bot.demo.aws.cloudwatch_expressions import Line, evaluate
from bot.demo.aws.cloudwatch_metric import Dimensions, Metric
from bot.demo.aws.cloudwatch_metrics import metrics_by_place
from bot.demo.aws.cloudwatch_series import Buckets, Reduce, buckets, statistic, values
from bot.demo.aws.cloudwatch_tokens import place_of, token

Request = Mapping[str, Any]
Answer = dict[str, Any]

# AWS forgets a metric in ListMetrics two weeks after its last datapoint.
_LISTED_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One query of GetMetricData: what to compute and how many points it has."""

    id: str
    label: str
    returned: bool
    period: int
    metric: Metric | None
    grouped: Buckets | None
    reduce: Reduce | None
    line: Line | None = None

    @property
    def points(self) -> int:
        if self.line is not None:
            return len(self.line.starts)
        return len(self.grouped) if self.grouped is not None else 0

    def part(self, first: int, last: int) -> Line:
        """Its points from number `first` to before number `last`, in ascending time."""
        if self.line is not None:
            return Line(self.line.starts[first:last], self.line.values[first:last], self.period)
        if self.metric is None or self.grouped is None or self.reduce is None:
            return Line(np.empty(0, dtype=np.int64), np.empty(0), self.period)
        return Line(
            self.grouped.starts[first:last], values(self.metric, self.grouped, self.reduce, first, last), self.period
        )


class Monitoring:
    """All metrics of the organisation, each account and region with its own."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self._places = {
            place: {(metric.namespace, metric.name, metric.dimensions): metric for metric in metrics}
            for place, metrics in metrics_by_place(seed, clock.today()).items()
        }

    def _metrics(self, place: tuple[str, str]) -> dict[tuple[str, str, Dimensions], Metric]:
        return self._places.get(place, {})

    def get_metric_data(self, place: tuple[str, str], request: Request) -> Answer:
        """GetMetricData: up to 500 queries, paged by 100,800 points or `MaxDatapoints`."""
        queries = request.get("MetricDataQueries") or []
        rules.check_queries(queries)
        position = place_of(request)
        # All pages see the same moment.
        now = self._clock.now() if position is None else datetime.fromtimestamp(position[2], UTC)
        at, skip = (0, 0) if position is None else (int(position[0]), int(position[1]))
        asked = [one for one in self._asked(place, request, queries, now) if one.returned]
        left = min(int(request.get("MaxDatapoints") or rules.MAX_POINTS), rules.MAX_POINTS)
        if left <= 0:
            raise rules.validation_error("The parameter MaxDatapoints must be greater than 0.")
        descending = request.get("ScanBy", "TimestampDescending") != "TimestampAscending"
        results: list[Answer] = []
        while at < len(asked) and (left > 0 or not asked[at].points):
            one = asked[at]
            taken = min(left, one.points - skip)
            results.append(_result(one, skip, taken, descending=descending))
            left -= taken
            at, skip = (at + 1, 0) if skip + taken >= one.points else (at, skip + taken)
        answer: Answer = {"MetricDataResults": results, "Messages": []}
        if at < len(asked):
            answer["NextToken"] = token(request, [at, skip, now.timestamp()])
        return answer

    def _asked(
        self,
        place: tuple[str, str],
        request: Request,
        queries: Sequence[Request],
        now: datetime,
    ) -> list[_Asked]:
        start, end = rules.utc(request.get("StartTime")), rules.utc(request.get("EndTime"))
        if start >= end:
            raise rules.validation_error("The parameter StartTime must be less than the parameter EndTime.")
        metrics = self._metrics(place)
        found: dict[str, _Asked] = {}
        for query in queries:
            stat = query.get("MetricStat")
            if not stat:
                continue
            window = rules.window_of(start, end, stat.get("Period"), now)
            metric = metrics.get(_identity(stat["Metric"]))
            wanted = stat.get("Unit") in (None, "", metric.unit if metric else None)
            grouped = buckets(metric, window, now) if metric and wanted else None
            found[query["Id"]] = _Asked(
                query["Id"],
                query.get("Label") or stat["Metric"]["MetricName"],
                query.get("ReturnData") is not False,
                window.period,
                metric,
                grouped,
                statistic(stat["Stat"]),
            )
        lines = {name: one.part(0, one.points) for name, one in found.items()} if len(found) < len(queries) else {}
        return [found.get(query["Id"]) or _expression(query, lines) for query in queries]

    def get_metric_statistics(self, place: tuple[str, str], request: Request) -> Answer:
        """GetMetricStatistics: up to 1,440 points of one metric, in no order."""
        names, extended = request.get("Statistics") or [], request.get("ExtendedStatistics") or []
        rules.check_statistics(names, extended)
        now = self._clock.now()
        window = rules.window_of(
            rules.utc(request.get("StartTime")), rules.utc(request.get("EndTime")), request.get("Period"), now
        )
        rules.check_points(window)
        metric = self._metrics(place).get(_identity(request))
        answer: Answer = {"Label": request.get("MetricName"), "Datapoints": []}
        if metric is None or request.get("Unit") not in (None, "", metric.unit):
            return answer
        grouped = buckets(metric, window, now)
        columns = {name: values(metric, grouped, _known(name)) for name in (*names, *extended)}
        for n in _shuffled(len(grouped)):
            point: Answer = {"Timestamp": _moment(grouped.starts[n]), "Unit": metric.unit}
            point.update({name: float(columns[name][n]) for name in names})
            if extended:
                point["ExtendedStatistics"] = {name: float(columns[name][n]) for name in extended}
            answer["Datapoints"].append(point)
        return answer

    def list_metrics(self, place: tuple[str, str], request: Request) -> Answer:
        """ListMetrics: 500 a page, only what had data in the last two weeks (`RecentlyActive`: three hours)."""
        position = place_of(request)
        first = 0 if position is None else int(position[0])
        since = self._clock.now() - (timedelta(hours=3) if request.get("RecentlyActive") else _LISTED_FOR)
        found = [
            metric
            for metric in self._metrics(place).values()
            if (metric.ends is None or metric.ends > since) and _matches(metric, request)
        ]
        last = first + rules.METRICS_A_PAGE
        answer: Answer = {
            "Metrics": [
                {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": _named(metric.dimensions)}
                for metric in found[first:last]
            ],
        }
        if last < len(found):
            answer["NextToken"] = token(request, [last])
        return answer


def _identity(metric: Request) -> tuple[str, str, Dimensions]:
    dimensions = tuple(sorted((pair["Name"], pair["Value"]) for pair in metric.get("Dimensions") or ()))
    return metric.get("Namespace", ""), metric.get("MetricName", ""), dimensions


def _named(dimensions: Dimensions) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions]


def _known(name: str) -> Reduce:
    reduce = statistic(name)
    if reduce is None:
        raise rules.validation_error(f"The statistic {name} is not supported.")
    return reduce


def _expression(query: Request, lines: Mapping[str, Line]) -> _Asked:
    line = evaluate(query["Expression"], lines)
    return _Asked(
        query["Id"],
        query.get("Label") or query["Id"],
        query.get("ReturnData") is not False,
        line.period,
        None,
        None,
        None,
        line,
    )


def _result(one: _Asked, skip: int, taken: int, *, descending: bool) -> Answer:
    # The first page of a descending scan has the newest points.
    first = one.points - skip - taken if descending else skip
    part = one.part(first, first + taken)
    order = slice(None, None, -1) if descending else slice(None)
    complete = skip + taken >= one.points
    return {
        "Id": one.id,
        "Label": one.label,
        "StatusCode": "Complete" if complete else "PartialData",
        "Timestamps": [_moment(start) for start in part.starts[order].tolist()],
        "Values": part.values[order].tolist(),
    }


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _shuffled(count: int) -> list[int]:
    """An order that is not chronological, as AWS gives none."""
    middle = count // 2
    return [*range(middle, count), *range(middle)]


def _matches(metric: Metric, request: Request) -> bool:
    if request.get("Namespace") not in (None, "", metric.namespace):
        return False
    if request.get("MetricName") not in (None, "", metric.name):
        return False
    has = dict(metric.dimensions)
    return all(
        pair["Name"] in has and pair.get("Value") in (None, "", has[pair["Name"]])
        for pair in request.get("Dimensions") or ()
    )
