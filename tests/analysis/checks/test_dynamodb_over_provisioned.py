"""`dynamodb.over_provisioned`: judged by hours, asked for only where days leave something to save."""

from __future__ import annotations

import pytest

from analysis.databases.capacity import NEEDS_HOURS
from tests.analysis.checks.check_factories import cards, judged, no_points, points, together
from tests.analysis.checks.table_factories import by_day, by_hour, dynamo, dynamos, index, on_demand

CHECK = "dynamodb.over_provisioned"


def test_keeps_what_is_scaled_small_young_or_busy() -> None:
    rows = dynamos(
        on_demand("on-demand"),
        dynamo("scaled", autoscaled=True),
        dynamo("small", read_units=5.0, write_units=5.0),
        dynamo("young", age_days=13.0),
        dynamo("busy"),
        dynamo("unused"),
        dynamo("refused"),
        dynamo("archive-class", table_class="STANDARD_INFREQUENT_ACCESS"),
        dynamo("unknown-mode", billing_mode=""),
    )
    metrics = together(
        by_day("busy", reads=35, writes=35),
        by_hour("refused", reads=5, writes=5),
        points("WriteThrottleEvents", [3.0], resource_id="refused", period_s=3600),
    )

    found = judged(CHECK, {"dynamodb_tables": rows, "dynamodb_metrics": metrics})

    assert found["verdict"].to_dict() == {
        "on-demand": "fine",
        "scaled": "fine",
        "small": "fine",
        "young": "insufficient",
        "busy": "fine",
        "unused": "insufficient",
        "refused": "fine",
        "archive-class": "insufficient",
        "unknown-mode": "insufficient",
    }
    assert set(found["needs"]) == {""}, "none of these has to be looked at by the hour"


def test_asks_for_hours_of_a_table_and_its_indexes_where_days_leave_something_to_save() -> None:
    tables = {"dynamodb_tables": dynamos(dynamo(), index()), "dynamodb_metrics": by_day(reads=5, writes=5)}

    found = judged(CHECK, tables)

    assert found["verdict"].tolist() == ["insufficient", "fine"]
    assert found["needs"].tolist() == [NEEDS_HOURS, NEEDS_HOURS]


@pytest.mark.parametrize(("units", "expected"), [(29, "saves"), (31, "fine")])
def test_the_busiest_hours_may_use_thirty_per_cent(units: float, expected: str) -> None:
    quiet = by_hour(reads=2, writes=2)
    peak = together(*(points(m, [units * 3600.0] * 8, period_s=3600, resource_id="t-1") for m in CONSUMED))
    hours = quiet[~(quiet["period_s"].eq(3600) & quiet["time"].isin(peak["time"]))]

    found = judged(CHECK, {"dynamodb_tables": dynamos(dynamo()), "dynamodb_metrics": together(hours, peak)})

    assert found.loc["t-1", "verdict"] == expected


CONSUMED = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")


def test_a_steady_little_load_is_cheapest_scaled() -> None:
    rows = dynamos(dynamo(), index())
    metrics = together(by_hour(reads=7, writes=7), by_hour("t-1/index/by-day", writes=3.5))

    found = judged(CHECK, {"dynamodb_tables": rows, "dynamodb_metrics": metrics}).loc["t-1"]

    now = 730 * 150 * (0.00013 + 0.00065)
    scaled = 730 * ((10 + 1) * 0.00013 + (10 + 5) * 0.00065)
    assert found["proposed_mode"] == "auto scaling"
    assert found["monthly_savings"] == pytest.approx(now - scaled)


def test_a_rare_load_is_cheapest_on_demand() -> None:
    hour_a_week = points("ConsumedWriteCapacityUnits", [3600.0 * 5], resource_id="t-1", period_s=3600)

    found = judged(
        CHECK,
        {"dynamodb_tables": dynamos(dynamo()), "dynamodb_metrics": together(by_day(writes=0.02), hour_a_week)},
    ).loc["t-1"]

    assert found["proposed_mode"] == "on demand"
    assert found["monthly_savings"] == pytest.approx(730 * 100 * 0.00078 - 18_000 * 0.625e-6 * 730 / 336)


def test_the_cards_give_the_commands_of_either_way() -> None:
    rare = points("ConsumedWriteCapacityUnits", [3600.0 * 5], resource_id="rare", period_s=3600)
    metrics = together(by_day("rare", writes=0.02), rare, by_hour("steady", reads=7, writes=7))
    rows = dynamos(dynamo("rare"), dynamo("steady"))

    by_request, scaled = cards(CHECK, {"dynamodb_tables": rows, "dynamodb_metrics": metrics})

    assert by_request.command.endswith(
        "aws dynamodb update-table --table-name rare --billing-mode PAY_PER_REQUEST --region us-east-1"
    )
    assert "--billing-mode PROVISIONED" in by_request.undo
    assert "ReadCapacityUnits=100,WriteCapacityUnits=100" in by_request.undo
    assert scaled.command.count("register-scalable-target") == 2
    assert "'TargetValue=70,PredefinedMetricSpecification={PredefinedMetricType=DynamoDBWrite" in scaled.command
    assert scaled.command.count(" && \\\n") == 4
    assert scaled.reason == "7 % of 100 read and 100 write units are used in the busiest hours"
    assert "On demand would cost $" in scaled.how_computed


def test_an_answer_without_any_metric_is_no_saving() -> None:
    found = judged(CHECK, {"dynamodb_tables": dynamos(dynamo()), "dynamodb_metrics": no_points()})

    assert found["verdict"].tolist() == ["insufficient"]
