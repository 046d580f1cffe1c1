"""The table `s3_object_sizes`: how large and how old the objects of a few buckets are, of a bounded number of requests.

Only buckets that a check asks for are listed, each in `MOST_PAGES` requests at most: LIST costs $0.005 per 1,000, so
that a thousand buckets cost five cents. A bucket that fits is listed whole; of a larger one pages are taken from all
over its keys, not from its first ones. Objects are counted by class, size and age; no key is kept.
"""

from __future__ import annotations

import string
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from pandas import DataFrame

from analysis.storage.size_classes import KEYS_A_PAGE, MOST_PAGES, NEEDS_ALL_KEYS, NEEDS_KEYS, age_class, size_class
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope, Window
from bot.errors import SourceUnavailable
from bot.inventory import Here
from bot.logs.correlation import carried
from bot.tables import typed

ACTIONS = ("s3:ListBucket",)
SCOPE = Scope.ACCOUNT
OF = "s3_buckets"
NEEDS = NEEDS_KEYS

#: Buckets that are listed at the same time.
AT_ONCE = 4
#: Keys of a page of a sample: neighbours are alike, and to read a thousand takes a tenth of a second.
SAMPLE_KEYS = 400
#: Requests of those after which no more folders are looked for.
MOST_LOOKS = 5
#: Characters that keys may go on with, in the order of S3.
_STEPS = string.digits[::2] + string.ascii_uppercase[::4] + string.ascii_lowercase[::2]

#: A row for each bucket, storage class, size class and age class that was found.
COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",
    "storage_class": "str",  # empty for a bucket without keys, or that was not listed
    "size_class": "float64",  # number in `analysis.storage.size_classes`; missing where there are no keys
    "age_class": "float64",
    "objects": "float64",  # current versions; missing where it was not listed
    "bytes": "float64",
    "complete": "bool",  # the bucket was listed to its end
    "requests": "float64",
    "refused": "str",  # why it was not listed, in a sentence
}


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """The objects of buckets that need it, whole or by a sample. Nothing is asked in the first round.

    What AWS refuses of one bucket is said in its row.
    """
    if need not in NEEDS:
        return typed([], COLUMNS)
    places = list(rows[["resource_id", "region"]].itertuples(index=False, name=None))

    def of_bucket(place: tuple[str, str]) -> list[dict[str, object]]:
        bucket, region = place
        head = {"account_id": here.account.id, "region": region, "resource_id": bucket}
        try:
            with reading(ACTIONS[0], here.account.id):
                listing = Listing(aws.client("s3", account_id=here.account.id, region=region), bucket, here.now)
                complete = listing.whole() if need == NEEDS_ALL_KEYS else listing.spread()
        except SourceUnavailable as error:
            return [{**head, "storage_class": "", "complete": False, "refused": error.cause}]
        known = {"complete": complete, "requests": listing.requests, "refused": ""}
        return [head | cell | known for cell in listing.cells()]

    with ThreadPoolExecutor(AT_ONCE, "s3-keys") as pool:
        return typed([row for found in pool.map(carried(of_bucket), places) for row in found], COLUMNS)


