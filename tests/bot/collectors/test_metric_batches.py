"""CloudWatch series: batches within AWS's limits, pages joined, halves left out, memory found wherever it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.checks.ec2.off_hours import WEEKS
from bot.collectors import ec2_metrics
from bot.collectors.autoscaling_metrics import SERIES_DAYS
from bot.collectors.daily_metrics import as_table
from bot.collectors.metrics import MOST_POINTS, MOST_QUERIES, Points, Query, batches, parse
from bot.settings import Settings
from tests.analysis.rightsizing_factories import instance, instances

END = datetime(2026, 11, 20, tzinfo=UTC)
START = END - timedelta(days=14)


def query(owner: str = "i-0aaa", period_s: int = 300) -> Query:
    return Query(owner, "cpu", "AWS/EC2", "CPUUtilization", (("InstanceId", owner),), "Maximum", period_s)


@given(st.lists(st.sampled_from([60, 300, 3600, 86_400]), max_size=1200))
def test_no_batch_exceeds_the_limits_and_none_is_lost(periods: list[int]) -> None:
    queries = [query(str(n), period) for n, period in enumerate(periods)]

    made = list(batches(queries, START, END))

    assert [q for batch in made for q in batch] == queries
    for batch in made:
        assert len(batch) <= MOST_QUERIES
        assert len(batch) == 1 or sum(14 * 86_400 // q.period_s for q in batch) <= MOST_POINTS


def test_a_call_asks_for_five_hundred_series_and_no_more() -> None:
    daily = [query(str(n), 86_400) for n in range(1001)]
    assert [len(batch) for batch in batches(daily, START, END)] == [500, 500, 1]


def test_two_weeks_of_five_minutes_fit_twenty_five_times_into_a_call() -> None:
    assert [len(batch) for batch in batches([query()] * 60, START, END)] == [25, 25, 10]


def result(id_: str, values: list[float], status: str = "Complete") -> dict[str, Any]:
    times = [END - timedelta(minutes=5 * n) for n in range(len(values))]
    return {"Id": id_, "Timestamps": times, "Values": values, "StatusCode": status}


def test_a_series_that_stays_incomplete_is_no_evidence() -> None:
    asked = {"q0": query("whole"), "q1": query("half"), "q2": query("refused"), "q3": query("empty")}
    page = {
        "MetricDataResults": [
            result("q0", [1.0]),
            result("q1", [1.0], "PartialData"),
            result("q2", [], "Forbidden"),
            result("q3", []),
        ]
    }

    assert [points.query.owner for points in parse(asked, [page])] == ["whole"]


def test_a_series_is_joined_over_its_pages() -> None:
    pages = [
        {"MetricDataResults": [result("q0", [1.0, 2.0], "PartialData")]},
        {"MetricDataResults": [result("q0", [3.0])]},
    ]

    found = parse({"q0": query()}, pages)

    assert [points.values for points in found] == [(1.0, 2.0, 3.0)]


def test_points_become_rows_in_utc() -> None:
    one = Points(query(), (END, END + timedelta(minutes=5)), (7.0, 9.0))
    other = Points(query("i-0bbb"), (END,), (1.0,))

    found = as_table([one, other], "111122223333", "us-east-1")

    assert list(found.columns) == list(ec2_metrics.COLUMNS)
    assert found["resource_id"].tolist() == ["i-0aaa", "i-0aaa", "i-0bbb"]
    assert found["time"].tolist() == [d.replace(tzinfo=None) for d in (END, END + timedelta(minutes=5), END)]
    assert as_table([], "1", "us-east-1").empty


class Agent:
    """CloudWatch whose agent appends dimensions, as it is often configured."""

    def client(self, service: str, **_: Any) -> Any:
        return self

    def get_paginator(self, name: str) -> Any:
        return self

    def paginate(self, *, Namespace: str, MetricName: str) -> list[dict[str, Any]]:
        series = {
            "mem_used_percent": [
                {"InstanceId": "i-0aaa", "ImageId": "ami-1", "InstanceType": "m5.large"},
                {"InstanceId": "i-0aaa"},
                {"AutoScalingGroupName": "web"},
            ],
            "Memory % Committed Bytes In Use": [{"InstanceId": "i-0win", "objectname": "Memory"}],
        }[MetricName]
        metrics = [{"Dimensions": [{"Name": k, "Value": v} for k, v in d.items()]} for d in series]
        return [{"Metrics": metrics[:1]}, {"Metrics": metrics[1:]}]


def test_memory_is_found_under_any_dimensions_and_under_windows_name() -> None:
    found = ec2_metrics.memory_series(Agent(), "1", "us-east-1")  # type: ignore[arg-type]

    assert {key: [name for name, _ in series] for key, series in found.items()} == {
        "i-0aaa": ["mem_used_percent", "mem_used_percent"],
        "i-0win": ["Memory % Committed Bytes In Use"],
    }
    queries = ec2_metrics.load_queries(instances(instance()), found)
    assert {len(q.dimensions) for q in queries if q.metric == "memory"} == {1, 3}


@pytest.mark.parametrize(("instance_type", "has_credits"), [("m5.large", False), ("t3.large", True)])
def test_asks_for_burst_credits_only_where_there_are_some(instance_type: str, has_credits: bool) -> None:
    queries = ec2_metrics.load_queries(instances(instance(instance_type=instance_type)), {})

    assert ("CPUCreditBalance" in {q.name for q in queries}) is has_credits


def test_without_an_agent_nothing_is_asked_for_memory() -> None:
    queries = ec2_metrics.load_queries(instances(instance()), {})

    assert {q.metric for q in queries} == {"cpu", "network_in", "network_out"}


def test_peaks_are_asked_for_as_peaks_and_not_as_means() -> None:
    memory = {"i-0aaa": [("mem_used_percent", (("InstanceId", "i-0aaa"),))]}

    daily = ec2_metrics.load_queries(instances(instance()), memory)
    series = ec2_metrics.series_queries(instances(instance()), memory)

    for metric in ("cpu", "memory"):
        assert {(q.statistic, q.period_s) for q in daily if q.metric == metric} == {
            ("p99.5", 86_400), ("Maximum", 86_400),
        }  # fmt: skip
        assert {(q.statistic, q.period_s) for q in series if q.metric == metric} == {("Maximum", 300)}


def test_no_scan_looks_further_back_than_cloudwatch_keeps_five_minutes() -> None:
    (most_days,) = [rule.le for rule in Settings.model_fields["rightsizing_days"].metadata if hasattr(rule, "le")]

    assert max(most_days, SERIES_DAYS, 7 * WEEKS) < 63
    assert most_days * 86_400 / 300 <= MOST_POINTS
