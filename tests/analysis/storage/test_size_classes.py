"""Objects by size and age: exact where all were listed, scaled where a sample fits, and else nothing but the mean."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.storage.bucket_use import bucket_sizes
from analysis.storage.classes import GLACIER_IR, MIN_BYTES
from analysis.storage.size_classes import (
    AGES,
    MOST_PAGES,
    SIZE_LABELS,
    SIZES,
    Objects,
    age_class,
    bucket_objects,
    could_move,
    keys_needed,
    size_class,
)
from tests.analysis.checks.bucket_factories import GB, KIB, OTHERS, bucket, holding, listed, rules
from tests.analysis.checks.check_factories import no_points, price_book, table

MEAN = 1024
#: A tenth of the bucket's objects are large and hold nearly all of it.
MIXED = ((900, 20, 200), (50, 10_060, 10), (50, 10_060, 100))


def objects(sizes: DataFrame, listing: DataFrame | None = None, storage_class: str = "STANDARD", **row: Any) -> Objects:
    buckets = table("s3_buckets", bucket(**row))
    return bucket_objects(buckets, bucket_sizes(buckets, sizes), _or_none(listing), storage_class)


def of(found: Objects, **bounds: Any) -> list[float]:
    (sums,) = found.of(table("s3_buckets", bucket()), **bounds)[["objects", "bytes"]].to_numpy()
    return [sums[0], sums[1] / KIB]


def needs(listing: DataFrame | None = None, *, sizes: DataFrame, worth: bool = True, **row: Any) -> str:
    buckets = table("s3_buckets", bucket(**row))
    wanted = buckets["tags_read"] & worth
    return str(keys_needed(buckets, bucket_sizes(buckets, sizes), _or_none(listing), wanted).iloc[0])


def _or_none(listing: DataFrame | None) -> DataFrame:
    return table("s3_object_sizes") if listing is None else listing


@pytest.mark.parametrize(
    ("size", "label"),
    [
        (0, "to 16 KiB"),
        (MIN_BYTES, "to 128 KiB"),
        (MIN_BYTES + 1, "to 256 KiB"),
        (2**20, "to 1 MiB"),
        (2**40, "larger"),
    ],
)
def test_a_bound_belongs_to_the_class_below_it_as_a_rule_leaves_it_where_it_is(size: int, label: str) -> None:
    assert SIZE_LABELS[size_class(size)] == label
    assert len(SIZE_LABELS) == len(SIZES) + 1


@pytest.mark.parametrize(("days", "number"), [(0, 0), (29.9, 0), (30, 1), (364, 6), (365, 7)])
def test_a_day_belongs_to_the_class_that_begins_with_it(days: float, number: int) -> None:
    assert age_class(days) == number
    assert len(AGES) == 7


def test_without_a_listing_only_the_mean_is_known() -> None:
    found = objects(holding(100, MEAN))

    assert found.told[["is_known", "hint"]].to_numpy().tolist() == [[False, ""]]
    assert found.told["words"].iloc[0].startswith("Objects are taken to be of the mean size, 1024 KiB")
    assert found.of(table("s3_buckets", bucket())).isna().all(axis=None)


def test_what_was_listed_whole_is_taken_as_it_is_whatever_cloudwatch_counted() -> None:
    found = objects(holding(500, 9000), listed(*MIXED))

    assert of(found) == [1000, 900 * 20 + 100 * 10_060]
    assert found.told["off"].tolist() == [0.0]
    assert found.told["words"].tolist() == ["Sizes and ages are those of all 1,000 objects, which were listed."]


def test_an_empty_bucket_holds_nothing_and_is_known() -> None:
    found = objects(holding(500, 9000), listed())

    assert (of(found), found.told["is_known"].tolist()) == ([0, 0], [True])


def test_a_sample_is_scaled_to_what_the_class_holds() -> None:
    found = objects(holding(100, MEAN), listed(*MIXED, whole=False))

    assert of(found)[1] == pytest.approx(100 * GB / KIB)
    assert of(found)[0] == pytest.approx(100 * 1024)
    assert found.told["off"].tolist() == [0.05]
    assert "1,000 objects, listed in 5 requests spread over the bucket's keys" in found.told["words"].iloc[0]


@pytest.mark.parametrize(("mean_kib", "is_known"), [(512, True), (511, False), (2048, True), (2049, False)])
def test_a_sample_whose_mean_is_twice_as_far_does_not_stand_for_the_bucket(mean_kib: float, is_known: bool) -> None:
    found = objects(holding(100, mean_kib), listed(*MIXED, whole=False))

    assert found.told["is_known"].tolist() == [is_known]
    assert ("too far from that to stand for the bucket" in found.told["hint"].iloc[0]) is not is_known
    assert ("Objects are taken to be of the mean size" in found.told["words"].iloc[0]) is not is_known


def test_what_a_sample_may_be_wrong_by_is_what_its_mean_is() -> None:
    assert objects(holding(100, 1280), listed(*MIXED, whole=False)).told["off"].tolist() == pytest.approx([0.25])


def test_parts_of_unfinished_uploads_are_no_objects() -> None:
    found = objects(holding(1000, MEAN * 10), listed(*MIXED, whole=False), unfinished_bytes=900.0 * GB)

    assert of(found)[1] == pytest.approx(100 * GB / KIB)


def test_a_sample_that_met_nothing_of_a_class_says_nothing_of_it() -> None:
    found = objects(holding(100, MEAN, StandardIAStorage=100), listed(*MIXED, whole=False), storage_class="STANDARD_IA")

    assert found.told["is_known"].tolist() == [False]
    assert "has none of this class" in found.told["hint"].iloc[0]


def test_a_refusal_is_told_with_the_permission_and_nothing_is_zero() -> None:
    refused = "AWS refuses s3:ListBucket in account 111122223333."
    found = objects(holding(100, MEAN), listed(refused=refused))

    assert found.told["hint"].tolist() == [f" {refused} Listing its keys would tell sizes and ages."]
    assert refused in found.told["words"].iloc[0]
    assert found.of(table("s3_buckets", bucket())).isna().all(axis=None)


def test_old_versions_in_a_sample_are_told() -> None:
    found = objects(holding(100, MEAN), listed(*MIXED, whole=False), versioning="Enabled")

    assert found.told["words"].iloc[0].endswith("Old versions are taken for current ones.")


@pytest.mark.parametrize(
    ("bounds", "count"),
    [
        ({"over": MIN_BYTES}, 100),
        ({"to": MIN_BYTES}, 900),
        ({"over": MIN_BYTES, "days": 30}, 50),
        ({"over": MIN_BYTES, "days": 91}, 0),
        ({"days": 180}, 900),
        ({"to": 20 * KIB}, 0),
        ({"to": 70 * KIB}, 900),
    ],
)
def test_bounds_are_taken_inwards(bounds: dict[str, Any], count: float) -> None:
    assert of(objects(holding(100, MEAN), listed(*MIXED)), **bounds)[0] == count


def test_the_oldest_of_the_large_ones_tells_how_long_they_are_kept() -> None:
    found = objects(holding(100, MEAN), listed(*MIXED))

    assert found.oldest_days(table("s3_buckets", bucket()), over=MIN_BYTES).tolist() == [90.0]


@pytest.mark.parametrize(
    ("sizes", "row", "worth", "kind"),
    [
        (holding(100, 2**20 / 10), {}, True, "all_keys"),
        (holding(100, 10_000), {}, True, "key_sample"),
        (holding(100, 10_000), {}, False, ""),
        (holding(100, 10_000), {"ignored": True}, True, ""),
        (no_points(), {}, True, ""),
    ],
)
def test_a_bucket_that_is_worth_it_is_listed_whole_where_it_fits(
    sizes: DataFrame, row: dict[str, Any], worth: bool, kind: str
) -> None:
    assert needs(sizes=sizes, worth=worth, **row) == kind
    assert MOST_PAGES == 10


@pytest.mark.parametrize("listing", [listed(*MIXED, whole=False), listed(refused="AWS refuses it.")])
def test_it_is_asked_once(listing: DataFrame) -> None:
    assert needs(listing, sizes=holding(100, 10_000)) == ""


@pytest.mark.parametrize(
    ("gb", "row", "may"),
    [
        (300, {}, True),
        (250, {}, False),
        (300, {"lifecycle": ""}, False),
        (300, {"tags_read": False}, False),
        (300, {"region": "eu-west-3"}, False),
        (300, {"lifecycle": rules(OTHERS, {**OTHERS, "Filter": {}, "Transitions": [{"Days": 1}]})}, False),
    ],
)
def test_only_buckets_that_would_be_advised_are_worth_listing(gb: float, row: dict[str, Any], may: bool) -> None:
    buckets = table("s3_buckets", bucket(**row))
    sizes = bucket_sizes(buckets, holding(gb, MEAN, region=row.get("region", "us-east-1")))

    assert could_move(buckets, sizes, GLACIER_IR, price_book(), 5.0).tolist() == [may]
