"""The objects of the demo's buckets: described, not stored. ListObjectsV2 answers of millions of keys that nobody made.

Sizes and ages repeat along the keys, so that any thousand neighbours are mixed as the whole bucket is; their sum is
what CloudWatch tells of the bucket, but for the rounding of a size.
"""

from __future__ import annotations

import base64
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from bot.demo.aws.resources_data import buckets
from bot.demo.aws.resources_model import MANAGEMENT, Resource
from bot.demo.aws.resources_times import digest

_KIB, _GIB = 2**10, 2**30
_HOUR = time(6)
#: Sorts after every key.
_LAST = "\U0010ffff"

#: Some of a cycle: how many, of how many bytes (None: what is left of the bucket), how many days old.
Some = tuple[int, int | None, int]

#: Ages of what is written day by day and kept.
_STEADY: tuple[Some, ...] = tuple((1, None, days) for days in (10, 45, 70, 100, 150, 160))
_MIXED: dict[str, tuple[Some, ...]] = {
    # Receipts of 19 KiB, and a few that were scanned.
    "example-payments-receipts": ((399, 19 * _KIB, 200), (1, None, 200)),
    # Nine thumbnails to each picture.
    "example-product-images": ((9, 24 * _KIB, 150), (1, None, 150)),
    "example-search-dumps": ((1, None, 10), (2, None, 45), (2, None, 100), (2, None, 200), (4, None, 320)),
    # A mean of 262 KiB, and yet 19 of 20 objects are too small to be moved.
    "example-org-trail": (
        (95, 120 * _KIB, 200), (1, None, 20), (1, None, 100), (1, None, 200), (1, None, 300), (1, None, 380),
    ),
}  # fmt: skip
_FOLDERS: dict[str, tuple[str, ...]] = {
    "example-payments-receipts": tuple(f"receipts/{n:x}/" for n in range(16)),
    "example-org-trail": tuple(f"AWSLogs/{MANAGEMENT}/CloudTrail/us-east-1/{month:02}/" for month in range(1, 13)),
    "example-sandbox-scratch": ("",),
}
_SOME_FOLDERS = tuple(f"day-{n:02}/" for n in range(1, 29))


