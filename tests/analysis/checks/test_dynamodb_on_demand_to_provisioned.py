"""`dynamodb.on_demand_to_provisioned`: only a steady load saves; an uneven one is cheaper by the request."""

from __future__ import annotations

import pytest

from analysis.databases.capacity import NEEDS_HOURS
from tests.analysis.checks.check_factories import cards, judged, points, together
from tests.analysis.checks.table_factories import by_day, by_hour, dynamo, dynamos, index, on_demand

CHECK = "dynamodb.on_demand_to_provisioned"


def test_keeps_what_is_provisioned_small_or_not_known() -> None:
    rows = dynamos(
        dynamo("provisioned"),
        on_demand("small"),
        on_demand("silent"),
        on_demand("young", age_days=10.0),
        on_demand("archive-class", table_class="STANDARD_INFREQUENT_ACCESS"),
        on_demand("elsewhere", region="eu-west-3"),
        on_demand("unknown-mode", billing_mode=""),
    )
    metrics = together(by_day("small", writes=1), by_day("young", writes=70))

    found = judged(CHECK, {"dynamodb_tables": rows, "dynamodb_metrics": metrics})

    assert found["verdict"].tolist() == ["fine", "fine", "fine", *["insufficient"] * 4]
    assert set(found["needs"]) == {""}


def test_asks_for_hours_of_a_table_and_its_indexes_where_requests_cost_enough() -> None:
    rows = dynamos(on_demand(), index(billing_mode="PAY_PER_REQUEST", read_units=0.0, write_units=0.0))

    found = judged(CHECK, {"dynamodb_tables": rows, "dynamodb_metrics": by_day(writes=70)})

    assert found["verdict"].tolist() == ["insufficient", "fine"]
    assert found["needs"].tolist() == [NEEDS_HOURS, NEEDS_HOURS]


def test_an_uneven_load_stays_as_it_is() -> None:
    peaks = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3600.0 * 500] * 42
    metrics = together(by_day(writes=60), points("ConsumedWriteCapacityUnits", peaks, period_s=3600, resource_id="t-1"))

    found = judged(CHECK, {"dynamodb_tables": dynamos(on_demand()), "dynamodb_metrics": metrics}).loc["t-1"]

    assert found["verdict"] == "fine"
    assert found["why"].startswith("Its load is too uneven")


def test_a_steady_load_saves_what_the_model_says() -> None:
    rows = dynamos(on_demand(), index(billing_mode="PAY_PER_REQUEST", read_units=0.0, write_units=0.0))
    metrics = together(by_hour(writes=70), by_hour("t-1/index/by-day", writes=7))

    found = judged(CHECK, {"dynamodb_tables": rows, "dynamodb_metrics": metrics})

    asked = 77 * 3600 * 730 * 0.625e-6
    scaled = 730 * ((100 + 10) * 0.00065 + 2 * 0.00013)
    assert found["monthly_savings"]["t-1"] == pytest.approx(asked - scaled)
    assert found["verdict"].tolist() == ["saves", "fine"]


def test_an_hour_pays_for_its_highest_neighbour() -> None:
    peak = [0.0] * 100 + [3600.0 * 70] + [0.0] * 235
    metrics = together(by_day(writes=30), points("ConsumedWriteCapacityUnits", peak, period_s=3600, resource_id="t-1"))

    found = judged(CHECK, {"dynamodb_tables": dynamos(on_demand()), "dynamodb_metrics": metrics}).loc["t-1"]

    assert found["scaled"] == pytest.approx(730 / 336 * ((3 * 100 + 333) * 0.00065 + 336 * 0.00013))


def test_the_card_gives_the_capacity_to_begin_with() -> None:
    tables = {"dynamodb_tables": dynamos(on_demand()), "dynamodb_metrics": by_hour(reads=14, writes=70)}

    (card,) = cards(CHECK, tables)

    assert card.reason == "On demand for a load so steady that provisioned capacity would cost 59 % less"
    assert "ReadCapacityUnits=20,WriteCapacityUnits=100" in card.command
    assert "--max-capacity 200" in card.command
    assert "PredefinedMetricSpecification={PredefinedMetricType=DynamoDBReadCapacityUtilization}" in card.command
    assert "--billing-mode PAY_PER_REQUEST" in card.undo
    assert "$119.57 a month by the request" in card.how_computed
    assert card.chart is not None
