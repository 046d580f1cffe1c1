"""The table `s3_object_sizes`: a bounded number of requests, pages from all over the keys, and no key kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pandas import DataFrame

from analysis.storage.size_classes import MOST_PAGES, NEEDS_ALL_KEYS, NEEDS_KEY_SAMPLE
from bot.aws import AccountRef
from bot.collectors import s3_object_sizes
from bot.collectors.scopes import Window
from bot.demo.aws.bucket_objects import Population
from bot.inventory import Here
from tests.analysis.checks.check_factories import table
from tests.bot.collectors.fake_clients import FakeAws
from tests.bot.collectors.test_s3_collectors import refused

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
HERE = Here(AccountRef("111122223333", "prod"), "us-east-1", "team", NOW)
WINDOW = Window(NOW - timedelta(days=14), NOW)
KIB = 2**10


def population(objects: int, folders: tuple[str, ...] = ("",), *cycle: tuple[int, int]) -> Population:
    return Population(folders, objects, cycle or ((300 * KIB, 100),), "STANDARD", date(2026, 11, 20))


class Bucket(FakeAws):
    """S3 with one bucket of described objects."""

    def __init__(self, described: Population) -> None:
        super().__init__({"list_objects_v2": self._answer}, "s3")
        self._described = described

    def _answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        after = asked.get("StartAfter", "")
        if "ContinuationToken" in asked:
            after = str(int(asked["ContinuationToken"]) and self._last)
        page = self._described.page(
            prefix=asked.get("Prefix", ""), delimiter=asked.get("Delimiter", ""), after=after, most=asked["MaxKeys"]
        )
        self._last = page["Contents"][-1]["Key"] if page["Contents"] else ""
        return page | ({"NextContinuationToken": "1"} if page["IsTruncated"] else {})

    @property
    def requests(self) -> list[dict[str, Any]]:
        return self.called("list_objects_v2")


def collected(aws: FakeAws, need: str = NEEDS_KEY_SAMPLE, *rows: dict[str, Any]) -> DataFrame:
    buckets = table("s3_buckets", *(rows or [{"resource_id": "b-1", "region": "eu-west-1"}]))
    return s3_object_sizes.collect(aws.as_aws(), HERE, buckets, WINDOW, need)


def test_nothing_is_asked_in_the_first_round() -> None:
    aws = Bucket(population(10))

    assert collected(aws, "").empty
    assert aws.asked == []


@pytest.mark.parametrize(("objects", "requests"), [(1, 1), (1000, 1), (1001, 2), (10_000, 10)])
def test_a_bucket_that_fits_is_listed_to_its_end(objects: int, requests: int) -> None:
    aws = Bucket(population(objects))

    found = collected(aws, NEEDS_ALL_KEYS)

    assert found[["objects", "bytes", "complete", "requests"]].to_numpy().tolist() == [
        [objects, objects * 300 * KIB, True, requests]
    ]


@pytest.mark.parametrize("need", [NEEDS_ALL_KEYS, NEEDS_KEY_SAMPLE])
@pytest.mark.parametrize(
    "folders",
    [
        ("",),
        tuple(f"{n:03}/" for n in range(500)),
        ("a/",),
        ("a/b/c/d/e/f/g/1/", "a/b/c/d/e/f/g/2/"),
        tuple(f"AWSLogs/1/CloudTrail/us-east-1/{n:02}/" for n in range(12)),
        tuple(f"{n:04}/" for n in range(3000)),
    ],
    ids=["flat", "many", "one", "deep", "trail", "thousands"],
)
def test_no_bucket_is_asked_more_often_than_the_bound(need: str, folders: tuple[str, ...]) -> None:
    aws = Bucket(population(30_000_000, folders))

    found = collected(aws, need)

    assert len(aws.requests) <= MOST_PAGES
    assert all(asked["MaxKeys"] <= 1000 for asked in aws.requests)
    assert found["objects"].sum() <= 1000 * MOST_PAGES
    assert found["complete"].tolist() == [False]


def test_a_large_bucket_is_read_all_over_its_keys_and_not_from_the_first() -> None:
    class Older(Population):
        """The first two of eight folders are tiny and old."""

        def item(self, index: int) -> dict[str, Any]:
            first = index < self.objects // 4
            return {**super().item(index), "Size": 1 if first else 2**30}

    described = Older(tuple(f"{n}/" for n in range(8)), 8_000_000, ((0, 100),), "STANDARD", date(2026, 11, 20))

    found = collected(Bucket(described))

    tiny = found.loc[found["bytes"].eq(found["objects"]), "objects"].sum()
    assert tiny / found["objects"].sum() == pytest.approx(0.25)


def test_folders_below_a_common_one_are_found_and_each_key_counted_once() -> None:
    aws = Bucket(population(1_200_000, tuple(f"AWSLogs/1/CloudTrail/us-east-1/{n:02}/" for n in range(12))))

    found = collected(aws)

    begun = [asked.get("StartAfter", "")[-3:] for asked in aws.requests if asked["MaxKeys"] == 400]
    assert found["objects"].tolist() == [400 * len(begun)]


def test_pages_that_overlap_are_counted_once() -> None:
    # Places of a few thousand bare keys lie closer together than a page.
    found = collected(Bucket(population(2500)))

    assert found["objects"].sum() <= 2500


def test_bare_numbers_are_looked_for_where_they_count_up() -> None:
    aws = Bucket(population(900_000, ("receipt-",)))

    found = collected(aws)

    assert found["objects"].sum() >= 1200


def test_objects_are_kept_by_class_size_and_age_and_no_key_is() -> None:
    aws = Bucket(population(4, ("secret/",), (128 * KIB, 29), (128 * KIB + 1, 30), (5, 29), (128 * KIB, 29)))

    found = collected(aws, NEEDS_ALL_KEYS)

    # Files were written at six in the morning, and it is ten.
    assert found[["storage_class", "size_class", "age_class", "objects", "bytes"]].to_numpy().tolist() == [
        ["STANDARD", 0, 0, 1, 5],
        ["STANDARD", 2, 0, 2, 256 * KIB],
        ["STANDARD", 3, 1, 1, 128 * KIB + 1],
    ]
    assert not found.astype("str").map(lambda value: "secret" in value).any(axis=None)
    assert list(found.columns) == list(s3_object_sizes.COLUMNS)


def test_an_empty_bucket_has_a_row_of_nothing() -> None:
    found = collected(FakeAws({"list_objects_v2": [{"IsTruncated": False}]}, "s3"))

    assert found[["storage_class", "objects", "bytes", "complete"]].to_numpy().tolist() == [["", 0, 0, True]]


def test_a_refusal_is_the_bucket_s_own_and_not_zero() -> None:
    def answer(asked: Mapping[str, Any]) -> Any:
        return refused("AccessDenied") if asked["Bucket"] == "b-1" else population(3).page()

    rows = [{"resource_id": name, "region": "us-east-1"} for name in ("b-1", "b-2")]
    found = collected(FakeAws({"list_objects_v2": answer}, "s3"), NEEDS_ALL_KEYS, *rows).set_index("resource_id")

    assert found.loc["b-1", "refused"].startswith("AWS refuses s3:ListBucket in account 111122223333")
    assert found.loc["b-1", ["objects", "bytes", "requests"]].isna().all()
    assert not found.loc["b-1", "complete"]
    assert found.loc["b-2", ["objects", "refused"]].tolist() == [3, ""]


def test_a_bucket_is_asked_in_its_own_region() -> None:
    aws = Bucket(population(1))

    found = collected(aws)

    assert aws.places == [{"service": "s3", "account_id": "111122223333", "region": "eu-west-1"}]
    assert found["region"].tolist() == ["eu-west-1"]


def test_a_role_that_cannot_be_entered_is_told_in_the_row() -> None:
    class Closed(FakeAws):
        def client(self, service: str, **place: Any) -> FakeAws:
            raise refused("AccessDenied")

    found = collected(Closed({}, "s3"))

    assert found[["complete", "storage_class"]].to_numpy().tolist() == [[False, ""]]
    assert found["refused"].iloc[0].startswith("AWS refuses")
