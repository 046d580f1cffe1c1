"""`s3.infrequent_access`: never for what is read often, never without knowing it, never for small objects."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.storage.lifecycle_rules import move_rule
from tests.analysis.checks.bucket_factories import (
    OTHERS,
    bucket,
    card,
    holding,
    listed,
    put_rules,
    read,
    rules,
    verdict,
)

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


# --- objects by size and age ----------------------------------------------------------------------------------------

#: A mean of 160 KiB that nothing is of: 95 of 100 objects are of 120 KiB and hold two thirds.
TINY_BEHIND_A_MEAN = ((95, 120, 200), (5, 920, 200))


def test_a_mean_that_is_fine_hides_objects_that_are_too_small() -> None:
    sizes, reads = holding(600, 160), read(0, 0)

    by_mean = judged_bucket(sizes, reads)
    by_size = judged_bucket(sizes, reads, listed(*TINY_BEHIND_A_MEAN, whole=False))

    assert by_mean["monthly_savings"] == pytest.approx(600 * 0.019)
    assert by_size["verdict"] == "fine"
    assert by_size["why"] == (
        "Do not: 3,735,552 of its 3,932,160 objects are of 128 KiB or less and hold 428 of 600 GB; moving them too, "
        "even if nothing is read, to Standard-IA costs 37 dollars and saves 4.13 a month, to Glacier Instant Retrieval "
        "costs 75 dollars and saves 8.01 a month. What is larger and 30 days old saves at most 3.28."
    )


def test_a_mean_that_is_small_hides_objects_that_are_worth_moving() -> None:
    sizes, reads = holding(600, 90), read(0, 0)

    assert judged_bucket(sizes, reads)["verdict"] == "fine"
    found = judged_bucket(sizes, reads, listed((99, 1, 200), (1, 8901, 200), whole=False))
    assert (found["verdict"], found["class_name"]) == ("saves", "GLACIER_IR")
    assert found["monthly_savings"] == pytest.approx(600 * 0.989 * 0.019)


def test_only_what_is_large_and_old_moves_and_costs_a_transition() -> None:
    made = card(
        CHECK,
        bucket(),
        holding(1000, 4096),
        read(0, 0),
        listed((1000, 100, 200), (100_000, 8192, 10), (10_000, 8192, 30), (40_000, 8192, 365)),
    )

    gb = 50_000 * 8 / 1024
    assert made.monthly_savings == pytest.approx(gb * 0.019)
    assert made.plus_minus == 0
    assert made.how_computed == (
        "391 GB × $0.023 = 8.98 dollars a month; in Glacier Instant Retrieval × $0.004, 1.56, and 0.00 for reading 0.0 "
        "GB a month. Moving 50,000 objects costs 1.00 once, earned back in 0.1 months."
    )
    assert made.ignores.startswith(
        "781 GB in larger objects are younger than 30 days; they follow, as others become old, and are in no sum. "
        "Sizes and ages are those of all 151,000 objects, which were listed."
    )


def test_the_card_shows_sizes_and_ages() -> None:
    made = card(CHECK, bucket(), holding(1000, 4096), read(0, 0), listed((1024, 2**20, 200), (1024, 1024, 10)))

    assert made.chart is not None
    assert (made.chart.title, made.chart.unit) == ("Held by size of objects", "GB")
    drawn = {line.name: dict(zip(made.chart.labels, line.values, strict=True)) for line in made.chart.series}
    assert (drawn["older"]["larger"], drawn["to 30 days old"]["to 1 MiB"], drawn["to 180 days old"]["larger"]) == (
        1024.0, 1.0, 0.0,
    )  # fmt: skip


def test_objects_that_are_deleted_before_they_were_paid_for_are_not_moved() -> None:
    found = judged_bucket(holding(1000, 4096), read(0, 0), listed((250_000, 4096, 45)))

    assert found["verdict"] == "fine"
    assert found["why"].startswith("Do not: its objects are deleted before they have been in the other class for")


def test_a_bucket_of_young_objects_moves_nothing_now() -> None:
    found = judged_bucket(holding(1000, 4096), read(0, 0), listed((250_000, 4096, 29)), age_days=20.0)

    assert found["why"].startswith("Nothing of it is larger than 128 KiB and 30 days old")


def test_a_sample_that_is_another_bucket_s_leaves_the_mean_and_says_so() -> None:
    made = card(CHECK, bucket(), holding(9000, 4096), read(0, 0), listed((1000, 100, 200), whole=False))

    assert made.monthly_savings == pytest.approx(9000 * 0.019)
    assert "A sample of 1,000 objects has a mean of 100 KiB, too far from that" in made.ignores
    assert made.plus_minus > 0


def test_a_refused_listing_leaves_the_mean_and_names_the_permission() -> None:
    refused = listed(refused="AWS refuses s3:ListBucket in account 111122223333.")

    assert judged_bucket(holding(9000, 4096), read(0, 0), refused)["verdict"] == "saves"
    assert judged_bucket(holding(9000, 4096), refused)["why"].endswith(
        "AWS refuses s3:ListBucket in account 111122223333. Listing its keys would tell sizes and ages."
    )


def test_a_sample_that_is_a_fifth_off_may_be_wrong_by_a_fifth() -> None:
    found = judged_bucket(holding(9000, 4096), read(0, 0), listed((1000, 4096 / 1.2, 200), whole=False))

    assert found["plus_minus"] == pytest.approx(9000 * 0.019 * 0.2)


@pytest.mark.parametrize(
    ("changed", "parts", "needs"),
    [
        ({}, [holding(9000, 4096)], "key_sample"),
        ({}, [holding(9000, 2**20)], "all_keys"),
        ({}, [holding(9000, 4096), listed((1, 4096, 1))], ""),
        ({}, [holding(200, 4096)], ""),
        ({"lifecycle": rules(dict(move_rule("GLACIER", 60)))}, [holding(9000, 4096)], ""),
    ],
)
def test_keys_are_listed_where_an_advice_would_be_worth_it(
    changed: dict[str, Any], parts: list[DataFrame], needs: str
) -> None:
    assert judged_bucket(*parts, **changed)["needs"] == needs
