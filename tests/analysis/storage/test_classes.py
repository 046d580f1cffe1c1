"""What moving objects between the classes of S3 costs, saves and takes to be earned back."""

from __future__ import annotations

import pytest
from pandas import DataFrame

from analysis.storage.classes import (
    DEEP_ARCHIVE,
    GB,
    GLACIER,
    GLACIER_IR,
    KIB,
    STANDARD_IA,
    StorageClass,
    better_class,
    moved,
    standard_item,
    tiered,
)
from tests.analysis.checks.check_factories import ACCOUNT, REGION, price_book


def use(
    gb: float, mean_kib: float, *, read_gb: float = 0.0, gets: float = 0.0, region: str = REGION, **known: float
) -> DataFrame:
    """A bucket of which the mean is known, or more (`known`)."""
    values = {
        "account_id": ACCOUNT,
        "region": region,
        "age_days": 1000.0,
        "standard_bytes": gb * GB,
        "moving_bytes": gb * GB,
        "moving_objects": gb * GB / (mean_kib * KIB),
        "lasting_bytes": gb * GB,
        "oldest_days": float("nan"),
        "after_days": 30.0,
        "off": float("nan"),
        "read_bytes_a_month": read_gb * GB,
        "gets_a_month": gets,
    }
    return DataFrame([values | known])


@pytest.mark.parametrize(
    ("mean_kib", "to", "months"),
    [
        (128, STANDARD_IA, 7.8),
        (128, GLACIER, 14.4),
        (128, DEEP_ARCHIVE, 20.2),
        (1024, STANDARD_IA, 1.0),
        (1024, GLACIER, 1.6),
        (1024, DEEP_ARCHIVE, 2.3),
        (16 * 1024, STANDARD_IA, 0.1),
        (16 * 1024, GLACIER, 0.1),
        (16 * 1024, DEEP_ARCHIVE, 0.1),
    ],
)
def test_months_until_a_transition_is_earned_back(mean_kib: float, to: StorageClass, months: float) -> None:
    found = moved(use(1000, mean_kib), to, price_book()).iloc[0]

    assert round(found["repay_months"], 1) == months


@pytest.mark.parametrize(
    ("to", "percent"), [(STANDARD_IA, 45.7), (GLACIER, 84.3), (DEEP_ARCHIVE, 95.7), (GLACIER_IR, 82.6)]
)
def test_large_objects_save_the_difference_of_the_rates_and_no_more(to: StorageClass, percent: float) -> None:
    found = moved(use(1000, 1024 * 1024), to, price_book()).iloc[0]

    assert found["saving"] / found["now"] * 100 == pytest.approx(percent, abs=0.05)


def test_small_objects_are_billed_as_128_kib_and_lose() -> None:
    found = moved(use(1000, 32), STANDARD_IA, price_book()).iloc[0]

    assert found["then"] == pytest.approx(4 * 12.5)
    assert found["saving"] == pytest.approx(23 - 50)


def test_archived_objects_carry_forty_kilobytes_more() -> None:
    found = moved(use(1000, 1024), GLACIER, price_book()).iloc[0]

    assert found["then"] == pytest.approx(1000 * (1 + 32 / 1024) * 0.0036 + 1000 * 8 / 1024 * 0.023)


def test_reading_a_bucket_once_a_month_costs_more_than_standard_ia_saves() -> None:
    once = moved(use(1000, 1024, read_gb=1000, gets=1024_000), STANDARD_IA, price_book()).iloc[0]
    twice = moved(use(1000, 1024, read_gb=2000, gets=2048_000), STANDARD_IA, price_book()).iloc[0]

    assert once["reading"] == pytest.approx(10 + 1024 * 0.0006)
    assert once["saving"] == pytest.approx(10.5 - 10 - 0.6144)
    assert twice["saving"] < 0


def test_what_is_read_is_not_priced_for_an_archive() -> None:
    assert moved(use(1000, 1024, read_gb=1), DEEP_ARCHIVE, price_book())["saving"].isna().all()


