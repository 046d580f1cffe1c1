"""`s3.archive`: half a year without a GET, a transition that is earned back, and an owner who agrees."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.storage.lifecycle_rules import move_rule
from tests.analysis.checks.bucket_factories import OTHERS, bucket, card, holding, listed, put_rules, read, verdict

CHECK = "s3.archive"


def judged_bucket(*metrics: DataFrame, **changed: Any) -> Any:
    return verdict(CHECK, bucket(**changed), *metrics)


def test_whatever_is_read_stays_readable() -> None:
    found = judged_bucket(holding(9000, 4096), read(1, 10, days=180, silent_since=30))

    assert (found["verdict"], found["why"]) == ("fine", "It was read 30 days ago.")


def test_small_objects_are_never_earned_back() -> None:
    found = judged_bucket(holding(1800, 20), read(0, 0, days=180))

    assert found["verdict"] == "fine"
    assert found["why"].startswith(
        "Do not: moving 94,371,840 objects of 20 KiB to Glacier Flexible Retrieval costs 2,831"
    )


def test_without_counted_requests_nothing_is_archived() -> None:
    found = judged_bucket(holding(9000, 4096))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("Whether it was read in 180 days:")


@pytest.mark.parametrize(("days", "found"), [(179, "insufficient"), (180, "saves")])
def test_half_a_year_of_silence_is_needed(days: int, found: str) -> None:
    assert judged_bucket(holding(9000, 4096), read(0, 0, days=days))["verdict"] == found


@pytest.mark.parametrize("lacking", [{"tags_read": False}, {"lifecycle": ""}])
def test_what_is_not_known_is_no_saving(lacking: dict[str, Any]) -> None:
    assert judged_bucket(holding(9000, 4096), read(0, 0, days=180), **lacking)["verdict"] == "insufficient"


def test_a_region_without_prices_is_no_saving() -> None:
    assert judged_bucket(holding(9000, 4096, region="eu-west-3"), region="eu-west-3")["verdict"] == "insufficient"


def test_large_objects_go_deep_and_the_risk_is_high() -> None:
    made = card(CHECK, bucket(), holding(9000, 64 * 1024), read(0, 0, days=180))

    assert (made.current, made.proposed, made.risk) == ("STANDARD", "DEEP_ARCHIVE", "high")
    overhead = 9000 * 32 / 65536 * 0.00099 + 9000 * 8 / 65536 * 0.023
    assert made.monthly_savings == pytest.approx(9000 * (0.023 - 0.00099) - overhead)
    assert put_rules(made.command) == [OTHERS, dict(move_rule("DEEP_ARCHIVE", 180))]
    assert "Ask its owner" in made.risk_reason
    assert made.chart is not None
    assert {line.name: set(line.values) for line in made.chart.series} == {"All": {100.0}, "GET": {None}}


def test_objects_whose_transition_weighs_more_go_to_flexible_retrieval() -> None:
    found = judged_bucket(holding(900, 262), read(0, 0, days=180))

    assert found["class_name"] == "GLACIER"


def test_only_what_is_large_and_half_a_year_old_is_archived() -> None:
    sizes = ((1000, 100, 300), (1000, 2**20, 179), (500, 2**20, 180), (500, 2**20, 400))
    found = judged_bucket(holding(2000, 2**20), read(0, 0, days=180), listed(*sizes), age_days=500.0)

    assert (found["class_name"], found["objects"], found["moving_gb"]) == ("DEEP_ARCHIVE", 1000, 1000)
    overhead = 1000 * (32 * 0.00099 + 8 * 0.023) / 2**20
    assert found["monthly_savings"] == pytest.approx(1000 * (0.023 - 0.00099) - overhead)
    assert (found["plus_minus"], found["old_gb"]) == (0, 1000)


def test_an_archive_whose_minimum_nothing_reaches_gives_way_to_the_shorter_one() -> None:
    # Nothing is older than 300 days in a bucket of 500: Deep Archive would be paid for 360.
    found = judged_bucket(holding(2000, 2**20), read(0, 0, days=180), listed((2000, 2**20, 300)), age_days=500.0)

    assert found["class_name"] == "GLACIER"


def test_what_is_deleted_after_half_a_year_is_not_archived() -> None:
    found = judged_bucket(holding(2000, 2**20), read(0, 0, days=180), listed((2000, 2**20, 200)), age_days=500.0)

    assert found["verdict"] == "fine"
    assert found["why"].startswith("Do not: its objects are deleted before they have been in the other class for")


def test_a_mean_that_is_fine_hides_objects_that_stay() -> None:
    sizes = ((95, 120, 400), (5, 920, 400))
    by_size = judged_bucket(holding(700, 160), read(0, 0, days=180), listed(*sizes, whole=False), age_days=500.0)

    assert judged_bucket(holding(700, 160), read(0, 0, days=180))["verdict"] == "saves"
    assert by_size["verdict"] == "fine"
    assert by_size["why"].startswith("Do not: 4,358,144 of its 4,587,520 objects are of 128 KiB or less")
    assert "to Glacier Flexible Retrieval costs 131 dollars and saves" in by_size["why"]


def test_what_was_not_listed_is_asked_for() -> None:
    assert judged_bucket(holding(9000, 4096))["needs"] == "key_sample"
    assert judged_bucket(holding(220, 4096))["needs"] == ""