class Listing:
    """The keys of one bucket, in no more than `MOST_PAGES` requests; counted and forgotten."""

    def __init__(self, client: Any, bucket: str, now: datetime) -> None:
        self.requests = 0
        self._client, self._bucket, self._now = client, bucket, now
        self._objects: Counter[tuple[str, int, int]] = Counter()
        self._bytes: Counter[tuple[str, int, int]] = Counter()
        #: First and last key of each page that was counted.
        self._read: list[tuple[str, str]] = []

    def whole(self) -> bool:
        """Reads from the first key on; whether that reached the last one."""
        asked: dict[str, Any] = {}
        while self._may_ask:
            page = self._page(**asked)
            self._count(page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return True
            asked = {"ContinuationToken": page["NextContinuationToken"]}
        return False

    def spread(self) -> bool:
        """Reads pages from all over the keys; whether there is but one.

        After the first page: one from the middle of the places where keys are, of each half, and so on. Where nothing
        comes after a place, nothing is looked for beyond it.
        """
        page = self._page(most=SAMPLE_KEYS)
        keys = [one["Key"] for one in page.get("Contents", ())]
        self._count(page.get("Contents", ()))
        if not page.get("IsTruncated"):
            return True
        places = self._places(keys)
        halves = deque([(0, len(places))])
        while halves and self._may_ask:
            first, end = halves.popleft()
            if first >= end:
                continue
            middle = (first + end) // 2
            found = self._page(most=SAMPLE_KEYS, StartAfter=places[middle]).get("Contents", ())
            self._count(found)
            halves.append((first, middle))
            if found:
                halves.append((middle + 1, end))
        return False

    def cells(self) -> list[dict[str, object]]:
        """What was counted, a row for each class; one row of nothing where there is no key."""
        if not self._objects:
            return [{"storage_class": "", "objects": 0, "bytes": 0}]
        return [
            {
                "storage_class": cell[0],
                "size_class": cell[1],
                "age_class": cell[2],
                "objects": objects,
                "bytes": self._bytes[cell],
            }
            for cell, objects in sorted(self._objects.items())
        ]

    @property
    def _may_ask(self) -> bool:
        return self.requests < MOST_PAGES

    def _page(self, *, most: int = KEYS_A_PAGE, **asked: str) -> Mapping[str, Any]:
        self.requests += 1
        page: Mapping[str, Any] = self._client.list_objects_v2(Bucket=self._bucket, MaxKeys=most, **asked)
        return page

    def _places(self, keys: list[str]) -> list[str]:
        """Where pages may begin, in order: at each folder of the one that all keys are in, and between bare keys.

        Args:
            keys: the first ones.
        """
        root = self._root(keys[0])
        page = self._page(Prefix=root, Delimiter="/")
        folders = [one["Prefix"] for one in page.get("CommonPrefixes", ())]
        bare = [one["Key"] for one in page.get("Contents", ())]
        places = {*folders, *(_within(bare) if bare and len(folders) < MOST_PAGES else ())}
        if page.get("IsTruncated"):
            # More than a page of names lie side by side, and only the first of them are known.
            names = sorted([*folders, *bare])
            places |= {place for place in _within(names) if place > names[-1]}
        return sorted(places)

    def _root(self, first_key: str) -> str:
        """The deepest folder that all keys are in, of those that the first key is in."""
        folders = ["", *(first_key[: n + 1] for n, letter in enumerate(first_key) if letter == "/")]
        known, end = 0, len(folders)
        # Most buckets have several folders at the top, so that is asked first.
        middle = 1
        while middle < end and self.requests < MOST_LOOKS:
            # In the order of S3, `0` follows `/`.
            beyond = self._page(most=1, StartAfter=folders[middle][:-1] + "0").get("Contents", ())
            known, end = (known, middle) if beyond else (middle, end)
            middle = (known + end) // 2 if known + 1 < end else end
        return folders[known]

    def _count(self, found: Iterable[Mapping[str, Any]]) -> None:
        fresh = [one for one in found if not any(first <= one["Key"] <= last for first, last in self._read)]
        for one in fresh:
            age = age_class((self._now - one["LastModified"]) / timedelta(days=1))
            cell = (one.get("StorageClass", "STANDARD"), size_class(one["Size"]), age)
            self._objects[cell] += 1
            self._bytes[cell] += one["Size"]
        if fresh:
            self._read.append((fresh[0]["Key"], fresh[-1]["Key"]))


def _within(keys: list[str]) -> Iterable[str]:
    """Where keys may go on that begin with these, which lie side by side: numbers may count up before the last zero."""
    common = _common(keys)
    stem = common.rstrip(string.digits)
    zeros = len(common) - len(stem)
    return [stem + "0" * n + step for n in range(zeros + 1) for step in (_STEPS if n == 0 else string.digits[1::2])]


def _common(keys: list[str]) -> str:
    """What all of them begin with."""
    first, last = min(keys), max(keys)
    differs = (n for n, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differs, min(len(first), len(last)))]
