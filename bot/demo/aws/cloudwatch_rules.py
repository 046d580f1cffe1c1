"""What CloudWatch refuses: its limits on periods, points, queries and names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudwatch.exceptions import CloudWatchException

from bot.demo.aws.cloudwatch_series import Window, statistic

MAX_QUERIES = 500
MAX_POINTS = 100_800
MAX_STATISTICS_POINTS = 1_440
METRICS_A_PAGE = 500

_HIGH_RESOLUTION = frozenset({1, 5, 10, 20, 30})
_QUERY_ID = re.compile(r"^[a-z][a-zA-Z0-9_]*$")
_MAX_DIMENSIONS = 30


def validation_error(message: str) -> CloudWatchException:
    """AWS's answer to a request that breaks a rule."""
    return CloudWatchException("ValidationError", message)


def utc(moment: Any) -> datetime:
    """moto hands over naive, aware or textual times, by protocol."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if isinstance(moment, (int, float)):
        return datetime.fromtimestamp(moment, UTC)
    if not isinstance(moment, datetime):
        raise CloudWatchException("MissingParameter", "The parameters StartTime and EndTime are required.")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def window_of(start: datetime, end: datetime, period: Any, now: datetime) -> Window:
    """Check the period against the age of the data, and round the start as CloudWatch does.

    Raises:
        CloudWatchException: the period is not allowed, or not at that age.
    """
    if start >= end:
        raise validation_error("The parameter StartTime must be less than the parameter EndTime.")
    if not isinstance(period, int) or (period not in _HIGH_RESOLUTION and (period < 60 or period % 60)):
        raise validation_error(f"The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it is {period}.")
    age = now - start
    grain = 60 if age <= timedelta(days=15) else 300 if age <= timedelta(days=63) else 3600
    if age > timedelta(hours=3) and period % grain:
        raise validation_error(
            f"The parameter Period must be a multiple of {grain} for a StartTime {age.days} days ago; it is {period}."
        )
    seconds = int(start.timestamp())
    return Window(datetime.fromtimestamp(seconds - seconds % grain, UTC), end, period)


def check_queries(queries: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a list of GetMetricData queries that AWS refuses."""
    if not queries:
        raise validation_error("The parameter MetricDataQueries is required.")
    if len(queries) > MAX_QUERIES:
        raise validation_error(f"The collection MetricDataQueries must not have a size greater than {MAX_QUERIES}.")
    seen: set[str] = set()
    for n, query in enumerate(queries, 1):
        _check_query(query, f"MetricDataQueries.member.{n}")
        if query["Id"] in seen:
            raise validation_error(f"The id {query['Id']} is used by more than one query.")
        seen.add(query["Id"])


def _check_query(query: Mapping[str, Any], where: str) -> None:
    name = query.get("Id") or ""
    if not _QUERY_ID.match(name):
        raise validation_error(f"The value {name!r} for parameter {where}.Id must begin with a lowercase letter.")
    stat = query.get("MetricStat")
    if bool(stat) == bool(query.get("Expression")):
        raise validation_error(f"The parameter {where} must have either MetricStat or Expression.")
    if not stat:
        return
    metric = stat.get("Metric") or {}
    if not metric.get("Namespace") or not metric.get("MetricName"):
        raise validation_error(f"The parameters Namespace and MetricName of {where} are required.")
    if len(metric.get("Dimensions") or ()) > _MAX_DIMENSIONS:
        raise validation_error(f"The collection Dimensions of {where} must not be greater than {_MAX_DIMENSIONS}.")
    if statistic(str(stat.get("Stat"))) is None:
        raise validation_error(f"The value {stat.get('Stat')} for parameter {where}.MetricStat.Stat is not supported.")


def check_statistics(names: Sequence[str], extended: Sequence[str]) -> None:
    """Refuse what GetMetricStatistics refuses: none, both, or one it does not know."""
    if not names and not extended:
        raise CloudWatchException("InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics")
    if names and extended:
        raise CloudWatchException(
            "InvalidParameterCombination", "Statistics and ExtendedStatistics cannot be specified together"
        )
    if len(extended) > 10:
        raise CloudWatchException("InvalidParameterValue", "At most 10 ExtendedStatistics can be specified.")
    plain = {"Average", "Sum", "Minimum", "Maximum", "SampleCount"}
    for name in names:
        if name not in plain:
            raise CloudWatchException("InvalidParameterValue", f"{name} is not one of {', '.join(sorted(plain))}.")
    for name in extended:
        if name in plain or statistic(name) is None:
            raise CloudWatchException("InvalidParameterValue", f"The value {name} is no supported ExtendedStatistics.")


def check_points(window: Window) -> None:
    """Refuse more datapoints than GetMetricStatistics returns."""
    asked = int((window.end - window.start).total_seconds() // window.period)
    if asked > MAX_STATISTICS_POINTS:
        raise CloudWatchException(
            "InvalidParameterCombination",
            f"You have requested up to {asked:,} datapoints, which exceeds the limit of {MAX_STATISTICS_POINTS:,}. "
            "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
        )