def test_sizes_that_are_spread_badly_take_the_doubt_away() -> None:
    found = moved(use(1000, 1024), STANDARD_IA, price_book()).iloc[0]

    assert found["doubt"] == pytest.approx(1000 / 8 * 0.0105)


def test_objects_that_were_all_listed_leave_no_doubt_and_a_sample_its_own() -> None:
    listed, sampled = (moved(use(1000, 1024, off=off), STANDARD_IA, price_book()).iloc[0] for off in (0.0, 0.1))

    assert listed["doubt"] == 0
    assert sampled["doubt"] == pytest.approx(10.5 * 0.1)


@pytest.mark.parametrize(
    ("oldest_days", "age_days", "early"),
    [(90, 1000, True), (120, 1000, False), (90, 149, False), (90, 150, True), (float("nan"), 1000, False)],
)
def test_what_is_deleted_before_the_minimum_is_over_is_seen_in_a_bucket_that_is_old_enough(
    oldest_days: float, age_days: float, early: bool
) -> None:
    found = moved(use(1000, 1024, oldest_days=oldest_days, age_days=age_days), GLACIER_IR, price_book())

    assert found["ends_early"].tolist() == [early]


def test_a_class_that_objects_leave_too_early_gives_way_to_the_other() -> None:
    found, name = better_class(use(1000, 1024, oldest_days=60), (STANDARD_IA, GLACIER_IR), price_book())

    assert (name.tolist(), found["ends_early"].tolist()) == (["STANDARD_IA"], [False])


def test_nothing_that_moves_saves_nothing() -> None:
    nothing = use(1000, 1024, moving_bytes=0.0, moving_objects=0.0, lasting_bytes=0.0, off=0.0)

    assert moved(nothing, GLACIER, price_book())[["now", "then", "saving"]].to_numpy().tolist() == [[0, 0, 0]]
    assert tiered(nothing, price_book())[["monitoring", "most"]].to_numpy().tolist() == [[0, 0]]


def test_objects_that_nobody_counted_are_unknown() -> None:
    unknown = use(1000, 1024, moving_objects=float("nan"))

    assert tiered(unknown, price_book())[["monitoring", "most", "saving"]].isna().all(axis=None)


def test_young_objects_are_watched_and_save_nothing_yet() -> None:
    found = tiered(use(1000, 1024, lasting_bytes=300.0 * GB, off=0.0), price_book()).iloc[0]

    assert found["monitoring"] == pytest.approx(1024 * 0.0025)
    assert found["most"] == pytest.approx(300 * 0.0105 - 2.56)


@pytest.mark.parametrize(("mean_kib", "pays"), [(249, False), (250, True)])
def test_watching_pays_above_about_250_kib(mean_kib: float, pays: bool) -> None:
    assert tiered(use(1000, mean_kib), price_book())["most"].gt(0).tolist() == [pays]


def test_objects_below_128_kib_are_neither_watched_nor_moved() -> None:
    found = tiered(use(1000, 127), price_book()).iloc[0]

    assert (found["monitoring"], found["most"]) == (0.0, 0.0)


def test_what_was_downloaded_may_be_all_that_was_read_and_the_rest_is_unread() -> None:
    found = tiered(use(1000, 1024, read_gb=400), price_book()).iloc[0]

    assert found["monitoring"] == pytest.approx(1024 * 0.0025)
    assert found["saving"] == pytest.approx(600 * 0.0105 - 2.56)
    assert found["even_percent"] == pytest.approx(2.56 / 10.5 * 100)


@pytest.mark.parametrize(
    ("tb", "item"),
    [(49, "s3.standard.gb_month"), (51, "s3.standard_next_450tb.gb_month"), (501, "s3.standard_above_500tb.gb_month")],
)
def test_the_last_gigabyte_of_a_large_account_costs_less(tb: int, item: str) -> None:
    assert standard_item(use(tb * 1024, 1024)).tolist() == [item]


def test_a_region_without_prices_is_unknown() -> None:
    found = moved(use(1000, 1024, region="eu-west-3"), STANDARD_IA, price_book())

    assert found[["now", "then", "saving", "transition"]].isna().all(axis=None)