@dataclass(frozen=True, slots=True)
class Population:
    """Keys in order, alike in number in each folder; sizes and ages (days) go round along them."""

    folders: tuple[str, ...]
    objects: int
    cycle: tuple[tuple[int, int], ...]
    storage_class: str
    today: date

    def key(self, index: int) -> str:
        each = -(-self.objects // len(self.folders))
        return f"{self.folders[index // each]}{index % each:09}"

    def item(self, index: int) -> dict[str, Any]:
        size, days = self.cycle[index % len(self.cycle)]
        key = self.key(index)
        return {
            "Key": key,
            "LastModified": datetime.combine(self.today - timedelta(days=days), _HOUR, UTC),
            "ETag": f'"{digest(key, 32)}"',
            "Size": size,
            "StorageClass": self.storage_class,
        }

    def page(self, *, prefix: str = "", delimiter: str = "", after: str = "", most: int = 1000) -> dict[str, Any]:
        """What ListObjectsV2 answers of the keys after `after`: keys, common prefixes, and where to go on."""
        everything = range(self.objects)
        index = max(bisect_right(everything, after, key=self.key), bisect_left(everything, prefix, key=self.key))
        end = bisect_left(everything, prefix + _LAST, key=self.key)
        items: list[dict[str, Any]] = []
        common: list[str] = []
        last = after
        while index < end and len(items) + len(common) < most:
            key = self.key(index)
            cut = key.find(delimiter, len(prefix)) if delimiter else -1
            if cut < 0:
                items.append(self.item(index))
                last, index = key, index + 1
                continue
            common.append(key[: cut + len(delimiter)])
            last = common[-1] + _LAST
            index = bisect_left(everything, last, key=self.key)
        answer: dict[str, Any] = {
            "Prefix": prefix,
            "MaxKeys": most,
            "KeyCount": len(items) + len(common),
            "IsTruncated": index < end,
            "Contents": items,
        }
        if delimiter:
            answer |= {"Delimiter": delimiter, "CommonPrefixes": [{"Prefix": one} for one in common]}
        if index < end:
            answer["NextContinuationToken"] = base64.urlsafe_b64encode(last.encode()).decode()
        return answer


@cache
def populations(today: date) -> dict[str, Population]:
    """What is in each bucket, by its name."""
    return {bucket.name: _population(bucket, today) for bucket in buckets()}


def _population(bucket: Resource, today: date) -> Population:
    some = _MIXED.get(bucket.name, _STEADY)
    count = sum(number for number, _, _ in some)
    objects = bucket.attributes["objects"]
    told = sum(number * size for number, size, _ in some if size is not None)
    left = bucket.attributes["size_gb"] * _GIB * count / objects - told
    rest = round(left / sum(number for number, size, _ in some if size is None))
    cycle = tuple((rest if size is None else size, days) for number, size, days in some for _ in range(number))
    folders = _FOLDERS.get(bucket.name, _SOME_FOLDERS)
    return Population(folders, objects, cycle, bucket.type, today)


def install(today: date) -> None:
    """From now on ListObjectsV2 of this process answers for the demo's buckets as they are described."""
    from moto.s3.responses import S3Response

    found: dict[str, Population] = populations(today)
    others = getattr(S3Response.list_objects_v2, "of_moto", S3Response.list_objects_v2)

    def respond(response: Any) -> Any:
        population = found.get(response.bucket_name)
        if population is None:
            return others(response)
        response.backend.get_bucket(response.bucket_name)
        answer = asked(population, response.bucket_name, response.querystring)
        return 200, {"Content-Type": "application/xml"}, as_xml("ListBucketResult", answer)

    respond.of_moto = others  # type: ignore[attr-defined]
    S3Response.list_objects_v2 = respond  # type: ignore[method-assign, assignment]


def asked(population: Population, bucket: str, query: dict[str, list[str]]) -> dict[str, Any]:
    """The answer to a request's query; keys are encoded where it asks for that."""
    given = {name: values[0] for name, values in query.items()}
    token = given.get("continuation-token")
    after = base64.urlsafe_b64decode(token).decode() if token else given.get("start-after", "")
    page = population.page(
        prefix=given.get("prefix", ""),
        delimiter=given.get("delimiter", ""),
        after=after,
        most=min(int(given.get("max-keys", 1000)), 1000),
    )
    answer = {"Name": bucket, **page}
    if token:
        answer["ContinuationToken"] = token
    elif after:
        answer["StartAfter"] = after
    if given.get("encoding-type") != "url":
        return answer
    answer["EncodingType"] = "url"
    for name in ("Prefix", "Delimiter", "StartAfter"):
        if name in answer:
            answer[name] = quote(answer[name])
    for item in answer["Contents"]:
        item["Key"] = quote(item["Key"])
    for common in answer.get("CommonPrefixes", ()):
        common["Prefix"] = quote(common["Prefix"])
    return answer


def as_xml(name: str, value: Any) -> str:
    """The answer as S3 writes it; moto's own writer takes half a second for a thousand keys."""
    if isinstance(value, dict):
        inner = "".join(as_xml(key, member) for key, member in value.items())
        attributes = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"' if name == "ListBucketResult" else ""
        return f"<{name}{attributes}>{inner}</{name}>"
    if isinstance(value, list):
        return "".join(as_xml(name, one) for one in value)
    if isinstance(value, bool):
        return f"<{name}>{str(value).lower()}</{name}>"
    if isinstance(value, datetime):
        return f"<{name}>{value:%Y-%m-%dT%H:%M:%S.000Z}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"
