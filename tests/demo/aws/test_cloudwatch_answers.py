"""What CloudWatch refuses, how it pages, and the little metric math the stand-in knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from moto.cloudwatch.exceptions import CloudWatchException

from bot.demo.aws.cloudwatch_rules import utc
from tests.demo.aws.inventory_factories import NOW, PLACE, TWO_WEEKS, machine_id, monitoring, query, read, request

MONITORING = monitoring()


def _refused(code: str, words: str, ask: Any, asked: dict[str, Any]) -> None:
    with pytest.raises(CloudWatchException, match=words) as refusal:
        ask(PLACE, asked)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("is required", request()),
        ("size greater than 500", request(*[query("CPUUtilization", name=f"q{n}") for n in range(501)])),
        ("used by more than one", request(query("CPUUtilization"), query("NetworkIn"))),
        ("lowercase letter", request(query("CPUUtilization", name="Q"))),
        ("lowercase letter", request({**query("CPUUtilization"), "Id": ""})),
        ("MetricStat or Expression", request({"Id": "q"})),
        ("MetricStat or Expression", request({**query("CPUUtilization"), "Expression": "1"})),
        ("is not supported", request(query("CPUUtilization", stat="Median"))),
        ("are required", request(query("", namespace="AWS/EC2"))),
        ("Period must be", request(query("CPUUtilization", period=90))),
        ("Period must be", request(query("CPUUtilization", period=0))),
        ("less than the parameter EndTime", request(query("CPUUtilization"), start=NOW, end=NOW)),
        ("MaxDatapoints", request(query("CPUUtilization"), MaxDatapoints=-1)),
        ("multiple of 300", request(query("CPUUtilization", period=60), start=NOW - timedelta(days=20))),
        ("multiple of 3600", request(query("CPUUtilization", period=300), start=NOW - timedelta(days=70))),
        ("multiple of 60", request(query("CPUUtilization", period=10), start=NOW - timedelta(days=1))),
    ],
)
def test_get_metric_data_refuses(words: str, asked: dict[str, Any]) -> None:
    _refused("ValidationError", words, MONITORING.get_metric_data, asked)


@pytest.mark.parametrize(
    ("code", "words", "changed"),
    [
        ("InvalidParameterCombination", "Must specify either", {"Statistics": []}),
        ("InvalidParameterCombination", "together", {"ExtendedStatistics": ["p50"]}),
        ("InvalidParameterCombination", "exceeds the limit of 1,440", {"Period": 300}),
        ("InvalidParameterValue", "is not one of", {"Statistics": ["p99"]}),
        ("InvalidParameterValue", "supported ExtendedStatistic", {"Statistics": [], "ExtendedStatistics": ["Average"]}),
        ("InvalidParameterValue", "At most 10", {"Statistics": [], "ExtendedStatistics": [f"p{n}" for n in range(11)]}),
        ("ValidationError", "Period must be", {"Period": 61}),
        ("ValidationError", "less than", {"EndTime": NOW - timedelta(days=30)}),
    ],
)
def test_get_metric_statistics_refuses(code: str, words: str, changed: dict[str, Any]) -> None:
    _refused(code, words, MONITORING.get_metric_statistics, {**_statistics(), **changed})


def _statistics() -> dict[str, Any]:
    return {
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "Period": 3600,
        "Statistics": ["Average", "Maximum"],
        "Dimensions": [{"Name": "InstanceId", "Value": machine_id("payments-batch-1")}],
        "StartTime": NOW - TWO_WEEKS,
        "EndTime": NOW,
    }


def test_a_missing_time_is_refused() -> None:
    with pytest.raises(CloudWatchException, match="StartTime and EndTime"):
        utc(None)


def test_statistics_of_an_unknown_metric_or_unit_are_empty_and_no_error() -> None:
    for changed in ({"MetricName": "mem_used_percent"}, {"Unit": "Bytes"}):
        assert MONITORING.get_metric_statistics(PLACE, {**_statistics(), **changed})["Datapoints"] == []


def test_statistics_come_in_no_order_and_agree_with_metric_data() -> None:
    points = MONITORING.get_metric_statistics(PLACE, _statistics())["Datapoints"]
    times = [point["Timestamp"] for point in points]
    assert times != sorted(times)
    by_time = {point["Timestamp"]: point["Maximum"] for point in points}
    expected_times, expected = read(MONITORING, query("CPUUtilization", stat="Maximum", period=3600))
    assert [by_time[moment] for moment in expected_times] == expected.tolist()


def test_extended_statistics_come_by_name() -> None:
    asked = {**_statistics(), "Statistics": [], "ExtendedStatistics": ["p50", "p99.5"], "Period": 86400}
    points = MONITORING.get_metric_statistics(PLACE, asked)["Datapoints"]
    assert len(points) == 14
    assert all(point["ExtendedStatistics"]["p50"] < point["ExtendedStatistics"]["p99.5"] for point in points)


def test_a_token_of_another_request_or_of_nobody_is_refused() -> None:
    first = MONITORING.get_metric_data(PLACE, request(query("CPUUtilization"), MaxDatapoints=100))
    other = request(query("NetworkIn"), NextToken=first["NextToken"])
    _refused("InvalidNextToken", "does not belong", MONITORING.get_metric_data, other)
    for forged in ("x", "bm8=", "bnVsbA=="):
        asked = request(query("CPUUtilization"), NextToken=forged)
        _refused("InvalidNextToken", "does not belong", MONITORING.get_metric_data, asked)


@pytest.mark.parametrize("order", ["TimestampAscending", "TimestampDescending"])
def test_pages_together_are_the_whole_answer(order: str) -> None:
    queries = [query("CPUUtilization", name="a"), query("NoSuchMetric", name="b"), query("NetworkIn", name="c")]
    whole = _collected(request(*queries, ScanBy=order))
    paged = _collected(request(*queries, ScanBy=order), MaxDatapoints=1500)
    assert [len(values) for values, _ in whole.values()] == [4032, 0, 4032]
    assert {name: values for name, (values, _) in paged.items()} == {name: v for name, (v, _) in whole.items()}
    assert paged["a"][1] == ["PartialData", "PartialData", "Complete"]


def _collected(asked: dict[str, Any], **more: Any) -> dict[str, tuple[list[Any], list[str]]]:
    found: dict[str, tuple[list[Any], list[str]]] = {}
    asked = {**asked, **more}
    while True:
        answer = MONITORING.get_metric_data(PLACE, asked)
        for result in answer["MetricDataResults"]:
            values, states = found.setdefault(result["Id"], ([], []))
            values += zip(result["Timestamps"], result["Values"], strict=True)
            states.append(result["StatusCode"])
        if "NextToken" not in answer:
            return found
        asked = {**asked, "NextToken": answer["NextToken"]}


def test_a_page_holds_at_most_100_800_points() -> None:
    queries = [query("CPUUtilization", name=f"q{n}") for n in range(26)]
    first = MONITORING.get_metric_data(PLACE, request(*queries))
    assert sum(len(result["Values"]) for result in first["MetricDataResults"]) == 100_800
    assert len(first["MetricDataResults"]) == 25
    assert "NextToken" in first


def test_newest_first_is_the_order_nobody_asks_for() -> None:
    asked = request(query("CPUUtilization"))
    del asked["ScanBy"]
    [result] = MONITORING.get_metric_data(PLACE, asked)["MetricDataResults"]
    assert result["Timestamps"] == sorted(result["Timestamps"], reverse=True)


def test_a_start_within_a_minute_is_rounded_down() -> None:
    times, _ = read(MONITORING, query("CPUUtilization"), start=NOW - timedelta(hours=1, seconds=-20))
    assert times[0] == NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    "expression",
    [
        "SEARCH('{AWS/EC2}', 'Average')",
        "a +",
        "a + nobody",
        "AVG(METRICS())",
        "1 + 1",
        "a.b",
        "FILL(a, a)",
        "1 / 0 + a",
        "PERIOD(1)",
        "a ** 2",
        "'x'",
    ],
)
def test_an_expression_that_is_not_known_is_refused(expression: str) -> None:
    asked = request(query("NetworkIn", name="a"), {"Id": "e", "Expression": expression})
    with pytest.raises(CloudWatchException) as refusal:
        MONITORING.get_metric_data(PLACE, asked)
    assert refusal.value.code == "ValidationError"


def test_an_expression_of_two_periods_is_refused() -> None:
    asked = request(
        query("NetworkIn", name="a"), query("NetworkOut", name="b", period=3600), {"Id": "e", "Expression": "a + b"}
    )
    _refused("ValidationError", "must be equal", MONITORING.get_metric_data, asked)


def test_an_expression_is_computed_and_its_parts_can_stay_out() -> None:
    asked = request(
        {**query("NetworkIn", name="a", stat="Sum"), "ReturnData": False},
        {**query("NetworkOut", name="b", stat="Sum"), "ReturnData": False},
        {"Id": "rate", "Expression": "-(-(a + b)) / PERIOD(a) * 2 / 2", "Label": "bytes a second"},
    )
    [result] = MONITORING.get_metric_data(PLACE, asked)["MetricDataResults"]
    received, sent = (read(MONITORING, query(name, stat="Sum"))[1] for name in ("NetworkIn", "NetworkOut"))
    assert result["Label"] == "bytes a second"
    assert np.array(result["Values"]) == pytest.approx((received + sent) / 300)


def test_a_gap_is_filled_only_where_asked() -> None:
    young = query("CPUUtilization", name="young", machine_name="checkout-canary")
    old = query("CPUUtilization", name="old")
    asked = request(
        old, young, {"Id": "both", "Expression": "old + young"}, {"Id": "filled", "Expression": "old + FILL(young, 0)"}
    )
    points = {one["Id"]: one["Values"] for one in MONITORING.get_metric_data(PLACE, asked)["MetricDataResults"]}
    assert len(points["both"]) == len(points["young"])
    assert len(points["filled"]) == len(points["old"]) == 4032


def test_lists_metrics_in_pages_of_500_and_each_once() -> None:
    first = MONITORING.list_metrics(PLACE, {})
    second = MONITORING.list_metrics(PLACE, {"NextToken": first["NextToken"]})
    assert len(first["Metrics"]) == 500
    assert "NextToken" not in second
    listed = [repr(metric) for metric in first["Metrics"] + second["Metrics"]]
    assert len(listed) == len(set(listed)) > 500


def test_lists_nothing_of_what_has_been_silent_for_two_weeks() -> None:
    of = {"Namespace": "AWS/EC2", "Dimensions": [{"Name": "InstanceId", "Value": machine_id("old-benchmark")}]}
    assert MONITORING.list_metrics(("222233334444", "us-east-1"), of)["Metrics"] == []
    lately = {"Dimensions": [{"Name": "InstanceId", "Value": machine_id("migration-test")}]}
    staging = ("444455556666", "us-east-1")
    assert MONITORING.list_metrics(staging, lately)["Metrics"]
    assert MONITORING.list_metrics(staging, {**lately, "RecentlyActive": "PT3H"})["Metrics"] == []


def test_memory_is_found_by_instance_whatever_dimensions_the_agent_appends() -> None:
    def dimensions_of(name: str, place: tuple[str, str] = PLACE) -> set[str]:
        asked = {"Namespace": "CWAgent", "Dimensions": [{"Name": "InstanceId", "Value": machine_id(name)}]}
        return {
            pair["Name"] for metric in MONITORING.list_metrics(place, asked)["Metrics"] for pair in metric["Dimensions"]
        }

    assert dimensions_of("payments-batch-1") == {"InstanceId"}
    assert dimensions_of("recommender") == {"InstanceId", "ImageId", "InstanceType"}
    assert dimensions_of("checkout-web-1") == {"InstanceId", "ImageId", "InstanceType", "AutoScalingGroupName"}
    assert dimensions_of("directory-controller", ("555566667777", "us-east-1")) == {"InstanceId", "objectname"}
    assert dimensions_of("legacy-reports") == set()
