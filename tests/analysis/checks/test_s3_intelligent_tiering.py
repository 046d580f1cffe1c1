"""`s3.intelligent_tiering`: watching costs by the object, so only large ones; what was not downloaded is unread."""

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

CHECK = "s3.intelligent_tiering"


def judged_bucket(*metrics: DataFrame, **changed: Any) -> Any:
    return verdict(CHECK, bucket(**changed), *metrics)


def test_unknown_reading_is_no_thirty_percent() -> None:
    found = judged_bucket(holding(9000, 4096))

    assert found["verdict"] == "insufficient"
    assert "It pays from 6 % that lie unread for a month, and saves up to 88.74 dollars" in found["why"]


@pytest.mark.parametrize(
    ("mean_kib", "why"),
    [
        (100, "Do not: its objects are 100 KiB on average, and those below 128 KiB"),
        (200, "Do not: watching 47,185,920 objects of 200 KiB costs 117.96 dollars a month, 23.46 more than it saves"),
    ],
)
def test_small_objects_lose(mean_kib: float, why: str) -> None:
    found = judged_bucket(holding(9000, mean_kib), read(0, 0))

    assert found["verdict"] == "fine"
    assert found["why"].startswith(why)


def test_what_is_read_all_the_time_stays() -> None:
    assert judged_bucket(holding(1000, 4096), read(40, 500))["verdict"] == "fine"


@pytest.mark.parametrize(
    "changed", [{"lifecycle": rules(dict(move_rule("STANDARD_IA", 30)))}, {"lifecycle": "", "tags_read": False}]
)
def test_rules_that_move_and_rules_that_are_not_known_save_nothing(changed: dict[str, Any]) -> None:
    assert judged_bucket(holding(9000, 4096), read(1, 10), **changed)["verdict"] != "saves"


def test_a_small_bucket_is_not_worth_it() -> None:
    assert judged_bucket(holding(400, 4096), read(0, 0))["why"].startswith("At most 3.94 dollars a month")


def test_only_what_was_certainly_not_read_is_counted() -> None:
    made = card(CHECK, bucket(), holding(9000, 4096), read(100, 500))

    assert made.monthly_savings == pytest.approx(6000 * 0.0105 - 2304 * 0.0025)
    assert put_rules(made.command) == [OTHERS, dict(move_rule("INTELLIGENT_TIERING", 0))]
    assert made.reason == "9,000 GB in Standard, of which at least 67 % lie unread for a month"


def test_only_large_objects_are_watched_and_moved_and_only_old_ones_save() -> None:
    sizes = ((1_000_000, 64, 200), (1024, 2**20, 10), (4096, 2**20, 40))
    made = card(CHECK, bucket(), holding(6000, 1024), read(10, 500), listed(*sizes))

    assert made.monthly_savings == pytest.approx((4096 - 300) * 0.0105 - 5.120 * 0.0025)
    assert made.plus_minus == 0
    assert "Moving costs 0.05 dollars once" in made.how_computed
    assert "1,024 GB in larger objects are younger than 30 days" in made.ignores


def test_a_mean_below_128_kib_hides_objects_that_are_worth_watching() -> None:
    found = judged_bucket(holding(900, 100), read(0, 0), listed((99, 1, 200), (1, 9901, 200), whole=False))

    assert judged_bucket(holding(900, 100), read(0, 0))["verdict"] == "fine"
    objects = 900 * 2**20 / 100 / 100
    assert found["monthly_savings"] == pytest.approx(900 * 0.9901 * 0.0105 - objects / 1000 * 0.0025)


def test_a_mean_above_the_break_even_hides_objects_that_are_never_moved() -> None:
    sizes = ((97, 120, 200), (3, 6120, 200))
    found = judged_bucket(holding(700, 300), read(0, 0), listed(*sizes, whole=False))

    assert found["verdict"] == "fine"
    assert found["why"].startswith("Do not: 2,373,277 of its 2,446,677 objects are of 128 KiB or less and hold 272")


def test_what_was_not_listed_is_asked_for() -> None:
    assert judged_bucket(holding(9000, 4096))["needs"] == "key_sample"
    assert judged_bucket(holding(400, 4096))["needs"] == ""
