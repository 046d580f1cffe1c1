"""`s3.infrequent_access`: never for what is read often, never without knowing it, never for small objects."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.storage.lifecycle_rules import move_rule
from tests.analysis.checks.bucket_factories import OTHERS, bucket, card, holding, put_rules, read, rules, verdict

CHECK = "s3.infrequent_access"


def judged_bucket(*metrics: DataFrame, **changed: Any) -> Any:
    return verdict(CHECK, bucket(**changed), *metrics)


def test_small_objects_lose_and_the_sum_says_so_without_knowing_how_they_are_read() -> None:
    found = judged_bucket(holding(1800, 1800 * 2**20 / 96e6))

    assert found["verdict"] == "fine"
    assert found["why"].startswith(
        "Do not: 96,000,000 objects of 20 KiB, each billed as 128 KB: even if nothing is read, moving them to "
        "Standard-IA costs 960 dollars and saves -105.08 a month, to Glacier Instant Retrieval costs 1,920 dollars and "
        "saves -5.48"
    )


def test_how_often_it_is_read_has_to_be_known() -> None:
    found = judged_bucket(holding(9000, 4096))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("How often it is read: request metrics of the whole bucket for 30 days")
    assert "up to 171.00 dollars a month" in found["why"]


@pytest.mark.parametrize(("days", "found"), [(29, "insufficient"), (30, "saves")])
def test_a_month_of_requests_is_needed(days: int, found: str) -> None:
    assert judged_bucket(holding(9000, 4096), read(1, 10, days=days))["verdict"] == found


def test_what_is_read_more_than_once_a_month_stays_in_standard() -> None:
    found = judged_bucket(holding(300, 4096), read(20, 5000))

    assert found["verdict"] == "fine"
    assert found["why"].startswith("Do not: 200 % of it are read in a month")


def test_retrieval_that_costs_more_than_storage_saves_is_no_saving() -> None:
    often = judged_bucket(holding(1000, 4096), read(30, 5_000_000))

    assert (often["verdict"], often["read_percent"]) == ("fine", pytest.approx(90))


@pytest.mark.parametrize(
    ("changed", "metrics"),
    [
        ({}, holding(9000, 4096, kind="GlacierInstantRetrievalStorage")),
        ({"lifecycle": rules(dict(move_rule("GLACIER", 60)))}, holding(9000, 4096)),
        ({}, holding(200, 4096)),
    ],
)
def test_leaves_alone(changed: dict[str, Any], metrics: DataFrame) -> None:
    assert judged_bucket(metrics, read(0, 0), **changed)["verdict"] == "fine"


@pytest.mark.parametrize("lacking", [{"tags_read": False}, {"lifecycle": ""}])
def test_what_is_not_known_is_no_saving(lacking: dict[str, Any]) -> None:
    assert judged_bucket(holding(9000, 4096), read(1, 10), **lacking)["verdict"] == "insufficient"


def test_a_region_without_prices_is_no_saving() -> None:
    assert judged_bucket(holding(9000, 4096, region="eu-west-3"), region="eu-west-3")["verdict"] == "insufficient"


def test_what_is_never_read_goes_to_the_class_that_stores_for_least() -> None:
    found = judged_bucket(holding(9000, 4096), read(0, 0))

    assert found["class_name"] == "GLACIER_IR"
    assert found["monthly_savings"] == pytest.approx(9000 * 0.019)


def test_what_is_read_now_and_then_goes_where_reading_costs_less() -> None:
    found = judged_bucket(holding(9000, 4096), read(150, 20_000))

    assert found["class_name"] == "STANDARD_IA"
    assert found["monthly_savings"] == pytest.approx(9000 * 0.0105 - 4500 * 0.01 - 600 * 0.0006)


def test_the_card_moves_only_large_objects_after_thirty_days_and_keeps_the_other_rules() -> None:
    made = card(CHECK, bucket(), holding(9000, 4096), read(150, 20_000))

    assert put_rules(made.command) == [OTHERS, dict(move_rule("STANDARD_IA", 30))]
    assert made.how_computed == (
        "9,000 GB × $0.023 = 207.00 dollars a month; in Standard-IA × $0.0125, 112.50, and 45.36 for reading 4,500.0 "
        "GB a month. Moving 2,304,000 objects costs 23.04 once, earned back in 0.5 months."
    )
    assert "would have to be copied" in made.risk_reason
    assert made.plus_minus == pytest.approx(9000 / 32 * 0.0105)
    assert made.price_source
    assert made.chart is not None
    assert [(line.name, line.values[-1]) for line in made.chart.series] == [("Downloaded", 150.0)]
